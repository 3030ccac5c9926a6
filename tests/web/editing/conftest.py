"""A Self-Managed district that rosters itself: two schools by hand, its people at the door, a stranger beside it."""

import uuid
from dataclasses import dataclass, field

import pytest
from django.test import Client
from tests.conftest import new_district
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.actions import add_district
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import MODELS
from firstbell.domain.roster.editing.classes import add_class
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.places import add_members
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.editing.terms import add_term
from firstbell.domain.roster.models import Enrollment, Role, Row


@dataclass
class Village:
    """Row ids by name, and the account of each kind of person."""

    district: District
    rows: dict[str, int]
    accounts: dict[str, Account] = field(default_factory=dict)

    def path(self, rest: str = "") -> str:
        """An address, with names of rows for their ids: ``people/STUDENT/``."""
        for name in sorted(self.rows, key=len, reverse=True):
            rest = rest.replace(name, str(self.rows[name]))
        return f"/d/{self.district.code}/{rest}"

    def row(self, table: str, name: str) -> Row:
        with within(self.district):
            return MODELS[table]._default_manager.get(district_id=self.district.pk, id=self.rows[name])

    def live(self, table: str, **which: object) -> int:
        with within(self.district):
            rows = MODELS[table]._default_manager.filter(district_id=self.district.pk, removed_at=None)
            return rows.filter(**which).count()


def empty_district() -> District:
    return add_district(
        f"test-{uuid.uuid4().hex}", "Maple Hill School", by=OPERATOR, method="self_managed", time_zone="America/Chicago"
    )


@pytest.fixture
def village(database: None) -> Village:
    district = empty_district()
    rows = {
        "SCHOOL": add_org(district, {"name": "Maple Hill", "type": "school"}, by=BY),
        "OTHER": add_org(district, {"name": "Birch Hill", "type": "school"}, by=BY),
        "EMPTY": add_org(district, {"name": "Cedar Hill", "type": "school"}, by=BY),
        "TERM": add_term(
            district,
            {"title": "2026-27", "type": "schoolYear", "startDate": "2026-08-17", "endDate": "2035-06-12"},
            by=BY,
        ),
    }
    said = {"title": "Algebra", "schoolSourcedId": str(rows["SCHOOL"]), "termSourcedIds": str(rows["TERM"])}
    rows["CLASS"] = add_class(district, said, by=BY)
    for name, given, family, word, school in (
        ("STUDENT", "Ada", "Byron", "student", "SCHOOL"),
        ("PUPIL", "Ben", "Brown", "student", "SCHOOL"),
        ("TEACHER", "Emmy", "Noether", "teacher", "SCHOOL"),
        ("REGISTRAR", "Rita", "Register", "siteAdministrator", "SCHOOL"),
        ("COLLEAGUE", "Cora", "College", "siteAdministrator", "OTHER"),
    ):
        who = {"givenName": given, "familyName": family, "username": given.lower()}
        rows[name] = add_person(district, who, [{"role": word, "orgSourcedId": str(rows[school])}], by=BY)
    add_members(district, rows["CLASS"], [rows["STUDENT"]], {"role": "student"}, by=BY)
    add_members(district, rows["CLASS"], [rows["TEACHER"]], {"role": "teacher"}, by=BY)
    with within(district):
        rows["PLACE"] = Enrollment.objects.get(user_id=rows["STUDENT"]).id
        rows["ROLE"] = Role.objects.get(user_id=rows["STUDENT"]).id
        rows["ACT"] = list_events(district.pk)[0].pk
    made = Village(district, rows)
    for name, role, person in (
        ("administrator", "district_administrator", None),
        ("principal", "principal", rows["REGISTRAR"]),
        ("registrar", "registrar", rows["REGISTRAR"]),
        ("colleague", "registrar", rows["COLLEAGUE"]),
        ("teacher", "teacher", rows["TEACHER"]),
        ("student", "student", rows["STUDENT"]),
    ):
        made.accounts[name] = member(district, name, role, person)
    return made


@pytest.fixture
def administrator(village: Village) -> Client:
    return signed_in(village.accounts["administrator"])


@pytest.fixture
def stranger(database: None) -> Client:
    return signed_in(member(new_district("Hilltop Charter School"), "stranger", "district_administrator"))


def sent(client: Client, path: str, **values: object) -> dict[str, object]:
    """The fields of a page's form as a browser would send them, with some of them typed anew."""
    form = client.get(path).context["form"]
    shown = {bound.name: bound.value() for bound in form}
    return {name: "" if value is None else value for name, value in {**shown, **values}.items()}
