"""Requests of a district, for someone who may see them: those who run it all, others their own."""

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.advice.models import ContactRequest
from firstbell.domain.advice.queries import find_request, list_requests
from firstbell.domain.districts.models import District


class NoSuchRequest(Exception):
    """Not there, or not yours: the same answer for both."""


def access_requests(viewer: Viewer, district: District) -> list[ContactRequest]:
    """The requests that the viewer may see, the newest first. Raises NotAllowed."""
    ensure_may(viewer, Permission.VIEW_ROSTER)
    return list_requests(district, account_id=_only_of(viewer))


def access_request(viewer: Viewer, district: District, request_id: int) -> ContactRequest:
    """One of them. Raises NotAllowed and NoSuchRequest."""
    ensure_may(viewer, Permission.VIEW_ROSTER)
    found = find_request(district, request_id, account_id=_only_of(viewer))
    if found is None:
        raise NoSuchRequest(request_id)
    return found


def _only_of(viewer: Viewer) -> int | None:
    """None for who runs the district; for others themselves."""
    return None if viewer.may(Permission.MANAGE_SOURCES) else viewer.account_id or 0
