"""A district asks its Account Executive or Customer Success Manager, and is answered.

A request has an owner from its first moment: the district's own contact, or the deployment's (the backup). It is due in
two working days; left for longer, the backup gets it. Who leaves hands on what is open to who looks after it now.

Teachers ask the administrators of their district, and students the office of their school, by the same row: the vendor
sees nothing of it, unless an administrator passes a teacher's question on (ADR 0036).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.advice.addressing import administrators_of, find_addressee
from firstbell.domain.advice.models import Audience, ContactRequest, RequestLine, RequestState
from firstbell.domain.advice.queries import find_gone, find_owner
from firstbell.domain.advice.queueing import ANSWERED, ASKED, ESCALATED, write_later
from firstbell.domain.advice.settings import AdviceSettings, Contact
from firstbell.domain.advice.working_days import after_working_days
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within

WORKING_DAYS: Final = 2
LONGEST_MESSAGE: Final = 5000
MOST_OPEN: Final = 5
"""So many questions of one person can wait inside a district."""


class BadRequest(ValueError):
    """What was written cannot be sent; the text says why."""


class NotOpen(Exception):
    """The request is answered or withdrawn already; the text says so."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know, and about which page."""

    message: str
    page: str = ""
    email: str = ""
    """Where the answer is sent to as well; blank where the page alone shows it."""


def ask(district: District, asked: Asked, settings: AdviceSettings, *, now: datetime, by: Viewer) -> ContactRequest:
    """Ask: the district's contact, its administrators or one's school. Raises BadRequest and NotAllowed."""
    message = asked.message.strip()
    if not message or len(message) > LONGEST_MESSAGE or "\0" in message:
        raise BadRequest(f"Write what you would like to know, in at most {LONGEST_MESSAGE:,} characters.")
    to = find_addressee(district, settings, today=today_of(district), by=by)
    with within(district):
        if to.audience != Audience.VENDOR:
            _ensure_not_too_many(district, by)
        request = ContactRequest.objects.create(
            district_id=district.pk,
            audience=to.audience,
            schools=list(to.schools),
            account_id=by.account_id or 0,
            person_id=by.person_id,
            asked_as=str(by.role.label) if by.role else "",
            asked_by=by.name,
            asked_email=asked.email,
            message=message,
            page=asked.page,
            owner_name=to.owner.name,
            owner_email=to.owner.email,
            due_at=after_working_days(now, WORKING_DAYS, time_zone=district.time_zone),
        )
        _keep_line(district, request)
        _record(district, request, "request.asked", by=by.actor)
        write_later(ASKED, district, request)
    return request


def _ensure_not_too_many(district: District, by: Viewer) -> None:
    """A class that finds out that one can write fills nobody's page."""
    mine = ContactRequest.objects.filter(district_id=district.pk, account_id=by.account_id or 0)
    if mine.filter(state=RequestState.OPEN).count() >= MOST_OPEN:
        raise BadRequest(f"{MOST_OPEN} questions of yours wait for an answer. Take one back, or wait for the answer.")


def pass_on(
    district: District, request: ContactRequest, settings: AdviceSettings, *, now: datetime, by: Actor
) -> Contact:
    """An administrator has the vendor answer a teacher's question, which is due anew; who gets it. Raises NotOpen."""
    with _open(district, request) as locked:
        if locked.audience != Audience.DISTRICT:
            raise NotOpen(f"Request {locked.pk} was passed on already.")
        before, to = locked.owner_name, find_owner(district, settings)
        locked.audience, locked.escalated_at = Audience.VENDOR, None
        locked.owner_name, locked.owner_email = to.name, to.email
        locked.due_at = after_working_days(now, WORKING_DAYS, time_zone=district.time_zone)
        locked.save(update_fields=["audience", "escalated_at", "owner_name", "owner_email", "due_at"])
        _record(district, locked, "request.passed_on", by=by, was=before)
        write_later(ASKED, district, locked)
    return to


