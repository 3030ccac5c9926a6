"""The last day of people who are kept by hand: on their page, for many in the list, and in the list itself."""

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.web.editing.conftest import Village
from tests.web.rooms.conftest import signed_in

from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.queries.leaving import find_last_days

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _days(village: Village) -> dict[str, date]:
    names = {village.rows[name]: name for name in ("STUDENT", "PUPIL", "TEACHER")}
    with within(village.district):
        return {names[row_id]: day for row_id, day in find_last_days(village.district, names).items()}


def test_a_registrar_sets_changes_and_takes_back_a_day(village: Village) -> None:
    client, path = signed_in(village.accounts["registrar"]), village.path("people/STUDENT/last-day/")
    day = today_of(village.district) + timedelta(days=60)
    assert client.post(path, {"last_day": "2001-01-01"}).status_code == 422
    assert client.post(path, {"last_day": "soon"}).status_code == 422
    client.post(path, {"last_day": day.isoformat()})
    assert _days(village) == {"STUDENT": day}
    said = f"{day:%B} {day.day}, {day.year}"
    assert f"The last day is {said}" in client.get(village.path("people/STUDENT/")).content.decode()
    listed = client.get(village.path("people/?state=leaving")).content.decode()
    assert f"Leaves after {said}" in listed
    assert "Brown" not in listed
    client.post(path, {"last_day": ""})
    assert _days(village) == {}


def test_many_get_a_day_after_a_look_and_stay_again(village: Village, administrator: Client) -> None:
    day = today_of(village.district) + timedelta(days=60)
    sent = {"person": [village.rows["STUDENT"], village.rows["PUPIL"]], "do": "leave"}
    path = village.path("people/many/")
    first = administrator.post(path, sent)
    assert first.context["outcome"] is None
    look = administrator.post(path, {**sent, "last_day": day.isoformat(), "then": "look"})
    assert look.context["outcome"].done == ["Ben Brown", "Ada Byron"]
    assert _days(village) == {}
    done = administrator.post(path, {**sent, "last_day": day.isoformat(), "then": "do"}, follow=True)
    assert "2 people were given the last day." in done.content.decode()
    assert _days(village) == {"STUDENT": day, "PUPIL": day}
    stay = administrator.post(path, {**sent, "then": "stay"})
    assert 'name="stays" value="yes"' in stay.content.decode()
    administrator.post(path, {**sent, "stays": "yes", "then": "do"})
    assert _days(village) == {}


def test_where_people_come_from_is_a_column_and_a_filter(village: Village, administrator: Client) -> None:
    shown = administrator.get(village.path("people/?cols=source&state=by-hand"))
    assert {row.line.source for row in shown.context["people"]} == {""}
    assert len(shown.context["people"]) == 5


def test_who_may_not_edit_sets_no_day_and_another_school_is_not_there(village: Village) -> None:
    path = village.path("people/STUDENT/last-day/")
    for name, status in (("teacher", 403), ("principal", 403), ("colleague", 404)):
        assert signed_in(village.accounts[name]).post(path, {"last_day": "2030-01-01"}).status_code == status
    assert _days(village) == {}
