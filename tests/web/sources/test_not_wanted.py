"""The page on which a district says what it does not want of a source: looked at first, and saved then."""

from pathlib import Path

import pytest
from django.db import connection as database_connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect
from tests.domain.imports.rosters import Door, open_door
from tests.engine.district import lakeside, write_files
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, signed_in
from tests.web.runs.conftest import Office, office

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Source
from firstbell.domain.roster.sources import policy_of

__all__ = ["office"]

pytestmark = pytest.mark.usefixtures("static_files", "database")
QUESTIONS = 11


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    source = open_door(office.district, tmp_path / "sis", "SIS")
    assert source.bring(_files(tmp_path)).state == "applied"
    return source


def _files(folder: Path) -> Path:
    return write_files(folder / "lakeside", dict(lakeside().contents()))


def _path(office: Office, door: Door) -> str:
    return office.path(f"sources/{door.source.pk}/left-out/")


def _saved(door: Door) -> dict[str, tuple[str, ...]]:
    with within(door.district):
        return policy_of(Source.objects.get(pk=door.source.pk)).leaves_out


def _titles(door: Door) -> list[str]:
    with within(door.district):
        return sorted(title or "" for title in Class.objects.filter(removed_at=None).values_list("title", flat=True))


def test_what_it_does_is_seen_before_it_is_saved(office: Office, door: Door) -> None:
    client, (first, *_) = signed_in(office.accounts["administrator"]), _titles(door)
    seen = client.post(_path(office, door), {"classes": first.upper(), "look": "yes"})
    lines = {line["label"]: (line["count"], line["examples"]) for line in seen.context["seen"]["lines"]}
    assert lines["Classes"] == (1, first)
    assert lines["Enrollments"][0] > 0
    assert _saved(door) == {}
    client.post(_path(office, door), {"classes": f"{first}\n\n {first} \n", "save": "yes"})
    assert _saved(door) == {"classes": (first,)}


def test_from_the_next_file_on_it_is_gone_and_comes_back_when_it_is_wanted_again(
    office: Office, door: Door, tmp_path: Path
) -> None:
    client, (first, *others) = signed_in(office.accounts["administrator"]), _titles(door)
    client.post(_path(office, door), {"classes": first, "save": "yes"})
    assert first in _titles(door)
    with within(door.district):
        door.source.refresh_from_db()
    run = door.bring(_files(tmp_path))
    assert run.state == "applied"
    assert _titles(door) == others
    client.post(_path(office, door), {"classes": "", "save": "yes"})
    with within(door.district):
        door.source.refresh_from_db()
    door.bring(_files(tmp_path))
    assert _titles(door) == sorted([first, *others])


@pytest.mark.parametrize("line", ["*", "x" * 101])
def test_a_line_that_would_do_harm_is_told_at_its_field(office: Office, door: Door, line: str) -> None:
    client = signed_in(office.accounts["administrator"])
    answer = client.post(_path(office, door), {"users": line, "save": "yes"})
    assert answer.status_code == 422
    assert "everything" in answer.content.decode() or "longer" in answer.content.decode()
    assert _saved(door) == {}


def test_a_principal_and_a_stranger_do_not_come_in(office: Office, door: Door) -> None:
    for name in ("principal", "teacher"):
        assert signed_in(office.accounts[name]).get(_path(office, door)).status_code in {403, 404}


def test_the_page_asks_as_much_each_time(office: Office, door: Door) -> None:
    client = signed_in(office.accounts["administrator"])
    client.get(_path(office, door))
    with CaptureQueriesContext(database_connection) as questions:
        client.get(_path(office, door))
    assert len(questions) == QUESTIONS


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_lunch_is_left_out_in_a_browser(open_page: OpenPage, office: Office, door: Door, *, width: int) -> None:
    first = _titles(door)[0]
    page = open_page("/account/login/", width=width)
    page.get_by_label("Email").fill(office.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(office.path(f"sources/{door.source.pk}/"))
    page.get_by_role("link", name="What is left out").click()
    page.get_by_label("Classes").fill(f"{first[:4]}*")
    page.get_by_role("button", name="See what it does").click()
    expect(page.get_by_text("This is not saved yet.")).to_be_visible()
    expect(page.get_by_text(first).first).to_be_visible()
    assert violations(page) == []
    assert sideways(page) <= 0
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It holds from the next file")).to_be_visible()
