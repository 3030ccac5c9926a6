"""A school whose people sign in at a provider that tests make say anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from tests.domain.signon.conftest import School, new_school
from tests.domain.signon.provider import CLIENT, SECRET, Provider, running_provider
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.signon.actions import Terms, add_connection, switch_on
from firstbell.domain.signon.models import Connection, Key
from firstbell.domain.signon.presets import CLIENT_ID, CLIENT_SECRET, ISSUER, PRESETS


@dataclass
class Door:
    """The school, its provider, and the connection between them."""

    school: School
    provider: Provider
    connection: Connection
    administrator: Account

    def path(self, rest: str = "") -> str:
        return f"/signin/{self.school.district.code}/by/{self.connection.pk}/{rest}"

    def room(self, rest: str = "") -> str:
        return f"/d/{self.school.district.code}/sign-in/{rest}"

    def page(self, rest: str = "") -> str:
        return self.room(f"{self.connection.pk}/{rest}")

    def go(self, client: Client, onward: str = "", *, path: str = "") -> dict[str, str]:
        """To the provider; what it is asked."""
        answer = client.get(path or self.path(), {"next": onward} if onward else {})
        assert answer.status_code == 302, answer.content.decode()[:500]
        assert answer["Location"].startswith(f"{self.provider.url}/authorize?")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
        self.provider.nonce = asked["nonce"]
        return asked

    def come_back(self, client: Client, **said: str) -> HttpResponse:
        answer: HttpResponse = client.get(self.path("back/"), said)  # type: ignore[assignment]
        return answer

    def enter(self, client: Client, onward: str = "", **claims: object) -> HttpResponse:
        """All the way."""
        self.provider.claims = claims
        asked = self.go(client, onward)
        return self.come_back(client, code="a-code", state=asked["state"])

    def office(self) -> Client:
        return signed_in(self.administrator)


@pytest.fixture
def door(database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr(settings, "FIRSTBELL_REACHABLE_HOSTS", frozenset({"127.0.0.1", "localhost"}))
    school = new_school()
    with running_provider() as provider:
        values = {ISSUER: provider.url, CLIENT_ID: CLIENT, CLIENT_SECRET: SECRET}
        terms = Terms("Lakeside ID", Key.IDENTIFIER, "number")
        connection = add_connection(school.district, PRESETS["openid"], values, terms, by=OPERATOR)
        switch_on(school.district, connection, by=OPERATOR)
        yield Door(school, provider, connection, member(school.district, "ada", "district_administrator"))
