"""Before a connection is on: how many it would let in, how many not, and why; and what is kept of those who came."""

from datetime import timedelta

import pytest
from tests.domain.signon.conftest import NOON, School, new_school

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.erasing import Held
from firstbell.domain.signon.deciding import Refusal, decide
from firstbell.domain.signon.entering import let_in, note_failed, note_refused
from firstbell.domain.signon.forgetting import forget_old_sign_ins, reach_sign_ins
from firstbell.domain.signon.matching import forecast, served
from firstbell.domain.signon.models import Connection, Key, Serves, SignIn, Tie
from firstbell.domain.signon.queries import list_sign_ins

pytestmark = pytest.mark.usefixtures("database")


def _forecast(school: School, connection: Connection) -> tuple[int, dict[str, tuple[int, ...]]]:
    with within(school.district):
        coming = forecast(school.district, connection)
    assert coming.all == coming.matched + sum(len(left.examples) for left in coming.left)
    return coming.matched, {left.why: left.examples for left in coming.left}


def test_everybody_with_a_key_of_their_own_is_counted(school: School) -> None:
    assert _forecast(school, school.connect()) == (4, {})
    assert _forecast(school, school.connect(Key.SOURCED_ID, name="By id")) == (4, {})


def test_who_has_no_key_a_shared_one_or_is_off_is_told_with_the_reason(school: School) -> None:
    school.add("Zoe", identifier="")
    school.change("Ben", identifier="n-amy ")
    school.change("Tom", enabled_user=False)
    people = school.people
    assert _forecast(school, school.connect()) == (
        1,
        {
            "They are switched off on the roster (enabledUser).": (people["Tom"],),
            "The roster has nothing there for them.": (people["Zoe"],),
            "Somebody else on the roster has the same.": (people["Amy"], people["Ben"]),
        },
    )


def test_an_address_of_another_domain_is_told(school: School) -> None:
    school.change("Ben", email="ben@gmail.example")
    connection = school.connect(Key.EMAIL, "email", email_domains=["lakeside.example"])
    assert _forecast(school, connection) == (3, {"Their address is of another domain.": (school.people["Ben"],)})


def test_another_id_is_looked_for_by_its_type(school: School) -> None:
    school.change("Ben", user_ids="{State:st-ben}")
    connection = school.connect(Key.USER_ID, key_type="SSO")
    matched, left = _forecast(school, connection)
    assert (matched, list(left.values())) == (3, [(school.people["Ben"],)])


@pytest.mark.parametrize(
    ("serves", "schools", "expected"),
    [
        (Serves.EVERYONE, False, {"Amy", "Ben", "Tom", "Pat"}),
        (Serves.STUDENTS, False, {"Amy", "Ben"}),
        (Serves.STAFF, False, {"Tom", "Pat"}),
        (Serves.STUDENTS, True, {"Amy"}),
    ],
)
def test_only_whom_it_is_for_is_counted(school: School, serves: Serves, schools: bool, expected: set[str]) -> None:  # noqa: FBT001
    school.add("Mum", "parent")
    connection = school.connect(serves=serves, school_ids=[school.org_id] if schools else [])
    with within(school.district):
        found = set(served(school.district, connection).values_list("given_name", flat=True))
    assert found == expected


def test_the_forecast_is_what_then_happens(school: School) -> None:
    school.add("Zoe", identifier="")
    school.change("Ben", identifier="N-Amy")
    connection = school.connect()
    matched, left = _forecast(school, connection)
    refused = 0
    for name in school.people:
        try:
            decide(school.district, connection, {"number": school.row(name).identifier}, f"s-{name}", now=NOON)
        except Refusal:
            refused += 1
    assert (matched, sum(len(people) for people in left.values())) == (len(school.people) - refused, refused)


def test_sign_ins_are_behind_the_wall(school: School) -> None:
    other = new_school("Hilltop")
    connection = school.connect()
    note_failed(school.district, connection, "The provider was silent.", "Try again.", now=NOON)
    assert list_sign_ins(other.district) == []
    with within(other.district):
        assert not Connection.objects.exists()
        assert not SignIn.objects.exists()
    assert not Connection.objects.exists()


def test_what_is_kept_goes_with_the_period_and_with_the_person(school: School) -> None:
    connection = school.connect()
    for name in ("Amy", "Ben"):
        found = decide(school.district, connection, {"number": f"N-{name}"}, f"s-{name}", now=NOON)
        let_in(school.district, connection, found, now=NOON)
    stranger = Refusal("Nobody on the roster has it.", "Look.", value="N-Amy-old")
    note_refused(school.district, connection, stranger, now=NOON - timedelta(days=91))
    note_refused(school.district, connection, stranger, now=NOON)
    assert forget_old_sign_ins(school.district, now=NOON) == 1
    reach_sign_ins(school.district, Held(people=[school.people["Amy"]], words={"N-Amy-old"}))
    assert [one.person_id for one in list_sign_ins(school.district)] == [school.people["Ben"]]
    with within(school.district):
        assert [tie.person_id for tie in Tie.objects.all()] == [school.people["Ben"]]


def test_only_those_who_did_not_get_in_can_be_asked_for(school: School) -> None:
    connection, other = school.connect(), school.connect(name="Another")
    found = decide(school.district, connection, {"number": "N-Amy"}, "s-1", now=NOON)
    let_in(school.district, connection, found, now=NOON)
    note_failed(school.district, other, "Silent.", "", now=NOON)
    assert [one.says for one in list_sign_ins(school.district, refused=True)] == ["Silent."]
    assert [one.says for one in list_sign_ins(school.district, connection_id=connection.pk)] == [""]
