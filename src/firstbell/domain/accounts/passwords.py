"""How long an adult's password has to be: by itself, or beside a second factor (NIST SP 800-63B-4 3.1.1.2)."""

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError

from firstbell.domain.accounts.models import LONG_ENOUGH, Account

LONG_ENOUGH_WITH_MORE = 8


class LongEnough:
    """Django's validator for it: fifteen characters, or eight for who has a second factor."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raises ValidationError with what is missing."""
        least = LONG_ENOUGH_WITH_MORE if _has_second_factor(user) else LONG_ENOUGH
        if len(password) < least:
            raise ValidationError(
                f"This password has {len(password)} characters and needs {least}. A few words in a row do well.",
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        """For pages that ask for a password."""
        return (
            f"At least {LONG_ENOUGH} characters, or {LONG_ENOUGH_WITH_MORE} once you have a second step for signing in."
        )


def _has_second_factor(user: Account | None) -> bool:
    return user is not None and bool(user.pk) and bool(is_mfa_enabled(user))