def answer_request(district: District, request: ContactRequest, text: str, *, now: datetime, by: Actor) -> None:
    """Answer a request. Raises NotOpen and BadRequest."""
    text = text.strip()
    if not text or len(text) > LONGEST_MESSAGE or "\0" in text:
        raise BadRequest(f"Write an answer of at most {LONGEST_MESSAGE:,} characters.")
    with _open(district, request) as locked:
        locked.state = RequestState.ANSWERED
        locked.answer, locked.answered_by, locked.answered_at = text, by.name, now
        locked.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        _record(district, locked, "request.answered", by=by)
        write_later(ANSWERED, district, locked)


def withdraw_request(district: District, request: ContactRequest, *, by: Actor) -> None:
    """Who asked needs no answer any more. Raises NotOpen."""
    with _open(district, request) as locked:
        locked.state = RequestState.WITHDRAWN
        locked.save(update_fields=["state"])
        _record(district, locked, "request.withdrawn", by=by)


def take_request(district: District, request: ContactRequest, staff: StaffMembership, *, by: Actor) -> None:
    """Somebody of the vendor makes a request theirs. Raises NotOpen."""
    with _open(district, request) as locked:
        before = locked.owner_name
        locked.owner_name, locked.owner_email = staff.account.name, staff.account.email or ""
        locked.save(update_fields=["owner_name", "owner_email"])
        _record(district, locked, "request.taken", by=by, was=before)


def escalate_requests(district: District, settings: AdviceSettings, *, now: datetime, by: Actor) -> int:
    """Give the requests that were left for too long to the deployment's contact; how many.

    Those of who left go to who looks after the district now, with the day until which they are due. What was asked
    inside the district stays there: its administrators are told.
    """
    with within(district):
        mine = ContactRequest.objects.filter(district_id=district.pk, state=RequestState.OPEN)
        sent = mine.filter(audience=Audience.VENDOR)
        gone = find_gone(sent.values_list("owner_email", flat=True))
        owner = find_owner(district, settings)
        for request in sent.select_for_update().filter(owner_email__in=gone - {owner.email}):
            _hand_on(district, request, owner, ASKED, "request.handed_on", by=by)
        late = list(mine.select_for_update().filter(due_at__lte=now, escalated_at=None))
        for request in late:
            request.escalated_at = now
            is_inside = request.audience != Audience.VENDOR
            to = administrators_of(district) if is_inside else settings.contact
            _hand_on(district, request, to, ESCALATED, "request.escalated", by=by)
    return len(late)


def _hand_on(district: District, request: ContactRequest, to: Contact, about: str, verb: str, *, by: Actor) -> None:
    before = request.owner_name
    request.owner_name, request.owner_email = to.name, to.email
    request.save(update_fields=["escalated_at", "owner_name", "owner_email"])
    _keep_line(district, request)
    _record(district, request, verb, by=by, was=before)
    write_later(about, district, request)


@contextmanager
def _open(district: District, request: ContactRequest) -> Iterator[ContactRequest]:
    """The request as it is now, locked, within the wall. Raises NotOpen."""
    with within(district):
        locked = ContactRequest.objects.select_for_update().get(district_id=district.pk, pk=request.pk)
        if locked.state != RequestState.OPEN:
            raise NotOpen(f"Request {locked.pk} is {RequestState(locked.state).label.lower()} already.")
        yield locked
        _keep_line(district, locked)


def _keep_line(district: District, request: ContactRequest) -> None:
    """Show the vendor's lists where a request to them stands; nobody is asked from a practice space."""
    if district.is_practice or request.audience != Audience.VENDOR:
        return
    RequestLine.objects.update_or_create(
        request_id=request.pk,
        defaults={
            "district_id": district.pk,
            "state": request.state,
            "owner_name": request.owner_name,
            "owner_email": request.owner_email.lower(),
            "asked_at": request.created_at,
            "due_at": request.due_at,
            "escalated_at": request.escalated_at,
        },
    )


def _record(district: District, request: ContactRequest, verb: str, *, by: Actor, **detail: str) -> None:
    """What was written stays out of the audit: it may be about people."""
    said = {"owner": request.owner_name, **detail}
    record(district.pk, verb, by=by, subject_kind="request", subject_id=request.pk, detail=said)
