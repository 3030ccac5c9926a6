"""Requests of a district, for someone who may see them: those who run it all, others their own.

What teachers ask is for the administrators, what students ask for the office of their school as well: never for the
vendor. Of the vendor those see a request to whom it was sent: its owner, who looks after the district, and operators.
"""

from dataclasses import replace
from datetime import date

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.models import Role, StaffMembership, StaffRole
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.advice.models import Audience, ContactRequest, RequestState
from firstbell.domain.advice.queries import NOTHING, Seen, Wanted, find_request, list_cared_for, list_requests
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.roster.access import OF_A_SCHOOL, scope_of


class NoSuchRequest(Exception):
    """Not there, or not yours: the same answer for both."""


def audience_of(viewer: Viewer) -> Audience:
    """Whom the viewer asks: a student their school, a teacher the administrators, others the vendor.

    Raises NotAllowed for who sees nothing of the district.
    """
    if viewer.may(Permission.VIEW_ROSTER):
        return Audience.VENDOR
    ensure_may(viewer, Permission.VIEW_OWN_CLASSES)
    return Audience.SCHOOL if viewer.role is Role.STUDENT else Audience.DISTRICT


def access_requests(viewer: Viewer, district: District, *, today: date) -> list[ContactRequest]:
    """The requests that the viewer asked or whose owners they belong to, the newest first. Raises NotAllowed."""
    audience_of(viewer)
    questions, runs_it = questions_of(viewer, district, today=today), viewer.may(Permission.MANAGE_SOURCES)
    return list_requests(district, replace(questions, account_id=viewer.account_id or 0, sent=runs_it))


def access_request(viewer: Viewer, district: District, request_id: int) -> ContactRequest:
    """One that the viewer may take back: their own; who runs the district those to the vendor too.

    Raises NotAllowed and NoSuchRequest.
    """
    audience_of(viewer)
    seen = Seen(account_id=viewer.account_id or 0, sent=viewer.may(Permission.MANAGE_SOURCES))
    return _found(find_request(district, request_id, seen), request_id)


def questions_of(viewer: Viewer, district: District, *, today: date) -> Seen:
    """What was asked inside the district that the viewer answers: nothing for who may not."""
    if not viewer.may(Permission.ANSWER_QUESTIONS):
        return NOTHING
    if viewer.role not in OF_A_SCHOOL:
        return Seen(inside=True)
    return Seen(schools=scope_of(district, viewer, today=today).schools or frozenset())


def access_question(viewer: Viewer, district: District, request_id: int, *, today: date) -> ContactRequest:
    """Something that was asked inside the district, for who answers it. Raises NotAllowed and NoSuchRequest."""
    ensure_may(viewer, Permission.ANSWER_QUESTIONS)
    return _found(find_request(district, request_id, questions_of(viewer, district, today=today)), request_id)


def access_question_to_pass_on(viewer: Viewer, district: District, request_id: int, *, today: date) -> ContactRequest:
    """A teacher's question, for who may ask the vendor in their place. A student's goes to nobody else.

    Raises NotAllowed and NoSuchRequest.
    """
    ensure_may(viewer, Permission.MANAGE_SOURCES)
    found = access_question(viewer, district, request_id, today=today)
    return _found(found if found.audience == Audience.DISTRICT else None, request_id)


def may_answer(viewer: Viewer, request: ContactRequest, questions: Seen) -> bool:
    """Whether a request that the viewer sees waits for their answer, among ``questions_of`` them."""
    if viewer.is_read_only or request.state != RequestState.OPEN or request.audience == Audience.VENDOR:
        return False
    return questions.inside or bool(questions.schools & set(request.schools))


def access_request_of_vendor(staff: StaffMembership, code: str, request_id: int) -> tuple[District, ContactRequest]:
    """A request with its words, for those of the vendor to whom it was sent. Raises NoSuchRequest."""
    district = find_district(code)
    request = find_request(district, request_id) if district is not None else None  # of those that were sent
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


def _found(request: ContactRequest | None, request_id: int) -> ContactRequest:
    if request is None:
        raise NoSuchRequest(request_id)
    return request
