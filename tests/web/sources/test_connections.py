"""Connecting a source on its pages: added, tested, set, synced, paused; secrets go in and never come out."""

import re
from pathlib import Path

import pytest
from django.db import connection as database_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect
from tests.domain.imports.rosters import open_door
from tests.domain.sources.conftest import SECRET, Fetching
from tests.domain.sources.shelf import CODE, Shelf, kind_of
from tests.engine.district import lakeside
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, member, signed_in
from tests.web.runs.conftest import Office, office
from tests.working import work_until_idle

from firstbell.connectors.catalogue import KINDS
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.sources.actions import add_connection, connect
from firstbell.domain.sources.models import Connection
from firstbell.domain.sources.queries import list_connections
from firstbell.web.sources import connecting

__all__ = ["office"]

pytestmark = pytest.mark.usefixtures("static_files", "database")
QUESTIONS = {"sources/": 17, "sources/SOURCE/": 28}
"""Questions to the database for each page: the same for one source and for ten."""


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf()
    monkeypatch.setitem(KINDS, CODE, kind_of(made))
    monkeypatch.setattr(connecting, "CHOICES", tuple(kind for kind in KINDS.values() if kind.code != "upload"))
    return made


def test_an_uploaded_roster_is_in_step_as_of_its_last_run_there_and_when_it_is_connected(
    office: Office, shelf: Shelf, tmp_path: Path
) -> None:
    door = open_door(office.district, tmp_path / "sis", "Uploads")
    run = door.bring(lakeside())
    client = signed_in(office.accounts["administrator"])
    (line,) = client.get(office.path("sources/")).context["lines"]
    assert line.last_good_at == run.finished_at
    connect(office.district, door.source, KINDS[CODE], {"folder": "x", "password": "y"}, by=OPERATOR)
    assert list_connections(office.district)[0].last_good_at == run.finished_at


@pytest.fixture
def fetching(office: Office, shelf: Shelf, tmp_path: Path) -> Fetching:
    folder = tmp_path / "shelf"
    folder.mkdir()
    values = {"folder": str(folder), "password": SECRET}
    made = add_connection(office.district, "Shelf nightly", KINDS[CODE], values, by=OPERATOR)
    fetched = Fetching(office.district, made.source_id, shelf, folder)
    fetched.lay(lakeside())
    return fetched


@pytest.fixture
def client(office: Office) -> Client:
    return signed_in(office.accounts["administrator"])


def _page(office: Office, fetching: Fetching, rest: str = "") -> str:
    return office.path(f"sources/{fetching.source_id}/{rest}")


def test_each_kind_has_a_form_with_help_for_every_value(office: Office, shelf: Shelf, client: Client) -> None:
    for kind in connecting.CHOICES:
        page = client.get(office.path(f"sources/add/?kind={kind.code}")).content.decode()
        for setting in kind.settings:
            assert setting.label in page
            assert setting.help in page


def test_a_form_that_is_not_whole_makes_nothing_and_keeps_no_secret(
    office: Office, shelf: Shelf, client: Client
) -> None:
    said = {"kind": CODE, "name": "", "folder": "", "password": SECRET}
    answer = client.post(office.path("sources/add/"), said)
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()
    assert list_connections(office.district) == []


def test_no_page_shows_a_secret(office: Office, fetching: Fetching, client: Client) -> None:
    for path in ("", "values/", "timetable/", "corrections/"):
        assert SECRET not in client.get(_page(office, fetching, path)).content.decode()
    assert SECRET not in client.post(_page(office, fetching, "test/")).content.decode()


