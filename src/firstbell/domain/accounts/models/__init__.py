"""Who signs in, and as what."""

from firstbell.domain.accounts.models.account import LONG_ENOUGH, Account, AccountManager, opaque_username
from firstbell.domain.accounts.models.asking import SpaceRequest, SpaceState, Succession, SuccessionState
from firstbell.domain.accounts.models.members import Invitation, Membership, Role
from firstbell.domain.accounts.models.pupils import Badge, CardKind, Credential, Guesses, PrintedCard
from firstbell.domain.accounts.models.staff import StaffMembership, StaffRole, StaffVisit
from firstbell.domain.accounts.models.tokens import ApiToken

__all__ = [
    "LONG_ENOUGH",
    "Account",
    "AccountManager",
    "ApiToken",
    "Badge",
    "CardKind",
    "Credential",
    "Guesses",
    "Invitation",
    "Membership",
    "PrintedCard",
    "Role",
    "SpaceRequest",
    "SpaceState",
    "StaffMembership",
    "StaffRole",
    "StaffVisit",
    "Succession",
    "SuccessionState",
    "opaque_username",
]
