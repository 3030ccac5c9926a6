"""A new school year: grades move up, leavers leave, classes are emptied for the next. Nobody loses an account.

A preview does it and takes it back, so that it tells what would happen and nothing else. What looks wrong waits for a
word more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from firstbell.domain.audit.models import Event
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.act import Act, act
from firstbell.domain.roster.editing.cohorts import STUDENT, Cohort, Move, Way, list_cohorts, students_elsewhere
from firstbell.domain.roster.editing.editor import Editor, ensure_school
from firstbell.domain.roster.editing.ownership import rows_locked_by_contributors
from firstbell.domain.roster.editing.refusals import NotGood, Refused
from firstbell.domain.roster.editing.roles import add_role_row
from firstbell.domain.roster.editing.together import hanging_rows_of
from firstbell.domain.roster.editing.undoing import is_undone
from firstbell.domain.roster.models import AcademicSession, Class, Enrollment, Role, Row, User
from firstbell.engine.entry import Problem
from firstbell.engine.tables import TABLES

BEGUN = "school_year.begun"
LATELY = timedelta(days=180)
SOON = timedelta(days=30)
MANY_LEAVE = 0.4
"""A share of the students whose leaving is not usual: the highest of three grades is a third."""
MOST_ROWS = 50_000
"""So many rows are changed at once; more is an import."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done at which schools (row ids)."""

    schools: Sequence[int]
    moves: Mapping[tuple[int, str], Move]
    """By school and grade; a cohort that is not named does what is usual."""
    term_id: int
    """The term in which the classes are held from now on."""
    takes_teachers_out: bool = False


@dataclass(slots=True)
class NewYear:
    """What happened, or would."""

    moved: list[tuple[Cohort, Move, int]] = field(default_factory=list)
    """How many students of each cohort: those that stay, too."""
    left_alone: dict[str, int] = field(default_factory=dict)
    """How many students stay as they are, by the reason."""
    places: int = 0
    """Places in classes that end, but for those of leavers."""
    classes: int = 0
    """Classes that go into the new term."""
    rows: int = 0
    reasons: list[str] = field(default_factory=list)
    """Why it waits until somebody says that it is meant."""
    stamp: int = 0
    """The version of the roster that it was looked at."""
    event_id: int = 0

    def going(self, way: Way) -> int:
        """How many students go this way."""
        return sum(count for _, move, count in self.moved if move.way is way)


@dataclass(slots=True)
class Waits(Exception):
    """It needs to be looked at again: the reasons say why."""

    year: NewYear


def look_at_school_year(district: District, wanted: Wanted, *, today: date, by: Editor) -> NewYear:
    """What would happen. Raises NotThere, NotGood and Refused."""
    with within(district), transaction.atomic():
        year = _begin(district, wanted, today=today, by=by)
        transaction.set_rollback(True)
    return year


def begin_school_year(
    district: District, wanted: Wanted, *, seen: int, is_sure: bool, today: date, by: Editor
) -> NewYear:
    """Do it, as one act to undo. ``seen``: the version of the roster at the preview.

    Raises NotThere, NotGood, Refused, and Waits where the roster was changed since, or a reason wants a word more.
    """
    with within(district), transaction.atomic():
        year = _begin(district, wanted, today=today, by=by)
        if year.stamp != seen:
            year.reasons.insert(0, "Somebody changed the roster since you looked. This is what would happen now.")
        if year.stamp != seen or (year.reasons and not is_sure):
            raise Waits(year)
    return year


def find_year_begun(district: District) -> Event | None:
    """The act by which a school year was begun lately, unless it was undone."""
    begun = Event.objects.filter(district_id=district.pk, verb=BEGUN, at__gt=timezone.now() - LATELY)
    return next((event for event in begun.order_by("-id") if not is_undone(district, event.pk)), None)


def _begin(district: District, wanted: Wanted, *, today: date, by: Editor) -> NewYear:
    for school_id in wanted.schools:
        ensure_school(by, school_id)
    for move in wanted.moves.values():
        if move.school is not None:
            ensure_school(by, move.school)
    if not wanted.schools:
        raise NotGood(Problem("schools", "Choose a school."))
    lock(district)
    district.refresh_from_db(fields=["last_stamp"])
    year = NewYear(stamp=district.last_stamp)
    cohorts = list_cohorts(district, by.scope, wanted.schools, today=today)
    classes = list(_classes(district, wanted.schools))
    year.reasons = _reasons(district, classes, today)
    with act(district, BEGUN, "district", district.pk, by=by) as doing:
        _move_all(doing, cohorts, wanted, year)
        _empty(doing, classes, wanted, year)
        _ensure_few(doing)
    year.rows = len(doing.edits)
    year.event_id = doing.edits[0].event_id if doing.edits else 0
    if not year.rows:
        raise Refused("Nothing would change: everybody and every class is as it is to be already.")
    _warn_of_leavers(year)
    return year


