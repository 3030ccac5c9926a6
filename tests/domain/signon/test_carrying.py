"""An id of another system is found by an index, and always as the roster says it now."""

import pytest
from django.db import connection as database
from tests.domain.signon.conftest import School

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import User
from firstbell.domain.signon.actions import Terms, change_connection
from firstbell.domain.signon.carrying import who_may_carry
from firstbell.domain.signon.matching import find_people
from firstbell.domain.signon.models import Carried, Connection, Key
from firstbell.domain.signon.presets import CLIENT_ID, CLIENT_SECRET, ISSUER

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def connection(school: School) -> Connection:
    return school.connect(Key.USER_ID, key_type="SSO")


def _found(school: School, connection: Connection, value: str) -> list[int]:
    with within(school.district):
        return [person.id for person in find_people(school.district, connection, value)]


def _says(school: School, name: str, user_ids: str | None) -> None:
    """As a source changes somebody: with a stamp."""
    with within(school.district):
        stamp = take_stamps(District.objects.get(pk=school.district.pk), 1)
        User.objects.filter(id=school.people[name]).update(user_ids=user_ids, stamp=stamp)


def test_an_id_that_changed_hands_is_its_new_bearers(school: School, connection: Connection) -> None:
    amy, ben = school.people["Amy"], school.people["Ben"]
    assert _found(school, connection, "sso-amy") == [amy]
    _says(school, "Amy", "{SSO:another}")
    _says(school, "Ben", "{State:1},{SSO:sso-amy}")
    assert _found(school, connection, "sso-amy") == [ben]
    assert _found(school, connection, "another") == [amy]
    assert _found(school, connection, "sso-ben") == []
    _says(school, "Amy", "{SSO:sso-amy}")
    assert sorted(_found(school, connection, "sso-amy")) == sorted([amy, ben])
    _says(school, "Ben", None)
    assert _found(school, connection, "sso-amy") == [amy]


def test_what_is_kept_only_proposes(school: School, connection: Connection) -> None:
    assert _found(school, connection, "sso-amy")
    school.change("Amy", user_ids="{SSO:another}")  # past every stamp: what is kept is behind
    with within(school.district):
        assert who_may_carry(school.district, connection, "sso-amy") == [school.people["Amy"]]
    assert _found(school, connection, "sso-amy") == []


def test_a_connection_that_goes_by_another_type_looks_anew(school: School, connection: Connection) -> None:
    assert _found(school, connection, "sso-amy")
    values = {ISSUER: "https://id.example.org", CLIENT_ID: "c", CLIENT_SECRET: ""}
    terms = Terms("Our log-in", Key.USER_ID, "number", key_type="State")
    change_connection(school.district, connection, values, terms, by=OPERATOR)
    assert _found(school, connection, "st-amy") == [school.people["Amy"]]
    assert _found(school, connection, "sso-amy") == []


def test_an_id_longer_than_any_key_is_nobodys(school: School, connection: Connection) -> None:
    _says(school, "Amy", f"{{SSO:{'x' * 5000}}}")
    assert _found(school, connection, "x" * 200) == []
    assert _found(school, connection, "sso-ben") == [school.people["Ben"]]


def test_it_is_found_by_an_index_behind_the_wall(school: School, connection: Connection) -> None:
    assert _found(school, connection, "sso-amy")
    found = Carried.objects.filter(district_id=school.district.pk, connection_id=connection.pk, value="sso-amy")
    with within(school.district), database.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_bitmapscan = off")
        plan = found.values_list("user_id").explain()
    assert "signon_carried_value" in plan
    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line]
    assert "value" in condition
