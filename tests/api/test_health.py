"""Whether an installation works: for machines at /health and /metrics, for people by `firstbell doctor`."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from tests.domain.sources.conftest import Fetching, fetching, shelf

from firstbell.cli.main import main
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.sources import checkup, deployment
from firstbell.domain.sources.checks import Check
from firstbell.domain.sources.checkup import all_checks
from firstbell.domain.sources.measuring import DONE

__all__ = ["fetching", "shelf"]

pytestmark = pytest.mark.usefixtures("database")


def _wrong() -> set[str]:
    return {check.name for check in all_checks() if not check.good}


def test_health_says_that_no_worker_is_there_and_what_to_do(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    said = answer.json()
    assert said["well"] is False
    assert {"check": "worker", "says": said["wrong"][0]["says"], "remedy": "Start one: firstbell worker"} in said[
        "wrong"
    ]


def test_without_the_database_a_server_says_that_it_can_answer_nobody(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Check:
        raise OSError

    away.__name__ = "_database"
    monkeypatch.setattr(checkup, "_database", away)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.json()["wrong"][0]["remedy"]


def test_the_doctor_finds_what_is_right_and_what_is_wrong(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _wrong()
    assert before & {"database", "migrations", "wall", "keys", "files", "disk", "watched"} == set()
    assert "worker" in before
    monkeypatch.setattr(settings, "FIRSTBELL_MASTER_KEY", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=")
    monkeypatch.setattr(settings, "FIRSTBELL_WATCHED", settings.FIRSTBELL_HOME / "nowhere")
    monkeypatch.setattr(checkup, "LEAST_FREE", 2**60)
    assert _wrong() - before == {"keys", "watched", "disk"}


def test_the_doctor_finds_what_is_set_up_as_nobody_should(
    district: District, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["localhost"])
    before = _wrong()
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master").touch(mode=0o600)
    monkeypatch.setattr(settings, "FIRSTBELL_HOME", tmp_path)
    monkeypatch.setattr(settings, "DEBUG", True)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["localhost", "rosters.example.org"])
    assert _wrong() - before == {"debug", "https"}
    monkeypatch.setattr(settings, "SECURE_SSL_REDIRECT", True)
    (tmp_path / "keys" / "master").chmod(0o640)
    assert _wrong() - before == {"debug", "secrets"}
    assert "durable" in before  # the tests' own server does not wait for the disk


def test_the_doctor_finds_a_log_that_would_hold_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "log" not in _wrong()
    monkeypatch.setattr(deployment, "QUIET", {"log_min_error_statement": {"fatal"}})
    assert "log" in _wrong()


def test_the_doctor_finds_a_backup_that_stopped_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    record(None, "installation.backed_up", by=OPERATOR, subject_kind="installation", subject_id="x")
    assert "backup" not in _wrong()
    monkeypatch.setattr(deployment, "BACKUP_AGE", timedelta(0))
    assert "backup" in _wrong()


def test_the_doctor_says_it_in_lines_and_as_json(district: District) -> None:
    lines = CliRunner().invoke(main, ["doctor"])
    assert lines.exit_code == 1
    assert "WRONG  worker" in lines.output
    assert "Start one: firstbell worker" in lines.output
    said = json.loads(CliRunner().invoke(main, ["doctor", "--json"]).output)
    assert {one["check"] for one in said} >= {"database", "wall", "keys"}


def test_every_check_has_a_remedy() -> None:
    assert {check.name for check in all_checks()} <= set(checkup.REMEDIES)


def test_metrics_are_there_for_who_has_the_token_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/metrics").status_code == 404
    monkeypatch.setattr(settings, "FIRSTBELL_METRICS_TOKEN", "a-token-of-the-operator")
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-token-of-the-operator"})
    assert answer.status_code == 200
    assert b"firstbell_worker_up 0.0" in answer.content
    assert b"firstbell_queue_waiting" in answer.content


def test_runs_are_counted_where_they_are_carried_out(fetching: Fetching) -> None:
    def value(name: str, **labels: str) -> float:
        return DONE.get_sample_value(name, labels) or 0.0

    before = value("firstbell_runs_total", state="held", kind="import"), value("firstbell_rows_total")
    fetching.sync()
    assert value("firstbell_runs_total", state="held", kind="import") == before[0] + 1
    assert value("firstbell_rows_total") > before[1]
    fetching.approve()
    assert value("firstbell_changes_total", table="users", action="added") > 0
