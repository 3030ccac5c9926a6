"""Two doors behind one address: people have sessions and forms, programs have neither."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.client import FakePayload
from tests.api.oneroster.conftest import product_of
from tests.conftest import new_district

from firstbell.domain.districts.wall import within

pytestmark = pytest.mark.usefixtures("database")


def ask(path: str, host: str = "testserver", token: str = "") -> tuple[str, dict[str, str], bytes]:
    """What the application answers to a GET, through the server's own interface."""
    from firstbell.project.wsgi import application

    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], failure: object = None) -> Callable[[bytes], object]:
        told.extend((status, headers))
        return lambda _: None

    environ = RequestFactory().get(path, headers={"host": host, "authorization": f"Bearer {token}"}).environ | {
        "wsgi.input": FakePayload(b"")
    }
    body = b"".join(application(environ, start))
    return told[0], dict(told[1]), body


def test_a_program_is_answered_in_its_own_words_and_gets_no_cookie() -> None:
    status, headers, body = ask("/ims/oneroster/rostering/v1p2/users")
    assert status.startswith("401")
    assert b"imsx_codeMajor" in body
    assert "Set-Cookie" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_person_gets_the_pages() -> None:
    status, headers, body = ask("/account/login/")
    assert status.startswith("200")
    assert b"csrfmiddlewaretoken" in body
    assert "Content-Security-Policy" in headers


def test_the_host_of_another_is_refused_at_both_doors() -> None:
    token = product_of(new_district("Doors")).token
    for path in ("/ims/oneroster/rostering/v1p2/users", "/account/login/"):
        assert ask(path)[0][:3] in {"200", "401"}, path
        assert ask(path, host="evil.example", token=token)[0].startswith("400"), path


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_machines_ask_past_the_proxy_by_whatever_address(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A load balancer and a container's own look come by 127.0.0.1 without TLS, where people are sent to HTTPS."""
    from firstbell.project import wsgi

    monkeypatch.setattr(settings, "FIRSTBELL_METRICS_TOKEN", "a-token-of-the-operator")
    monkeypatch.setattr(settings, "SECURE_SSL_REDIRECT", True)
    monkeypatch.setattr(wsgi, "for_programs", wsgi.ForPrograms())  # the settings are read when a door is made
    monkeypatch.setattr(wsgi, "for_people", WSGIHandler())
    status, headers, _ = ask(path, host="10.0.0.7:8000")
    assert status[:3] == {"/health": "200", "/metrics": "401"}[path]
    assert "Set-Cookie" not in headers
    assert ask("/account/login/")[0].startswith("301")


@pytest.mark.parametrize(("door", "path"), [("for_people", "/account/login/"), ("for_programs", "/oauth/token")])
def test_an_answer_reads_no_other_districts_rows(monkeypatch: pytest.MonkeyPatch, door: str, path: str) -> None:
    from firstbell.project import wsgi

    district, told = new_district("Doors"), []

    def answer(environ: object, start: object) -> list[bytes]:
        with within(district), connection.cursor() as cursor:
            cursor.execute("show enable_seqscan")
            told.extend(cursor.fetchall())
        return []

    monkeypatch.setattr(wsgi, door, answer)
    wsgi.application({"PATH_INFO": path}, lambda *_: None)  # type: ignore[arg-type]
    assert told == [("off",)]
