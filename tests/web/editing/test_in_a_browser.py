"""The pages that change the roster in a real browser: accessible on a phone and on a desk, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.editing.conftest import Village
from tests.web.rooms.conftest import signed_in

pytestmark = pytest.mark.browser

type Enter = Callable[..., Page]
SIZES = pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone", "desk"])
PAGES = [
    "schools/",
    "schools/add/",
    "schools/SCHOOL/",
    "schools/SCHOOL/remove/",
    "schools/?state=removed",
    "terms/",
    "terms/add/",
    "terms/TERM/",
    "people/",
    "people/?cols=email,identifier&sort=email&grade=07",
    "people/?state=removed",
    "people/add/",
    "people/STUDENT/",
    "people/STUDENT/edit/",
    "people/STUDENT/remove/",
    "people/STUDENT/move/",
    "people/STUDENT/roles/add/",
    "people/STUDENT/roles/ROLE/",
    "classes/",
    "classes/add/",
    "classes/CLASS/",
    "classes/CLASS/edit/",
    "classes/CLASS/members/add/",
    "classes/CLASS/members/PLACE/",
    "people/STUDENT/history/",
    "acts/ACT/",
    "ready/",
    "guides/",
    "guides/first-roster/",
]


@pytest.fixture
def enter(village: Village, open_page: OpenPage, site: str) -> Enter:
    def enter_as(who: str, path: str = "", **window: object) -> Page:
        page = open_page("/static/firstbell/mark.svg", **window)
        session = signed_in(village.accounts[who]).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(village.path(path))
        page.wait_for_load_state("networkidle")
        return page

    return enter_as


@SIZES
def test_every_page_is_accessible_and_fits(village: Village, enter: Enter, width: int, *, dark: bool) -> None:
    page = enter("administrator", width=width, dark=dark)
    for path in PAGES:
        page.goto(village.path(path))
        page.wait_for_load_state("networkidle")
        expect(page.locator("h1")).to_have_count(1)
        assert violations(page) == [], path
        assert sideways(page) == 0, path


@SIZES
def test_what_went_wrong_is_accessible_too(village: Village, enter: Enter, width: int, *, dark: bool) -> None:
    page = enter("administrator", "people/STUDENT/edit/", width=width, dark=dark)
    other = enter("registrar", "people/STUDENT/edit/")
    other.get_by_label("Family name", exact=True).fill("King")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("Saved.")).to_be_visible()
    page.get_by_label("Family name", exact=True).fill("Lovelace")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Somebody else changed this meanwhile")).to_be_visible()
    assert violations(page) == []
    assert sideways(page) == 0
    page.get_by_label("Family name", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Check what you entered")).to_be_visible()
    assert violations(page) == []
    assert sideways(page) == 0


def test_a_student_is_added_put_into_a_class_and_removed_without_scripts(village: Village, enter: Enter) -> None:
    page = enter("administrator", "people/", scripts=False)
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Given name", exact=True).fill("Grace")
    page.get_by_label("Family name", exact=True).fill("Hopper")
    page.get_by_label("School").select_option(label="Maple Hill")
    page.get_by_role("button", name="Save and add another").click()
    expect(page.get_by_text("Added to the roster:")).to_be_visible()
    page.goto(village.path("classes/CLASS/members/add/"))
    page.get_by_label("Hopper, Grace").check()
    page.get_by_role("button", name="Add to this class").click()
    expect(page.get_by_text("1 person is added to the class.")).to_be_visible()
    page.get_by_role("link", name="Hopper, Grace", exact=True).click()
    page.get_by_role("link", name="Remove", exact=True).click()
    page.get_by_role("button", name="Remove this person").click()
    expect(page.get_by_text("can be restored for 90 days")).to_be_visible()


@SIZES
def test_many_people_are_changed_after_a_look_and_it_is_undone(
    village: Village, enter: Enter, width: int, *, dark: bool
) -> None:
    page = enter("administrator", "people/", width=width, dark=dark, scripts=dark)
    page.get_by_label("Choose Byron, Ada").check()
    page.get_by_label("Choose Brown, Ben").check()
    page.get_by_role("button", name="Change grade").click()
    page.get_by_label("Grade").select_option("08")
    page.get_by_role("button", name="Look at what will happen").click()
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    if dark:  # with scripts, which axe is
        assert violations(page) == []
    assert sideways(page) == 0
    page.get_by_role("button", name="Change the grade").click()
    expect(page.get_by_text("2 people were given the grade.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: all is as it was before.")).to_be_visible()
