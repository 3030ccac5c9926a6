"""A district and its OneRoster API, in a browser: connected, tested, rehearsed, scheduled, held for a mass deletion,
partly applied, renumbered, undone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from tests.connectors.oneroster_server import ROOTS, Sis, objects_of, running
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD
from tests.web.runs.conftest import Office, office
from tests.working import work_until_idle

from firstbell.engine.sample import sample

__all__ = ["office"]

pytestmark = [pytest.mark.usefixtures("static_files", "database"), pytest.mark.browser]
SECRET = "Canary-sis-secret-77c1"
GONE = ("users", "demographics")


@pytest.fixture
def sis(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sis]:
    """The district's student information system, on a host that the operator has named."""
    monkeypatch.setattr(settings, "FIRSTBELL_REACHABLE_HOSTS", frozenset({"127.0.0.1"}))
    made = Sis(objects_of(sample(120, seed=3), "1.2"))
    with running(made):
        yield made


def _is_sound(page: Page) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [], f"{page.url} at {width} px"
        assert sideways(page) <= 0, f"{page.url} at {width} px"


def _sign_in(page: Page, office: Office) -> None:
    page.get_by_label("Email").fill(office.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _confirm(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).first.click()
    page.get_by_role("dialog").get_by_role("button", name=button).click()


def _work(page: Page) -> None:
    """A worker does what waits. The page of a run looks again by itself: leave it first."""
    address = page.url
    page.goto("about:blank")
    work_until_idle()
    page.goto(address)


def _sync(page: Page, source: str) -> None:
    """Sync now, and open the run that comes of it."""
    page.goto(source)
    page.get_by_role("button", name="Sync now").click()
    _work(page)
    page.get_by_role("link", name=re.compile(r"Run \d+")).first.click()


def _connect(page: Page, office: Office, sis: Sis) -> str:
    page.goto(office.path("sources/add/?kind=oneroster_rest"))
    _is_sound(page)
    page.get_by_label("Name").fill("SIS by API")
    page.get_by_label("Address of the API").fill(f"{sis.url}{ROOTS['1.2']}")
    page.get_by_label("Address for tokens").fill(f"{sis.url}/token")
    page.get_by_label("Key").fill("key")
    page.get_by_label("Secret").fill(SECRET)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="How it comes: OneRoster API")).to_be_visible()
    return page.url


def _schedule(page: Page, source: str) -> None:
    page.goto(f"{source}timetable/")
    page.get_by_label("Times of the day").fill("02:05")
    page.get_by_label("Monday").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("02:05").first).to_be_visible()


def _students(sis: Sis) -> list[str]:
    return [str(user["sourcedId"]) for user in sis.objects["users"] if "student" in str(user["roles"])]


def _without(sis: Sis, people: set[str]) -> Callable[[], None]:
    """Take people out of the system; what is given back brings them again."""
    before = {name: list(rows) for name, rows in sis.objects.items()}
    for name in GONE:
        sis.objects[name] = [row for row in before[name] if row["sourcedId"] not in people]
    sis.objects["enrollments"] = [row for row in before["enrollments"] if _user(row) not in people]
    return lambda: sis.objects.update(before)


def _user(enrollment: dict[str, object]) -> str:
    user = enrollment["user"]
    assert isinstance(user, dict)
    return str(user["sourcedId"])


def _renumber(sis: Sis, people: set[str]) -> None:
    """The system gives people new ids, as after an upgrade."""
    for name in GONE:
        sis.objects[name] = [
            row | {"sourcedId": f"new-{row['sourcedId']}"} if row["sourcedId"] in people else row
            for row in sis.objects[name]
        ]
    for row in sis.objects["enrollments"]:
        if _user(row) in people:
            row["user"] = {"sourcedId": f"new-{_user(row)}", "type": "user", "href": "x"}


def test_a_district_lives_with_a_oneroster_api(
    open_page: OpenPage, office: Office, sis: Sis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = open_page("/account/login/")
    _sign_in(page, office)
    source = _connect(page, office, sis)

    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("It works")).to_be_visible()
    expect(page.get_by_text(str(sis.objects["users"][0]["familyName"])).first).to_be_visible()
    _is_sound(page)

    _sync(page, source)
    expect(page.get_by_text("The first sync is a rehearsal").first).to_be_visible()
    _confirm(page, "Approve all of it")
    _work(page)
    expect(page.get_by_text("Applied").first).to_be_visible()
    page.goto(office.path("people/"))
    expect(page.get_by_text(f"{len(sis.objects['users'])} people")).to_be_visible()

    _schedule(page, source)

    students = _students(sis)
    bring_back = _without(sis, set(students[: len(students) // 2]))
    sis.objects["users"][-1]["familyName"] = "Renamed"
    page.get_by_label("When only removals are too many").uncheck()
    page.get_by_role("button", name="Save").click()
    _sync(page, source)
    expect(page.get_by_text("people would leave").first).to_be_visible()
    _confirm(page, "Apply the safe part")
    _work(page)
    expect(page.get_by_text("The safe part of it is applied already.")).to_be_visible()
    _is_sound(page)
    _confirm(page, "Discard this run")
    page.goto(office.path("people/?q=Renamed"))
    expect(page.get_by_text("1 person")).to_be_visible()

    bring_back()
    _renumber(sis, set(students))
    _sync(page, source)
    _is_sound(page)
    _confirm(page, "Approve as a renumbering")
    _work(page)
    expect(page.get_by_text("Applied").first).to_be_visible()
    page.goto(office.path("people/"))
    expect(page.get_by_text(f"{len(sis.objects['users'])} people")).to_be_visible()

    sis.objects["users"][-1]["familyName"] = "Mistaken"
    _sync(page, source)
    expect(page.get_by_text("Applied").first).to_be_visible()
    _confirm(page, "Undo this run")
    expect(page.get_by_text("is undone").first).to_be_visible()
    page.goto(office.path("people/?q=Mistaken"))
    expect(page.get_by_text("0 people")).to_be_visible()
    assert SECRET not in caplog.text
    assert str(sis.objects["users"][0]["familyName"]) not in caplog.text
