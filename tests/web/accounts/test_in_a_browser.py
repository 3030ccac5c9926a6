"""The pages of accounts in a real browser: accessible on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.inviting import invite
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District

pytestmark = pytest.mark.browser

type Enter = Callable[..., Page]
SIZES = pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone", "desk"])


@pytest.fixture
def enter(district: District, open_page: OpenPage, site: str) -> Enter:
    """Opens a page as a new district administrator: ``enter("/account/", width=320)``."""
    account = member(district, "ada", "district_administrator")

    def enter_as(path: str, **window: object) -> Page:
        page = open_page("/static/firstbell/mark.svg", **window)
        session = signed_in(account).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    return enter_as


def _stands(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) == 0


@SIZES
def test_members_are_accessible_and_fit(district: District, enter: Enter, width: int, *, dark: bool) -> None:
    colleague = member(district, "cora", "teacher").memberships.get()
    invite(district, "grace.hopper@lakeside-unified.example.org", "Grace Hopper", "principal", by=OPERATOR)
    page = enter(f"/d/{district.code}/members/", width=width, dark=dark)
    _stands(page)
    page.get_by_label("Name", exact=True).fill("Edsger Dijkstra")
    page.get_by_label("E-mail address", exact=True).fill("edsger.dijkstra@lakeside-unified.example.org")
    page.get_by_role("button", name="Invite").click()
    page.get_by_text("Hand this link over").wait_for()
    _stands(page)
    page.goto(f"/d/{district.code}/members/{colleague.pk}/")
    _stands(page)


@SIZES
def test_doors_of_the_invited_and_the_forgetful_are_accessible_and_fit(
    district: District, open_page: OpenPage, width: int, *, dark: bool
) -> None:
    new = invite(district, "new@example.org", "Grace Hopper", "principal", by=OPERATOR).secret
    known = member(district, "cora", "teacher").email or ""
    old = invite(district, known, "Cora", "principal", by=OPERATOR).secret
    paths = [f"/invited/{district.code}/{secret}/" for secret in (new, old, "over")]
    paths += ["/account/password/reset/", "/account/password/reset/done/", "/account/password/reset/key/a1-b2/"]
    for path in paths:
        _stands(open_page(path, width=width, dark=dark))
