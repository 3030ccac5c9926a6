"""A district asks its Account Executive or Customer Success Manager, and is answered.

A request has an owner from its first moment: the district's own contact, or the deployment's (the backup). It is due in
two working days; left for longer, the backup gets it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.advice.models import ContactRequest, ContactRole, DistrictContact, RequestState
from firstbell.domain.advice.queries import find_owner
from firstbell.domain.advice.queueing import ANSWERED, ASKED, ESCALATED, write_later
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.advice.working_days import after_working_days
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

WORKING_DAYS: Final = 2
LONGEST_MESSAGE: Final = 5000
LONGEST_NAME: Final = 200


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


def name_contact(district: District, role: ContactRole, name: str, email: str, *, by: Actor) -> DistrictContact:
    """Say who looks after a district. Requests that are open keep their owner. Raises BadRequest."""
    name, email = name.strip(), email.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadRequest(f"A contact has a name of 1 to {LONGEST_NAME} characters.")
    try:
        validate_email(email)
    except ValidationError as problem:
        raise BadRequest(f"{email!r} is no e-mail address.") from problem
    with within(district):
        contact, _ = DistrictContact.objects.update_or_create(
            district_id=district.pk, role=role, defaults={"name": name, "email": email}
        )
        detail = {"role": role.value, "name": name}
        record(district.pk, "contact.named", by=by, subject_kind="contact", subject_id=contact.pk, detail=detail)
    return contact


def end_contact(district: District, role: ContactRole, *, by: Actor) -> bool:
    """Nobody is the district's contact in this role any more; whether somebody was."""
    with within(district):
        contact = DistrictContact.objects.filter(district_id=district.pk, role=role).first()
        if contact is None:
            return False
        detail = {"role": role.value, "name": contact.name}
        record(district.pk, "contact.ended", by=by, subject_kind="contact", subject_id=contact.pk, detail=detail)
        contact.delete()
    return True


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


def escalate_requests(district: District, settings: AdviceSettings, *, now: datetime, by: Actor) -> int:
    """Give the requests that were left for too long to the deployment's contact; how many."""
    with within(district):
        late = ContactRequest.objects.select_for_update().filter(
            district_id=district.pk, state=RequestState.OPEN, due_at__lte=now, escalated_at=None
        )
        requests = list(late)
        for request in requests:
            before = request.owner_name
            request.escalated_at = now
            request.owner_name, request.owner_email = settings.contact.name, settings.contact.email
            request.save(update_fields=["escalated_at", "owner_name", "owner_email"])
            _record(district, request, "request.escalated", by=by, was=before)
            write_later(ESCALATED, district, request)
    return len(requests)


def forget_requests(district: District, *, before: datetime, by: Actor) -> int:
    """Erase requests that are settled and older than that; how many."""
    with within(district):
        settled = ContactRequest.objects.filter(district_id=district.pk, created_at__lt=before)
        count, _ = settled.exclude(state=RequestState.OPEN).delete()
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


def _record(district: District, request: ContactRequest, verb: str, *, by: Actor, **detail: str) -> None:
    """What was written stays out of the audit: it may be about people."""
    said = {"owner": request.owner_name, **detail}
    record(district.pk, verb, by=by, subject_kind="request", subject_id=request.pk, detail=said)
