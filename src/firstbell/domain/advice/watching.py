"""Whether a district's method still fits, from what the district does. Advice, never a block."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import TruncDate

from firstbell.domain.advice.advising import Advice, advise
from firstbell.domain.advice.answers import Answers, Current, Frequency, Mobility
from firstbell.domain.advice.moves import count_moves
from firstbell.domain.advice.settings import AdviceSettings, Watching
from firstbell.domain.advice.takes import Takes
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.models import Org, Role, User

EDITS = ("user.", "people.", "class.", "org.", "term.", "course.", "roster.")
"""How the verbs begin by which somebody edits a roster in the product."""
MOVED = "user.moved"
PEOPLE = ("account", "operator", "api")
SOON = 2
"""Weeks until what a district does says something."""
FILES_DAILY, FILES_WEEKLY = 4.0, 0.5
"""Days with a file in a week, from which files count as daily and weekly."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a district has, and what it did in the last weeks."""

    accounts: int
    """People on the roster, staff and students."""
    students: int
    schools: int
    weeks: float
    """So far back it was looked; a young district has fewer than the settings say."""
    edits: int
    """By hand, in the product."""
    moves: int
    """Of students between schools, by files and by hand."""
    file_days: int
    """Days on which a file was applied."""

    @property
    def edits_a_week(self) -> float:
        return self.edits / self.weeks

    @property
    def file_days_a_week(self) -> float:
        return self.file_days / self.weeks

    @property
    def is_early(self) -> bool:
        """Whether it is too early to say how often anything happens."""
        return self.weeks < SOON


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the method fits: the evidence, and what is advised on it (None while nobody is on the roster)."""

    evidence: Evidence
    advice: Advice | None
    fits: bool


def find_fit(district: District, settings: AdviceSettings, products: Sequence[Takes] = (), *, now: datetime) -> Fit:
    """Whether the district's method fits what it does, and what its products take."""
    evidence = gather_evidence(district, settings.watching, now=now)
    if not evidence.accounts:
        return Fit(evidence, None, fits=True)
    advice = advise(answers_from(evidence, settings.watching), settings, products)
    return Fit(evidence, advice, fits=evidence.is_early or advice.method == district.method)


def gather_evidence(district: District, watching: Watching, *, now: datetime) -> Evidence:
    """Count what there is and what was done."""
    since = max(now - timedelta(weeks=watching.weeks), district.created_at)
    with within(district):
        students = Role.objects.filter(district_id=district.pk, removed_at=None, role="student")
        events = Event.objects.filter(district_id=district.pk, at__gte=since, actor_kind__in=PEOPLE)
        verbs = Q()
        for beginning in EDITS:
            verbs |= Q(verb__startswith=beginning)
        files = Run.objects.filter(
            district_id=district.pk, state=RunState.APPLIED, kind="import", dry_run=False, finished_at__gte=since
        )
        return Evidence(
            accounts=User.objects.filter(district_id=district.pk, removed_at=None).count(),
            students=students.values("user_id").distinct().count(),
            schools=Org.objects.filter(district_id=district.pk, removed_at=None, type="school").count(),
            weeks=max((now - since) / timedelta(weeks=1), 1 / 7),
            edits=events.filter(verbs).count(),
            moves=count_moves(district, since) + events.filter(verb=MOVED).count(),
            file_days=files.annotate(day=TruncDate("finished_at")).values("day").distinct().count(),
        )


def answers_from(evidence: Evidence, watching: Watching) -> Answers:
    """What the district would have to answer, as it acts. Too early, only what it has is known."""
    single_school = evidence.schools <= 1
    if evidence.is_early:
        return Answers(accounts=evidence.accounts or None, single_school=single_school)
    return Answers(
        accounts=evidence.accounts or None,
        mobility=None if single_school else _mobility(evidence, watching),
        frequency=_frequency(evidence, watching),
        current=_current(evidence),
        single_school=single_school,
    )


def _mobility(evidence: Evidence, watching: Watching) -> Mobility:
    in_a_year = evidence.moves * 52 / evidence.weeks
    return "often" if in_a_year * 100 >= evidence.students * watching.moves_percent and evidence.moves else "rarely"


def _frequency(evidence: Evidence, watching: Watching) -> Frequency:
    if evidence.file_days_a_week >= FILES_DAILY:
        return "daily"
    if evidence.file_days_a_week >= FILES_WEEKLY or evidence.edits_a_week >= watching.edits_a_week:
        return "weekly"
    return "as-needed" if evidence.edits_a_week >= 1 else "yearly"


def _current(evidence: Evidence) -> Current:
    """Files that keep coming come from a system; one or two do not say so."""
    return "sis" if evidence.file_days_a_week >= FILES_WEEKLY and evidence.file_days > SOON else "manual"
