"""How django-allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.http import HttpRequest

from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.new_passwords import send_link_later
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor

LETTER_OF_THE_LINK = "account/email/password_reset_key"


class NoSignUp(DefaultAccountAdapter):  # type: ignore[misc] # allauth carries no types
    """Accounts are opened by a district or by us, never by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed."""
        return False

    def set_password(self, user: Account, password: str) -> None:
        """Written down, whether it was changed or forgotten."""
        super().set_password(user, password)
        by = Actor("account", str(user.pk), user.name)
        record(None, "account.password_changed", by=by, subject_kind="account", subject_id=user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A link for a new password goes by the queue; other letters as allauth would."""
        if template_prefix == LETTER_OF_THE_LINK:
            origin = allauth_context.request.build_absolute_uri("/").rstrip("/")
            send_link_later(context["user"], origin)
            return
        super().send_mail(template_prefix, email, context)
