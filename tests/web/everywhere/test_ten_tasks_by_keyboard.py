"""Ten tasks from beginning to end with the keyboard alone: Tab, Enter, Space, Escape, arrows and letters.

Whatever gets the focus on the way shows that it has it.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import OpenPage
from tests.web.editing.conftest import Village, village
from tests.web.rooms.conftest import PASSWORD, signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.audit.actor import OPERATOR

__all__ = ["village"]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

FARTHEST = 120
"""So many stops are on no page."""
FOCUSED = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const labels = [...(at.labels ?? [])].map(label => label.textContent);
  const name = at.getAttribute("aria-label") ?? (labels.length ? labels.join(" ") : at.textContent);
  const drawnByTheBrowser = at.matches("input[type=date]");  // its parts get the focus one by one, inside
  const marked = drawnByTheBrowser || style.outlineStyle !== "none" || style.boxShadow !== "none";
  return [at.matches("body"), name.replace(/\\s+/g, " ").trim(), marked, at.outerHTML.slice(0, 200)];
}"""

type Sit = Callable[..., "Keyboard"]


class Keyboard:
    """A person who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str) -> "Keyboard":
        """Tab on to what is called so: the name begins with it."""
        passed = []
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            is_body, found, is_marked, html = self.page.evaluate(FOCUSED)
            assert is_body or is_marked, f"nobody sees that this has the focus: {html}"
            if not is_body and found.startswith(name):
                return self
            passed.append(found[:30])
        raise AssertionError(f"no way to {name}; passed {list(dict.fromkeys(passed))}")

    def press(self, *keys: str) -> "Keyboard":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> "Keyboard":
        """Over what stands there."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        return self

    def choose(self, text: str) -> "Keyboard":
        """In a select, the first letters of a choice."""
        self.page.keyboard.type(text)
        return self

    def enter(self) -> "Keyboard":
        """Press Enter, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()
        return self


@pytest.fixture
def sit(village: Village, open_page: OpenPage, site: str) -> Sit:
    """Somebody of the village at a keyboard, on a page; nobody in particular before the door."""

    def sit_down(who: str = "", path: str = "") -> Keyboard:
        if not who:
            return Keyboard(open_page("/"))
        page = open_page("/static/firstbell/mark.svg")
        session = signed_in(village.accounts[who]).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(village.path(path))
        page.wait_for_load_state("networkidle")
        return Keyboard(page)

    return sit_down


def test_1_sign_in_by_e_mail_skip_the_frame_and_sign_out(village: Village, sit: Sit) -> None:
    adult = sit()
    adult.to("I work for a district").enter()
    adult.to("Email").type(village.accounts["administrator"].email or "")
    adult.to("Password").type(PASSWORD).enter()
    expect(adult.page.get_by_role("heading", level=1)).to_have_text("Maple Hill School")
    adult.to("Skip to main content").press("Enter")
    assert adult.page.evaluate("document.activeElement.id") == "main"
    adult.page.goto(village.path())
    adult.to("Your account").press("Enter")
    adult.to("Sign out").enter()
    adult.page.goto(village.path())
    expect(adult.page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_2_a_student_signs_in_by_site_code_and_password(village: Village, sit: Sit) -> None:
    set_credential(village.district, village.rows["PUPIL"], "benb", "blue fox tent", by=OPERATOR)
    student = sit()
    student.to("I am a student").enter()
    student.to("Site code").type(village.district.code).enter()
    student.to("Username").type("benb")
    student.to("Password").type("blue fox tent").enter()
    expect(student.page.get_by_role("heading", level=1)).to_have_text("My classes")


def test_3_find_a_person_and_open_them(sit: Sit) -> None:
    office = sit("administrator", "people/")
    office.to("Name, username").type("byr")
    expect(office.page.get_by_text("1 person", exact=True)).to_be_visible()
    office.to("Byron, Ada").enter()
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Ada Byron")


def test_4_add_a_student(village: Village, sit: Sit) -> None:
    before = village.live("users")
    office = sit("administrator", "people/")
    office.to("Add a person").enter()
    office.to("Given name").type("Grace")
    office.to("Family name").type("Hopper")
    office.to("Role").choose("Student")
    office.to("School").choose("Maple")
    office.to("Save").enter()
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Grace Hopper")
    assert village.live("users") == before + 1


def test_5_change_a_name(sit: Sit) -> None:
    office = sit("registrar", "people/STUDENT/")
    office.to("Change").enter()
    office.to("Family name").type("Lovelace")
    office.to("Save").enter()
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace")


def test_6_remove_a_person_and_bring_them_back(village: Village, sit: Sit) -> None:
    office = sit("administrator", "people/PUPIL/")
    office.to("Remove").enter()
    office.to("Remove").enter()
    assert village.row("users", "PUPIL").removed_at is not None
    office.page.goto(village.path("people/PUPIL/"))
    office.to("Restore").enter()
    assert village.row("users", "PUPIL").removed_at is None


def test_7_add_somebody_to_a_class(village: Village, sit: Sit) -> None:
    before = village.live("enrollments")
    office = sit("registrar", "classes/CLASS/")
    office.to("Add people").enter()
    office.to("Brown, Ben").press("Space")
    office.to("Add to this class").enter()
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Algebra")
    assert village.live("enrollments") == before + 1


def test_8_change_the_grade_of_several_and_undo_it(village: Village, sit: Sit) -> None:
    office = sit("administrator", "people/?role=student")
    office.to("Choose Brown, Ben").press("Space")
    office.to("Choose Byron, Ada").press("Space")
    office.to("Change grade").enter()
    office.to("Grade").choose("8")
    office.to("Look at what will happen").enter()
    office.to("Change the grade").enter()
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Grades were changed")
    assert village.live("users", grades=["08"]) == 2
    office.to("Undo").enter()
    assert village.live("users", grades=["08"]) == 0


def test_9_print_cards_for_a_class(sit: Sit) -> None:
    teacher = sit("teacher", "classes/CLASS/")
    teacher.to("Print cards").enter()
    teacher.to("Print cards").enter()
    expect(teacher.page.get_by_role("heading", level=1)).to_have_text("New passwords for 1 student?")
    teacher.to("Set them and print")
    with teacher.page.expect_download() as sheets:
        teacher.press("Enter")
    assert sheets.value.suggested_filename.endswith(".pdf")


def test_10_open_a_dialog_leave_it_and_let_nobody_in(village: Village, sit: Sit) -> None:
    office = sit("administrator", "members/visits/")
    asked = office.page.get_by_role("dialog", name="Let nobody of Firstbell in?")
    office.to("Let nobody in").press("Enter")
    expect(asked).to_be_visible()
    office.press("Escape")
    expect(asked).to_be_hidden()
    assert office.page.evaluate("document.activeElement.textContent") == "Let nobody in"
    office.press("Enter")
    expect(asked).to_be_visible()
    office.to("Let nobody in").enter()
    expect(office.page.get_by_text("Nobody is let in")).to_be_visible()
    village.district.refresh_from_db()
    assert not village.district.lets_staff_in
