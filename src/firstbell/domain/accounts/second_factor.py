"""The second step of signing in: who has it, who needs it, and how allauth keeps it."""

from typing import Final

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from firstbell.domain.accounts.models import Account, Membership, Role, StaffMembership
from firstbell.domain.districts.sealing import seal_word, unseal_word

ADMINISTRATORS: Final = frozenset({Role.DISTRICT_ADMINISTRATOR, Role.IT_ADMINISTRATOR})
ABOUT = "a second factor"


class SecondFactorMissing(Exception):
    """Who looks must set up a second step before they go on."""


def has_second_factor(account: Account) -> bool:
    """Whether a code or a key is asked for when this account signs in."""
    return bool(_factors(account).exists())


def ensure_second_factor(membership: Membership) -> None:
    """Raise SecondFactorMissing where this membership (fetched with account and district) needs one and has none."""
    if _is_needed(membership) and not has_second_factor(membership.account):
        raise SecondFactorMissing


def ensure_staff_has_second_factor(account: Account) -> None:
    """Raise SecondFactorMissing where vendor staff have none."""
    if settings.FIRSTBELL_STAFF_SECOND_STEP and not has_second_factor(account):
        raise SecondFactorMissing


def must_keep_second_factor(account: Account) -> bool:
    """Whether the account's last factor must stay: somebody asks for it, or the password is short without it."""
    memberships = Membership.objects.filter(account=account).select_related("district")
    is_staff = StaffMembership.objects.filter(account=account).exists()
    return account.has_short_password or is_staff or any(_is_needed(membership) for membership in memberships)


def _is_needed(membership: Membership) -> bool:
    return membership.role in ADMINISTRATORS and membership.district.administrators_need_second_factor


def _factors(account: Account):  # type: ignore[no-untyped-def] # allauth carries no types
    return Authenticator.objects.filter(user_id=account.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth carries no types
    """Secrets are sealed; codes are drawn for our strict policy; the last factor stays where it must."""

    def encrypt(self, text: str) -> str:
        """Under the master key."""
        return seal_word(text, about=ABOUT)

    def decrypt(self, encrypted_text: str) -> str:
        """Opened again."""
        return unseal_word(encrypted_text, about=ABOUT)

    def get_totp_issuer(self) -> str:
        """What the authenticator app shows."""
        return "Firstbell"

    def build_totp_svg(self, url: str) -> str:
        """Drawn in the page itself: the policy lets no data be an image."""
        return segno.make(url, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """What a new passkey is called until its bearer says otherwise."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of who must have one."""
        others = _factors(authenticator.user).exclude(pk=authenticator.pk)
        return bool(others.exists()) or not must_keep_second_factor(authenticator.user)
