"""Restoring a backup into a home: made whole beside what is there, proved, and only then put in its place.

Until then the home is as it was. The last step moves a few folders; a note stands in the home meanwhile, at which
nothing starts (``preparation``), and whoever restores again finishes it. What was there before lies in a folder of its
own afterwards: nothing is deleted.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connections

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.backups.key_file import MASTER, keys_in, masters_of, put_keys, read_key_file
from firstbell.domain.backups.manifest import FILES, Manifest, WrongKeys, read_manifest
from firstbell.domain.backups.reading import check_contents, copy_file
from firstbell.project import notes
from firstbell.project.cluster import describe_cluster, ensure_cluster, leave_cluster
from firstbell.project.environment import Environment, environment, read_environment
from firstbell.project.postmaster import running_pid
from firstbell.project.preparation import prepare

STAGE = "restoring"
PARTS = ("postgres", FILES, "keys")
"""Of a home, what a backup brings. The rest is made anew, or lies in other places."""
HOME = "FIRSTBELL_HOME"


class NotNow(Exception):
    """Nothing was restored, since something stands in the way; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    manifest: Manifest | None
    """None where a restore was finished that had stopped at its last step."""
    home: Path
    aside: Path | None
    """Where that lies which was there before."""


def check(backup: Path, keys: Path | None) -> Manifest:
    """Read a backup from beginning to end and change nothing. Raises BadBackup, WrongKeys, OSError."""
    found = read_environment()
    manifest, master = read_manifest(backup, masters=_masters(found, _keys_for(found, keys)))
    check_contents(backup, manifest, master=master)
    return manifest


def restore(backup: Path, keys: Path | None, *, over: bool, told: Callable[[str], None]) -> Restored:
    """Bring a backup back into this home. ``over``: although something is there, which is put aside.

    Raises NotNow, BadBackup, WrongKeys, filling.NotRestored, NotReady, OSError; then the home is as it was.
    """
    found = read_environment()
    found.home.mkdir(parents=True, exist_ok=True)
    _ensure_ours(found.home)
    with _alone(found.home):
        note = notes.read_note(found.home)
        if note is not None and note.moving:
            told("Finishing a restore that had stopped")
            return Restored(None, found.home, _put_in_place(found.home, note))
        held = _keys_for(found, keys)
        manifest, master = read_manifest(backup, masters=_masters(found, held))
        _ensure_room(found, note, over=over, backup=manifest.id)
        stage = _new_stage(found.home)
        told("Copying the files of runs")
        put_keys(stage, held)
        for name in manifest.files:
            target = stage / FILES / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            copy_file(backup, manifest, name, target)
            target.chmod(0o600)
        told("Filling the database")
        _fill(found, stage, _Source(backup, manifest, master), note)
        aside = f"before-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        note = notes.Note(backup=manifest.id, moving=True, aside=aside)
        notes.write_note(found.home, note)
        return Restored(manifest, found.home, _put_in_place(found.home, note))


def _ensure_ours(home: Path) -> None:
    """Raise NotNow where the home is another user's, who could not read what we would put there."""
    user = home.stat().st_uid
    if user != os.geteuid():
        raise NotNow(f"{home} belongs to user {user}: restore as that user, who else could not read what comes back.")


def _keys_for(found: Environment, keys: Path | None) -> dict[str, str]:
    """Those of the key file, or else those that the home has."""
    return read_key_file(keys) if keys is not None else keys_in(found.home)


def _masters(found: Environment, keys: dict[str, str]) -> list[bytes]:
    """The master keys with which the installation will work: the environment's, or else those that were brought."""
    masters = masters_of(found.master_key.get_secret_value() or keys.get(MASTER, ""))
    if not masters:
        raise WrongKeys("There are no keys here, and a backup is worth nothing without: name its key file, --keys FILE")
    return masters


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the home's database for ourselves, as who stops it does, so that nothing works on it meanwhile."""
    with (home / "postgres.users").open("ab") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotNow(f"Firstbell runs on {home}, or is restored: stop everything that works there first.") from None
        if running_pid(describe_cluster(home).data) is not None:
            users.close()  # a killed process left its server running: it is stopped in the usual way
            leave_cluster(ensure_cluster(home))
            with _alone(home):
                yield
            return
        yield


