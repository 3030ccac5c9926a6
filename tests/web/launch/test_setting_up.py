"""The page on which a district lets people open a program; and a relying party that others wrote."""

from urllib.parse import urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from django.test import Client
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from joserfc.jwt import decode as decode_token
from tests.domain.signon.conftest import School
from tests.web.launch.conftest import BACK, START, Program, account_of, browser_of, new_program
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.launch.actions import BadLaunch, Way, let_open
from firstbell.domain.launch.queries import find_launch
from firstbell.domain.sharing.actions import add_client, revoke_client
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture
def office(school: School) -> Client:
    return signed_in(member(school.district, "ada", "district_administrator"))


@pytest.fixture
def reading(school: School) -> ApiClient:
    return add_client(school.district, "Reading Hour", list(SCOPE_URIS), by=OPERATOR).client


def _page(school: School, program: ApiClient, rest: str = "") -> str:
    return f"/d/{school.district.code}/programs/{program.pk}/launch/{rest}"


def test_a_district_lets_people_open_a_program_and_hands_over_its_secret_once(
    school: School, office: Client, reading: ApiClient
) -> None:
    assert "Opening it" in office.get(f"/d/{school.district.code}/programs/").content.decode()
    page = _page(school, reading)
    answer = office.post(
        page, {"start_url": START, "redirect_uris": f"{BACK}\nhttps://b.example/", "serves": "everyone"}
    )
    shown = answer.content.decode()
    assert "Hand this over" in shown
    launch = find_launch(reading)
    assert launch is not None
    assert launch.redirect_uris == [BACK, "https://b.example/"]
    secret = shown.partition("<dt>Secret</dt>")[2].partition("</dd>")[0]
    later = office.get(page).content.decode()
    assert launch.client_id in later
    assert f"http://testserver/d/{school.district.code}/oidc" in later
    assert "Hand this over" not in later
    renewed = office.post(_page(school, reading, "secret/")).content.decode()
    assert renewed.partition("<dt>Secret</dt>")[2].partition("</dd>")[0] != secret
    assert office.post(_page(school, reading, "end/")).status_code == 302
    assert find_launch(reading) is None
    assert office.post(_page(school, reading, "secret/")).status_code == 404


NO_ADDRESSES = [
    {"start_url": "http://reading.example/"},
    {"start_url": "javascript:alert(1)"},
    {"start_url": "https://reading.example/#x"},
    {"start_url": "https://amy:secret@reading.example/"},
    {"redirect_uris": "https://*.reading.example/"},
    {"redirect_uris": "http://reading.example/"},
    {"redirect_uris": "https://reading.example:port/"},
    {"redirect_uris": " "},
    {"redirect_uris": "https://a.example/\n" * 11},
    {"serves": "parents"},
]


def test_an_address_that_is_none_is_told_and_nothing_is_kept(
    school: School, office: Client, reading: ApiClient
) -> None:
    for typed in NO_ADDRESSES:
        said = {"start_url": START, "redirect_uris": BACK, "serves": "everyone"} | typed
        assert office.post(_page(school, reading), said).status_code == 422, typed
    assert find_launch(reading) is None


def test_who_was_shut_out_is_not_opened(school: School, reading: ApiClient) -> None:
    revoke_client(reading, by=OPERATOR)
    reading.refresh_from_db()
    with pytest.raises(BadLaunch, match="shut out"):
        let_open(reading, Way(START, [BACK]), by=OPERATOR)


def test_only_who_shares_the_roster_sets_it_up(school: School, reading: ApiClient, stranger: Client) -> None:
    for client, status in ((browser_of(school, "Tom"), 403), (browser_of(school, "Amy"), 403), (stranger, 404)):
        assert client.get(_page(school, reading)).status_code == status
        for rest in ("", "secret/", "end/"):
            assert client.post(_page(school, reading, rest)).status_code == status


def test_a_program_of_others_signs_a_student_in(school: School, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Authlib on the program's side, a real server on ours, and a browser that only follows."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    program: Program = new_program(school, "Reading Hour")
    account_of(school, "Amy")
    issuer = f"{site}/d/{school.district.code}/oidc"
    described = httpx.get(f"{issuer}/.well-known/openid-configuration").json()
    assert described["issuer"] == issuer
    party = OAuth2Client(
        program.launch.client_id,
        program.made.secret,
        scope="openid profile",
        redirect_uri=BACK,
        code_challenge_method="S256",
    )
    address, state = party.create_authorization_url(
        described["authorization_endpoint"], code_verifier=program.verifier, nonce="their-nonce"
    )
    with httpx.Client(base_url=site) as browser:
        door = browser.get(address, follow_redirects=True)
        token = door.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        typed = {"username": "amy", "password": "pass-Amy", "csrfmiddlewaretoken": token}
        onward = browser.post(door.url, data=typed).headers["Location"]
        back = browser.get(onward).headers["Location"]
    assert urlsplit(back).netloc == "reading.example"
    tokens = party.fetch_token(
        described["token_endpoint"], authorization_response=back, state=state, code_verifier=program.verifier
    )
    keys = KeySet.import_key_set(httpx.get(described["jwks_uri"]).json())
    claims = decode_token(tokens["id_token"], keys, algorithms=["RS256"]).claims
    JWTClaimsRegistry(
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": program.launch.client_id},
        nonce={"essential": True, "value": "their-nonce"},
    ).validate(claims)
    assert (claims["sub"], claims["given_name"]) == (school.row("Amy").sourced_id, "Amy")
    told = party.get(described["userinfo_endpoint"]).json()
    assert told["sub"] == claims["sub"]