def _move_all(doing: Act, cohorts: Sequence[Cohort], wanted: Wanted, year: NewYear) -> None:
    """All cohorts are known before the first one moves, so that nobody moves twice."""
    everyone = [student for cohort in cohorts for student in cohort.students]
    people = {row.id: row for row in User.objects.filter(district_id=doing.district.pk, id__in=everyone)}
    elsewhere = students_elsewhere(doing.district, everyone, wanted.schools)
    locked = rows_locked_by_contributors(doing.district, "users", "grades")
    settled: set[int] = set()
    for cohort in cohorts:
        move = wanted.moves.get((cohort.school_id, cohort.grade), cohort.usual)
        going: list[User] = []
        for student in cohort.students:
            why = "" if move.way is Way.STAY else _why_not(people[student], move, elsewhere, locked, settled)
            if why:
                year.left_alone[why] = year.left_alone.get(why, 0) + 1
            else:
                going.append(people[student])
        settled |= set(cohort.students)
        _move(doing, cohort, move, going)
        year.moved.append((cohort, move, len(going)))


def _why_not(person: User, move: Move, elsewhere: set[int], locked: set[int], settled: set[int]) -> str:
    """Why somebody stays as they are; blank where nothing is in the way."""
    if person.id in settled:
        return "are at two of these schools, and moved with the first"
    if person.source_id is not None or person.id in locked:
        return "come from a source, which moves them itself"
    if person.id in elsewhere and (move.way is Way.LEAVE or move.school is not None):
        return "have a role at another school too"
    return ""


def _move(doing: Act, cohort: Cohort, move: Move, going: Sequence[User]) -> None:
    if move.way is Way.LEAVE:
        _leave(doing, going)
    elif move.way is Way.UP:
        doing.give("users", going, {"grades": move.grade})
        if move.school not in {None, cohort.school_id}:
            _change_school(doing, cohort, move, going)


def _leave(doing: Act, going: Sequence[User]) -> None:
    """The people with all that hangs on them. Their log-ins wait with them, as of everybody who is removed."""
    hanging = hanging_rows_of(doing.district, "users", [person.id for person in going])
    for name in reversed(TABLES):
        doing.remove(name, _unowned(hanging.get(name, ())))
    doing.remove("users", going)


def _change_school(doing: Act, cohort: Cohort, move: Move, going: Sequence[User]) -> None:
    ids = [person.id for person in going]
    roles = Role.objects.filter(
        district_id=doing.district.pk, user_id__in=ids, org_id=cohort.school_id, role=STUDENT, removed_at=None
    )
    places = Enrollment.objects.filter(
        district_id=doing.district.pk, user_id__in=ids, school_id=cohort.school_id, role=STUDENT, removed_at=None
    )
    doing.remove("enrollments", _unowned(list(places.order_by("id"))))
    doing.remove("roles", _unowned(list(roles.order_by("id"))))
    doing.give("users", going, {"primaryOrgSourcedId": str(move.school)})
    for person_id in ids:
        add_role_row(doing, person_id, {"role": STUDENT, "orgSourcedId": str(move.school)})


def _empty(doing: Act, classes: Sequence[Class], wanted: Wanted, year: NewYear) -> None:
    """Students (and teachers, if that is wanted) out of the classes, and the classes into the new term."""
    term = AcademicSession.objects.filter(district_id=doing.district.pk, id=wanted.term_id, removed_at=None).first()
    if term is None:
        raise NotThere(wanted.term_id)
    places = Enrollment.objects.filter(
        district_id=doing.district.pk, class_id__in=[group.id for group in classes], removed_at=None, source_id=None
    )
    if not wanted.takes_teachers_out:
        places = places.filter(role=STUDENT)
    ending = list(places.order_by("id"))
    doing.remove("enrollments", ending)
    before = len(doing.edits)
    doing.give("classes", _unowned(classes), {"termSourcedIds": str(term.id)})
    year.places, year.classes = len(ending), len(doing.edits) - before


def _classes(district: District, schools: Sequence[int]) -> Sequence[Class]:
    return list(Class.objects.filter(district_id=district.pk, school_id__in=schools, removed_at=None).order_by("id"))


def _unowned[R: Row](rows: Sequence[R]) -> list[R]:
    return [row for row in rows if row.source_id is None]


def _ensure_few(doing: Act) -> None:
    if len(doing.edits) > MOST_ROWS:
        raise Refused(
            f"It is {len(doing.edits):,} rows of the roster; {MOST_ROWS:,} are changed at once. Choose fewer schools."
        )


def _reasons(district: District, classes: Sequence[Class], today: date) -> list[str]:
    """What of the calendar looks wrong."""
    reasons = []
    last = find_year_begun(district)
    if last is not None:
        reasons.append(
            f"A school year was begun on {last.at:%B} {last.at.day} already, by {last.actor_name}. Students whose "
            "grade moved up then would move up again."
        )
    terms = {term for group in classes for term in group.term_ids or ()}
    running = AcademicSession.objects.filter(district_id=district.pk, id__in=terms, end_date__gt=today + SOON)
    begins_before = running.filter(start_date__lte=today).order_by("-end_date").first()
    if begins_before is not None and begins_before.end_date is not None:
        ends = begins_before.end_date
        reasons.append(f"The term {begins_before.title} goes on until {ends:%B} {ends.day}, {ends.year}.")
    return reasons


def _warn_of_leavers(year: NewYear) -> None:
    leaving, everyone = year.going(Way.LEAVE), sum(count for *_, count in year.moved)
    if leaving > everyone * MANY_LEAVE:
        year.reasons.append(f"{leaving:,} of {everyone:,} students would leave the roster.")
