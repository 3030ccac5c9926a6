"""The rooms of a district in a real browser: accessible on a phone and on a desk, by keyboard, without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import House, signed_in

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import User

pytestmark = pytest.mark.browser

type Enter = Callable[..., Page]
SIZES = pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone", "desk"])
PAGES = [
    ("administrator", ""),
    ("administrator", "people/"),
    ("administrator", "people/?q=zzzz"),
    ("administrator", "people/PERSON/"),
    ("administrator", "people/PERSON/history/"),
    ("administrator", "people/PERSON/demographics/"),
    ("administrator", "people/PERSON/demographics/history/"),
    ("administrator", "people/PERSON/field/email/"),
    ("administrator", "classes/CLASS/history/"),
    ("administrator", "people/TEACHER/"),
    ("administrator", "classes/"),
    ("administrator", "classes/CLASS/"),
    ("principal", ""),
    ("teacher", "my-classes/"),
    ("teacher", "classes/CLASS/"),
    ("student", "my-classes/"),
    ("student", "classes/CLASS/"),
]
DOORS = ["/", "/signin/", "/signin/CODE/"]


@pytest.fixture
def enter(house: House, open_page: OpenPage, site: str) -> Enter:
    """Opens a page of the district as somebody: ``enter("teacher", "my-classes/", width=320)``."""

    def enter_as(who: str, path: str = "", **window: object) -> Page:
        page = open_page("/static/firstbell/mark.svg", **window)
        session = signed_in(house.accounts[who]).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(house.path(path))
        page.wait_for_load_state("networkidle")
        return page

    return enter_as


def _path(house: House, path: str) -> str:
    ids = {"PERSON": house.person_ids["student"], "TEACHER": house.person_ids["teacher"], "CLASS": house.own_class}
    for name, row_id in ids.items():
        path = path.replace(name, str(row_id))
    return path


@SIZES
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_every_page_is_accessible_and_fits(
    house: House, enter: Enter, who: str, path: str, width: int, *, dark: bool
) -> None:
    page = enter(who, _path(house, path), width=width, dark=dark)
    expect(page.locator("h1")).to_have_count(1)
    assert violations(page) == []
    assert sideways(page) == 0


@SIZES
@pytest.mark.parametrize("path", DOORS)
def test_every_door_is_accessible_and_fits(
    house: House, open_page: OpenPage, path: str, width: int, *, dark: bool
) -> None:
    page = open_page(path.replace("CODE", house.district.code), width=width, dark=dark)
    assert violations(page) == []
    assert sideways(page) == 0


def test_an_administrator_signs_in_by_email_and_out_again(house: House, open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("link", name="I work for a district or school").click()
    page.get_by_label("Email").fill(house.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(house.passwords)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maple Valley Unified")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Come in")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_student_finds_the_door_by_its_code_and_comes_to_his_classes(
    house: House, open_page: OpenPage, *, scripts: bool
) -> None:
    page = open_page("/", scripts=scripts)
    page.get_by_role("link", name="I am a student").click()
    page.get_by_label("Site code").fill("nowhere")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("No district has this site code").first).to_be_visible()
    page.get_by_label("Site code").fill(house.district.code.upper())
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Username").fill(house.student_username)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("do not belong together")).to_be_visible()
    page.get_by_label("Username").fill(house.student_username.upper())
    page.get_by_label("Password").fill("pass1")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My classes")
    rooms = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(rooms).to_have_text(["My classes", "Contact"])


def test_the_list_follows_what_is_typed_and_chosen(house: House, enter: Enter) -> None:
    with within(house.district):
        person = User.objects.get(id=house.person_ids["student"])
    page = enter("administrator", "people/")
    page.get_by_role("searchbox").press_sequentially(str(person.identifier))
    expect(page.get_by_role("status").filter(has_text="1 person")).to_be_visible()
    expect(page).to_have_url(f"{house.path('people/')}?q={person.identifier}")
    page.get_by_role("searchbox").fill("")
    expect(page).to_have_url(house.path("people/"))  # what was typed is answered before something is chosen
    page.get_by_role("search").get_by_label("Role").focus()
    page.get_by_role("search").get_by_label("Role").select_option("principal")
    expect(page.locator("tbody tr").first).to_contain_text("Principal")
    expect(page.get_by_role("search").get_by_label("Role")).to_be_focused()
    expect(page.get_by_role("search").get_by_label("School").locator("option").nth(1)).to_contain_text("(1)")
    page.get_by_role("link", name=",").first.click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("search").get_by_label("Role")).to_have_value("principal")


def test_a_list_can_be_searched_and_turned_without_scripts(house: House, enter: Enter) -> None:
    page = enter("administrator", "people/", scripts=False, width=320)
    page.get_by_role("searchbox").fill("a")
    page.get_by_role("search").get_by_label("Role").select_option("student")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("search").get_by_label("Role")).to_have_value("student")
    page.goto(house.path("people/"))
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_role("link", name="Previous")).to_have_count(0)


def test_a_person_tells_why_and_shows_demographics_only_when_asked(house: House, enter: Enter) -> None:
    page = enter("administrator", f"people/{house.person_ids['student']}/")
    expect(page.get_by_text("Came to the roster", exact=True)).to_be_visible()
    expect(page.get_by_text("of PowerSchool nightly, users.csv, record")).to_be_visible()
    expect(page.get_by_text("Date of birth")).to_have_count(0)
    page.get_by_role("link", name="Show demographics").click()
    expect(page.get_by_text("Date of birth")).to_be_visible()
    page.get_by_role("table", name="Places in classes").get_by_role("link", name="Why?").first.click()
    expect(page.get_by_text("Joined ")).to_be_visible()
    expect(page.get_by_text("enrollments.csv, record")).to_be_visible()


def test_a_field_and_a_class_tell_why(house: House, enter: Enter) -> None:
    page = enter("administrator", f"people/{house.person_ids['student']}/")
    page.get_by_role("link", name="Why? E-mail").click()
    expect(page.get_by_text("Came to the roster with")).to_be_visible()
    expect(page.get_by_text("users.csv, record")).to_be_visible()
    page.goto(house.path(f"classes/{house.own_class}/"))
    expect(page.get_by_text("joined as student").first).to_be_visible()
    expect(page.get_by_text("enrollments.csv, record").first).to_be_visible()
    page.get_by_role("link", name="Why? Term").click()
    expect(page.get_by_text("classes.csv, record")).to_be_visible()
