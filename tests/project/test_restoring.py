"""The drill: a district is backed up and lost, comes back in another home, and works there. Nothing half is served."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import psycopg
import pytest
from tests.engine.district import lakeside

from firstbell.domain.backups.manifest import DATABASE, FILES, MANIFEST
from firstbell.project import notes
from firstbell.project.cluster import describe_cluster

pytestmark = pytest.mark.slow
DRILL = Path(__file__).with_name("drill.py")
FIRSTBELL = [sys.executable, "-m", "firstbell.project.command"]
PASSWORD = "bells ring at eight"


class Made(NamedTuple):
    """A backup, what was in the database then, and a student's username."""

    backup: Path
    keys: Path
    state: dict[str, list[Any]]
    said: str
    username: str


def run(words: list[str], home: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIRSTBELL_", "DJANGO_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # ten processes, each of which would compile a thousand modules anew
    kept |= {"FIRSTBELL_HOME": str(home)} | environment
    return subprocess.run(words, env=kept, capture_output=True, text=True, check=False, timeout=300)


def drill(home: Path, *words: object, **environment: str) -> dict[str, Any]:
    done = run([sys.executable, str(DRILL), *map(str, words)], home, **environment)
    assert done.returncode == 0, done.stderr + done.stdout
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def die(home: Path, stage: str, made: Made, **environment: str) -> None:
    done = run([sys.executable, str(DRILL), "die", stage, str(made.backup), str(made.keys)], home, **environment)
    assert done.returncode == 9, done.stderr + done.stdout


def restore(home: Path, made: Made, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return run([*FIRSTBELL, "restore", str(made.backup), "--keys", str(made.keys), *words], home, **environment)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder with a short path, since a socket's path has a limit."""
    folder = Path(tempfile.mkdtemp(prefix="fb-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def made(place: Path) -> Made:
    roster = lakeside()
    for row in roster["users"]:
        row["password"] = PASSWORD if row["sourcedId"] == "s0" else ""
    username = roster.row("users", "s0")["username"]
    first, home, backup = roster.write(place / "first"), place / "a home", place / "a backup"
    roster.row("users", "s1")["familyName"] = "Sundberg"
    told = drill(home, "make", first, roster.write(place / "second"), backup)
    shutil.rmtree(home)
    return Made(backup, place / "a backup.keys", told["state"], told["said"], username)


def test_a_district_comes_back_in_another_home_whoever_dies_on_the_way(made: Made, place: Path) -> None:
    home = place / "other home"
    die(home, "copied", made)
    die(home, "filling", made)
    assert not (home / "keys").exists()  # nothing of it is in its place: an empty home is still an empty home
    die(home, "moving", made)
    assert (home / "postgres" / "PG_VERSION").exists()
    assert not (home / FILES).exists()
    served = run([*FIRSTBELL, "worker", "--until-idle"], home)
    assert (served.returncode, "a restore stopped half way" in served.stderr) == (2, True)
    finished = restore(home, made)
    assert (finished.returncode, "is finished" in finished.stdout) == (0, True), finished.stderr
    again = restore(home, made)
    assert (again.returncode, "is in use" in again.stderr, "--over" in again.stderr) == (1, True, True)
    told = drill(home, "prove", made.username, PASSWORD)
    assert told["state"] == made.state
    assert (told["signs_in"], told["restored"]) == (True, 1)
    assert "undone" in told["undone"].lower()
    assert not (home / "restoring").exists()


def test_the_command_says_where_data_and_keys_went_and_keeps_them_apart(made: Made) -> None:
    assert f"Data: {made.backup}" in made.said
    assert f"Keys: {made.keys}" in made.said
    assert "One without the other is worth nothing." in made.said
    master = json.loads(made.keys.read_text())["keys"]["master"].strip()
    assert not any(name.startswith("database-") for name in json.loads(made.keys.read_text())["keys"])
    content = b"".join(path.read_bytes() for path in made.backup.rglob("*") if path.is_file())
    assert master.encode() not in content
    for secret in (b"Sundberg", PASSWORD.encode(), made.username.encode(), b"maple"):
        assert secret not in content
    assert made.keys.stat().st_mode & 0o077 == 0


def test_a_damaged_backup_is_found_before_anything_is_touched(made: Made, place: Path) -> None:
    home = place / "untouched"
    for damage in (f"{FILES}/runs/1/1/input.zip", DATABASE, MANIFEST):
        damaged = place / "damaged"
        shutil.copytree(made.backup, damaged)
        content = bytearray((damaged / damage).read_bytes())
        content[len(content) // 2] ^= 1
        (damaged / damage).write_bytes(content)
        done = restore(home, made._replace(backup=damaged), "--check")
        assert (done.returncode, done.stderr.startswith("Error: ")) == (1, True), done.stderr
        assert damage.split("/", 1)[0].split(".")[0] in done.stderr
        shutil.rmtree(damaged)
    assert not (home / "keys").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make somebody else's home")
def test_the_home_of_another_user_is_left_to_them(made: Made, place: Path) -> None:
    home = place / "of somebody"
    home.mkdir()
    os.chown(home, 65534, -1)
    done = restore(home, made)
    assert (done.returncode, "belongs to user 65534" in done.stderr) == (1, True)
    assert list(home.iterdir()) == []


@pytest.fixture
def own_database(home: Path, migrated_database: None) -> Iterator[str]:
    """DATABASE_URL of an empty database, as of a server that somebody else runs."""
    cluster, name = describe_cluster(home), f"drill_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    password = (home / "keys" / "database-owner").read_text().strip()
    yield f"postgresql://firstbell:{quote(password, safe='')}@/{name}?host={quote(str(cluster.socket), safe='')}"
    with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        connection.execute(f'drop database "{name}" with (force)')
        connection.execute(f'drop role if exists "{name}_app"')


def test_a_servers_empty_database_is_filled_at_once_and_only_then_served(
    made: Made, place: Path, own_database: str
) -> None:
    home = place / "of a server"
    die(home, "filling", made, DATABASE_URL=own_database)
    with psycopg.connect(own_database) as connection:
        assert connection.execute("select from pg_tables where schemaname = 'public'").fetchone() is None
    die(home, "filled", made, DATABASE_URL=own_database)
    assert notes.read_note(home) is not None
    served = run([*FIRSTBELL, "worker", "--until-idle"], home, DATABASE_URL=own_database)
    assert (served.returncode, "a restore stopped half way" in served.stderr) == (2, True)
    done = restore(home, made, DATABASE_URL=own_database)
    assert done.returncode == 0, done.stderr
    told = drill(home, "prove", made.username, PASSWORD, DATABASE_URL=own_database)
    assert told["state"] == made.state
    assert told["signs_in"]
    with (home / "postgres.users").open("ab") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        busy = restore(home, made, "--over", DATABASE_URL=own_database)
        assert (busy.returncode, "Firstbell runs on" in busy.stderr) == (1, True)
        fcntl.flock(users, fcntl.LOCK_EX)
        early = run([*FIRSTBELL, "worker", "--until-idle"], home, DATABASE_URL=own_database)
        assert (early.returncode, "is being restored" in early.stderr) == (2, True)
    full = restore(place / "third", made, DATABASE_URL=own_database)
    assert (full.returncode, "is not empty" in full.stderr) == (1, True)
    assert notes.read_note(place / "third") is None
