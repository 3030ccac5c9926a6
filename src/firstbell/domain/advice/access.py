"""Requests of a district, for someone who may see them: those who run it all, others their own.

Of the vendor those whom it was sent to: its owner, who looks after the district, and operators.
"""

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.models import StaffMembership, StaffRole
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.advice.models import ContactRequest
from firstbell.domain.advice.queries import Wanted, find_request, list_cared_for, list_requests
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district


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


def access_request_of_vendor(staff: StaffMembership, code: str, request_id: int) -> tuple[District, ContactRequest]:
    """A request with its words, for those of the vendor to whom it was sent. Raises NoSuchRequest."""
    district = find_district(code)
    request = find_request(district, request_id) if district is not None else None
    if district is None or request is None or not _is_sent_to(staff, district, request):
        raise NoSuchRequest(request_id)
    return district, request


def wanted_by(staff: StaffMembership, *, only_open: bool = True) -> Wanted:
    """Which requests of all districts somebody of the vendor may answer."""
    if staff.role == StaffRole.OPERATOR:
        return Wanted(only_open=only_open)
    email = (staff.account.email or "").lower()
    return Wanted(owner_email=email, district_ids=list_cared_for(email), only_open=only_open)


def _is_sent_to(staff: StaffMembership, district: District, request: ContactRequest) -> bool:
    email = (staff.account.email or "").lower()
    return (
        staff.role == StaffRole.OPERATOR
        or (bool(email) and email == request.owner_email.lower())
        or district.pk in list_cared_for(email)
    )


def _only_of(viewer: Viewer) -> int | None:
    """None for who runs the district; for others themselves."""
    return None if viewer.may(Permission.MANAGE_SOURCES) else viewer.account_id or 0
