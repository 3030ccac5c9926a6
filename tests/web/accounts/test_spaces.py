"""A school asks for its own space; staff verify it, or it opens at once; its first administrator is invited."""

import html
import re
import uuid

import pytest
from django.test import Client
from pytest_django import Settings
from tests.web.accounts.conftest import Postbox
from tests.web.accounts.test_staff_visits import new_staff
from tests.web.rooms.conftest import PASSWORD, member, signed_in

from firstbell.domain.accounts.models import SpaceRequest, SpaceState
from firstbell.domain.accounts.queries import find_account, list_memberships
from firstbell.domain.accounts.spaces import AnsweredAlready, open_space, refuse_space
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def address() -> str:
    return f"head.{uuid.uuid4().hex}@example.org"


def _ask(address: str, **other: str) -> int:
    entered = {
        "name": "Birch Hill School",
        "time_zone": "America/Denver",
        "person_name": "Hedy Birch",
        "email": address,
        "kind": "several",
        **other,
    }
    return _stranger().post("/start/", entered).status_code


def _stranger() -> Client:
    return Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}")


def _asked(address: str) -> SpaceRequest:
    return SpaceRequest.objects.get(email=address)


def _take_up(text: str) -> None:
    link = re.search(r"http://testserver(/invited/\S+?/)(?=\s|<)", html.unescape(text))
    assert link is not None, text
    entered = {"name": "Hedy Birch", "password": PASSWORD, "again": PASSWORD}
    assert Client().post(link[1], entered).status_code == 302


def test_a_request_waits_until_staff_open_it_and_then_its_first_administrator_comes_in(address: str) -> None:
    assert _ask(address, nces_number="0812345") == 200
    asked = _asked(address)
    assert (asked.state, asked.district) == (SpaceState.ASKED, None)
    staff = signed_in(new_staff().account)
    assert "Birch Hill School" in staff.get("/requests/").content.decode()
    page = staff.post(f"/requests/{asked.pk}/open/").content.decode()
    _take_up(page)
    account = find_account(address)
    assert account is not None
    (membership,) = list_memberships(account)
    district = membership.district
    assert (membership.role, district.name, district.time_zone, district.method) == (
        "district_administrator",
        "Birch Hill School",
        "America/Denver",
        "self_managed",
    )
    members = signed_in(account).get(f"/d/{district.code}/members/").content.decode()
    assert "There is one district administrator" in members
    verbs = [event.verb for event in list_events(None, subject_kind="space", subject_id=asked.pk)]
    assert verbs == ["space.opened", "space.asked"]


def test_where_the_operator_lets_it_a_space_opens_at_once_by_mail(
    address: str, postbox: Postbox, settings: Settings
) -> None:
    settings.FIRSTBELL_SPACES = "at_once"
    _ask(address)
    (letter,) = postbox.to(address)
    _take_up(letter)
    assert _asked(address).state == SpaceState.OPENED


def test_without_a_mail_server_nothing_opens_at_once_since_nobody_has_proved_the_address(
    address: str, settings: Settings
) -> None:
    settings.FIRSTBELL_SPACES = "at_once"
    _ask(address)
    assert _asked(address).state == SpaceState.ASKED


def test_where_nobody_may_ask_the_page_is_not_there(address: str, settings: Settings) -> None:
    settings.FIRSTBELL_SPACES = "closed"
    assert _ask(address) == 404
    assert "/start/" not in Client().get("/").content.decode()
    assert not SpaceRequest.objects.filter(email=address).exists()


def test_two_schools_of_one_name_get_two_site_codes(address: str) -> None:
    codes = set()
    for place in ("a", "b", "c"):
        _ask(place + address, name="Zoë’s School, North")
        codes.add(open_space(_asked(place + address), by=OPERATOR).invitation.district.code)
    assert len(codes) == 3
    assert all(code.startswith("zoes-school-north") for code in codes)


def test_a_name_without_latin_letters_gets_a_site_code_too(address: str) -> None:
    _ask(address, name="学校")
    assert open_space(_asked(address), by=OPERATOR).invitation.district.code.startswith("school")


def test_of_two_who_answer_the_second_does_nothing(address: str) -> None:
    _ask(address)
    asked = _asked(address)
    refuse_space(asked, by=OPERATOR)
    with pytest.raises(AnsweredAlready):
        open_space(asked, by=OPERATOR)
    staff = signed_in(new_staff().account)
    before = District.objects.count()
    told = staff.post(f"/requests/{asked.pk}/open/", follow=True).content.decode()
    assert "answered this already" in told
    assert District.objects.count() == before


def test_only_staff_answer(address: str, district: District) -> None:
    _ask(address)
    asked = _asked(address)
    administrator = signed_in(member(district, "ada", "district_administrator"))
    assert administrator.get("/requests/").status_code == 404
    assert administrator.post(f"/requests/{asked.pk}/open/").status_code == 404
    assert _asked(address).state == SpaceState.ASKED


@pytest.mark.parametrize("wrong", [{"nces_number": "12"}, {"time_zone": "Mars/Olympus"}, {"email": "x"}, {"name": " "}])
def test_what_cannot_be_is_sent_back(address: str, wrong: dict[str, str]) -> None:
    assert _ask(address, **wrong) == 422
    assert not SpaceRequest.objects.filter(email=address).exists()


def test_who_asks_too_often_waits(address: str) -> None:
    client = _stranger()
    entered = {
        "name": "Birch",
        "time_zone": "America/Denver",
        "person_name": "Hedy",
        "email": address,
        "kind": "several",
    }
    statuses = [client.post("/start/", entered).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
