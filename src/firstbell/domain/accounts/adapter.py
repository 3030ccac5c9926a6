"""How django-allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSignUp(DefaultAccountAdapter):  # type: ignore[misc] # allauth carries no types
    """Accounts are opened by a district or by us, never by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed."""
        return False
