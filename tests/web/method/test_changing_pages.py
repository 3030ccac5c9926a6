"""The pages of a change of method: what it does, on which day, and who is who when a system takes over."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.domain.signon.conftest import NOON, School, new_school
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.changing.queries import find_planned
from firstbell.domain.districts.models import District
from firstbell.domain.signon.deciding import decide
from firstbell.domain.signon.entering import let_in

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture
def school(database: None) -> School:
    return new_school()


@pytest.fixture
def office(school: School) -> Client:
    return signed_in(member(school.district, "ada", "district_administrator"))


def _path(school: School, rest: str = "") -> str:
    return f"/d/{school.district.code}/method/{rest}"


def _method(school: School) -> str:
    return District.objects.get(pk=school.district.pk).method


def test_who_would_be_shut_out_is_named_and_the_change_waits(school: School, office: Client) -> None:
    connection = school.connect()
    found = decide(school.district, connection, {"number": "N-Amy"}, "s-1", now=NOON)
    let_in(school.district, connection, found, now=NOON)
    page = office.get(_path(school, "to/self_managed/")).content.decode()
    assert "Some people would have no way in" in page
    assert "Amy Whitfield" in page
    for answer in (
        office.post(_path(school, "to/self_managed/"), {"on": ""}),
        office.post(_path(school, "change/"), {"method": "self_managed"}, follow=True),
    ):
        assert "1 person comes in by single sign-on only" in answer.content.decode()
    assert _method(school) == "automated"
    set_credential(school.district, school.people["Amy"], "amy", "pass1", by=OPERATOR)
    assert office.post(_path(school, "to/self_managed/"), {"on": ""}).status_code == 302
    assert _method(school) == "self_managed"


def test_a_day_is_set_shown_and_called_off(school: School, office: Client) -> None:
    day = timezone.localdate() + timedelta(days=9)
    assert office.post(_path(school, "to/assisted/"), {"on": day.isoformat()}).status_code == 302
    assert "A change is planned" in office.get(_path(school)).content.decode()
    assert office.post(_path(school, "planned/call-off/")).status_code == 302
    assert find_planned(school.district) is None
    assert _method(school) == "automated"
    for wrong in ("2020-01-01", "someday"):
        assert office.post(_path(school, "to/assisted/"), {"on": wrong}).status_code == 422


def test_no_such_method_is_not_there_and_the_present_one_is_nothing_to_change(school: School, office: Client) -> None:
    assert office.get(_path(school, "to/by_magic/")).status_code == 404
    assert office.get(_path(school, "to/automated/"))["Location"] == _path(school)
