"""Which method fits us? For anyone: with scripts and without, on a phone and on a desk, as an address and on paper."""

import dataclasses
import html
import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import expect
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage

from firstbell.domain.advice.catalogue import Catalogue
from firstbell.domain.advice.licensing import save_catalogue
from firstbell.domain.advice.takes import Takes
from firstbell.domain.audit.actor import OPERATOR

PATH = "/which-method/"
THIRTY = f"{PATH}?accounts=30&frequency=daily&current=sis&single_school=on"
ANSWERED = f"{PATH}?accounts=120&mobility=rarely&frequency=yearly&current=manual"


def _text(path: str, **headers: str) -> str:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.usefixtures("static_files", "database")
class TestWithoutABrowser:
    def test_nothing_answered_shows_the_table_and_no_advice(self) -> None:
        text = _text(PATH)
        assert "Answer a question, and what fits is marked here." in text
        assert "200 and over" in text
        assert "fits best" not in text

    def test_an_address_with_answers_is_the_advice(self) -> None:
        text = _text(THIRTY)
        assert "Automated fits you best" in text
        assert "Head count would say Self-Managed." in text
        assert "Single sign-on is possible" in text

    def test_what_is_missing_is_said(self) -> None:
        text = _text(f"{PATH}?accounts=30")
        assert "Self-Managed fits what you answered best" in text
        assert "Not answered yet" in text

    def test_an_answer_that_cannot_be_one_is_said_and_the_others_are_advised_on(self) -> None:
        text = _text(f"{PATH}?accounts=0&mobility=never&frequency=daily")
        assert "whole number from 1 to 10,000,000" in text
        assert "Choose one of: rarely, often." in text
        assert "Automated fits what you answered best" in text

    def test_moves_in_a_single_school_are_set_aside(self) -> None:
        text = _text(f"{PATH}?accounts=30&mobility=often&frequency=as-needed&current=manual&single_school=on")
        assert "Self-Managed fits you best" in text
        assert "Moves between schools:" not in text

    def test_a_part_is_the_advice_alone_with_a_tidy_address(self) -> None:
        answer = Client().get(f"{PATH}?accounts=30&mobility=&frequency=&current=", headers={"HX-Request": "true"})
        assert answer["HX-Replace-Url"] == f"{PATH}?accounts=30"
        text = answer.content.decode()
        assert "<html" not in text
        assert 'id="advice-said"' in text or "innerHTML:#advice-said" in text

    def test_what_is_typed_is_never_markup(self) -> None:
        assert "<script>alert" not in Client().get(f"{PATH}?accounts=<script>alert(1)</script>").content.decode()

    def test_the_front_door_leads_to_it(self) -> None:
        assert f'href="{PATH}"' in _text("/")

    def test_every_link_of_the_page_holds_the_answers_and_leads_back_to_them(self) -> None:
        text = _text(ANSWERED)
        found = re.search(r'href="([^"]+)">this advice', text)
        assert found is not None
        assert "One-Time Assisted fits you best" in _text(found[1])


@pytest.fixture
def math(database: None) -> Iterator[Takes]:
    """A product of the catalogue while a test lasts."""
    code = f"math-{uuid.uuid4().hex[:8]}"
    product = Takes(code, code.title(), ("self_managed",), roll_over="Classes are removed.")
    save_catalogue(Catalogue((product,), {}), by=OPERATOR)
    yield product
    save_catalogue(Catalogue((dataclasses.replace(product, retired=True),), {}), by=OPERATOR)


@pytest.mark.usefixtures("static_files")
def test_products_that_are_chosen_have_the_last_word(math: Takes) -> None:
    assert "Which products will you use?" in _text(PATH)
    text = _text(f"{ANSWERED}&product={math.code}&product=no-such")
    assert "Self-Managed fits you best" in text
    assert f"But {math.name} does not take One-Time Assisted." in text
    assert f"{math.name} at the end of a year" in text
    assert f"product={math.code}" in text


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_with_products_it_is_accessible_and_fits(open_page: OpenPage, math: Takes, width: int) -> None:
    page = open_page(ANSWERED, width=width)
    page.get_by_label(math.name).check()
    expect(page.get_by_role("heading", name="Self-Managed fits you best")).to_be_visible()
    assert violations(page) == []
    assert sideways(page) == 0


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(320, False), (320, True), (1280, False), (1280, True)], ids=str)
@pytest.mark.parametrize("path", [PATH, THIRTY, ANSWERED, f"{PATH}?accounts=0"])
def test_it_is_accessible_and_fits(open_page: OpenPage, path: str, width: int, *, dark: bool) -> None:
    page = open_page(path, width=width, dark=dark)
    assert violations(page) == []
    assert sideways(page) == 0


@pytest.mark.browser
def test_the_advice_changes_as_it_is_answered_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page(PATH)
    page.get_by_label("How many people, staff and students together?").focus()
    page.keyboard.type("120")
    expect(page.get_by_role("heading", name="One-Time Assisted fits what you answered best")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("group", name="How often do students move between your schools?")).to_have_count(0)
    frequency = page.get_by_role("group", name="How often do your rosters change?")
    frequency.get_by_label("Not answered").focus()
    page.keyboard.press("ArrowUp")
    current = page.get_by_role("group", name="How are students rostered today?")
    current.get_by_label("Not answered").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("heading", name="Automated fits you best")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Automated fits best, from 3 answers.")).to_have_count(1)
    assert page.url.endswith("?accounts=120&frequency=weekly&current=integration&single_school=on")
    assert violations(page) == []


@pytest.mark.browser
def test_it_works_without_scripts(open_page: OpenPage) -> None:
    page = open_page(PATH, scripts=False)
    page.get_by_label("How many people, staff and students together?").fill("30")
    page.get_by_label("Now and then, as needed").check()
    page.get_by_role("button", name="Show the advice").click()
    expect(page.get_by_role("heading", name="Self-Managed fits what you answered best")).to_be_visible()
    expect(page.get_by_label("How many people, staff and students together?")).to_have_value("30")


@pytest.mark.browser
def test_on_paper_the_advice_stands_without_the_questions(open_page: OpenPage) -> None:
    page = open_page(ANSWERED)
    page.emulate_media(media="print")
    expect(page.get_by_role("form", name="Questions")).to_have_count(0)
    expect(page.get_by_role("heading", name="One-Time Assisted fits you best")).to_be_visible()
    expect(page.get_by_text("Head count: 120")).to_be_visible()