def test_the_values_can_be_changed_without_entering_the_secret_again(
    office: Office, fetching: Fetching, client: Client
) -> None:
    client.post(_page(office, fetching, "values/"), {"kind": CODE, "folder": "/elsewhere", "password": ""})
    assert fetching.connection.settings["folder"] == "/elsewhere"
    fetching.lay(lakeside())
    answer = client.post(_page(office, fetching, "test/")).content.decode()
    assert "It does not work yet" in answer
    assert "There is no such folder." in answer


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"times": "25:00", "weekdays": ["0"]}, "25:00 is not a time"),
        ({"times": "02:05"}, "Choose the days"),
        ({"times": "", "pauses": "in summer"}, "is no pause"),
        ({"times": "", "pauses": "2027-08-02 to 2027-06-10"}, "is before"),
        ({"times": ",".join(f"{hour:02}:00" for hour in range(24)) + ",00:30"}, "At most 24"),
    ],
)
def test_a_timetable_that_cannot_be_is_told_so(
    office: Office, fetching: Fetching, client: Client, said: dict[str, object], wrong: str
) -> None:
    before = fetching.connection.times
    answer = client.post(_page(office, fetching, "timetable/"), said)
    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert fetching.connection.times == before


def test_a_token_is_shown_once(office: Office, client: Client) -> None:
    made = add_connection(office.district, "Job", KINDS["web_drop"], {}, by=OPERATOR)
    path = office.path(f"sources/{made.source_id}/password/")
    shown = client.post(path).content.decode()
    found = re.search(rf"{office.district.code}-{made.source_id}\.(\w{{28}})", shown)
    assert found
    assert found[1] not in client.get(office.path(f"sources/{made.source_id}/")).content.decode()
    (kept,) = list_connections(office.district)
    assert found[1] not in str(Connection.__dict__ | {"row": kept.__dict__})


@pytest.mark.parametrize("path", QUESTIONS)
def test_pages_ask_as_much_for_ten_sources_as_for_one(
    office: Office, fetching: Fetching, client: Client, path: str
) -> None:
    address = office.path(path.replace("SOURCE", str(fetching.source_id)))
    client.get(address)
    for count in (0, 9):
        for number in range(count):
            add_connection(office.district, f"More {number}", KINDS["web_drop"], {}, by=OPERATOR)
        with CaptureQueriesContext(database_connection) as questions:
            client.get(address)
        assert len(questions) == QUESTIONS[path]


def _sign_in(page: Page, office: Office) -> None:
    page.get_by_label("Email").fill(office.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _is_sound(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) <= 0


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_from_nothing_to_a_nightly_roster_in_a_browser(
    open_page: OpenPage, office: Office, shelf: Shelf, tmp_path: Path, *, width: int
) -> None:
    lakeside().write(tmp_path / "shelf")
    page = open_page("/account/login/", width=width)
    _sign_in(page, office)
    page.goto(office.path("sources/"))
    page.get_by_role("link", name="Add a source").click()
    _is_sound(page)
    page.get_by_role("link", name="Shelf").click()
    page.get_by_label("Name").fill("SIS nightly")
    page.get_by_label("Folder").fill(str(tmp_path / "shelf"))
    _is_sound(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="How it comes: Shelf")).to_be_visible()
    _is_sound(page)
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("It works")).to_be_visible()
    _is_sound(page)
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("A worker fetches it")).to_be_visible()
    work_until_idle()
    page.reload()
    page.get_by_role("link", name=re.compile("Run \\d+")).first.click()
    expect(page.get_by_text("The first sync is a rehearsal").first).to_be_visible()
    page.goto(office.path("sources/"))
    _is_sound(page)
    expect(page.get_by_text("First sync", exact=True)).to_be_visible()


def test_somebody_chooses_what_they_are_told_of(office: Office, client: Client) -> None:
    path = office.path("sources/notices/")
    assert client.post(path, {"kinds": ["held", "digest"]}).status_code == 302
    page = client.get(path)
    assert page.context["form"].initial["kinds"] == ["digest", "held"]
    other = signed_in(member(office.district, "it", "it_administrator"))
    assert "digest" not in other.get(path).context["form"].initial["kinds"]


def test_the_program_s_secret_is_shown_once(office: Office, client: Client) -> None:
    shown = client.post(office.path("sources/notices/program/"), {"url": "https://hooks.example.org/firstbell"})
    secret = shown.context["secret"]
    assert secret in shown.content.decode()
    assert secret not in client.get(office.path("sources/notices/")).content.decode()
    refused = client.post(office.path("sources/notices/program/"), {"url": "http://hooks.example.org/"})
    assert refused.status_code == 422
