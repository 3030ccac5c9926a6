"""Ways to sign in to a OneRoster server, checked by what the server receives."""

import base64
import hashlib
import hmac
import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from tests.connectors.oneroster_server import HERE, IMPATIENT, ROOTS, Sis, objects_of, running
from tests.connectors.servers import Asked, Reply, in_json

from firstbell.connectors.classlink.kind import read_settings as classlink
from firstbell.connectors.contract import About, ForGood, Trouble
from firstbell.connectors.oneroster_rest.connector import OneRosterRest
from firstbell.connectors.oneroster_rest.settings import read_settings
from firstbell.connectors.reach import Reach
from firstbell.engine.sample import sample

SECRET = "s3cret & more"


def fetch(sis: Sis, folder: Path, by: OneRosterRest = IMPATIENT, **more: str) -> None:
    by.fetch(sis.values(**more), folder, HERE, memory="", whole=False, told=lambda name, count: None)


def signature_of(asked: Asked, base_url: str, digest: str) -> str:
    """RFC 5849, 3.4, written down here by hand."""
    said = dict(re.findall(r'(\w+)="([^"]*)"', asked.headers["authorization"]))
    pairs = [(quote(unquote(name), safe="~"), said[name]) for name in said if name not in {"oauth_signature", "realm"}]
    query = urlsplit(asked.url).query
    assert "+" not in query
    pairs += [tuple(pair.split("=", 1)) for pair in query.split("&") if pair]  # type: ignore[misc]
    normal = "&".join(f"{name}={value}" for name, value in sorted(pairs))
    base = "&".join(quote(part, safe="~") for part in ("GET", f"{base_url}{asked.path}", normal))
    key = f"{quote(SECRET, safe='~')}&"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), getattr(hashlib, digest)).digest()).decode()


@pytest.mark.parametrize(("way", "digest"), [("oauth1-sha256", "sha256"), ("oauth1-sha1", "sha1")])
def test_each_request_is_signed_over_its_whole_address(tmp_path: Path, way: str, digest: str) -> None:
    sis = Sis(objects_of(sample(150), "1.1"), "1.1")
    wrong: list[str] = []

    def before(asked: Asked) -> Reply | None:
        said = dict(re.findall(r'(\w+)="([^"]*)"', asked.headers.get("authorization", "")))
        right = signature_of(asked, sis.url, digest)
        if said.get("oauth_consumer_key") != "key" or unquote(said.get("oauth_signature", "")) != right:
            wrong.append(asked.url)
            return in_json({}, 401)
        return None

    sis.before = before
    with running(sis) as server:
        fetch(sis, tmp_path, sign_in=way, secret=SECRET)
        assert len(server.asked) > len(sis.objects)
    assert wrong == []


def test_a_wrong_secret_is_told_as_that_and_not_quoted(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(5), "1.1"), "1.1", before=lambda asked: in_json({"error": SECRET}, 401))
    with running(sis), pytest.raises(ForGood) as told:
        fetch(sis, tmp_path, sign_in="oauth1-sha256", secret=SECRET)
    assert told.value.about is About.LOG_IN
    assert SECRET not in f"{told.value}{told.value.remedy}{told.value!r}"


