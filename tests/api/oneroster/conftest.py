"""A district whose roster products read, and a product with everything it may read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker
from tests.conftest import new_district

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.sources import add_source
from firstbell.domain.sharing.actions import NewClient, add_client
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

type Record = dict[str, Any]
V1P1, V1P2 = "/ims/oneroster/v1p1", "/ims/oneroster/rostering/v1p2"


@dataclass(frozen=True)
class Product:
    """A program with a token."""

    district: District
    client: NewClient
    token: str

    def ask(self, path: str, root: str = V1P2, **parameters: Any) -> HttpResponse:
        """One GET. Each part of the path that holds something else is quoted by the test."""
        query = urlencode(parameters, quote_via=quote)
        return self.ask_raw(f"{root}/{path}", query)

    def ask_raw(self, address: str, query: str = "") -> HttpResponse:
        """One GET of an address with its query as it is."""
        response = Client().get(address, QUERY_STRING=query, headers={"authorization": f"Bearer {self.token}"})
        assert isinstance(response, HttpResponse)
        return response

    def read(self, path: str, root: str = V1P2, **parameters: Any) -> list[Record]:
        """The records of one page."""
        response = self.ask(path, root, **parameters)
        assert response.status_code == 200, response.content
        [records] = json.loads(response.content).values()
        assert isinstance(records, list)
        return records

    def walk(self, path: str, root: str = V1P2, **parameters: Any) -> list[Record]:
        """All records, page after page by the links."""
        response = self.ask(path, root, **parameters)
        found: list[Record] = []
        while True:
            assert response.status_code == 200, response.content
            [records] = json.loads(response.content).values()
            found += records
            following = next_of(response)
            if following is None:
                return found
            address, _, query = following.removeprefix("http://testserver").partition("?")
            response = self.ask_raw(address, query)


def said(response: HttpResponse) -> Any:
    """What an answer says."""
    return json.loads(response.content)


def next_of(response: HttpResponse) -> str | None:
    """The address of the next page."""
    for link in response["Link"].split(", "):
        address, _, rel = link.partition("; ")
        if rel == 'rel="next"':
            return address.strip("<>")
    return None


def product_of(district: District, name: str = "Reading Hour", scopes: list[str] | None = None) -> Product:
    """A program that reads the district, by a token that it asked for."""
    made = add_client(district, name, scopes or list(SCOPE_URIS), by=OPERATOR)
    form = {
        "grant_type": "client_credentials",
        "client_id": made.client.client_id,
        "client_secret": made.secret,
    }
    answer = Client().post("/oauth/token", form)
    assert answer.status_code == 200, answer.content
    return Product(district, made, answer.json()["access_token"])


def import_sample(district: District, folder: Path, *, students: int = 60, day: int = 0, churn: float = 0.01) -> None:
    """The roster of a made-up district, on one of its days."""
    from firstbell.domain.districts.wall import within
    from firstbell.domain.roster.models import Source

    with within(district):
        source = Source.objects.filter(district_id=district.pk, name="SIS").first()
    source = source or add_source(district, "SIS", by=OPERATOR)
    package = folder / f"day-{day}.zip"
    write(sample(students, seed=3, day=day, churn=churn), package, version="1.2")
    run = carry_out(district, receive_path(district, source, package, by=OPERATOR))
    assert run.state == "applied", run.message


@pytest.fixture(scope="session")
def shared_product(
    migrated_database: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Product:
    """Made once: no test changes its roster."""
    with django_db_blocker.unblock():
        district = new_district("Cedar Falls Schools")
        import_sample(district, tmp_path_factory.mktemp("sample"))
        made = product_of(district)
        connections.close_all()
    return made


@pytest.fixture
def product(database: None, shared_product: Product) -> Product:
    """A product that reads a district which nobody changes."""
    return shared_product


@pytest.fixture
def reader(district: District, tmp_path: Path) -> Product:
    """A product that reads a district of this test alone."""
    import_sample(district, tmp_path)
    return product_of(district)
