"""The pages of accounts in a real browser: accessible on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.web.accessibility import sideways, violations
from tests.web.accounts.test_staff_visits import new_staff
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, member, signed_in

from firstbell.domain.accounts.badges import make_badge, secret_of
from firstbell.domain.accounts.inviting import invite
from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.spaces import ask_for_space
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
    for rest in (f"{colleague.pk}/", "rules/"):
        page.goto(f"/d/{district.code}/members/{rest}")
        _stands(page)


@SIZES
def test_visits_are_accessible_and_fit_on_both_sides(
    district: District, open_page: OpenPage, enter: Enter, width: int, *, dark: bool
) -> None:
    staff = new_staff().account
    page = open_page("/static/firstbell/mark.svg", width=width, dark=dark)
    session = signed_in(staff).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": _home(page)}])
    ask_for_space("Birch Hill School", "Hedy Birch", "hedy@example.org", time_zone="America/Denver")
    for path in ("/requests/", f"/staff/?q={district.code}"):
        page.goto(path)
        _stands(page)
    page.get_by_role("link", name=district.name, exact=True).click()
    _stands(page)
    page.get_by_label("Why do you look?").fill("Case 4711: the teacher of one class is missing.")
    page.get_by_role("button", name="Begin the visit").click()
    page.get_by_text("You are visiting").wait_for()
    page.wait_for_load_state("networkidle")
    _stands(page)
    _stands(enter(f"/d/{district.code}/members/visits/", width=width, dark=dark))


@SIZES
def test_doors_of_the_invited_and_the_forgetful_are_accessible_and_fit(
    district: District, open_page: OpenPage, width: int, *, dark: bool
) -> None:
    new = invite(district, "new@example.org", "Grace Hopper", "principal", by=OPERATOR).secret
    known = member(district, "cora", "teacher").email or ""
    old = invite(district, known, "Cora", "principal", by=OPERATOR).secret
    paths = [f"/invited/{district.code}/{secret}/" for secret in (new, old, "over")]
    badge = secret_of(district, make_badge(district, 7, name="Amy Whitfield", by=OPERATOR))
    paths += [f"/badge/{district.code}/{badge}/", f"/badge/{district.code}/lost/"]
    paths += ["/", "/start/"]
    paths += ["/account/password/reset/", "/account/password/reset/done/", "/account/password/reset/key/a1-b2/"]
    for path in paths:
        _stands(open_page(path, width=width, dark=dark))


@SIZES
def test_the_second_step_and_sessions_are_accessible_and_fit(
    district: District, open_page: OpenPage, site: str, width: int, *, dark: bool
) -> None:
    page = _signed_in_by_hand(member(district, "ada", "teacher"), open_page, width=width, dark=dark)
    for path in ("", "app/", "passkeys/", "passkeys/add/"):
        page.goto(f"{_home(page)}/account/second-step/{path}")
        if "reauthenticate" in page.url:
            _stands(page)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Go on").click()
        _stands(page)
    page.goto(f"{_home(page)}/account/sessions/")
    _stands(page)
    page.goto(f"{_home(page)}/d/{district.code}/my-classes/")
    _stands(page)


def test_a_passkey_is_added_and_then_signs_in_without_a_password(district: District, open_page: OpenPage) -> None:
    account = member(district, "ada", "teacher")
    page = _signed_in_by_hand(account, open_page)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    _plug_in_a_key(page)
    page.goto(f"{_home(page)}/account/second-step/passkeys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Blue key")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("heading", name="Codes on paper").wait_for()
    _stands(page)
    page.goto(f"{_home(page)}/account/second-step/passkeys/")
    expect(page.get_by_text("Blue key").first).to_be_visible()
    _stands(page)
    page.get_by_role("link", name="Rename Blue key").click()
    _stands(page)
    page.goto(f"{_home(page)}/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{_home(page)}/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="My classes").wait_for()
    page.goto(f"{_home(page)}/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    _sign_in(page, account)
    page.get_by_role("heading", name="The second step").wait_for()
    _stands(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="My classes").wait_for()
    assert faults == []


def _signed_in_by_hand(account: Account, open_page: OpenPage, **window: object) -> Page:
    """By password, at the name by which browsers allow passkeys without HTTPS."""
    page = open_page("/account/login/", **window)
    page.goto(page.url.replace("127.0.0.1", "localhost"))
    _sign_in(page, account)
    return page


def _sign_in(page: Page, account: Account) -> None:
    page.goto(f"{_home(page)}/account/login/")
    page.get_by_label("Email").fill(account.email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state("networkidle")


def _home(page: Page) -> str:
    """Where the page is, by the name that it was opened with."""
    return "/".join(page.url.split("/")[:3])


def _plug_in_a_key(page: Page) -> None:
    """Chromium's make-believe authenticator, which says yes to everything."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
