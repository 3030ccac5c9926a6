"""Reading cases of a district, and the vendor's queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from firstbell.domain.assisted.models import Answer, Case, CaseState, Line, Message, SavedReply, Side, Upload, Verdict
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

CLOSED = (CaseState.SIGNED_OFF, CaseState.CANCELLED)


def list_cases(district: District, *, limit: int = 100) -> list[Case]:
    """The newest first."""
    with within(district):
        return list(Case.objects.filter(district_id=district.pk).order_by("-id")[:limit])


def list_open_cases(district: District) -> list[Case]:
    """Those that are not closed, the first that is due first."""
    with within(district):
        cases = Case.objects.filter(district_id=district.pk).exclude(state__in=CLOSED)
        return list(cases.order_by(F("due_at").asc(nulls_last=True), "id"))


def find_case(district: District, case_id: int) -> Case | None:
    """One case, or None."""
    with within(district):
        return Case.objects.filter(district_id=district.pk, pk=case_id).first()


def find_case_of_run(district: District, run_id: int) -> Case | None:
    """The case whose files came with a run."""
    with within(district):
        upload = Upload.objects.filter(district_id=district.pk, run_id=run_id).first()
    return find_case(district, upload.case_id) if upload else None


def list_uploads(district: District, case: Case) -> list[Upload]:
    """The versions of a case's files, the newest first."""
    with within(district):
        return list(Upload.objects.filter(district_id=district.pk, case_id=case.pk).order_by("-version"))


def list_messages(district: District, case: Case) -> list[Message]:
    """What was said, in order."""
    with within(district):
        return list(Message.objects.filter(district_id=district.pk, case_id=case.pk).order_by("id"))


def list_answers(district: District, case: Case) -> list[Answer]:
    """What the district says of the accounts of the run that counts now."""
    with within(district):
        answers = Answer.objects.filter(district_id=district.pk, case_id=case.pk, run_id=case.run_id or 0)
        return list(answers.order_by("file", "record"))


def count_open_disputes(district: District, case: Case) -> int:
    """How many accounts the district marked as wrong that nobody has answered yet."""
    with within(district):
        wrong = Answer.objects.filter(district_id=district.pk, case_id=case.pk, verdict=Verdict.WRONG)
        return wrong.filter(run_id=case.run_id or 0, replied_at=None).count()


def list_unfetched(district: District) -> list[Case]:
    """Cases whose log-ins wait for the contact person."""
    with within(district):
        cases = Case.objects.filter(district_id=district.pk, handed_at=None, run_id__isnull=False)
        return list(cases.filter(state__in=[CaseState.VERIFIED, CaseState.SIGNED_OFF]).order_by("id"))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue is wanted."""

    waits_for: Side | None = None
    account_id: int | None = None
    """Only cases that this account has claimed."""
    closed: bool = False
    clean: bool = False
    district_ids: Sequence[int] | None = None
    words: str = ""
    """Only of districts whose name or code holds these."""


def list_lines(asked: Asked, *, limit: int = 100) -> list[Line]:
    """The queue, the first that is due first (of closed ones the newest), each with its district."""
    lines = Line.objects.select_related("district")
    lines = lines.filter(state__in=CLOSED) if asked.closed else lines.exclude(state__in=CLOSED)
    if asked.waits_for is not None:
        lines = lines.filter(waits_for=asked.waits_for)
    if asked.account_id is not None:
        lines = lines.filter(claimed_id=asked.account_id)
    if asked.clean:
        lines = lines.filter(is_clean=True, state=CaseState.PLANNED)
    if asked.district_ids is not None:
        lines = lines.filter(district_id__in=asked.district_ids)
    if asked.words.strip():
        words = asked.words.strip()
        lines = lines.filter(Q(district__name__icontains=words) | Q(district__code__icontains=words))
    order = ("-since", "-id") if asked.closed else (F("due_at").asc(nulls_last=True), "id")
    return list(lines.order_by(*order)[:limit])


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits for Technical Services."""

    waiting: int
    late: int
    unclaimed: int
    mine: int


def count_queue(account_id: int, *, now: datetime) -> Queue:
    """What waits for Technical Services, in one question."""
    waiting = Q(waits_for=Side.SERVICES)
    counts = Line.objects.exclude(state__in=CLOSED).aggregate(
        waiting=Count("id", filter=waiting),
        late=Count("id", filter=waiting & Q(due_at__lt=now)),
        unclaimed=Count("id", filter=waiting & Q(claimed=None)),
        mine=Count("id", filter=waiting & Q(claimed_id=account_id)),
    )
    return Queue(**counts)


def list_replies() -> list[SavedReply]:
    """The saved replies, by title."""
    return list(SavedReply.objects.order_by("title"))
