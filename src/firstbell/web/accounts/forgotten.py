"""Forgotten passwords: allauth's page, which says so where no mail is sent."""

from typing import Any

from allauth.account.views import PasswordResetView

from firstbell.domain.accounts.mail import sends_mail


class ForgottenPassword(PasswordResetView):  # type: ignore[misc] # allauth carries no types
    """The same answer for an address that nobody has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page needs besides."""
        return {**super().get_context_data(**kwargs), "sends_mail": sends_mail()}
