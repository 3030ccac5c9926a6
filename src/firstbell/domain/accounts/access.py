"""Who may see and do what."""

from firstbell.domain.accounts.invitations import open_invitations
from firstbell.domain.accounts.models import Account, Invitation, Membership, Role
from firstbell.domain.accounts.permissions import ROLE_PERMISSIONS, Permission
from firstbell.domain.accounts.queries import list_memberships
from firstbell.domain.accounts.viewer import Viewer, view_as
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


class NotAllowed(Exception):
    """The viewer may not do this, and may know that it can be done."""


def ensure_may(viewer: Viewer, permission: Permission) -> None:
    """Raise NotAllowed unless the viewer may."""
    if not viewer.may(permission):
        raise NotAllowed(permission)


def find_viewer(account: Account, *, chosen: int | None = None) -> Viewer | None:
    """What an account that is signed in looks as: its only membership, or the chosen one of several.

    A membership of a practice space comes into it only where it is chosen, or there is no other.

    `chosen` is a membership's id (a web session keeps it under viewer.SESSION_KEY). None where there is nothing to be,
    or several and none of them chosen: then `queries.list_memberships` tells what to choose from.
    """
    memberships = list_memberships(account)
    found = next((membership for membership in memberships if membership.pk == chosen), None)
    real = [membership for membership in memberships if not membership.district.is_practice] or memberships
    if found is None and len(real) == 1:
        found = real[0]
    return view_as(found) if found else None


def access_own_district(viewer: Viewer) -> District:
    """The district that the viewer is in."""
    return District.objects.get(pk=viewer.district_id)


class NoSuchMember(Exception):
    """Not there, or not yours: the same answer for both."""


def roles_to_give(viewer: Viewer) -> list[Role]:
    """What the viewer may make of adults: nothing that may do more than the viewer. Raises NotAllowed."""
    ensure_may(viewer, Permission.MANAGE_MEMBERSHIPS)
    return [role for role in Role if role != Role.STUDENT and ROLE_PERMISSIONS[role] <= viewer.permissions]


def ensure_may_give(viewer: Viewer, role: Role | str) -> None:
    """Raise NotAllowed unless the viewer may give this role, and so take it."""
    if Role(role) not in roles_to_give(viewer):
        raise NotAllowed(Permission.MANAGE_MEMBERSHIPS)


def access_member(district: District, viewer: Viewer, membership_id: int) -> Membership:
    """An adult's membership of the district that the viewer may change. Raises NotAllowed and NoSuchMember."""
    ensure_may(viewer, Permission.MANAGE_MEMBERSHIPS)
    found = Membership.objects.select_related("account").filter(pk=membership_id, district=district).first()
    if found is None or found.account.email is None:
        raise NoSuchMember(membership_id)
    ensure_may_give(viewer, found.role)
    return found


def access_invitation(district: District, viewer: Viewer, invitation_id: int) -> Invitation:
    """An open invitation that the viewer may take back. Raises NotAllowed and NoSuchMember."""
    ensure_may(viewer, Permission.MANAGE_MEMBERSHIPS)
    with within(district):
        found = open_invitations(district).filter(pk=invitation_id).first()
    if found is None:
        raise NoSuchMember(invitation_id)
    ensure_may_give(viewer, found.role)
    return found
