"""Planted secrets and names: no secret stands in clear in the database or on the disk, no name in the log."""

import logging
import subprocess
import uuid
from pathlib import Path

import pytest
import structlog
from django.conf import settings
from django.db import connections
from tests.domain.sources.conftest import SECRET, Fetching
from tests.engine.district import lakeside
from tests.working import work_until_idle

from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.contract import About, ForGood
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.sources.actions import add_connection, change_connection, renew_password
from firstbell.domain.sources.letters import set_webhook
from firstbell.project.logs import SHARED, what_was_asked, without_personal_data


def _rows_of_the_database() -> str:
    """Every row of every table, as the owner sees them: bytes in hexadecimal and as they are."""
    said = []
    with connections["owner"].cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{table}" t')
            said += [row[0] for row in cursor.fetchall()]
    return "\n".join(said)


def _stands_in(secret: str, database: str, folder: Path) -> list[str]:
    places = [form for form in (secret, secret.encode().hex()) if form in database]
    found = subprocess.run(["grep", "-rlaF", secret, str(folder)], capture_output=True, text=True, check=False)
    return places + [line for line in found.stdout.splitlines() if "postgres" not in line]


def test_no_secret_of_a_source_stands_anywhere_in_clear(fetching: Fetching) -> None:
    change_connection(
        fetching.district, fetching.connection, {**fetching.connection.settings, "password": SECRET}, by=OPERATOR
    )
    drop = add_connection(fetching.district, "Drop", KINDS["sftp_drop"], {}, by=OPERATOR)
    secrets = [SECRET, renew_password(fetching.district, drop, by=OPERATOR)]
    secrets.append(set_webhook(fetching.district, "https://hooks.example.org/", by=OPERATOR))
    fetching.shelf.fails = [ForGood("The log-in was refused.", about=About.LOG_IN)]
    fetching.sync()
    fetching.rehearse()
    database = _rows_of_the_database()
    assert fetching.district.code in database, "nothing was looked at"
    for secret in secrets:
        assert _stands_in(secret, database, settings.FIRSTBELL_HOME) == []


def test_the_look_for_secrets_finds_one(fetching: Fetching) -> None:
    planted = f"Canary-{uuid.uuid4().hex}"
    change_connection(fetching.district, fetching.connection, {"folder": planted}, by=OPERATOR)
    assert _stands_in(planted, _rows_of_the_database(), settings.FIRSTBELL_HOME) == [planted]


def test_no_name_of_the_roster_and_no_secret_stands_in_the_log(
    fetching: Fetching, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    roster = lakeside()
    canary = f"Canary{uuid.uuid4().hex}"
    for user in roster["users"]:
        user["familyName"] = canary
    fetching.lay(roster)
    fetching.shelf.fails = [RuntimeError(f"{canary} {SECRET}")]
    with pytest.raises(RuntimeError):
        fetching.sync()
    fetching.rehearse()
    fetching.ask()
    work_until_idle()
    lines = [_as_logged(record) for record in caplog.records]
    out, err = capfd.readouterr()
    for text in ("\n".join(lines), out, err):
        assert canary not in text
        assert SECRET not in text


def _as_logged(record: logging.LogRecord) -> str:
    """A record as our formatter writes it."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            what_was_asked,
            without_personal_data,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        keep_exc_info=False,
        use_get_message=False,
    )
    return formatter.format(record)
