"""A district connects an identity provider, tries it, switches it on; a student and a teacher come in, a stranger not.

The provider is a program that others wrote and keep (oidc-provider-mock), so that we do not only understand ourselves.
"""

import warnings
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from tests.domain.signon.conftest import new_school
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, member

from firstbell.domain.signon.queries import list_sign_ins

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what its own libraries deprecate is theirs
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.browser]
PEOPLE = [User(sub=name, claims={"number": f"N-{name}"}) for name in ("Amy", "Tom", "Stranger")]


@pytest.fixture
def their_provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(settings, "FIRSTBELL_REACHABLE_HOSTS", frozenset({"localhost"}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with run_server_in_thread(user_claims=PEOPLE) as running:
            yield f"http://localhost:{running.server_port}"


def _is_sound(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) <= 0


def _sign_in_there(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_a_district_connects_its_log_in_and_its_people_come_in(
    open_page: OpenPage, their_provider: str, database: None
) -> None:
    school = new_school()
    administrator = member(school.district, "ada", "district_administrator")
    home, door = f"/d/{school.district.code}/", f"/signin/{school.district.code}/"

    office = open_page(f"/account/login/?next={home}sign-in/")
    office.get_by_label("Email").fill(administrator.email or "")
    office.get_by_label("Password").fill(PASSWORD)
    office.get_by_role("button", name="Sign in").click()
    office.get_by_role("link", name="Connect an identity provider").click()
    _is_sound(office)
    office.get_by_role("link", name="OpenID Connect").click()
    _is_sound(office)
    for label, value in (
        ("Issuer", their_provider),
        ("Client ID", "firstbell"),
        ("Client secret", "a-secret"),
        ("Name on the button", "Lakeside ID"),
        ("What the provider calls it", "number"),
    ):
        office.get_by_label(label, exact=False).first.fill(value)
    office.get_by_label("What tells whom on the roster a log-in is").select_option("identifier")
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_text("4 of 4 people")).to_be_visible()
    _is_sound(office)

    office.get_by_role("link", name="Test sign-in").click()
    _sign_in_there(office, "Amy")
    expect(office.get_by_text("It works")).to_be_visible()
    _is_sound(office)
    office.get_by_role("link", name="Back to the connection").click()
    office.get_by_role("button", name="Switch it on").first.click()
    office.get_by_role("dialog").get_by_role("button", name="Switch it on").click()
    expect(office.get_by_role("heading", name="People sign in with it")).to_be_visible()

    for name in ("Amy", "Tom"):
        page = open_page(f"{home}my-classes/", width=320)
        _is_sound(page)
        page.get_by_role("link", name="Sign in with Lakeside ID").click()
        _sign_in_there(page, name)
        page.wait_for_url(f"**{home}my-classes/")
        expect(page.get_by_role("heading", name="My classes")).to_be_visible()

    stranger = open_page(door)
    stranger.get_by_role("link", name="Sign in with Lakeside ID").click()
    _sign_in_there(stranger, "Stranger")
    expect(stranger.get_by_role("heading", name="You are not signed in")).to_be_visible()
    _is_sound(stranger)
    office.goto(f"{home}sign-in/log/?refused=on")
    expect(office.get_by_text("Nobody on the roster has it.")).to_be_visible()
    expect(office.get_by_text(f"No. {list_sign_ins(school.district)[0].pk}")).to_be_visible()
    _is_sound(office)
