"""Who is in which grade of which school, and where each grade goes in the new year unless somebody says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.beginning import GRADES
from firstbell.domain.roster.models import Role, User
from firstbell.domain.roster.queries.scope import Scope, roles_in

STUDENT = "student"


class Way(StrEnum):
    """What becomes of a grade."""

    UP = "up"
    STAY = "stay"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of the students of a grade. Up: into ``grade``, and to ``school`` (row id) where that is another."""

    way: Way
    grade: str = ""
    school: int | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """The students (row ids) of one grade of one school, blank for those without one grade, and their usual move."""

    school_id: int
    grade: str
    students: tuple[int, ...]
    usual: Move


def next_grade(grade: str) -> str:
    """The grade above; blank above the highest, and for what is no step of the ladder."""
    if grade not in GRADES or grade == GRADES[-1]:
        return ""
    above = GRADES[GRADES.index(grade) + 1]
    return "KG" if above == "TK" else above


def list_cohorts(district: District, scope: Scope, school_ids: Sequence[int], *, today: date) -> list[Cohort]:
    """The cohorts of these schools, by school as they come and then by grade: two questions.

    The highest grade of a school leaves it unless somebody says where it goes.
    """
    roles = roles_in(district, scope).filter(org_id__in=school_ids, role=STUDENT)
    roles = roles.filter(Q(end_date=None) | Q(end_date__gt=today))
    at_school: dict[int, set[int]] = {}
    for org_id, user_id in roles.values_list("org_id", "user_id"):
        at_school.setdefault(org_id or 0, set()).add(user_id or 0)
    people = User.objects.filter(district_id=district.pk, removed_at=None, id__in=roles.values("user_id"))
    grades = {person: _one_grade(held) for person, held in people.values_list("id", "grades")}
    return [
        cohort
        for school_id in school_ids
        for cohort in _of_school(school_id, sorted(at_school.get(school_id, ())), grades)
    ]


def students_elsewhere(district: District, person_ids: Sequence[int], school_ids: Sequence[int]) -> set[int]:
    """Those of the people who have a role at a school that is none of these."""
    roles = Role.objects.filter(district_id=district.pk, user_id__in=person_ids, removed_at=None)
    return {person for person in roles.exclude(org_id__in=school_ids).values_list("user_id", flat=True) if person}


def _of_school(school_id: int, students: Sequence[int], grades: dict[int, str]) -> list[Cohort]:
    by_grade: dict[str, list[int]] = {}
    for student in students:
        if student in grades:
            by_grade.setdefault(grades[student], []).append(student)
    known = [grade for grade in GRADES if grade in by_grade]
    others = sorted(by_grade.keys() - set(known))
    return [
        Cohort(school_id, grade, tuple(by_grade[grade]), _usual(grade, is_highest=grade == known[-1:][0]))
        for grade in known
    ] + [Cohort(school_id, grade, tuple(by_grade[grade]), Move(Way.STAY)) for grade in others]


def _usual(grade: str, *, is_highest: bool) -> Move:
    above = next_grade(grade)
    return Move(Way.LEAVE) if is_highest or not above else Move(Way.UP, above)


def _one_grade(grades: list[str] | None) -> str:
    return grades[0] if grades and len(grades) == 1 else ""