def test_one_token_serves_all_requests_and_is_asked_for_by_name_and_secret(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(150), "1.2"))
    with running(sis) as server:
        fetch(sis, tmp_path, secret=SECRET)
    tokens = [asked for asked in server.asked if asked.path == "/token"]
    assert len(tokens) == 1
    pair = base64.b64decode(tokens[0].headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == f"key:{quote(SECRET, safe='')}"
    prefix = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
    scopes = ("roster-core.readonly", "roster.readonly", "roster-demographics.readonly")
    assert tokens[0].form == {"grant_type": "client_credentials", "scope": " ".join(prefix + one for one in scopes)}
    lists = [asked for asked in server.asked if asked.path != "/token"]
    assert {asked.headers["authorization"] for asked in lists} == {"Bearer t0ken"}


def test_a_server_that_takes_the_secret_in_the_form_only(tmp_path: Path) -> None:
    def before(asked: Asked) -> Reply | None:
        if asked.path == "/token" and asked.form.get("client_secret") != SECRET:
            return in_json({"error": "invalid_client"}, 401)
        return None

    sis = Sis(objects_of(sample(5), "1.2"), before=before)
    with running(sis):
        fetch(sis, tmp_path, secret=SECRET)
    assert (tmp_path / "users.csv").exists()


def test_a_scope_for_demographics_that_is_refused_costs_only_those(tmp_path: Path) -> None:
    def before(asked: Asked) -> Reply | None:
        if asked.path == "/token" and "demographics" in asked.form["scope"]:
            return in_json({"error": "invalid_scope"}, 400)
        return in_json({}, 403) if "demographics" in asked.path else None

    sis = Sis(objects_of(sample(5), "1.2"), before=before)
    with running(sis):
        fetch(sis, tmp_path)
    assert (tmp_path / "users.csv").exists()
    assert not (tmp_path / "demographics.csv").exists()


@pytest.mark.parametrize("name", ["imsorv1p2_rostering", "onerosterv1p2rostersservice"])
def test_the_address_for_tokens_is_found_by_discovery(tmp_path: Path, name: str) -> None:
    def before(asked: Asked) -> Reply | None:
        if asked.path == f"{ROOTS['1.2']}/discovery/{name}_openapi3_v1p0.json":
            flows = {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}
            return in_json({"components": {"securitySchemes": {"x": {"type": "oauth2", "flows": flows}}}})
        return None

    sis = Sis(objects_of(sample(5), "1.2"), before=before)
    with running(sis):
        fetch(sis, tmp_path, token_address="")
    assert (tmp_path / "users.csv").exists()


@pytest.mark.parametrize(
    "document", [b"", b"[]", b'{"components": []}', b'{"components": {"securitySchemes": {"x": 1}}}', b"<html>"]
)
def test_without_discovery_the_address_for_tokens_is_asked_of_the_person(tmp_path: Path, document: bytes) -> None:
    sis = Sis(objects_of(sample(5), "1.2"), before=lambda asked: Reply(200, document) if "disc" in asked.url else None)
    with running(sis), pytest.raises(ForGood, match="does not say where its tokens are"):
        fetch(sis, tmp_path, token_address="")


@pytest.mark.parametrize(
    ("reply", "about"),
    [
        (in_json({"error": "invalid_client"}, 401), About.LOG_IN),
        (in_json({"error": "invalid_scope"}, 400), About.SCOPE),
        (in_json({}, 404), About.LOG_IN),
        (in_json({"access_token": ""}), About.LOG_IN),
        (in_json({"access_token": "two\nlines"}), About.LOG_IN),
        (in_json([]), About.LOG_IN),
        (Reply(200, b"<html>sign in</html>"), About.LOG_IN),
        (Reply(302, b"", {"Location": "/elsewhere"}), About.LOG_IN),
        (in_json({}, 503), About.CONTENT),
    ],
    ids=["client", "scope", "404", "blank", "lines", "list", "page", "redirect", "busy"],
)
def test_a_token_that_is_not_given_is_told(tmp_path: Path, reply: Reply, about: About) -> None:
    sis = Sis(objects_of(sample(5), "1.2"), before=lambda asked: reply if asked.path == "/token" else None)
    with running(sis), pytest.raises(Trouble) as told:
        fetch(sis, tmp_path, secret=SECRET)
    assert told.value.about is about
    assert SECRET not in str(told.value)


def test_tokens_come_from_where_sources_may_reach_only(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(5), "1.2"))
    with running(sis), pytest.raises(ForGood) as told:
        fetch(sis, tmp_path, token_address="https://localhost:1/token")
    assert told.value.about is About.NAME


def test_classlink_is_read_with_a_signature_or_with_a_token_of_its_proxy(tmp_path: Path) -> None:
    by = OneRosterRest(read=classlink, patience=IMPATIENT.patience)
    for way, begins in (("oauth1-sha256", "OAuth "), ("token", "Bearer s3cret")):
        folder = tmp_path / way
        folder.mkdir()
        sis = Sis(objects_of(sample(20), "1.1"), "1.1")
        with running(sis) as server:
            fetch(sis, folder, by, sign_in=way, address=f"{server.url}/sis")
        assert all(asked.headers["authorization"].startswith(begins) for asked in server.asked)
        assert "/token" not in {asked.path for asked in server.asked}
        assert (folder / "users.csv").exists()


def test_a_setting_that_cannot_be_is_told_by_its_name() -> None:
    reach = Reach()
    good = {"version": "1.2", "address": "https://sis.example.org"}
    assert read_settings(good, reach).root == "https://sis.example.org/ims/oneroster/rostering/v1p2"
    for name, value, says in (
        ("page_size", "0", "Page size"),
        ("page_size", "many", "Page size"),
        ("at_once", "99", "At once"),
        ("address", "sis.example.org", "https://"),
        ("version", "1.1", "address for tokens"),
        ("token_address", "http://sis.example.org/token", "encrypted"),
    ):
        with pytest.raises(ForGood, match=says):
            read_settings(good | {name: value}, reach)
