"""A database is filled whole, counted, or not at all."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.backups import filling, programs
from firstbell.domain.backups.manifest import Manifest
from firstbell.domain.backups.refusals import NotRestored
from firstbell.project.cluster import describe_cluster

DUMP = b"""
create table public.roster_user as select 1 as id;
create table public.audit_event (at timestamptz, actor_kind text, actor_id text, actor_name text, verb text,
  subject_kind text, subject_id text, detail jsonb);
"""
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"


@pytest.fixture
def empty(home: Path, migrated_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """An empty database, to which a dump of two tables is brought."""
    cluster, name = describe_cluster(home), f"filled_{uuid.uuid4().hex[:12]}"
    password = (home / "keys" / "database-owner").read_text().strip()
    log_in = {"HOST": str(cluster.socket), "PORT": "", "NAME": name, "USER": "firstbell", "PASSWORD": password}
    monkeypatch.setattr(filling, "connections", {"owner": SimpleNamespace(settings_dict={**log_in, "OPTIONS": {}})})
    monkeypatch.setattr(filling, "write_database", lambda folder, manifest, target, *, master: target.write(DUMP))
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
        yield {**log_in, "OPTIONS": {}}
        connection.execute(f'drop database "{name}" with (force)')


def fill(rows: dict[str, int]) -> None:
    manifest = Manifest("x", "2026-12-01T00:00:00+00:00", "0.1.0", 180000, [], rows, {}, "00")
    filling.fill_database(Path(), manifest, master=b"", by=OPERATOR)


def tables_in(log_in: dict[str, Any]) -> list[str]:
    with psycopg.connect(programs.conninfo(log_in), password=log_in["PASSWORD"]) as connection:
        return [name for (name,) in connection.execute(TABLES).fetchall()]


def test_a_table_with_fewer_rows_than_it_had_takes_everything_back(empty: dict[str, Any]) -> None:
    with pytest.raises(NotRestored, match="1 rows instead of 2"):
        fill({"roster_user": 2, "audit_event": 0})
    assert tables_in(empty) == []


def test_what_has_all_its_rows_is_there_and_its_log_tells_where_from(empty: dict[str, Any]) -> None:
    fill({"roster_user": 1, "audit_event": 0})
    assert tables_in(empty) == ["audit_event", "roster_user"]
    with psycopg.connect(programs.conninfo(empty), password=empty["PASSWORD"]) as connection:
        said = connection.execute("select verb, subject_id, actor_name from audit_event").fetchall()
    assert said == [("installation.restored", "x", "Operator")]


def test_a_database_with_a_table_in_it_is_never_filled(empty: dict[str, Any]) -> None:
    with psycopg.connect(programs.conninfo(empty), password=empty["PASSWORD"]) as connection:
        connection.execute("create table public.mine (id int)")
    with pytest.raises(NotRestored, match="not empty"):
        fill({})
    assert tables_in(empty) == ["mine"]
