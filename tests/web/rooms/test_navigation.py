"""The way between the rooms: few tabs, the rooms of one group below, and all of them in one sheet on a phone."""

import pytest
from playwright.sync_api import expect
from tests.web.rooms.conftest import House
from tests.web.rooms.test_in_a_browser import Enter, enter

pytestmark = pytest.mark.browser

__all__ = ["enter"]


@pytest.mark.parametrize("scripts", [True, False])
def test_an_administrator_finds_every_room_in_two_steps(enter: Enter, *, scripts: bool) -> None:
    page = enter("administrator", scripts=scripts)
    tabs = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(tabs).to_have_text(["Start", "Roster", "Imports", "District"])
    tabs.nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    rooms = page.get_by_role("navigation", name="Roster").get_by_role("link")
    expect(rooms).to_have_text(["People", "Classes", "Schools", "Terms"])
    expect(rooms.first).to_have_attribute("aria-current", "page")
    expect(tabs.nth(1)).to_have_attribute("aria-current", "true")


def test_a_group_with_one_room_is_that_room(enter: Enter) -> None:
    page = enter("principal")
    tabs = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(tabs).to_have_text(["Start", "Roster", "Imports", "Contact"])


def test_the_rooms_of_a_group_follow_its_tabs_by_keyboard(enter: Enter) -> None:
    page = enter("administrator", "classes/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="District").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("navigation", name="Roster").get_by_role("link", name="People")).to_be_focused()


def test_a_phone_has_all_rooms_in_one_sheet(house: House, enter: Enter) -> None:
    page = enter("administrator", "classes/", width=320)
    expect(page.get_by_role("navigation", name="Roster")).to_have_count(0)
    page.get_by_role("button", name="Menu").press("Enter")
    sheet = page.get_by_role("navigation", name="Main")
    expect(sheet.get_by_role("list", name="District").get_by_role("link")).to_have_text(
        ["Members", "Sign-in", "Programs", "Method", "Contact"]
    )
    sheet.get_by_role("link", name="Terms").press("Enter")
    expect(page).to_have_url(f"{page.url.split('/d/')[0]}{house.path('terms/')}")
