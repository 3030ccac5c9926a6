"""PUT /drop/<file>: one token, one source, one run; and every refusal in a sentence for the job's log."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.engine.district import lakeside
from tests.web.conftest import server, site, static_files
from tests.working import work_until_idle

from firstbell.connectors.catalogue import KINDS
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.imports.queries import list_runs
from firstbell.domain.sources.actions import add_connection, pause_connection, renew_password, revoke_password
from firstbell.domain.sources.bringing import user_name
from firstbell.domain.sources.models import Connection

__all__ = ["server", "site", "static_files"]


@pytest.fixture
def connection(district: District) -> Connection:
    return add_connection(district, "Nightly job", KINDS["web_drop"], {}, by=OPERATOR)


@pytest.fixture
def token(district: District, connection: Connection) -> str:
    return f"{user_name(district, connection)}.{renew_password(district, connection, by=OPERATOR)}"


def _roster(folder: Path) -> bytes:
    lakeside().write(folder)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    return packed.getvalue()


def _put(token: str, body: bytes, name: str = "roster.zip") -> tuple[int, dict[str, object]]:
    client = Client(headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True)
    answer = client.put(f"/drop/{name}", body, content_type="application/octet-stream")
    return answer.status_code, json.loads(answer.content)


def test_a_file_with_the_token_becomes_a_run_of_its_source(district: District, token: str, tmp_path: Path) -> None:
    status, said = _put(token, _roster(tmp_path))
    assert (status, said["source"]) == (202, "Nightly job")
    work_until_idle()
    (run,) = list_runs(district)
    assert (run.pk, run.state, run.package_name) == (said["run"], "held", "roster.zip")


@pytest.mark.parametrize("damage", ["", "wrong", "cut", "other", "unknown", "long"])
def test_without_the_right_token_nothing_is_taken(
    district: District, other_district: District, connection: Connection, token: str, damage: str
) -> None:
    elsewhere = add_connection(other_district, "Theirs", KINDS["web_drop"], {}, by=OPERATOR)
    secret = token.partition(".")[2]
    said = {
        "": "",
        "wrong": f"{user_name(district, connection)}.{'x' * 28}",
        "cut": token[:-1],
        "other": f"{user_name(other_district, elsewhere)}.{secret}",
        "unknown": f"no-such-district-1.{secret}",
        "long": f"{district.code}-{'9' * 40}.{secret}",
    }[damage]
    status, answer = _put(said, b"PK")
    assert status == 401
    assert "token" in str(answer["error"])
    assert list_runs(district) == []


def test_a_new_token_ends_the_old_one_and_a_revoked_one_is_none(
    district: District, connection: Connection, token: str
) -> None:
    newer = f"{user_name(district, connection)}.{renew_password(district, connection, by=OPERATOR)}"
    assert _put(token, b"x", "a.csv")[0] == 401
    assert _put(newer, b"x", "a.csv")[0] == 202
    revoke_password(district, connection, by=OPERATOR)
    assert _put(newer, b"x", "a.csv")[0] == 401


@pytest.mark.parametrize(("name", "body", "says"), [("roster.exe", b"x", "zip"), ("a.csv", b"", "empty")])
def test_what_cannot_be_a_roster_is_told_so(token: str, name: str, body: bytes, says: str) -> None:
    status, answer = _put(token, body, name)
    assert status == 422
    assert says in str(answer["error"])


def test_a_file_that_is_too_large_is_refused(district: District, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_MAX_UPLOAD_BYTES", 10)
    assert _put(token, b"x" * 11, "a.csv")[0] == 413
    assert list_runs(district) == []


def test_a_paused_source_takes_nothing_and_says_why(district: District, connection: Connection, token: str) -> None:
    pause_connection(district, connection, "We change the SIS.", by=OPERATOR)
    status, answer = _put(token, b"x", "a.csv")
    assert status == 409
    assert "We change the SIS." in str(answer["error"])


def test_curl_sends_it_as_the_page_says(site: str, district: District, token: str, tmp_path: Path) -> None:
    package = tmp_path / "roster.zip"
    package.write_bytes(_roster(tmp_path / "files"))
    command = ["curl", "-sS", "-T", str(package), "-H", f"Authorization: Bearer {token}", f"{site}/drop/"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    (run,) = list_runs(district)
    assert (answer["run"], run.package_name) == (run.pk, "roster.zip")
