"""The door behind a badge's code: looking signs nobody in, one button does, and the browser remembers its district."""

import pytest
from django.test import Client
from tests.web.rooms.conftest import House, house

from firstbell.domain.accounts.badges import make_badge, secret_of, void_badge
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District

__all__ = ["house"]
pytestmark = pytest.mark.usefixtures("database")


def _door(house: House, person: str = "student") -> str:
    badge = make_badge(house.district, house.person_ids[person], by=OPERATOR)
    return f"/badge/{house.district.code}/{secret_of(house.district, badge)}/"


def test_a_badge_opens_the_childs_own_pages_and_nothing_else(house: House) -> None:
    client = Client()
    door = _door(house)
    assert "Come in" in client.get(door).content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(door)["Location"] == house.path()
    assert client.get(house.path("my-classes/")).status_code == 200
    for room in ("people/", "runs/", "members/", f"people/{house.person_ids['student']}/"):
        assert client.get(house.path(room)).status_code == 403, room


def test_a_badge_needs_the_forms_token(house: House) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(_door(house)).status_code == 403
    assert "_auth_user_id" not in strict.session


def test_a_lost_badge_says_whom_to_ask(house: House) -> None:
    door = _door(house)
    void_badge(house.district, house.person_ids["student"], by=OPERATOR)
    answer = Client().post(door)
    assert answer.status_code == 404
    assert "Ask your teacher" in answer.content.decode()


def test_a_badge_opens_no_other_districts_door(house: House, district: District) -> None:
    elsewhere = _door(house).replace(house.district.code, district.code)
    assert Client().post(elsewhere).status_code == 404
    assert Client().post(elsewhere.replace(district.code, "nowhere")).status_code == 404


def test_the_browser_remembers_its_district_and_not_the_child(house: House) -> None:
    client = Client()
    client.post(_door(house))
    assert client.cookies["site"].value == house.district.code
    client.post("/account/logout/")
    assert f'value="{house.district.code}"' in client.get("/signin/").content.decode()
