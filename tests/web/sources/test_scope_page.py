"""The page on which a district says which part of a source it takes: looked at first, and saved then."""

from pathlib import Path

import pytest
from tests.domain.imports.rosters import Door, open_door
from tests.engine.district import lakeside, write_files
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, signed_in
from tests.web.runs.conftest import Office, office

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import policy_of

__all__ = ["office"]

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    source = open_door(office.district, tmp_path / "sis", "SIS")
    assert source.bring(write_files(tmp_path / "lakeside", dict(lakeside().contents()))).state == "applied"
    return source


def _path(office: Office, door: Door) -> str:
    return office.path(f"sources/{door.source.pk}/scope/")


def _saved(door: Door) -> dict[str, tuple[str, ...]]:
    with within(door.district):
        return policy_of(Source.objects.get(pk=door.source.pk)).scope


def test_what_it_does_is_seen_before_it_is_saved(office: Office, door: Door) -> None:
    client = signed_in(office.accounts["administrator"])
    entered = {"schools": "Elm\nNowhere High", "fields_not_wanted": ["users.email"]}
    seen = client.post(_path(office, door), {**entered, "look": "yes"})
    assert {label: count for label, count, _ in seen.context["seen"]["lines"]}["People"] == 3
    assert seen.context["seen"]["unmet"] == ("Nowhere High",)
    assert seen.context["seen"]["schools"] == (("Elm", True), ("Oak", False))
    assert _saved(door) == {}
    client.post(_path(office, door), {**entered, "save": "yes"})
    assert _saved(door) == {"schools": ("Elm", "Nowhere High"), "fields": ("users.email",)}
    shown = client.get(office.path(f"sources/{door.source.pk}/")).content.decode()
    assert "2 schools, without e-mail addresses" in shown


def test_a_line_that_cannot_be_used_is_told_at_its_field(office: Office, door: Door) -> None:
    answer = signed_in(office.accounts["administrator"]).post(
        _path(office, door), {"schools": "x" * 101, "save": "yes"}
    )
    assert answer.status_code == 422
    assert "longer than 100" in answer.content.decode()
    assert _saved(door) == {}


def test_a_principal_and_a_teacher_do_not_come_in(office: Office, door: Door) -> None:
    for name in ("principal", "teacher"):
        assert signed_in(office.accounts[name]).get(_path(office, door)).status_code in {403, 404}


@pytest.mark.browser
def test_one_school_is_taken_in_a_browser(open_page: OpenPage, office: Office, door: Door) -> None:
    page = open_page("/account/login/", width=320)
    page.get_by_label("Email").fill(office.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(office.path(f"sources/{door.source.pk}/"))
    page.get_by_role("link", name="What is taken").click()
    page.get_by_label("Schools").fill("Oak")
    page.get_by_role("checkbox", name="Demographics").check()
    page.get_by_role("button", name="See what it does").click()
    page.get_by_text("Schools in these files").click()
    assert violations(page) == []
    assert sideways(page) <= 0
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("It holds from the next files").is_visible()
    assert _saved(door) == {"schools": ("Oak",), "fields": ("demographics",)}
