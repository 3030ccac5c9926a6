"""A whole case from both sides in a real browser: faulty, returned, put right, imported, verified, signed off.

The letters are read from the mail server that received them, and each page is looked at as it is passed.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.engine.formats.lists import SIMPLE, STAFF, STUDENTS, sheet, write_lists
from tests.postbox import Postbox, receiving
from tests.web.accessibility import sideways, violations
from tests.web.cases.conftest import TwoSides
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import signed_in
from tests.working import work_until_idle

from firstbell.domain.accounts.models import Account
from firstbell.domain.assisted.queries import list_cases

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TWINS = sheet(
    "First name,Last name,Student number,Grade,Username,Password,Schools,Classes",
    "Ana,Lopez,0012,3,ana.l,blue fox tent,Lincoln Elementary,Homeroom 3A; Art",
    "Al,Day,,3,,,Lincoln Elementary,Homeroom 3A",
    "Al,Day,,3,,,Lincoln Elementary,Homeroom 3A",
)


def _sits_down(open_page: OpenPage, site: str, account: Account) -> Page:
    page = open_page("/static/firstbell/mark.svg")
    session = signed_in(account).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return page


def _is_sound(page: Page) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [], f"{page.url} at {width} px"
        assert sideways(page) == 0, f"{page.url} at {width} px"


def _press(page: Page, name: str) -> None:
    """Press a button that sends, and wait for the page that comes."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def _sure(page: Page, name: str) -> None:
    """Press a button that asks first, and the one of its dialog."""
    page.get_by_role("button", name=name, exact=True).click()
    with page.expect_navigation():
        page.locator("dialog[open]").get_by_role("button", name=name, exact=True).click()


def _work(page: Page) -> None:
    work_until_idle()
    work_until_idle("mail")
    page.reload()


def _button_of_last_letter(postbox: Postbox, to: str) -> str:
    """Where the one button of the newest letter leads."""
    body = postbox.to(to)[-1].get_body(("html",))
    assert body is not None
    return str(body.get_content()).split('<a href="')[1].split('"')[0]


def _ask(page: Page, sides: TwoSides) -> None:
    page.goto(sides.path())
    page.goto(sides.path("cases/"))
    _is_sound(page)
    page.get_by_role("link", name="Ask for a case").click()
    _is_sound(page)
    page.get_by_role("textbox", name="Schools (optional)").fill("Lincoln Elementary")
    _press(page, "Ask for it")
    expect(page.get_by_text("The next step is yours")).to_be_visible()
    _is_sound(page)


def _bring(page: Page, folder: Path) -> None:
    page.get_by_label("Your files").set_input_files(sorted(folder.iterdir()))
    _press(page, "Bring the files")
    _work(page)


def _verify_and_sign_off(office: Page, desk: Page, postbox: Postbox, sides: TwoSides) -> None:
    """One account is marked as wrong, answered and confirmed; then the log-ins come, and the receipt."""
    office.goto(_button_of_last_letter(postbox, sides.contact.email or ""))
    office.get_by_role("link", name="Check the accounts").click()
    _is_sound(office)
    office.get_by_label("Bo Lee, record").check()
    office.get_by_label("What is wrong").fill("He is called Bob.")
    _press(office, "The chosen one is wrong")
    work_until_idle("mail")
    desk.goto(_button_of_last_letter(postbox, sides.sam.email or ""))
    expect(desk.get_by_text("He is called Bob.")).to_be_visible()
    _is_sound(desk)
    desk.get_by_label("Answer", exact=True).fill("Change it on his page; it is yours to edit.")
    _press(desk, "Answer record")

    office.reload()
    expect(office.get_by_text("it is yours to edit").first).to_be_visible()
    office.get_by_label("Bo Lee, record").check()
    _press(office, "The chosen are right")
    _sure(office, "All accounts are right")
    _work(office)
    _is_sound(office)
    _sure(office, "Show the log-ins")
    expect(office.get_by_text("blue fox tent").first).to_be_visible()
    _is_sound(office)
    office.get_by_role("link", name="Back to the case").click()
    _sure(office, "Sign the case off")
    expect(office.get_by_role("heading", name="Receipt")).to_be_visible()
    _is_sound(office)


@pytest.fixture
def folders(tmp_path: Path) -> Callable[[str, dict[str, str]], Path]:
    return lambda name, sheets: write_lists(tmp_path / name, sheets)


def test_a_faulty_case_is_returned_put_right_imported_verified_and_signed_off(
    sides: TwoSides, open_page: OpenPage, site: str, folders: Callable[[str, dict[str, str]], Path]
) -> None:
    faulty = folders("faulty", {STAFF: SIMPLE[STAFF], STUDENTS: TWINS})
    right = folders("right", {STAFF: SIMPLE[STAFF], STUDENTS: SIMPLE[STUDENTS]})
    with receiving() as postbox:
        office, desk = _sits_down(open_page, site, sides.contact), _sits_down(open_page, site, sides.sam)
        _ask(office, sides)
        _bring(office, faulty)
        expect(office.get_by_text("name-without-number").first).to_be_visible()
        _is_sound(office)
        _sure(office, "Go on with the files as they are")

        desk.goto("/staff/")
        _is_sound(desk)
        desk.get_by_role("link", name="Open the queue").click()
        _is_sound(desk)
        case = list_cases(sides.district)[0]
        desk.get_by_role("link", name=f"Case {case.pk}", exact=True).click()
        _is_sound(desk)
        _press(desk, "Claim it")
        expect(desk.get_by_text("name-without-number").first).to_be_visible()
        _is_sound(desk)
        desk.get_by_label("Return the files, and say why").fill("Two rows have one name. Give them numbers.")
        _press(desk, "Return the case")
        work_until_idle("mail")

        office.goto(_button_of_last_letter(postbox, sides.contact.email or ""))
        expect(office.get_by_text("Give them numbers.")).to_be_visible()
        _bring(office, right)
        expect(office.get_by_text("Technical Services looks at the plan")).to_be_visible()

        desk.goto(_button_of_last_letter(postbox, sides.sam.email or ""))
        _sure(desk, "Import it")
        _work(desk)
        expect(desk.get_by_text("What was imported")).to_be_visible()

        _verify_and_sign_off(office, desk, postbox, sides)
        for path in ("/desk/findings/", "/desk/replies/", f"/desk/{sides.district.code}/new/", "/desk/?part=closed"):
            desk.goto(path)
            _is_sound(desk)
        assert len(postbox.to(sides.contact.email or "")) >= 5
