"""Somebody who looks after districts, in a browser: from the letter to the answer, a product, too few seats."""

import pytest
from playwright.sync_api import Page, expect
from tests.postbox import receiving
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.portfolio.test_portfolio_pages import Care, care
from tests.web.rooms.conftest import signed_in
from tests.working import work_until_idle

from firstbell.domain.accounts.models import Account
from firstbell.domain.advice.models import ContactRole
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.schools import add_org

__all__ = ["care"]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


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
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_a_question_is_answered_and_a_product_given(care: Care, open_page: OpenPage, site: str) -> None:
    school = add_org(care.district, {"name": "Elm", "type": "school"}, by=BY)
    for name in ("Ana", "Bo"):
        role = {"role": "student", "orgSourcedId": str(school)}
        add_person(care.district, {"givenName": name, "familyName": "Day", "username": name}, [role], by=BY)
    care.name(care.cal, ContactRole.CUSTOMER_SUCCESS, care.cal)
    with receiving() as postbox:
        request = care.ask("May we have Reading as well?")
        work_until_idle("advice")
        (letter,) = [one for one in postbox.to(care.cal.email or "") if f"Request {request.pk}:" in str(one["Subject"])]
    assert f"/portfolio/d/{care.district.code}/requests/{request.pk}/" in letter.get_content()

    page = _sits_down(open_page, site, care.cal)
    page.goto("/portfolio/")
    _is_sound(page)
    page.get_by_role("link", name="Answer them").click()
    _is_sound(page)
    page.get_by_role("link", name=f"Request {request.pk}").click()
    expect(page.get_by_text("May we have Reading as well?")).to_be_visible()
    _is_sound(page)
    page.get_by_role("link", name=care.district.name).click()
    _is_sound(page)

    page.goto("/products/new/")
    page.get_by_label("Code").fill(f"reading-{care.district.pk}")
    page.get_by_label("Name", exact=True).fill("Reading")
    page.get_by_label("One-Time Assisted").check()
    _press(page, "Save")
    page.goto(care.path(f"products/reading-{care.district.pk}/"))
    page.get_by_label("Seats (optional)").fill("1")
    page.get_by_label("Elm").check()
    _press(page, "Save")
    expect(page.get_by_text("would be shared with 2 students and has 1 seats")).to_be_visible()
    _is_sound(page)
    page.get_by_label("Save it all the same").check()
    _press(page, "Save")
    expect(page.get_by_text("1 too many")).to_be_visible()
    _is_sound(page)

    page.goto(care.path(f"requests/{request.pk}/"))
    page.get_by_label("Answer").fill("You have it, with one seat for now.")
    _press(page, "Send the answer")
    expect(page.get_by_text("is answered")).to_be_visible()
    office = _sits_down(open_page, site, care.office)
    office.goto(f"/d/{care.district.code}/contact/")
    expect(office.get_by_text("You have it, with one seat for now.")).to_be_visible()
