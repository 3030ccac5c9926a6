"""The design system in a real browser: every part, in both themes, on a phone and on a desk."""

import pytest
from playwright.sync_api import ConsoleMessage, expect
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage

pytestmark = pytest.mark.browser

EVERYWHERE = pytest.mark.parametrize(
    ("width", "dark"), [(320, False), (320, True), (1280, False), (1280, True)], ids=str
)
SIGNED_OUT = [
    "/help/findings/",
    "/help/findings/row-quote/",
    "/help/findings/value-missing/",
    "/account/login/",
    "/account/signup/",
    "/there-is-no-such-page/",
]


@EVERYWHERE
def test_the_gallery_is_accessible_and_fits(open_page: OpenPage, width: int, *, dark: bool) -> None:
    page = open_page("/design/", width=width, dark=dark)
    assert violations(page) == []
    assert sideways(page) == 0


@EVERYWHERE
@pytest.mark.parametrize("path", SIGNED_OUT)
def test_the_doors_are_accessible_and_fit(open_page: OpenPage, path: str, width: int, *, dark: bool) -> None:
    page = open_page(path, width=width, dark=dark)
    assert violations(page) == []
    assert sideways(page) == 0


def test_the_gallery_fits_a_phone_when_it_reads_from_right_to_left(open_page: OpenPage) -> None:
    page = open_page("/design/", width=320)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert sideways(page) == 0


def test_the_strict_policy_blocks_nothing_that_the_gallery_needs(open_page: OpenPage) -> None:
    page = open_page("/account/login/")
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", hear)
    answer = page.goto("/design/", wait_until="networkidle")
    assert answer is not None
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert said == []
    assert page.evaluate("document.fonts.check('16px \"Source Sans Pro\"')")


def test_the_first_tab_stop_skips_to_the_content(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_is_asked_and_taken_back_by_keyboard_even_without_scripts(
    open_page: OpenPage, *, scripts: bool
) -> None:
    page = open_page("/design/", scripts=scripts)
    button = page.get_by_role("button", name="Discard this run").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Discard run 41?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_opens_on_a_phone_even_without_scripts(open_page: OpenPage, *, scripts: bool) -> None:
    page = open_page("/design/", width=320, scripts=scripts)
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(links).to_have_count(0)
    page.get_by_role("button", name="Menu").click()
    expect(links.first).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(links).to_have_count(0)


@pytest.mark.parametrize(("width", "button"), [(320, "Menu"), (1280, "Your account"), (320, "Discard this run")])
def test_what_opens_over_the_page_is_accessible_and_fits(open_page: OpenPage, width: int, button: str) -> None:
    page = open_page("/design/", width=width)
    page.get_by_role("button", name=button).first.click()
    assert violations(page) == []
    assert sideways(page) == 0


def test_a_chosen_file_is_said_in_words(open_page: OpenPage) -> None:
    page = open_page("/design/")
    chosen = page.locator("[data-drop-chosen]").first
    page.get_by_label("Roster files").first.set_input_files(
        {"name": "roster.zip", "mimeType": "application/zip", "buffer": b"PK" * 1_250_000}
    )
    expect(chosen).to_have_text("Chosen: roster.zip (2.5 MB)")


def test_all_rows_of_a_page_are_chosen_at_once_and_counted(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.get_by_label("Choose all on this page").check()
    expect(page.get_by_text("4 chosen")).to_be_visible()
    page.get_by_label("Choose Zbigniew Łukaszewski").uncheck()
    expect(page.get_by_text("3 chosen")).to_be_visible()
