"""Who gets in: the owner's product, one with a smaller scope, one of another district, one that was revoked."""

import base64
import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from tests.api.oneroster.conftest import V1P1, V1P2, Product, product_of

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.sharing.actions import BadClient, add_client, revoke_client
from firstbell.domain.sharing.models import AccessToken, ApiClient
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS
from firstbell.domain.sharing.oneroster.version import Scope, Version, scope_uri

CORE = scope_uri(Version.V1P2, Scope.CORE)


def test_a_product_of_another_district_sees_nothing_of_this_one(product: Product, other_district: District) -> None:
    stranger = product_of(other_district)
    for path in COLLECTIONS:
        if "{" not in path:
            mine = product.read(path, limit=1)[0]["sourcedId"]
            assert stranger.walk(path) == []
            assert stranger.ask(f"{path}/{mine}").status_code == 404
    school = product.read("schools", limit=1)[0]["sourcedId"]
    assert stranger.ask(f"schools/{school}/students").status_code == 404


def test_not_there_is_the_same_answer_as_not_yours(product: Product, other_district: District) -> None:
    stranger = product_of(other_district)
    mine = product.read("users", limit=1)[0]["sourcedId"]
    assert stranger.ask(f"users/{mine}").content == stranger.ask("users/nobody").content


@pytest.mark.parametrize("path", COLLECTIONS)
def test_a_scope_opens_what_the_standard_says(product: Product, path: str) -> None:
    filled = path
    for name in ("school", "class", "course", "term", "user"):
        filled = filled.replace(f"{{{name}}}", "x")
    for scope in Scope:
        reader = product_of(product.district, scopes=[scope_uri(Version.V1P2, scope)])
        opened = reader.ask(filled).status_code != 403
        needed = COLLECTIONS[path].scope
        assert opened == (scope is needed or (needed is Scope.CORE and scope is Scope.ROSTER))
        assert reader.ask(filled, V1P1).status_code == 403


@pytest.mark.parametrize("root", [V1P1, V1P2])
def test_without_a_valid_token_nobody_reads(product: Product, root: str) -> None:
    for header in ({}, {"authorization": "Bearer nothing"}, {"authorization": f"Basic {product.token}"}):
        response = Client().get(f"{root}/users", headers=header)
        assert response.status_code == 401
        assert "WWW-Authenticate" in response


def test_a_revoked_client_reads_nothing_from_its_next_question_on(product: Product) -> None:
    reader = product_of(product.district)
    assert reader.ask("orgs").status_code == 200
    revoke_client(reader.client.client, by=OPERATOR)
    assert reader.ask("orgs").status_code == 401
    again = {
        "grant_type": "client_credentials",
        "client_id": reader.client.client.client_id,
        "client_secret": reader.client.secret,
    }
    assert Client().post("/oauth/token", again).status_code == 401


def test_a_token_ends(product: Product) -> None:
    reader = product_of(product.district)
    AccessToken.objects.filter(client=reader.client.client).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert reader.ask("orgs").status_code == 401


def test_a_client_signs_in_by_http_basic_and_names_its_scopes(product: Product) -> None:
    made = product.client
    secret = base64.b64encode(f"{made.client.client_id}:{made.secret}".encode()).decode()
    form = {"grant_type": "client_credentials", "scope": CORE.replace("https://", "http://")}
    given = Client().post("/oauth/token", form, headers={"authorization": f"Basic {secret}"}).json()
    assert (given["scope"], given["token_type"], given["expires_in"]) == (CORE, "Bearer", 3600)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "x\0", "client_secret": "y"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y" * 5000}, "invalid_client"),
    ],
)
def test_a_token_is_refused_in_the_words_of_oauth(database: None, form: dict[str, str], error: str) -> None:
    assert Client().post("/oauth/token", form).json()["error"] == error


def test_a_scope_that_the_client_lacks_is_refused(product: Product) -> None:
    made = add_client(product.district, "Core only", [CORE], by=OPERATOR)
    form = {
        "grant_type": "client_credentials",
        "client_id": made.client.client_id,
        "client_secret": made.secret,
        "scope": scope_uri(Version.V1P2, Scope.DEMOGRAPHICS),
    }
    assert Client().post("/oauth/token", form).json()["error"] == "invalid_scope"


def test_secrets_and_tokens_are_kept_as_hashes(product: Product) -> None:
    kept = repr(list(ApiClient.objects.values())) + repr(list(AccessToken.objects.values()))
    assert product.token not in kept
    assert product.client.secret not in kept


def test_a_client_needs_a_name_and_known_scopes(product: Product) -> None:
    for name, scopes in ((" ", [CORE]), ("x" * 101, [CORE]), ("A", []), ("A", ["roster.readonly"])):
        with pytest.raises(BadClient):
            add_client(product.district, name, scopes, by=OPERATOR)


def test_rostering_is_read_only(product: Product) -> None:
    headers = {"authorization": f"Bearer {product.token}"}
    for method in ("post", "put", "patch", "delete"):
        assert getattr(Client(), method)(f"{V1P2}/users", headers=headers).status_code == 405
