"""A district connects two identity providers, tries them, switches them on; a student and a teacher come in, a stranger
not; then it changes its method, and nobody is locked out.

One provider is a program that others wrote and keep (oidc-provider-mock), so that we do not only understand ourselves;
the other signs SAML responses with a real key.
"""

import warnings
from collections.abc import Iterator

import pytest
from django.conf import settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from playwright.sync_api import Page, expect
from tests.connectors.servers import Asked, Reply, serving
from tests.domain.signon.conftest import new_school
from tests.domain.signon.identity import assertion, metadata, packed, response, sign
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, member

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
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


@pytest.fixture
def their_saml() -> Iterator[str]:
    """The address where Amy signs in by SAML: a page with the form that takes her answer to us."""

    def sign_in(asked: Asked) -> Reply:
        request = OneLogin_Saml2_Utils.decode_base64_and_inflate(asked.query["SAMLRequest"]).decode()
        id_, answers_to = (
            request.partition(f'{name}="')[2].partition('"')[0] for name in ("ID", "AssertionConsumerServiceURL")
        )
        signed = sign(assertion(audience=f"{answers_to}metadata/", recipient=answers_to, request=id_))
        said = {"SAMLResponse": packed(response(signed, request=id_, destination=answers_to))}
        said["RelayState"] = asked.query["RelayState"]
        fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in said.items())
        form = f'<form method="post" action="{answers_to}">{fields}<button>I am Amy</button></form>'
        return Reply(200, form.encode(), {"Content-Type": "text/html"})

    with serving(sign_in) as running:
        yield f"{running.url.replace('127.0.0.1', 'localhost')}/sign-in"


def _is_sound(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) <= 0


def _office(open_page: OpenPage, administrator: Account, onward: str) -> Page:
    """A window in which an administrator has signed in."""
    office = open_page(f"/account/login/?next={onward}")
    office.get_by_label("Email").fill(administrator.email or "")
    office.get_by_label("Password").fill(PASSWORD)
    office.get_by_role("button", name="Sign in").click()
    return office


def _connect(office: Page, kind: str, said: dict[str, str], serves: str) -> None:
    """The form of a connection, filled in and saved."""
    office.get_by_role("link", name="Connect an identity provider").click()
    office.get_by_role("link", name=kind).click()
    _is_sound(office)
    for label, value in said.items():
        office.get_by_label(label, exact=False).first.fill(value)
    office.get_by_label("What tells whom on the roster a log-in is").select_option("identifier")
    office.get_by_label("Whom it is for").select_option(serves)
    office.get_by_role("button", name="Save").click()


def _try_and_switch_on(office: Page, person: str) -> None:
    office.get_by_role("link", name="Test sign-in").click()
    _sign_in_there(office, person)
    expect(office.get_by_text("It works")).to_be_visible()
    _is_sound(office)
    office.get_by_role("link", name="Back to the connection").click()
    office.get_by_role("button", name="Switch it on").first.click()
    office.get_by_role("dialog").get_by_role("button", name="Switch it on").click()
    expect(office.get_by_role("heading", name="People sign in with it")).to_be_visible()


def _sign_in_there(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_a_district_connects_both_kinds_and_leaves_them_without_locking_anybody_out(
    open_page: OpenPage, their_provider: str, their_saml: str, database: None
) -> None:
    school = new_school()
    administrator = member(school.district, "ada", "district_administrator")
    home, door = f"/d/{school.district.code}/", f"/signin/{school.district.code}/"

    office = _office(open_page, administrator, f"{home}sign-in/")
    said = {"Issuer": their_provider, "Client ID": "firstbell", "Client secret": "a-secret"}
    named = {"Name on the button": "Lakeside ID", "What the provider calls it": "number"}
    _connect(office, "OpenID Connect", said | named, "staff")
    expect(office.get_by_text("2 of 2 people")).to_be_visible()
    _is_sound(office)
    _try_and_switch_on(office, "Tom")
    office.goto(f"{home}sign-in/")
    said = {"Or its metadata": metadata(address=their_saml)}
    named = {"Name on the button": "Pupils’ portal", "What the provider calls it": "number"}
    _connect(office, "SAML 2.0", said | named, "students")
    expect(office.get_by_text("2 of 2 people")).to_be_visible()
    _try_and_switch_on(office, "I am Amy")

    pages = {}
    for name, connection, there in (("Tom", "Lakeside ID", "Tom"), ("Amy", "Pupils’ portal", "I am Amy")):
        pages[name] = page = open_page(f"{home}my-classes/", width=320)
        _is_sound(page)
        page.get_by_role("link", name=f"Sign in with {connection}").click()
        _sign_in_there(page, there)
        page.wait_for_url(f"**{home}my-classes/")
        expect(page.get_by_role("heading", name="My classes")).to_be_visible()

    stranger = open_page(door)
    stranger.get_by_role("link", name="Sign in with Lakeside ID").click()
    _sign_in_there(stranger, "Stranger")
    expect(stranger.get_by_role("heading", name="You are not signed in")).to_be_visible()
    _is_sound(stranger)
    office.goto(f"{home}sign-in/log/?refused=on")
    expect(office.get_by_text("Nobody on the roster has it.")).to_be_visible()
    expect(office.get_by_text(f"No. {list_sign_ins(school.district, refused=True)[0].pk}")).to_be_visible()
    _is_sound(office)

    change = f"{home}method/to/self_managed/"
    office.goto(change)
    expect(office.get_by_text("2 people come in by single sign-on only")).to_be_visible()
    _is_sound(office)
    for name, role in (("Amy", "student"), ("Tom", "teacher")):
        set_credential(school.district, school.people[name], name.lower(), f"pass-{name}", role=role, by=OPERATOR)
    office.goto(change)
    office.get_by_role("button", name="Change to").click()
    expect(office.get_by_text("The method is changed.")).to_be_visible()
    for name, page in pages.items():
        page.goto(door)
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
        for connection in ("Lakeside ID", "Pupils’ portal"):
            expect(page.get_by_role("link", name=f"Sign in with {connection}")).to_have_count(0)
        page.get_by_label("Username").fill(name.lower())
        page.get_by_label("Password").fill(f"pass-{name}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="My classes")).to_be_visible()
