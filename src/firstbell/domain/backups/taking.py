"""Takes a backup while the product runs: what it holds is what a power cut at one moment would have left.

A run writes its files before its row says so, and takes some away after its row says that it is done. So the database
is held still at one moment (a snapshot), and the files are copied after it: all that its rows name are there, but for
those that were taken away since. These are the inputs of runs that were waiting and went on meanwhile, so they are
copied first; where even that was too late, another moment is taken. The bulk was copied before, so that it is quick.
"""

import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, cast

import psycopg
from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.backups import programs
from firstbell.domain.backups.copying import Copies
from firstbell.domain.backups.key_file import keys_in, write_key_file
from firstbell.domain.backups.manifest import DATABASE, FILES, Manifest, new_salt, write_manifest
from firstbell.domain.backups.reading import check_contents
from firstbell.domain.districts.master_keys import master_keys
from firstbell.domain.districts.sealed_streams import seal_with
from firstbell.domain.imports.folder import RECEIVED, files_of_all
from firstbell.domain.imports.models import RunState

TRIES = 5
"""So many moments are taken before a backup gives up."""
PASSES = 120
"""So often files are looked through until two looks are alike, a second apart."""
WAIT_SECONDS = 1.0
NEEDS_ITS_INPUT = (RunState.RECEIVED, RunState.WORKING, RunState.HELD, RunState.APPROVED, RunState.FAILED)
STATES = "select id, district_id, state from imports_run where state = any(%s)"
TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1
"""
DUMP = (
    "--format=plain", "--compress=gzip:1", "--no-owner", "--no-privileges", "--no-tablespaces", "--no-publications",
    "--no-subscriptions", "--no-security-labels", "--exclude-extension=*", "--lock-wait-timeout=60s",
)  # fmt: skip


class NotTaken(Exception):
    """No backup was made; the text says why, for the operator."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was made, and read again."""

    manifest: Manifest
    folder: Path
    keys: Path
    elsewhere: tuple[str, ...]
    """Settings with keys that stand in the environment only, and so not in the key file."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """The database, held still."""

    connection: "psycopg.Connection[tuple[Any, ...]]"
    snapshot: str
    waiting: dict[int, tuple[int, str]]
    """Runs that need their input: district and state."""
    newest_run: int


def take_backup(folder: Path, keys: Path, *, by: Actor, told: Callable[[str], None] = lambda _: None) -> Taken:
    """Write database and files into a new folder and the keys into a new file outside it, then read both again.

    Nothing is stopped meanwhile. ``told`` hears each step. Raises NotTaken, OSError; then nothing of it is left.
    """
    _ensure_apart(folder, keys)
    _ensure_something_here()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        manifest = _fill(folder, told)
        keys.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_key_file(keys, keys_in(Path(settings.FIRSTBELL_HOME)), backup=manifest.id)
        try:
            write_manifest(folder, manifest, master=master_keys()[0])
            told("Reading it again")
            check_contents(folder, manifest, master=master_keys()[0])
        except BaseException:
            keys.unlink()
            raise
    except BaseException:
        _empty(folder)
        raise
    with transaction.atomic():
        detail = {"backup": manifest.id, "rows": sum(manifest.rows.values()), "files": len(manifest.files)}
        record(
            None, "installation.backed_up", by=by, subject_kind="installation", subject_id=manifest.id, detail=detail
        )
    return Taken(manifest, folder, keys, _elsewhere())


def _ensure_apart(folder: Path, keys: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotTaken(f"{folder} is there already: name a new folder for the backup.")
    if keys.exists():
        raise NotTaken(f"{keys} is there already: name a new file for the keys.")
    if keys.absolute().is_relative_to(folder.absolute()):
        raise NotTaken("The keys must not lie in the folder of the backup: whoever finds both can read everything.")
    if folder.absolute().is_relative_to((Path(settings.FIRSTBELL_HOME) / FILES).absolute()):
        raise NotTaken("The backup must not lie among the files that it copies: name another folder.")
    if not master_keys():
        raise NotTaken("There is no master key here, so nothing could be sealed: firstbell doctor")


def _ensure_something_here() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select to_regclass('public.imports_run') is not null")
        if not cursor.fetchone()[0]:
            raise NotTaken("There is no data here yet: the database is empty.")


def _elsewhere() -> tuple[str, ...]:
    """Settings whose key is not under FIRSTBELL_HOME/keys, since the environment gives it."""
    home_secret = keys_in(Path(settings.FIRSTBELL_HOME)).get("secret", "").strip()
    found = {"FIRSTBELL_MASTER_KEY": bool(settings.FIRSTBELL_MASTER_KEY)}
    found["FIRSTBELL_SECRET_KEY"] = home_secret != settings.SECRET_KEY
    return tuple(name for name, is_there in found.items() if is_there)


def _fill(folder: Path, told: Callable[[str], None]) -> Manifest:
    copies = Copies(folder / FILES)
    told("Copying the files of runs")
    copies.copy(files_of_all())
    for _ in range(TRIES):
        with _held_still() as moment:
            told("Copying what changed meanwhile")
            if not _copy_as_of(moment, copies):
                continue
            told("Writing the database")
            identity, salt = secrets.token_hex(8), new_salt()
            manifest = _described(moment, copies, identity, salt)
            _dump(folder / DATABASE, moment, manifest)
            return manifest
    raise NotTaken("Runs came and went too quickly to hold one moment still. Try again when less is imported.")


@contextmanager
def _held_still() -> Iterator[_Moment]:
    log_in = connections["owner"].settings_dict
    connection = psycopg.connect(programs.conninfo(log_in), password=log_in["PASSWORD"])
    with connection, connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read read only")
        cursor.execute("select pg_export_snapshot()")
        (snapshot,) = cast("tuple[str]", cursor.fetchone())
        cursor.execute(STATES, [[str(state.value) for state in NEEDS_ITS_INPUT]])
        waiting = {run: (district, state) for run, district, state in cursor.fetchall()}
        cursor.execute("select coalesce(max(id), 0) from imports_run")
        (newest,) = cast("tuple[int]", cursor.fetchone())
        yield _Moment(connection, snapshot, waiting, newest)


def _copy_as_of(moment: _Moment, copies: Copies) -> bool:
    """Bring the copies to that moment; False where an input that it needs was taken away before it was copied."""
    inputs = {run: f"runs/{district}/{run}/{RECEIVED}" for run, (district, _) in moment.waiting.items()}
    copies.copy(inputs.values())
    lost = [run for run, name in inputs.items() if name not in copies]
    if lost and _went_on(moment, lost):
        return False
    needed = {f"runs/{district}/{run}" for run, (district, _) in moment.waiting.items()}
    for _ in range(PASSES):
        names = set(files_of_all())
        kept = {name for name in copies if "/".join(name.split("/")[:3]) in needed}
        changed = copies.copy(names) | copies.keep_only(names | kept)
        if not any(_run_of(name) <= moment.newest_run for name in changed):
            return True
        time.sleep(WAIT_SECONDS)
    return True  # of a run that is worked on for so long, each file is as a power cut would have left it


def _went_on(moment: _Moment, runs: list[int]) -> bool:
    """Whether one of the runs is no longer where it was at that moment (``default``'s wall hides them: the owner)."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select id, state from imports_run where id = any(%s)", [runs])
        now = dict(cursor.fetchall())
    return any(now.get(run) != moment.waiting[run][1] for run in runs)


def _run_of(name: str) -> int:
    """The run that a file (``runs/<district>/<run>/...``) belongs to."""
    part = name.split("/")[2]
    return int(part) if part.isdigit() else 0


def _described(moment: _Moment, copies: Copies, identity: str, salt: str) -> Manifest:
    with moment.connection.cursor() as cursor:
        cursor.execute("select app || '.' || name from django_migrations order by 1")
        migrations = [name for (name,) in cursor.fetchall()]
        cursor.execute(TABLES)
        rows = {}
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table)))
            (rows[table],) = cast("tuple[int]", cursor.fetchone())
        cursor.execute("select current_setting('server_version_num')::int, now()")
        server, now = cast("tuple[int, datetime]", cursor.fetchone())
    taken_at = now.astimezone(UTC).isoformat(timespec="seconds")
    return Manifest(identity, taken_at, version("firstbell"), server, migrations, rows, copies.files, salt)


def _dump(path: Path, moment: _Moment, manifest: Manifest) -> None:
    log_in = connections["owner"].settings_dict
    words = [*DUMP, f"--snapshot={moment.snapshot}", f"--dbname={programs.conninfo(log_in)}"]
    with tempfile.TemporaryFile() as complaints, path.open("wb") as sealed:
        path.chmod(0o600)
        with programs.running("pg_dump", words, log_in, complaints=complaints) as process:
            output = cast("BinaryIO", process.stdout)
            seal_with(manifest.database_key(master_keys()[0]), output, sealed, bound=manifest.bound)
            if process.wait() != 0:
                raise NotTaken(f"The database could not be written: {programs.complaint_in(complaints)}")
        sealed.flush()
        os.fsync(sealed.fileno())


def _empty(folder: Path) -> None:
    """Take away what was written. Only names of ours: the folder was empty before."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with suppress(OSError):
        folder.rmdir()
