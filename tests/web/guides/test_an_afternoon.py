"""What issue 4 is done by: a school of thirty rosters itself in an afternoon, in a browser, led by the guide."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pytest
import zxingcpp
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.engine.formats.lists import STAFF, STUDENTS, sheet, write_lists
from tests.web.conftest import OpenPage
from tests.web.editing.conftest import empty_district
from tests.web.rooms.conftest import PASSWORD, member, signed_in
from tests.web.runs.conftest import work

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Enrollment, User

pytestmark = pytest.mark.browser

__all__ = ["work"]

ROOMS = ("Homeroom 3", "Homeroom 4", "Homeroom 5", "Homeroom 6")
GIVEN = ("Ana", "Bo", "Cy", "Dee", "Eli", "Flo", "Gus", "Hal", "Ida", "Jo")
FAMILY = ("Lopez", "Nguyễn", "Müller")
LEFT_OUT = "Müller, Jo"
"""The thirtieth student, whom the list puts into no class."""


class Afternoon(NamedTuple):
    """The school, the administrator's browser, and the ways to open another one and to let a worker work."""

    district: District
    page: Page
    another: OpenPage
    work: Callable[[], None]
    folder: Path

    def path(self, rest: str = "") -> str:
        return f"/d/{self.district.code}/{rest}"

    def go(self, rest: str = "") -> Page:
        self.page.goto(self.path(rest))
        return self.page

    def next_step(self) -> str:
        """What the guide says that comes next."""
        self.go("guides/first-roster/")
        card = self.page.locator("section.card").filter(has_text="Next")
        return card.get_by_role("heading").inner_text()


@pytest.fixture
def afternoon(open_page: OpenPage, site: str, work: Callable[[], None], tmp_path: Path) -> Afternoon:
    district = empty_district()
    page = open_page("/static/firstbell/mark.svg")
    page.set_default_timeout(120_000)  # thirty passwords are hashed slowly on purpose
    session = signed_in(member(district, "dana", "district_administrator")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return Afternoon(district, page, open_page, work, tmp_path)


def test_a_school_of_thirty_rosters_itself_in_an_afternoon(afternoon: Afternoon) -> None:
    _say_where_and_when(afternoon)
    _bring_people_and_classes(afternoon)
    _put_the_last_one_into_a_class(afternoon)
    log_ins = _print_cards(afternoon)
    _sign_in_by_password(afternoon, *log_ins["Ana Lopez"])
    _sign_in_by_badge(afternoon)
    _teacher_resets_a_password(afternoon, log_ins["Ana Lopez"])
    _student_moves(afternoon)
    _student_is_deleted_and_restored(afternoon)
    _bulk_change_is_undone(afternoon)


def _say_where_and_when(afternoon: Afternoon) -> None:
    assert afternoon.next_step() == "1. Say where and when"
    page = afternoon.page
    page.get_by_role("link", name="Add a school").click()
    page.get_by_label("Name").fill("Maple Hill School")
    page.get_by_role("button", name="Save and add another").click()
    page.get_by_label("Name").fill("Birch Hill School")
    page.get_by_role("button", name="Save", exact=True).click()
    afternoon.go("guides/first-roster/").get_by_role("link", name="Add a term").click()
    page.get_by_label("Title").fill("This year")
    page.get_by_label("Type").select_option("schoolYear")
    page.get_by_label("First day", exact=True).fill((timezone.localdate() - timedelta(days=90)).isoformat())
    page.get_by_label("First day after").fill((timezone.localdate() + timedelta(days=200)).isoformat())
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This year").first).to_be_visible()


def _bring_people_and_classes(afternoon: Afternoon) -> None:
    assert afternoon.next_step() == "2. Add the people"
    people = [(given, family) for family in FAMILY for given in GIVEN]
    students = [
        f"{given},{family},{3 + place % 4},Maple Hill School,{ROOMS[place % 4] if place < 29 else ''}"
        for place, (given, family) in enumerate(people)
    ]
    teachers = [
        f"Tia{place},Teach,Teacher,tia{place}.{afternoon.district.pk}@example.org,Maple Hill School,{room}"
        for place, room in enumerate(ROOMS)
    ]
    lists = {
        STUDENTS: sheet("First name,Last name,Grade,Schools,Classes", *students),
        STAFF: sheet("First name,Last name,Role,Email,Schools,Classes", *teachers),
    }
    folder = write_lists(afternoon.folder / "lists", lists)
    page = afternoon.page
    page.get_by_role("link", name="Use a list").click()
    page.get_by_label("Your lists").set_input_files(sorted(folder.iterdir()))
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    _let_work(afternoon)
    page.get_by_role("button", name="Start").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Run")).to_be_visible()
    _let_work(afternoon)
    with within(afternoon.district):
        assert Class.objects.filter(removed_at=None).count() == 4
        assert User.objects.filter(removed_at=None).count() == 34


def _let_work(afternoon: Afternoon) -> None:
    address = afternoon.page.url
    afternoon.page.goto("about:blank")
    afternoon.work()
    afternoon.page.goto(address)


def _put_the_last_one_into_a_class(afternoon: Afternoon) -> None:
    assert afternoon.next_step() == "4. Put students into classes"
    page = afternoon.page
    page.get_by_role("link", name="1 student has no class").first.click()
    page.get_by_label(f"Choose {LEFT_OUT}").check()
    page.get_by_role("button", name="Add to a class").click()
    page.get_by_label("Homeroom 6", exact=False).check()
    page.get_by_role("button", name="Look at what will happen").click()
    page.get_by_role("button", name="Add to the class").click()
    expect(page.get_by_text("1 person was added to the class.")).to_be_visible()


def _print_cards(afternoon: Afternoon) -> dict[str, tuple[str, str]]:
    """Username and password by name, as they stand on the sheets."""
    assert afternoon.next_step() == "5. Hand out the cards"
    page = afternoon.page
    page.get_by_role("link", name="Print cards of a school").click()
    page.get_by_role("link", name="Print cards for Maple Hill School").click()
    page.get_by_role("button", name="Print cards").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Set them and print").click()
    text = "\n".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(download.value.path()))
    cards = re.findall(r"(\S+ \S+)\s+Maple Hill School.*?Username +(\S+)\s+Password +(\S+)", text, re.DOTALL)
    assert len(cards) == 30, text[:2000]
    expect(afternoon.go("ready/").get_by_text("students’ cards are not printed")).to_have_count(0)
    return {name: (username, password) for name, username, password in cards}


