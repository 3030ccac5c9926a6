"""Who may see and do what."""

from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.queries import list_memberships
from firstbell.domain.accounts.viewer import Viewer, view_as
from firstbell.domain.districts.models import District


class NotAllowed(Exception):
    """The viewer may not do this, and may know that it can be done."""


def ensure_may(viewer: Viewer, permission: Permission) -> None:
    """Raise NotAllowed unless the viewer may."""
    if not viewer.may(permission):
        raise NotAllowed(permission)


def find_viewer(account: Account, *, chosen: int | None = None) -> Viewer | None:
    """What an account that is signed in looks as: its only membership, or the chosen one of several.

    `chosen` is a membership's id (a web session keeps it under viewer.SESSION_KEY). None where there is nothing to be,
    or several and none of them chosen: then `queries.list_memberships` tells what to choose from.
    """
    memberships = list_memberships(account)
    if len(memberships) == 1:
        return view_as(memberships[0])
    return next((view_as(membership) for membership in memberships if membership.pk == chosen), None)


def access_own_district(viewer: Viewer) -> District:
    """The district that the viewer is in."""
    return District.objects.get(pk=viewer.district_id)
