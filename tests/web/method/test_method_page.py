"""The Method page: for who runs a district, and nobody else."""

import dataclasses
import datetime as dt
import html
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import House, member, signed_in
from tests.web.rooms.conftest import house as house  # noqa: PLC0414 - the fixture
from tests.web.rooms.conftest import stranger as stranger  # noqa: PLC0414 - the fixture

from firstbell.domain.advice.actions import Who, adopt_prospect, keep_prospect
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.catalogue import Catalogue, LicenceSaid
from firstbell.domain.advice.licensing import license_district, save_catalogue
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.advice.takes import Takes
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import add_district
from firstbell.domain.districts.models import District

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.fixture
def aged(house: House) -> Iterator[House]:
    """The house's district as if it were old: it has one file, and nobody edits."""
    made = house.district.created_at
    District.objects.filter(pk=house.district.pk).update(created_at=timezone.now() - dt.timedelta(weeks=30))
    yield house
    District.objects.filter(pk=house.district.pk).update(created_at=made)


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("it", 200), ("principal", 403), ("teacher", 403)]
)
def test_who_runs_the_district_sees_it(house: House, role: str, status: int) -> None:
    assert signed_in(house.accounts[role]).get(house.path("method/")).status_code == status


@pytest.mark.parametrize("role", ["principal", "teacher", "student"])
def test_others_change_nothing(house: House, role: str) -> None:
    answer = signed_in(house.accounts[role]).post(house.path("method/change/"), {"method": "assisted"})
    assert answer.status_code == 403
    house.district.refresh_from_db()
    assert house.district.method == "automated"


def test_a_strangers_page_is_one_that_there_is_not(house: House, stranger: Client) -> None:
    assert stranger.get(house.path("method/")).status_code == 404
    assert stranger.post(house.path("method/change/"), {"method": "assisted"}).status_code == 404
    assert Client().get(house.path("method/")).status_code == 302


def test_a_young_district_hears_that_it_is_early(house: House) -> None:
    text = _text(signed_in(house.accounts["administrator"]), house.path("method/"))
    assert "Automated: too early to say more" in text
    assert "on 1 day in 1 week" in text


def test_an_old_one_hears_that_another_method_would_fit_and_that_nothing_is_lost(aged: House) -> None:
    text = _text(signed_in(aged.accounts["administrator"]), aged.path("method/"))
    assert "would fit better" in text
    assert "is proposed" in text
    assert "Nobody loses an account." in text
    assert "nothing is stopped by it" in text


def test_the_method_is_changed_by_one_post_and_not_to_nonsense() -> None:
    district = add_district(f"test-{uuid.uuid4().hex}", "Juniper", by=OPERATOR, method="self_managed")
    client = signed_in(member(district, "administrator", "district_administrator"))
    path = f"/d/{district.code}/method/"
    assert "nobody is on the roster yet" in _text(client, path)
    done = client.post(f"{path}change/", {"method": "assisted"}, follow=True)
    assert "Juniper rosters by One-Time Assisted now. No account changed by it." in done.content.decode()
    assert "is no method" in html.unescape(client.post(f"{path}change/", {"method": "x"}, follow=True).content.decode())
    district.refresh_from_db()
    assert district.method == "assisted"
    assert client.get(f"{path}change/").status_code == 405


def test_the_set_up_plan_is_shown_to_its_district() -> None:
    district = add_district(f"test-{uuid.uuid4().hex}", "Juniper", by=OPERATOR, method="assisted")
    who = Who("Juniper", name="Ada Ames", nces="0622710")
    kept = keep_prospect(who, Answers(120), AdviceSettings(), today=timezone.localdate(), by=OPERATOR)
    adopt_prospect(district, kept, by=OPERATOR)
    client = signed_in(member(district, "administrator", "district_administrator"))
    text = _text(client, f"/d/{district.code}/method/")
    assert "Your set-up plan" in text
    assert "0622710" in text


@pytest.fixture
def licensed(aged: House) -> Iterator[House]:
    """The house's district with a product that takes Automated only by Clever, and too few seats for it."""
    code = f"math-{uuid.uuid4().hex[:8]}"
    math = Takes(code, "Math", ("automated",), formats=("clever",), roll_over="Classes are removed.")
    save_catalogue(Catalogue((math,), {aged.district.code: (LicenceSaid(code, seats=250),)}), by=OPERATOR)
    yield aged
    license_district(aged.district, [], by=OPERATOR)
    save_catalogue(Catalogue((dataclasses.replace(math, retired=True),), {}), by=OPERATOR)


def test_products_have_a_say_and_more_students_than_seats_are_told(licensed: House) -> None:
    text = _text(signed_in(licensed.accounts["administrator"]), licensed.path("method/"))
    assert "Math takes Automated only by Clever." in text
    assert "Math does not take One-Time Assisted: it takes Automated." in text
    assert "would be shared with 300 students, and has 250 seats: 50 too many." in text
    assert "Automated still fits" in text


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_accessible_and_fits_and_asks_before_it_changes(open_page: OpenPage, licensed: House, width: int) -> None:
    page = open_page("/account/login/", width=width)
    page.get_by_label("Email").fill(licensed.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(licensed.passwords)
    page.get_by_role("button", name="Sign in").click()
    page.goto(licensed.path("method/"))
    assert violations(page) == []
    assert sideways(page) == 0
    page.get_by_role("button", name="Change to Self-Managed").click()
    expect(page.get_by_role("dialog", name="Change to Self-Managed?")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
