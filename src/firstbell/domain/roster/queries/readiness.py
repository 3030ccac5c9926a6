"""What is missing before the first bell, by school. Counts and lists stand on the same expressions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from firstbell.domain.accounts.models import Membership, PrintedCard
from firstbell.domain.accounts.queries import memberships_that_open
from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Class, Enrollment, Role
from firstbell.domain.roster.queries.schools import list_org_choices
from firstbell.domain.roster.queries.scope import Scope, classes_in, roles_in

STUDENT, TEACHER = "student", "teacher"


class Lack(StrEnum):
    """One thing that somebody or some class does not have."""

    CLASS = "class"
    SIGN_IN = "sign-in"
    CARD = "card"
    VISIT = "visit"
    TEACHER_SIGN_IN = "teacher-sign-in"
    TEACHER = "teacher"
    STUDENTS = "students"


OF_STUDENTS: Final = (Lack.CLASS, Lack.SIGN_IN, Lack.CARD, Lack.VISIT)
OF_CLASSES: Final = (Lack.TEACHER, Lack.STUDENTS)
OF_PEOPLE: Final = (*OF_STUDENTS, Lack.TEACHER_SIGN_IN)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Those who lack something on a day."""

    lack: Lack
    today: date


@dataclass(frozen=True, slots=True)
class Readiness:
    """One school (row id): how many there are, and how many of them lack what."""

    school_id: int
    school: str
    students: int
    teachers: int
    classes: int
    lacks: Mapping[Lack, int]

    @property
    def is_ready(self) -> bool:
        """Whether everybody is in a class and can sign in. Having done so is theirs, from the first bell on."""
        return bool(self.students) and not any(
            count for lack, count in self.lacks.items() if lack not in {Lack.VISIT, Lack.CARD}
        )


def count_readiness(district: District, scope: Scope, *, today: date) -> list[Readiness]:
    """The scope's schools by name: a fixed number of questions, whatever their size."""
    students = _counted(_students(district, scope, today=today), "org_id", "user_id", OF_STUDENTS, district, today)
    teachers = _counted(
        _teachers(district, scope, today=today), "org_id", "user_id", (Lack.TEACHER_SIGN_IN,), district, today
    )
    classes = _counted(classes_in(district, scope), "school_id", "id", OF_CLASSES, district, today)
    nothing = (0, dict[Lack, int]())
    lines = []
    for text, school in list_org_choices(district, scope, only_schools=True):
        school_id = int(text)
        (pupils, of_pupils), (staff, of_staff), (groups, of_groups) = (
            counted.get(school_id, nothing) for counted in (students, teachers, classes)
        )
        lines.append(Readiness(school_id, school, pupils, staff, groups, {**of_pupils, **of_staff, **of_groups}))
    return lines


def roles_lacking(district: District, scope: Scope, lacking: Lacking, *, school: int | None) -> QuerySet[Role]:
    """The roles of people who lack it at a school, or at any of the scope's."""
    whose = _teachers if lacking.lack is Lack.TEACHER_SIGN_IN else _students
    roles = whose(district, scope, today=lacking.today).filter(~_has(district, lacking.lack, lacking.today))
    return roles if school is None else roles.filter(org_id=school)


def classes_lacking(district: District, scope: Scope, lacking: Lacking) -> QuerySet[Class]:
    """The classes that lack it."""
    return classes_in(district, scope).filter(~_has(district, lacking.lack, lacking.today))


def _counted(
    rows: QuerySet[Role] | QuerySet[Class],
    school: str,
    who: str,
    lacks: tuple[Lack, ...],
    district: District,
    today: date,
) -> dict[int, tuple[int, dict[Lack, int]]]:
    """By school: how many there are, and how many lack what.

    A question for each lack, since PostgreSQL joins for one that stands in the WHERE, and looks row by row for others.
    """
    total = _by_school(rows, school, who)
    lacking = {lack: _by_school(rows.filter(~_has(district, lack, today)), school, who) for lack in lacks}
    return {place: (count, {lack: lacking[lack].get(place, 0) for lack in lacks}) for place, count in total.items()}


def _by_school(rows: QuerySet[Role] | QuerySet[Class], school: str, who: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(school).annotate(count=Count(who, distinct=True)))


def _has(district: District, lack: Lack, today: date) -> Exists:
    """True for a role, or a class, that has it."""
    match lack:
        case Lack.CLASS:
            places = _places(district, today, STUDENT)
            return Exists(places.filter(user_id=OuterRef("user_id"), school_id=OuterRef("org_id")))
        case Lack.SIGN_IN | Lack.TEACHER_SIGN_IN:
            return Exists(memberships_that_open(district).filter(person_id=OuterRef("user_id")))
        case Lack.VISIT:
            visited = Membership.objects.filter(district=district, account__last_login__isnull=False)
            return Exists(visited.filter(person_id=OuterRef("user_id")))
        case Lack.CARD:
            return Exists(PrintedCard.objects.filter(district=district, user_id=OuterRef("user_id")))
        case Lack.TEACHER:
            return Exists(_places(district, today, TEACHER).filter(class_id=OuterRef("id")))
        case Lack.STUDENTS:
            return Exists(_places(district, today, STUDENT).filter(class_id=OuterRef("id")))


def _students(district: District, scope: Scope, *, today: date) -> QuerySet[Role]:
    """Roles of students. Somebody who works there as well signs in as one of the staff, and gets no card."""
    staff = Role.objects.filter(district_id=district.pk, removed_at=None, user_id=OuterRef("user_id"))
    return _not_over(roles_in(district, scope).filter(role=STUDENT), today).exclude(Exists(staff.exclude(role=STUDENT)))


def _teachers(district: District, scope: Scope, *, today: date) -> QuerySet[Role]:
    return _not_over(roles_in(district, scope).filter(role=TEACHER), today)


def _places(district: District, today: date, role: str) -> QuerySet[Enrollment]:
    return _not_over(Enrollment.objects.filter(district_id=district.pk, removed_at=None, role=role), today)


def _not_over[R: (Role, Enrollment)](rows: QuerySet[R], today: date) -> QuerySet[R]:
    return rows.filter(Q(end_date=None) | Q(end_date__gt=today))
