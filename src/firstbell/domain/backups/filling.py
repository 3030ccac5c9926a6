"""Fills an empty database from a backup, in one transaction that counts every table before it commits.

Whoever dies on the way closes the pipe before ``commit`` was written, and PostgreSQL takes everything back.
"""

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from firstbell.domain.audit.actor import Actor
from firstbell.domain.backups import programs
from firstbell.domain.backups.manifest import Manifest
from firstbell.domain.backups.reading import write_database
from firstbell.domain.backups.refusals import NotRestored

NEWER_THAN_15 = b"SET transaction_timeout = 0;\n"
"""pg_dump 18 writes it, servers before 17 do not know it, and nothing needs it."""
RESTORED = "installation.restored"
EMPTY = """
begin;
do $$ begin
  if exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'public' and c.relkind in ('r', 'p')) then
    raise exception 'the database is not empty';
  end if;
end $$;
"""
PSQL = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")


def ensure_not_newer(manifest: Manifest) -> None:
    """Raise NotRestored for a backup of a version that knows more tables than this one."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise NotRestored(
            f"The backup was made by Firstbell {manifest.version}, which is newer than this one"
            f" ({len(unknown)} steps of the database are unknown here, {unknown[0]} is one). Install that version."
        )


def is_empty() -> bool:
    """Whether the owner's database has no table yet."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select not exists (select from information_schema.tables where table_schema = 'public')")
        return bool(cursor.fetchone()[0])


def is_filled_from(manifest: Manifest) -> bool:
    """Whether the database came from this very backup."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select to_regclass('public.audit_event') is not null")
        if not cursor.fetchone()[0]:
            return False
        question = "select exists (select from audit_event where district_id is null and verb = %s and subject_id = %s)"
        cursor.execute(question, [RESTORED, manifest.id])
        return bool(cursor.fetchone()[0])


def fill_database(folder: Path, manifest: Manifest, *, master: bytes, by: Actor) -> None:
    """Make the tables and rows of the backup, all or none. Raises NotRestored, BadBackup, OSError."""
    log_in = connections["owner"].settings_dict
    words = [*PSQL, f"--dbname={programs.conninfo(log_in)}"]
    with (
        tempfile.TemporaryFile() as complaints,
        programs.running("psql", words, log_in, complaints=complaints, feeds=True) as psql,
    ):
        into = cast("IO[bytes]", psql.stdin)
        try:
            into.write(EMPTY.encode())
            write_database(folder, manifest, _WithoutTimeout(into), master=master)
            into.write((_counted(manifest) + _told(manifest, by) + "commit;\n").encode())
            into.close()
        except BrokenPipeError:  # psql has ended: it says why
            with suppress(BrokenPipeError):
                into.close()
        if psql.wait() != 0:
            raise NotRestored(f"PostgreSQL did not take it: {programs.complaint_in(complaints)}")


class _WithoutTimeout:
    """Passes a dump on, but for one line near its beginning."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._is_first = True

    def write(self, data: bytes, /) -> object:
        if self._is_first and data:
            data, self._is_first = data.replace(NEWER_THAN_15, b"", 1), False
        return self._target.write(data)


def _counted(manifest: Manifest) -> str:
    """SQL that raises where a table has not as many rows as it had."""
    lines = ["do $$ declare n bigint; begin"]
    for table, count in manifest.rows.items():
        name = sql.Identifier("public", table).as_string(None)
        complaint = f"raise exception '% rows instead of {int(count)} in a table', n"
        lines.append(f"select count(*) into n from {name}; if n <> {int(count)} then {complaint}; end if;")
    return "\n".join([*lines, "end $$;\n"])


def _told(manifest: Manifest, by: Actor) -> str:
    """SQL that writes into the audit where this database comes from, in the transaction that makes it."""
    values: list[Any] = [by.kind, by.id, by.name, RESTORED, "installation", manifest.id]
    detail = json.dumps({"taken_at": manifest.taken_at, "version": manifest.version})
    said = ", ".join(sql.Literal(value).as_string(None) for value in [*values, detail])
    columns = "actor_kind, actor_id, actor_name, verb, subject_kind, subject_id, detail"
    return f"insert into public.audit_event (at, {columns}) values (now(), {said});\n"
