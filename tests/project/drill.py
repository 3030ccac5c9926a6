"""What the drill of a restore does in processes of its own, as an operator would: see test_restoring.py."""

import json
import os
import sys
from pathlib import Path

CODE, SOURCE = "maple", "sis"
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
CONTENT = "select count(*), md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) from \"{}\" t"
OF_COLUMNS = (
    "select count(*), md5(coalesce(string_agg(md5({row}::text), '' order by md5({row}::text)), '')) from {table}"
)
LOGS = {"audit_event"}
"""Tells of the backup and the restore too."""


def ready() -> None:
    """A running database of this version, made without waiting for the disk."""
    from firstbell.project.cluster import ensure_cluster
    from firstbell.project.environment import environment
    from firstbell.project.preparation import prepare

    if environment().embedded:
        ensure_cluster(environment().home, durable=False)
    prepare()


def state() -> dict[str, list[object]]:
    """Count and digest of every table's content, whatever the order of its rows."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall() if name not in LOGS]
        found = {}
        for name in names:
            cursor.execute(CONTENT.format(name))
            found[name] = list(cursor.fetchone())
    return found


def firstbell(*words: object) -> str:
    """A command in this process; its output, or SystemExit with it."""
    from click.testing import CliRunner

    from firstbell.cli.main import main

    done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    if done.exit_code:
        raise SystemExit(f"{words[0]}: {done.exit_code} {done.output}")
    return done.output


def make(first: Path, second: Path, backup: Path) -> dict[str, object]:
    """A district with two runs, and a backup of it."""
    ready()
    for package in (first, second):
        firstbell("import", package, "--district", CODE, "--source", SOURCE)
    before = state()
    return {"state": before, "said": firstbell("backup", backup)}


def prove(username: str, password: str) -> dict[str, object]:
    """What is there, whether a student gets in, and what an undo of the second run says."""
    ready()
    from firstbell.domain.audit.models import Event

    restored = Event.objects.filter(verb="installation.restored").count()
    return {"state": state(), "restored": restored, **works(username, password)}


def upgraded(expected: Path, username: str, password: str) -> dict[str, object]:
    """What an earlier version's tables hold, in the columns of their time, and how far the tables are."""
    ready()
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor
    from psycopg import sql

    found = {}
    with connections["owner"].cursor() as cursor:
        for table, one in json.loads(expected.read_text()).items():
            row = sql.SQL("row({})").format(sql.SQL(", ").join(map(sql.Identifier, one["columns"])))
            cursor.execute(sql.SQL(OF_COLUMNS).format(row=row, table=sql.Identifier(table)))
            found[table] = list(cursor.fetchone())
        cursor.execute("select count(*) from django_migrations")
        (applied,) = cursor.fetchone()
    executor = MigrationExecutor(connections["owner"])
    waits = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return {"found": found, "applied": applied, "waits": waits, **works(username, password)}


def works(username: str, password: str) -> dict[str, object]:
    """Whether a student gets in, and what an undo of the second run says."""
    from firstbell.domain.accounts.signin import authenticate_student
    from firstbell.domain.districts.queries import find_district

    district = find_district(CODE)
    assert district is not None
    signs_in = authenticate_student(district, username, password, address="127.0.0.1") is not None
    return {"signs_in": signs_in, "undone": firstbell("undo", 2)}


def die(stage: str, backup: Path, keys: Path) -> None:
    """Restore, and be gone (as by kill -9) at a stage."""
    from firstbell.domain.backups import filling
    from firstbell.project import restoring
    from firstbell.project.command import main

    def gone(*_: object, **__: object) -> None:
        os._exit(9)

    if stage == "copied":
        vars(restoring)["_fill"] = gone
    elif stage == "filling":  # all of the database has been sent, but not the word that makes it so
        vars(filling)["_counted"] = gone
    elif stage == "filled":
        vars(restoring)["_prove"] = gone
    elif stage == "moving":
        rename = Path.rename

        def and_die(self: Path, target: Path) -> Path:
            if self.name == "files":
                gone()
            return rename(self, target)

        vars(restoring)["Path"].rename = and_die
    sys.argv = ["firstbell", "restore", str(backup), "--keys", str(keys)]
    main()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", *paths]:
            sys.stdout.write(json.dumps(make(*map(Path, paths))))
        case ["prove", username, password]:
            sys.stdout.write(json.dumps(prove(username, password)))
        case ["upgraded", expected, username, password]:
            sys.stdout.write(json.dumps(upgraded(Path(expected), username, password)))
        case ["die", stage, backup, keys]:
            die(stage, Path(backup), Path(keys))
