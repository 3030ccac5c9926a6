"""A one-school district begins with its school, a school year and a homeroom for each grade."""

import uuid
from datetime import date

import pytest
from django.test import Client
from tests.web.accounts.test_staff_visits import new_staff
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.models import SpaceRequest
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.beginning import begin_with_one_school, grades_between
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.school_years import school_year_of
from firstbell.domain.roster.models import AcademicSession, Class, Org

pytestmark = pytest.mark.usefixtures("database", "static_files")

ASKED = {
    "name": "Birch Hill School",
    "time_zone": "America/Denver",
    "person_name": "Hedy Birch",
    "kind": "one",
    "lowest": "KG",
    "highest": "02",
}


def _ask(**other: str) -> tuple[int, SpaceRequest | None]:
    email = f"head.{uuid.uuid4().hex}@example.org"
    client = Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}")
    answer = client.post("/start/", {**ASKED, "email": email, **other})
    return answer.status_code, SpaceRequest.objects.filter(email=email).first()


def _opened(**other: str) -> District:
    status, asked = _ask(**other)
    assert (status, asked is not None) == (200, True)
    staff = signed_in(new_staff().account)
    assert asked is not None
    staff.post(f"/requests/{asked.pk}/open/")
    district = SpaceRequest.objects.get(pk=asked.pk).district
    assert district is not None
    return district


def test_it_finds_its_school_a_school_year_and_its_homerooms_ready() -> None:
    district = _opened()
    with within(district):
        school, term = Org.objects.get(), AcademicSession.objects.get()
        classes = list(Class.objects.order_by("id"))
    assert (school.name, school.type) == ("Birch Hill School", "school")
    assert term.type == "schoolYear"
    assert [group.title for group in classes] == ["Homeroom Kindergarten", "Homeroom 1", "Homeroom 2"]
    assert [group.grades for group in classes] == [["KG"], ["01"], ["02"]]
    assert {(group.school_id, tuple(group.term_ids or ())) for group in classes} == {(school.id, (term.id,))}
    client = signed_in(member(district, "dana", "district_administrator"))
    steps = client.get(f"/d/{district.code}/guides/first-roster/").context["steps"]
    assert [line.state for line in steps][:2] == ["done", "next"]


def test_what_was_made_ready_can_be_undone_as_one_act() -> None:
    district = _opened()
    with within(district):
        (event,) = [event for event in list_events(district.pk) if event.verb == "district.begun"]
    client = signed_in(member(district, "dana", "district_administrator"))
    assert "made ready" in client.get(f"/d/{district.code}/acts/{event.pk}/").content.decode()
    client.post(f"/d/{district.code}/acts/{event.pk}/undo/")
    with within(district):
        assert not Org.objects.filter(removed_at=None).exists()
        assert not Class.objects.filter(removed_at=None).exists()


def test_a_district_of_several_schools_begins_empty() -> None:
    district = _opened(kind="several", lowest="", highest="")
    with within(district):
        assert not Org.objects.exists()


def test_staff_see_what_will_be_there() -> None:
    _, asked = _ask(lowest="06", highest="08")
    page = signed_in(new_staff().account).get("/requests/").content.decode()
    assert asked is not None
    assert "a homeroom for each grade from 6 to 8" in page


@pytest.mark.parametrize(
    "wrong", [{"lowest": ""}, {"highest": ""}, {"lowest": "08", "highest": "06"}, {"lowest": "99"}, {"kind": ""}]
)
def test_grades_that_make_no_school_are_sent_back(wrong: dict[str, str]) -> None:
    assert _ask(**wrong) == (422, None)


def test_it_never_begins_twice(district: District) -> None:
    begin_with_one_school(district, "Birch Hill", {"KG": "Homeroom"}, today=date(2026, 11, 30), by=BY)
    with pytest.raises(Refused):
        begin_with_one_school(district, "Birch Hill", {"KG": "Homeroom"}, today=date(2026, 11, 30), by=BY)
    with within(district):
        assert Org.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "title"),
    [("2026-06-14", "2025-26"), ("2026-06-15", "2026-27"), ("2026-12-31", "2026-27"), ("2099-09-01", "2099-00")],
)
def test_the_school_year_is_the_one_that_goes_on_or_in_summer_the_next(day: str, title: str) -> None:
    assert school_year_of(date.fromisoformat(day)).title == title


def test_grades_go_from_the_lowest_to_the_highest() -> None:
    assert grades_between("PK", "01") == ("PK", "KG", "01")
    assert grades_between("TK", "KG") == ("TK", "KG")
    assert grades_between("05", "05") == ("05",)
    assert grades_between("05", "04") == ()
