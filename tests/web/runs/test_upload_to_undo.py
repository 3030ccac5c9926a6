"""An administrator's morning, in a real browser: upload, a broken export, approve, undo."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD
from tests.web.runs.conftest import Office

pytestmark = pytest.mark.browser
WIDTHS = (320, 1280)


def _sign_in(open_page: OpenPage, office: Office) -> Page:
    page = open_page("/account/login/")
    page.get_by_label("Email").fill(office.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Lakeside Unified")).to_be_visible()
    return page


def _upload(page: Page, office: Office, package: Path, *, new_source: str = "") -> None:
    page.goto(office.path("runs/upload/"))
    page.get_by_label("Roster files").set_input_files(package)
    if new_source:
        page.get_by_label("Name of a new source").fill(new_source)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name=package.name)).to_be_visible()


def _wait_for(work: Callable[[], None], page: Page) -> None:
    """The page of a run looks again by itself, which a second look at the same moment would cut off: leave it first."""
    address = page.url
    page.goto("about:blank")
    work()
    page.goto(address)


def _is_sound(page: Page) -> None:
    """axe finds nothing, and nothing scrolls sideways, on a phone and on a desk."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [], f"{page.url} at {width} px"
        assert sideways(page) <= 0, f"{page.url} at {width} px"


def _confirm(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).first.click()
    page.get_by_role("dialog").get_by_role("button", name=button).click()


def test_from_upload_to_undo(open_page: OpenPage, office: Office, work: Callable[[], None]) -> None:
    page = _sign_in(open_page, office)

    _upload(page, office, office.roster, new_source="Student information system")
    _wait_for(work, page)
    expect(page.get_by_text("Applied").first).to_be_visible()
    first_run = page.url
    _is_sound(page)
    page.goto(office.path())
    expect(page.get_by_text("In step with Student information system")).to_be_visible()

    _upload(page, office, office.broken)
    _wait_for(work, page)
    expect(page.get_by_role("heading", name="This run waits for you")).to_be_visible()
    expect(page.get_by_text("people would leave").first).to_be_visible()
    _is_sound(page)
    held_run = page.url
    page.get_by_role("link", name="People").last.click()
    expect(page.get_by_role("heading", name="People in run")).to_be_visible()
    _is_sound(page)

    page.goto(held_run)
    _confirm(page, "Approve all of it")
    _wait_for(work, page)
    expect(page.get_by_text("Applied").first).to_be_visible()

    _confirm(page, "Undo this run")
    expect(page.get_by_text("is undone").first).to_be_visible()
    _is_sound(page)
    page.goto(held_run)
    expect(page.get_by_text("Undone").first).to_be_visible()

    page.goto(office.path("sources/"))
    page.get_by_role("link", name="Student information system").click()
    _is_sound(page)
    _confirm(page, "Let it go on")
    expect(page.get_by_text("is no longer held")).to_be_visible()
    page.goto(first_run)
    page.get_by_role("link", name="Enrollments").click()
    _is_sound(page)


def test_the_safe_part_goes_when_a_person_says_so(
    open_page: OpenPage, office: Office, work: Callable[[], None]
) -> None:
    page = _sign_in(open_page, office)
    _upload(page, office, office.roster, new_source="Student information system")
    _wait_for(work, page)
    page.goto(office.path("sources/"))
    page.get_by_role("link", name="Student information system").click()
    page.get_by_label("When only removals are too many").uncheck()
    page.get_by_role("button", name="Save").click()

    _upload(page, office, office.broken_and_new)
    _wait_for(work, page)
    page.get_by_role("button", name="Apply the safe part").first.click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text("People: 1 updated")).to_be_visible()
    expect(asked.get_by_text("removed").first).to_be_visible()
    _is_sound(page)
    asked.get_by_role("button", name="Apply the safe part").click()
    _wait_for(work, page)
    expect(page.get_by_text("The safe part of it is applied already.")).to_be_visible()
    expect(page.get_by_role("button", name="Apply the safe part")).to_have_count(0)
    _is_sound(page)
    held = page.url
    page.goto(office.path("people/?q=Renamed"))
    expect(page.get_by_text("1 person")).to_be_visible()
    page.goto(held)
    _confirm(page, "Discard this run")
    _confirm(page, "Undo this run")
    page.goto(office.path("people/?q=Renamed"))
    expect(page.get_by_text("0 people")).to_be_visible()


def test_a_discarded_run_leaves_the_roster(open_page: OpenPage, office: Office, work: Callable[[], None]) -> None:
    page = _sign_in(open_page, office)
    _upload(page, office, office.roster, new_source="Student information system")
    _wait_for(work, page)
    _upload(page, office, office.broken)
    expect(page.get_by_text("worker").first).to_be_visible()
    _wait_for(work, page)
    _confirm(page, "Discard this run")
    expect(page.get_by_text("Discarded").first).to_be_visible()
    page.goto(office.path("people/?role=student"))
    expect(page.get_by_text("200 people")).to_be_visible()


def test_a_file_that_is_no_roster_is_answered_in_words(
    open_page: OpenPage, office: Office, work: Callable[[], None], tmp_path: Path
) -> None:
    page = _sign_in(open_page, office)
    letter = tmp_path / "letter.csv"
    letter.write_text("Dear office,\nplease find attached\n")
    _upload(page, office, letter, new_source="Mail")
    _wait_for(work, page)
    expect(page.get_by_text("Nothing was changed")).to_be_visible()
    _is_sound(page)
    page.goto(office.path("runs/upload/"))
    picture = tmp_path / "roster.png"
    picture.write_bytes(b"PNG")
    page.get_by_label("Roster files").set_input_files(picture)
    page.get_by_role("button", name="Upload and check").click()
    expect(
        page.get_by_text("roster.png is neither a zip, a CSV file nor an Excel workbook (.xlsx, .xls).").first
    ).to_be_visible()
    _is_sound(page)
