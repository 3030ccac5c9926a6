"""What both sides say on a case, or on one finding of it, and the words that Technical Services saves."""

from dataclasses import dataclass

from django.db import transaction

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.assisted.access import access_desk
from firstbell.domain.assisted.models import Case, Message, SavedReply, Side
from firstbell.domain.assisted.queueing import SAID, write_later
from firstbell.domain.assisted.states import locked, note
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District

LONGEST_TEXT = 5000
LONGEST_TITLE = 100


class BadText(ValueError):
    """What was written cannot be kept; the text says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message; of a finding where ``code`` names one, with its file and column."""

    text: str
    code: str = ""
    file: str = ""
    column: str = ""


def say_for_district(district: District, case: Case, said: Said, *, by: Viewer) -> None:
    """The district writes; Technical Services has to answer. Raises BadText."""
    ensure_text(said.text)
    with locked(district, case) as now:
        write_down(district, now, said, by=by.actor, services=False)
        write_later(district, now, SAID)


def say_at_desk(district: District, case: Case, said: Said, *, by: Actor) -> None:
    """Technical Services writes: what was asked is answered. Raises BadText."""
    ensure_text(said.text)
    with locked(district, case) as now:
        write_down(district, now, said, by=by, services=True)
        write_later(district, now, SAID)


def write_down(district: District, case: Case, said: Said, *, by: Actor, services: bool) -> Message:
    """Keep a message on a locked case. What the district writes waits for an answer; what the desk writes is one."""
    message = Message.objects.create(
        district_id=district.pk,
        case_id=case.pk,
        side=Side.SERVICES if services else Side.DISTRICT,
        author=by.name,
        text=said.text.strip(),
        code=said.code[:64],
        file=said.file[:255],
        column=said.column[:255],
    )
    case.asks = not services and case.is_open
    note(district, case, "case.said", by=by, message=message.pk)
    return message


def ensure_text(text: str) -> None:
    """Raise BadText for what is blank, too long or no text."""
    if not text.strip() or len(text) > LONGEST_TEXT or "\0" in text:
        raise BadText(f"Write at most {LONGEST_TEXT:,} characters.")


@transaction.atomic
def save_reply(title: str, text: str, staff: StaffMembership, *, by: Actor) -> SavedReply:
    """Keep words under a title; another text under the same title takes its place. Raises BadText and NoSuchCase."""
    access_desk(staff)
    ensure_text(text)
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise BadText(f"A title has 1 to {LONGEST_TITLE} characters.")
    reply, _ = SavedReply.objects.update_or_create(title=title, defaults={"text": text.strip(), "by": by.name})
    record(None, "reply.saved", by=by, subject_kind="reply", subject_id=reply.pk, detail={"title": title})
    return reply


@transaction.atomic
def drop_reply(reply_id: int, staff: StaffMembership, *, by: Actor) -> None:
    """Forget saved words. Raises NoSuchCase."""
    access_desk(staff)
    for reply in SavedReply.objects.filter(pk=reply_id):
        record(None, "reply.dropped", by=by, subject_kind="reply", subject_id=reply.pk, detail={"title": reply.title})
        reply.delete()