@contextmanager
def _somebody(afternoon: Afternoon, path: str) -> Iterator[Page]:
    page = afternoon.another(path)
    yield page
    page.close()


def _sign_in_by_password(afternoon: Afternoon, username: str, password: str, *, works: bool = True) -> None:
    with _somebody(afternoon, f"/signin/{afternoon.district.code}/") as page:
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        words = "My classes" if works else "Sign in"
        expect(page.get_by_role("heading", level=1)).to_have_text(words)


def _sign_in_by_badge(afternoon: Afternoon) -> None:
    page = afternoon.go("classes/")
    page.get_by_role("link", name="Homeroom 4").click()
    page.get_by_role("link", name="Print cards").click()
    page.get_by_label("A badge to scan", exact=False).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Print cards").click()
    sheets = pypdfium2.PdfDocument(download.value.path())
    codes = [code.text for code in zxingcpp.read_barcodes(sheets[0].render(scale=3).to_pil())]
    with _somebody(afternoon, codes[0]) as child:
        child.get_by_role("button", name="Come in").click()
        expect(child.get_by_role("heading", level=1)).to_have_text("My classes")


def _teacher_resets_a_password(afternoon: Afternoon, old: tuple[str, str]) -> None:
    page = afternoon.go("members/")
    invite = page.get_by_role("form", name="Invite somebody")
    invite.get_by_label("Name").fill("Tia Teach")
    invite.get_by_label("E-mail address").fill(f"tia0.{afternoon.district.pk}@example.org")
    invite.get_by_label("Role").select_option("teacher")
    invite.get_by_role("button", name="Invite").click()
    link = page.locator("code.secret").inner_text()
    with _somebody(afternoon, link) as teacher:
        teacher.get_by_label("Password", exact=True).fill(PASSWORD)
        teacher.get_by_label("The password once more").fill(PASSWORD)
        teacher.get_by_role("button", name="Set password and join").click()
        teacher.get_by_label("Email").fill(f"tia0.{afternoon.district.pk}@example.org")
        teacher.get_by_label("Password").fill(PASSWORD)
        teacher.get_by_role("button", name="Sign In").click()
        teacher.get_by_role("link", name="Homeroom 3").click()
        teacher.get_by_role("link", name="Print cards").click()
        for box in teacher.locator("input[name=person]").all():
            box.uncheck()
        teacher.get_by_label("A card for Ana Lopez").check()
        teacher.get_by_role("button", name="Print cards").click()
        expect(teacher.get_by_text("1 student has a password now: it ends")).to_be_visible()
        with teacher.expect_download() as download:
            teacher.get_by_role("button", name="Set them and print").click()
        text = pypdfium2.PdfDocument(download.value.path())[0].get_textpage().get_text_range()
    found = re.search(r"Username +(\S+)\s+Password +(\S+)", text)
    assert found is not None
    _sign_in_by_password(afternoon, *old, works=False)
    _sign_in_by_password(afternoon, found[1], found[2])


def _open_person(afternoon: Afternoon, name: str) -> Page:
    page = afternoon.go(f"people/?q={name.replace(' ', '+')}")
    page.locator("tbody th a").first.click()
    return page


def _student_moves(afternoon: Afternoon) -> None:
    page = _open_person(afternoon, "Bo Lopez")
    page.get_by_role("link", name="Move to another school").click()
    page.get_by_label("To", exact=True).select_option(label="Birch Hill School")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("has moved and has left 1 class")).to_be_visible()
    expect(page.get_by_role("table", name="Roles in schools")).to_contain_text("Birch Hill School")


def _student_is_deleted_and_restored(afternoon: Afternoon) -> None:
    page = _open_person(afternoon, "Cy Lopez")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    afternoon.go("people/?state=removed").get_by_role("link", name="Lopez, Cy").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Not on the roster any more")).to_have_count(0)
    with within(afternoon.district):
        person = User.objects.get(given_name="Cy", family_name="Lopez", removed_at=None)
        assert Enrollment.objects.filter(user_id=person.id, removed_at=None).count() == 1


def _bulk_change_is_undone(afternoon: Afternoon) -> None:
    page = afternoon.go("people/?grade=03")
    page.get_by_label("All 8 found").check()
    page.get_by_role("button", name="Change grade").click()
    page.get_by_label("Grade").select_option("08")
    page.get_by_role("button", name="Look at what will happen").click()
    page.get_by_role("button", name="Change the grade").click()
    expect(page.get_by_text("8 people were given the grade.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: all is as it was before.")).to_be_visible()
    with within(afternoon.district):
        assert User.objects.filter(grades=["03"], removed_at=None).count() == 8
