"""The pages of lists in a real browser: accessible, fitting on a phone, and working without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.engine.formats.lists import STUDENTS, write_lists
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import signed_in
from tests.web.runs.conftest import Office

pytestmark = pytest.mark.browser
ODD = "Forename,Last name,Student number,Schools,Classes\nAna,Lopez,0012,Elm,Art\nBo,Lee,,Elm,\nBo,Lee,,Elm,\n"


def _enter(open_page: OpenPage, office: Office, site: str, *, scripts: bool) -> Page:
    page = open_page("/static/firstbell/mark.svg", scripts=scripts)
    session = signed_in(office.accounts["administrator"]).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return page


def _is_sound(page: Page) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [], f"{page.url} at {width} px"
        assert sideways(page) <= 0, f"{page.url} at {width} px"


def test_a_list_goes_from_file_to_verify_to_started(
    open_page: OpenPage, office: Office, site: str, work: Callable[[], None], tmp_path: Path
) -> None:
    page = _enter(open_page, office, site, scripts=True)
    for path in ("lists/template/?kind=all", "lists/names/", "lists/"):
        page.goto(office.path(path))
        _is_sound(page)
    page.get_by_label("Your lists").set_input_files(write_lists(tmp_path, {STUDENTS: ODD}) / f"{STUDENTS}.csv")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", name=f"{STUDENTS}.csv")).to_be_visible()
    address = page.url
    page.goto("about:blank")
    work()
    page.goto(address)
    _is_sound(page)
    page.get_by_role("button", name="Read it like this").click()
    expect(page.get_by_text("are remembered")).to_be_visible()
    address = page.url
    page.goto("about:blank")
    work()
    page.goto(address)
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
    _is_sound(page)
    page.get_by_role("link", name="Put cells right here").first.click()
    _is_sound(page)
    for record, number in ((2, "0013"), (3, "0014")):
        page.get_by_label(f"Student number of record {record}").fill(number)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The cells are changed")).to_be_visible()
    address = page.url
    page.goto("about:blank")
    work()
    page.goto(address)
    page.get_by_text("2 cells put right here").click()
    expect(page.get_by_role("cell", name="0013")).to_be_visible()
    _is_sound(page)
    page.get_by_role("button", name="Start").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Run")).to_be_visible()


def test_lists_are_brought_without_scripts(open_page: OpenPage, office: Office, site: str, tmp_path: Path) -> None:
    page = _enter(open_page, office, site, scripts=False)
    page.goto(office.path("lists/"))
    page.get_by_label("Your lists").set_input_files(write_lists(tmp_path, {STUDENTS: ODD}) / f"{STUDENTS}.csv")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", name=f"{STUDENTS}.csv")).to_be_visible()
