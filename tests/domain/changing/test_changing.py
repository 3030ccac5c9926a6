"""The method changes now or on its day, and never so that somebody has no way in."""

from datetime import timedelta

import pytest
from tests.domain.signon.conftest import NOON, School, new_school

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.badges import make_badge
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.changing.actions import ShutOut, call_off, carry_out_planned, change_now, change_on
from firstbell.domain.changing.queries import find_planned, only_by_sign_on, standing_of
from firstbell.domain.districts.actions import BadDistrict
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.signon.deciding import decide
from firstbell.domain.signon.entering import let_in

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def school(database: None) -> School:
    return new_school()


def _come_in(school: School, *names: str) -> None:
    connection = school.connect()
    for name in names:
        found = decide(school.district, connection, {"number": f"N-{name}"}, f"s-{name}", now=NOON)
        let_in(school.district, connection, found, now=NOON)


def _method(school: School) -> str:
    return District.objects.get(pk=school.district.pk).method


def test_leaving_automated_waits_until_everybody_has_another_way_in(school: School) -> None:
    _come_in(school, "Amy", "Ben", "Tom")
    assert only_by_sign_on(school.district) == (3, sorted(school.people[name] for name in ("Amy", "Ben", "Tom")))
    with pytest.raises(ShutOut, match="3 people"):
        change_now(school.district, "self_managed", by=OPERATOR)
    assert _method(school) == "automated"
    set_credential(school.district, school.people["Amy"], "amy", "pass1", by=OPERATOR)
    make_badge(school.district, school.people["Ben"], by=OPERATOR)
    set_credential(school.district, school.people["Tom"], "tom", "pass2", role="teacher", by=OPERATOR)
    assert only_by_sign_on(school.district) == (0, [])
    change_now(school.district, "self_managed", by=OPERATOR)
    assert _method(school) == "self_managed"


def test_between_other_methods_nobody_is_asked_for(school: School) -> None:
    change_now(school.district, "self_managed", by=OPERATOR)
    change_now(school.district, "assisted", by=OPERATOR)
    with pytest.raises(BadDistrict):
        change_now(school.district, "assisted", by=OPERATOR)


def test_a_change_comes_about_on_its_day_and_not_before(school: School) -> None:
    today = today_of(school.district)
    change_on(school.district, "self_managed", today + timedelta(days=2), by=OPERATOR)
    assert not carry_out_planned(school.district, today=today + timedelta(days=1))
    assert _method(school) == "automated"
    assert carry_out_planned(school.district, today=today + timedelta(days=2))
    assert _method(school) == "self_managed"
    assert find_planned(school.district) is None
    assert not carry_out_planned(school.district, today=today + timedelta(days=3))


def test_on_its_day_it_waits_for_who_would_have_no_way_in_and_says_so(school: School) -> None:
    _come_in(school, "Amy")
    day = today_of(school.district) + timedelta(days=1)
    change_on(school.district, "assisted", day, by=OPERATOR)
    assert not carry_out_planned(school.district, today=day)
    planned = find_planned(school.district)
    assert planned is not None
    assert "1 person comes in by single sign-on only" in planned.waits
    set_credential(school.district, school.people["Amy"], "amy", "pass1", by=OPERATOR)
    assert carry_out_planned(school.district, today=day + timedelta(days=1))
    assert _method(school) == "assisted"


def test_a_plan_can_be_set_anew_and_called_off_and_is_one_districts(school: School) -> None:
    other = new_school("Hilltop")
    day = today_of(school.district) + timedelta(days=5)
    change_on(school.district, "assisted", day, by=OPERATOR)
    change_on(school.district, "self_managed", day, by=OPERATOR)
    planned = find_planned(school.district)
    assert planned is not None
    assert planned.method == "self_managed"
    assert find_planned(other.district) is None
    assert call_off(school.district, by=OPERATOR)
    assert not call_off(school.district, by=OPERATOR)
    for method, when in (("automated", day), ("nothing", day), ("assisted", today_of(school.district))):
        with pytest.raises(BadDistrict):
            change_on(school.district, method, when, by=OPERATOR)


def test_it_tells_whose_the_people_are(school: School) -> None:
    standing = standing_of(school.district)
    assert (standing.people_of_sources, standing.people_of_nobody, standing.sources) == (0, 4, 0)