def _ensure_room(found: Environment, note: notes.Note | None, *, over: bool, backup: str) -> None:
    """Raise NotNow where something is there that nobody said may be put aside."""
    if note is not None and note.backup != backup:
        raise NotNow(f"Another backup ({note.backup}) was being restored here. Finish that one, with its folder.")
    apart = [part for part in PARTS if (found.home / part).is_mount()]
    if apart:
        raise NotNow(
            f"{found.home / apart[0]} is a disk of its own, so it cannot be put in place at once. Unmount it, restore,"
            " and move what came back onto it."
        )
    there = [part for part in PARTS if _has_something(found.home / part, of_keys=part == "keys")]
    if there and not over and note is None:
        raise NotNow(
            f"{found.home} is in use ({', '.join(there)}). Restore into an empty home (FIRSTBELL_HOME), or say --over:"
            " what is there is put aside, and nothing is deleted."
        )


def _has_something(path: Path, *, of_keys: bool) -> bool:
    """Passwords of the database are no keys of data: a home may have them before it has anything."""
    if of_keys:
        return bool(keys_in(path.parent))
    return path.is_dir() and any(path.iterdir())


def _new_stage(home: Path) -> Path:
    """An empty home inside the home; what another attempt has left is taken away, its server first."""
    stage = home / STAGE
    if running_pid(describe_cluster(stage).data) is not None:
        leave_cluster(ensure_cluster(stage))
    if stage.exists():
        shutil.rmtree(stage)
    stage.mkdir(mode=0o700)
    return stage


@dataclass(frozen=True, slots=True)
class _Source:
    folder: Path
    manifest: Manifest
    master: bytes


def _fill(found: Environment, stage: Path, source: _Source, note: notes.Note | None) -> None:
    """Make the database whole, and prove that it works with the files and keys of the stage.

    A server's database is filled before the files are in their place, so the note stands from here on: until it is
    certain that nothing was filled.
    """
    if not found.embedded:
        notes.write_note(found.home, notes.Note(backup=source.manifest.id, moving=False, aside=""))
    filled = note is not None
    os.environ[HOME] = str(stage)
    environment.cache_clear()
    try:
        prepare(upgraded=False)
        from firstbell.domain.backups import filling  # noqa: PLC0415 (Django is set up by now)

        filling.ensure_not_newer(source.manifest)
        if filling.is_empty():
            filling.fill_database(source.folder, source.manifest, master=source.master, by=OPERATOR)
        elif note is None or not filling.is_filled_from(source.manifest):
            raise NotNow("The database of DATABASE_URL is not empty. Make an empty one, and name that.")
        filled = True
        _prove(source.manifest)
    finally:
        if not filled:
            notes.remove_note(found.home)
        _leave(found, stage)


def _prove(manifest: Manifest) -> None:
    from firstbell.domain.backups.proving import ensure_keys_open  # noqa: PLC0415 (Django is set up by now)
    from firstbell.domain.districts.application_role import ensure_ourselves_behind_the_wall  # noqa: PLC0415
    from firstbell.domain.districts.upgrading import upgrade  # noqa: PLC0415

    upgrade()
    ensure_ourselves_behind_the_wall()
    ensure_keys_open(manifest)


def _leave(found: Environment, stage: Path) -> None:
    connections.close_all()
    if found.embedded:
        leave_cluster(describe_cluster(stage))
    os.environ[HOME] = str(found.home)
    environment.cache_clear()


def _put_in_place(home: Path, note: notes.Note) -> Path | None:
    """Move what was there aside, and what was made into its place. May be done again from wherever it stopped."""
    aside = home / note.aside
    for part in PARTS:
        made, place = home / STAGE / part, home / part
        if not made.exists():
            continue  # this one is in its place already, or the database is a server's
        if place.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            place.rename(aside / part)
        made.rename(place)
    for gone in ("static", "postgres.socket", STAGE):
        shutil.rmtree(home / gone, ignore_errors=True)
    notes.remove_note(home)
    return aside if aside.exists() else None
