"""A district asks its Account Executive or Customer Success Manager, and is answered.

A request has an owner from its first moment: the district's own contact, or the deployment's (the backup). It is due in
two working days; left for longer, the backup gets it. Who leaves hands on what is open to who looks after it now.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.advice.models import ContactRequest, RequestLine, RequestState
from firstbell.domain.advice.queries import find_gone, find_owner
from firstbell.domain.advice.queueing import ANSWERED, ASKED, ESCALATED, write_later
from firstbell.domain.advice.settings import AdviceSettings, Contact
from firstbell.domain.advice.working_days import after_working_days
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

WORKING_DAYS: Final = 2
LONGEST_MESSAGE: Final = 5000


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
    """Ask the district's contact. Raises BadRequest."""
    message = asked.message.strip()
    if not message or len(message) > LONGEST_MESSAGE or "\0" in message:
        raise BadRequest(f"Write what you would like to know, in at most {LONGEST_MESSAGE:,} characters.")
    with within(district):
        owner = find_owner(district, settings)
        request = ContactRequest.objects.create(
            district_id=district.pk,
            account_id=by.account_id or 0,
            asked_by=by.name,
            asked_email=asked.email,
            message=message,
            page=asked.page,
            owner_name=owner.name,
            owner_email=owner.email,
            due_at=after_working_days(now, WORKING_DAYS, time_zone=district.time_zone),
        )
        _keep_line(district, request)
        _record(district, request, "request.asked", by=by.actor)
        write_later(ASKED, district, request)
    return request


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

    Those of who left go to who looks after the district now, with the day until which they are due.
    """
    with within(district):
        mine = ContactRequest.objects.filter(district_id=district.pk, state=RequestState.OPEN)
        gone = find_gone(mine.values_list("owner_email", flat=True))
        owner = find_owner(district, settings)
        for request in mine.select_for_update().filter(owner_email__in=gone - {owner.email}):
            _hand_on(district, request, owner, ASKED, "request.handed_on", by=by)
        late = list(mine.select_for_update().filter(due_at__lte=now, escalated_at=None))
        for request in late:
            request.escalated_at = now
            _hand_on(district, request, settings.contact, ESCALATED, "request.escalated", by=by)
    return len(late)


def _hand_on(district: District, request: ContactRequest, to: Contact, about: str, verb: str, *, by: Actor) -> None:
    before = request.owner_name
    request.owner_name, request.owner_email = to.name, to.email
    request.save(update_fields=["escalated_at", "owner_name", "owner_email"])
    _keep_line(district, request)
    _record(district, request, verb, by=by, was=before)
    write_later(about, district, request)


def forget_requests(district: District, *, before: datetime, by: Actor) -> int:
    """Erase requests that are settled and older than that; how many."""
    with within(district):
        old = ContactRequest.objects.filter(district_id=district.pk, created_at__lt=before)
        settled = list(old.exclude(state=RequestState.OPEN).values_list("id", flat=True))
        RequestLine.objects.filter(request_id__in=settled).delete()
        count, _ = ContactRequest.objects.filter(district_id=district.pk, id__in=settled).delete()
        if count:
            detail = {"count": count}
            record(district.pk, "requests.forgotten", by=by, subject_kind="request", subject_id="", detail=detail)
    return count


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
    """Show the vendor's lists where a request stands; nobody is asked from a practice space."""
    if district.is_practice:
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
