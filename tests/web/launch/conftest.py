"""A school, a program that its people open, and the program's own side of the way."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client
from jwt import PyJWK
from tests.domain.signon.conftest import School, new_school
from tests.web.rooms.conftest import signed_in, stranger

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.launch.actions import NewLaunch, Way, let_open
from firstbell.domain.launch.models import Launch
from firstbell.domain.sharing.actions import add_client
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS
from firstbell.domain.signon.models import Serves

BACK = "https://reading.example/signed-in"
START = "https://reading.example/start?from=firstbell"


@dataclass
class Program:
    """A product and what it does to learn who is there."""

    school: School
    made: NewLaunch
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def launch(self) -> Launch:
        return self.made.launch

    @property
    def client(self) -> ApiClient:
        return ApiClient.objects.select_related("district").get(pk=self.launch.program_id)

    def path(self, rest: str) -> str:
        return f"/d/{self.school.district.code}/oidc/{rest}"

    def asks(self, **instead: str | None) -> dict[str, str]:
        """A good request for a code; ``None`` leaves a parameter out."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        said: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.launch.client_id,
            "redirect_uri": BACK,
            "scope": "openid profile email",
            "state": "a-state",
            "nonce": "a-nonce",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **instead,
        }
        return {name: value for name, value in said.items() if value is not None}

    def ask(self, browser: Client, **instead: str | None) -> HttpResponse:
        answer: HttpResponse = browser.get(self.path("authorize"), self.asks(**instead))  # type: ignore[assignment]
        return answer

    def code(self, browser: Client, **instead: str | None) -> str:
        """A code for whoever sits at this browser."""
        answer = self.ask(browser, **instead)
        assert answer.status_code == 302, answer.content.decode()
        came = parse_qs(urlsplit(answer["Location"]).query)
        assert answer["Location"].startswith(f"{BACK}?")
        assert came["state"] == ["a-state"]
        return came["code"][0]

    def trade(self, code: str, **instead: str | None) -> HttpResponse:
        said: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_id": self.launch.client_id,
            "client_secret": self.made.secret,
            "code_verifier": self.verifier,
            **instead,
        }
        form = {name: value for name, value in said.items() if value is not None}
        answer: HttpResponse = Client(enforce_csrf_checks=True).post(self.path("token"), form)  # type: ignore[assignment]
        return answer

    def told(self, browser: Client, **instead: str | None) -> dict[str, object]:
        """All the way: what the program learns of who sits there, its signature checked."""
        answer = self.trade(self.code(browser, **instead))
        assert answer.status_code == 200, answer.content.decode()
        return self.read(answer.json()["id_token"])  # type: ignore[attr-defined]

    def read(self, token: str) -> dict[str, object]:
        described = Client().get(self.path(".well-known/openid-configuration")).json()
        (key,) = Client().get(urlsplit(described["jwks_uri"]).path).json()["keys"]
        claims: dict[str, object] = jwt.decode(
            token, PyJWK.from_dict(key), ["RS256"], audience=self.launch.client_id, issuer=described["issuer"]
        )
        return claims


def new_program(
    school: School, name: str = "Reading Hour", *, serves: Serves = Serves.EVERYONE, back: Sequence[str] = (BACK,)
) -> Program:
    """A program that is let in and can be opened."""
    client = add_client(school.district, name, list(SCOPE_URIS), by=OPERATOR).client
    return Program(school, let_open(client, Way(START, list(back), serves), by=OPERATOR))


def account_of(school: School, name: str) -> Account:
    """Somebody's log-in, made if they have none."""
    role = "teacher" if name == "Tom" else "student"
    made = set_credential(school.district, school.people[name], name.lower(), f"pass-{name}", role=role, by=OPERATOR)
    return made.account


def browser_of(school: School, name: str) -> Client:
    """Where somebody is signed in."""
    return signed_in(account_of(school, name))


@pytest.fixture
def school(database: None) -> School:
    return new_school()


@pytest.fixture
def program(school: School) -> Program:
    return new_program(school)


__all__ = ["stranger"]
