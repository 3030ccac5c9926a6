"""What is chosen for a new school year: which schools, what becomes of each grade, in which term classes go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.http import QueryDict

from firstbell.domain.roster.editing.cohorts import Cohort, Move, Way, list_cohorts, next_grade
from firstbell.domain.roster.editing.new_year import Wanted
from firstbell.domain.roster.queries.schools import list_org_choices
from firstbell.domain.roster.queries.terms import list_terms_ahead
from firstbell.web.listing import id_in
from firstbell.web.visit import Visit
from firstbell.web.words import grades_in_words

ELSEWHERE = "to-"
"""How the value of a choice begins that names another school (row id)."""


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One grade of a school: how many students it has, and what may become of them."""

    name: str
    """Of the form's field."""
    label: str
    students: int
    choices: Sequence[tuple[str, str, bool]]
    """Value, words, and whether it is chosen."""


@dataclass(frozen=True, slots=True)
class SchoolPart:
    """One school of the form."""

    id: int
    name: str
    is_chosen: bool
    grades: Sequence[GradeLine]


@dataclass(frozen=True, slots=True)
class Choosing:
    """The form as it stands."""

    schools: Sequence[SchoolPart]
    terms: Sequence[tuple[str, str]]
    wanted: Wanted
    names: dict[int, str]
    """Schools by row id."""

    @property
    def is_complete(self) -> bool:
        """Whether there is enough to look at what will happen."""
        return bool(self.wanted.schools and self.wanted.term_id)

    @property
    def digest(self) -> str:
        """The choices in a word, by which is known whether they are those that were looked at."""
        wanted = self.wanted
        said = (
            sorted(wanted.schools),
            sorted(wanted.moves.items(), key=str),
            wanted.term_id,
            wanted.takes_teachers_out,
        )
        return sha256(repr(said).encode()).hexdigest()


def choosing_of(visit: Visit, sent: QueryDict | None) -> Choosing:
    """What was sent, or what is usual where nothing was; what makes no sense is what is usual."""
    names = {int(pk): name for pk, name in list_org_choices(visit.district, visit.scope, only_schools=True)}
    cohorts = list_cohorts(visit.district, visit.scope, list(names), today=visit.today)
    terms = list_terms_ahead(visit.district, today=visit.today)
    moves = {(cohort.school_id, cohort.grade): _move(cohort, sent, names) for cohort in cohorts}
    chosen = {school for text in sent.getlist("school") if (school := id_in(text))} if sent else set(names)
    with_students = [school for school in names if any(cohort.school_id == school for cohort in cohorts)]
    term = id_in(sent.get("term", "")) if sent else None
    usual_term = int(terms[0][0]) if terms and not sent else 0
    wanted = Wanted(
        [school for school in with_students if school in chosen],
        moves,
        term if term and str(term) in dict(terms) else usual_term,
        takes_teachers_out=bool(sent and sent.get("teachers") == "yes"),
    )
    parts = [
        SchoolPart(
            school,
            names[school],
            school in chosen,
            [_line(cohort, moves[school, cohort.grade], names) for cohort in cohorts if cohort.school_id == school],
        )
        for school in with_students
    ]
    return Choosing(parts, terms, wanted, names)


def move_in_words(cohort: Cohort, move: Move, names: dict[int, str]) -> str:
    """ "moves up to 6", "moves up to 6 at Birch Middle School", "leaves the roster", "stays"."""
    match move.way:
        case Way.LEAVE:
            return "leaves the roster"
        case Way.STAY:
            return "stays as it is"
    school = f" at {names.get(move.school, '')}" if move.school not in {None, cohort.school_id} else ""
    return f"moves up to {grades_in_words([move.grade])}{school}"


def grade_in_words(grade: str) -> str:
    """ "Grade 5", "Kindergarten", or that there is not one."""
    if not grade:
        return "Without one grade"
    said = grades_in_words([grade])
    return f"Grade {said}" if said.isdigit() else said


def _field(cohort: Cohort) -> str:
    return f"move-{cohort.school_id}-{cohort.grade}"


def _move(cohort: Cohort, sent: QueryDict | None, names: dict[int, str]) -> Move:
    asked = sent.get(_field(cohort), "") if sent else ""
    above = next_grade(cohort.grade)
    school = id_in(asked.removeprefix(ELSEWHERE)) if asked.startswith(ELSEWHERE) else None
    if above and school in names:
        return Move(Way.UP, above, school)
    if asked == Way.UP and above:
        return Move(Way.UP, above)
    return Move(Way(asked)) if asked in {Way.STAY, Way.LEAVE} else cohort.usual


def _line(cohort: Cohort, move: Move, names: dict[int, str]) -> GradeLine:
    above = next_grade(cohort.grade)
    up = [(str(Way.UP), Move(Way.UP, above))] if above else []
    elsewhere = [
        (f"{ELSEWHERE}{school}", Move(Way.UP, above, school))
        for school in names
        if above and school != cohort.school_id
    ]
    ways = [*up, (str(Way.STAY), Move(Way.STAY)), (str(Way.LEAVE), Move(Way.LEAVE)), *elsewhere]
    choices = []
    for value, way in ways:
        words = move_in_words(cohort, way, names)
        choices.append((value, words[:1].upper() + words[1:], way == move))
    return GradeLine(_field(cohort), grade_in_words(cohort.grade), len(cohort.students), choices)
