"""A district of few people, and a connection by which they sign in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from tests.conftest import new_district
from tests.domain.signon.provider import CLIENT, SECRET, Provider, running_provider

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.models import User
from firstbell.domain.signon.actions import Terms, add_connection, switch_on
from firstbell.domain.signon.models import Connection, Key
from firstbell.domain.signon.presets import CLIENT_ID, CLIENT_SECRET, ISSUER, PRESETS

NOON = datetime(2026, 11, 30, 18, tzinfo=UTC)
DOMAIN = "lakeside.example"


@dataclass
class School:
    """One school with its people, by their given names."""

    district: District
    org_id: int
    other_org_id: int
    people: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, role: str = "student", *, org_id: int | None = None, **said: str) -> int:
        """Somebody with an id, a number, a username and an address that hold their name."""
        told = {
            "givenName": name,
            "familyName": "Whitfield",
            "username": f"{name.lower()}.w",
            "identifier": f"N-{name}",
            "email": f"{name.lower()}@{DOMAIN}",
            "userIds": f"{{SSO:sso-{name.lower()}}},{{State:st-{name.lower()}}}",
        }
        roles = [{"role": role, "orgSourcedId": str(org_id or self.org_id)}]
        self.people[name] = add_person(self.district, told | said, roles, by=BY)
        return self.people[name]

    def row(self, name: str) -> User:
        with within(self.district):
            return User.objects.get(district_id=self.district.pk, id=self.people[name])

    def change(self, name: str, **fields: object) -> None:
        """As a source would: past the checks of a page."""
        with within(self.district):
            User.objects.filter(district_id=self.district.pk, id=self.people[name]).update(**fields)

    def connect(
        self, key: Key = Key.IDENTIFIER, claim: str = "number", name: str = "Our log-in", **terms: object
    ) -> Connection:
        """A connection that is on."""
        values = {ISSUER: "https://id.example.org", CLIENT_ID: CLIENT, CLIENT_SECRET: SECRET}
        made = Terms(name, key, claim, **terms)  # type: ignore[arg-type]
        connection = add_connection(self.district, PRESETS["openid"], values, made, by=OPERATOR)
        switch_on(self.district, connection, by=OPERATOR)
        return connection


def new_school(name: str = "Lakeside Unified") -> School:
    """Amy and Ben learn, Tom teaches, Pat leads."""
    district = new_district(name)
    orgs = [add_org(district, {"name": one, "type": "school"}, by=BY) for one in ("Elm", "Oak")]
    school = School(district, orgs[0], orgs[1])
    school.add("Amy")
    school.add("Ben", org_id=school.other_org_id)
    school.add("Tom", "teacher")
    school.add("Pat", "principal")
    return school


@pytest.fixture
def school(database: None) -> School:
    return new_school()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running
