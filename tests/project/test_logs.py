"""The log says what happened, and nobody's name."""

import io
import json
import logging
import logging.config

import psycopg
import pytest
import structlog
from django.db import IntegrityError, connection
from django.test import RequestFactory
from django.urls import ResolverMatch

from firstbell.project.logs import configure_logging, logging_settings


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """The lines of a logger that is set as Firstbell's is."""
    settings = logging_settings("info")
    written = io.StringIO()
    settings["handlers"]["stderr"]["stream"] = written
    settings["formatters"]["line"]["processors"][-1] = structlog.processors.JSONRenderer()
    configure_logging(settings)
    return written


def test_what_is_known_to_be_harmless_is_written(log: io.StringIO) -> None:
    structlog.get_logger("firstbell").info("run.applied", run_id=7, seconds=1.5)
    line = json.loads(log.getvalue())
    assert (line["event"], line["run_id"], line["seconds"], line["level"]) == ("run.applied", 7, 1.5, "info")


def test_what_is_not_known_is_left_out(log: io.StringIO) -> None:
    structlog.get_logger("firstbell").info("run.applied", name="Canary Finch", request="/people?q=Canary")
    assert "Canary" not in log.getvalue()


def test_an_error_is_told_by_its_kind_and_place(log: io.StringIO) -> None:
    try:
        raise ValueError("no such student: Canary Finch")
    except ValueError:
        structlog.get_logger("firstbell").exception("run.failed", run_id=7)
    line = json.loads(log.getvalue())
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["where"][-1]
    assert "Canary" not in log.getvalue()


def test_another_librarys_arguments_are_left_out(log: io.StringIO) -> None:
    try:
        raise ValueError("Canary Finch")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/people/Canary/")
    line = json.loads(log.getvalue())
    assert line["event"] == "Internal Server Error: %s"
    assert line["error"] == "ValueError"
    assert "Canary" not in log.getvalue()


def test_a_request_is_told_by_its_route(log: io.StringIO) -> None:
    request = RequestFactory().get("/people/canary/?q=Canary")
    request.resolver_match = ResolverMatch(lambda: None, (), {}, route="people/<slug:who>/")
    extra = {"request": request, "status_code": 404}
    logging.getLogger("django.request").warning("%s: %s", "Not Found", request.path, extra=extra)
    line = json.loads(log.getvalue())
    assert (line["status"], line["method"], line["route"]) == (404, "GET", "people/<slug:who>/")
    assert "canary" not in log.getvalue().lower()


@pytest.mark.usefixtures("database")
def test_a_refusal_of_the_databases_names_the_constraint_and_no_value(log: io.StringIO) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temporary table finches (name text constraint one_name primary key)")
        try:
            cursor.execute("insert into finches values ('Canary'), ('Canary')")
        except IntegrityError:
            structlog.get_logger("firstbell").exception("run.failed")
        cursor.execute("drop table finches")
    line = json.loads(log.getvalue())
    assert (line["sqlstate"], line["constraint"]) == (psycopg.errors.UniqueViolation.sqlstate, "one_name")
    assert "Canary" not in log.getvalue()
