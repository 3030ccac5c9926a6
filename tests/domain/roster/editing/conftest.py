"""A school that rosters itself: made by hand, through the doors."""

from dataclasses import dataclass

import pytest

from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import MODELS
from firstbell.domain.roster.editing.classes import add_class
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE, Editor
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.places import add_members
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.editing.terms import add_term
from firstbell.domain.roster.models import Row
from firstbell.domain.roster.queries.scope import Scope


@dataclass
class Small:
    """A district with two schools, a term, a class at the first, and a student and a teacher in it."""

    district: District
    school: int
    other_school: int
    term: int
    group: int
    student: int
    teacher: int

    def row(self, table: str, row_id: int) -> Row:
        with within(self.district):
            return MODELS[table]._default_manager.get(district_id=self.district.pk, id=row_id)

    def stamp(self, table: str, row_id: int) -> int:
        return self.row(table, row_id).stamp

    def live(self, table: str, **which: object) -> int:
        with within(self.district):
            rows = MODELS[table]._default_manager.filter(district_id=self.district.pk, removed_at=None)
            return rows.filter(**which).count()

    def registrar(self, *schools: int) -> Editor:
        return Editor(Actor("account", "7", "Rita Registrar"), Scope(frozenset(schools or [self.school])))


BY = AT_THE_COMMAND_LINE


def person(given: str, family: str, **more: str) -> dict[str, str]:
    return {"givenName": given, "familyName": family, **more}


def role(word: str, school: int, **more: str) -> dict[str, str]:
    return {"role": word, "orgSourcedId": str(school), **more}


@pytest.fixture
def small(district: District) -> Small:
    school, other = (
        add_org(district, {"name": name, "type": "school"}, by=BY) for name in ("Lincoln Middle", "Roosevelt High")
    )
    term = add_term(
        district,
        {"title": "2026-27", "type": "schoolYear", "startDate": "2026-08-17", "endDate": "2027-06-12"},
        by=BY,
    )
    group = add_class(
        district, {"title": "Algebra", "schoolSourcedId": str(school), "termSourcedIds": str(term)}, by=BY
    )
    student = add_person(
        district,
        person("Ada", "Byron", username="ada", identifier="1001", grades="07"),
        [role("student", school)],
        by=BY,
    )
    teacher = add_person(district, person("Emmy", "Noether"), [role("teacher", school)], by=BY)
    add_members(district, group, [student], {"role": "student"}, by=BY)
    add_members(district, group, [teacher], {"role": "teacher", "primary": "true"}, by=BY)
    return Small(district, school, other, term, group, student, teacher)
