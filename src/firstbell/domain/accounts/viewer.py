"""The one who looks: an account in one of its districts, as domain functions see it."""

from dataclasses import dataclass

from firstbell.domain.accounts.models import Membership, Role
from firstbell.domain.accounts.permissions import EVERYTHING, ROLE_PERMISSIONS, Permission
from firstbell.domain.audit.actor import OPERATOR, Actor
from firstbell.domain.districts.models import District

# Where a web session keeps the membership that someone with several has chosen.
SESSION_KEY = "membership_id"


@dataclass(frozen=True)
class Viewer:
    """Who looks, where, as what. `account_id` is None for the operator at the command line."""

    account_id: int | None
    name: str
    district_id: int
    role: Role | None
    permissions: frozenset[Permission]
    person_id: int | None = None
    membership_id: int | None = None
    is_read_only: bool = False
    """Vendor staff on a visit: whatever they may, they only look. Doors refuse the rest, and so does the database."""

    @property
    def actor(self) -> Actor:
        """The same one, as the audit names who acts."""
        if self.account_id is None:
            return OPERATOR
        return Actor("account", str(self.account_id), self.name)

    def may(self, permission: Permission) -> bool:
        """Whether this one may; `accounts.access.ensure_may` where the answer must be yes."""
        return permission in self.permissions


def view_as(membership: Membership) -> Viewer:
    """The viewer that a membership (fetched with its account) makes."""
    role = Role(membership.role)
    return Viewer(
        account_id=membership.account_id,
        name=str(membership.account),
        district_id=membership.district_id,
        role=role,
        permissions=ROLE_PERMISSIONS[role],
        person_id=membership.person_id,
        membership_id=membership.pk,
    )


def view_as_operator(district: District) -> Viewer:
    """The operator, who has the machine and so may do everything."""
    return Viewer(None, OPERATOR.name, district.pk, None, EVERYTHING)
