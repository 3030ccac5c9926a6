"""The SFTP drop as districts meet it: OpenSSH's own client against our server, and what it must refuse."""

import asyncio
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from tests.engine.district import lakeside
from tests.working import work_until_idle

from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.sftp_drop.server import Place, fingerprint_of, make_host_keys, serve
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import list_runs
from firstbell.domain.sources.actions import (
    add_connection,
    pause_connection,
    renew_password,
    revoke_password,
    set_public_keys,
)
from firstbell.domain.sources.bringing import Bringer, user_name
from firstbell.domain.sources.dropping import Keeper, drop_of
from firstbell.domain.sources.models import Connection

LOOK = 0.2
OPTIONS = (
    "-oStrictHostKeyChecking=no",
    "-oUserKnownHostsFile=/dev/null",
    "-oGlobalKnownHostsFile=/dev/null",
    "-oLogLevel=INFO",
    "-oNumberOfPasswordPrompts=1",
    "-oConnectTimeout=20",
)


@dataclass
class Sftp:
    """Our server, a source of the district, and OpenSSH's client."""

    port: int
    district: District
    connection: Connection
    password: str
    askpass: Path

    @property
    def user(self) -> str:
        return user_name(self.district, self.connection)

    @property
    def folder(self) -> Path:
        return drop_of(Bringer(self.district, self.connection)).folder

    def run(
        self, commands: str, *, password: str | None = None, user: str | None = None, more: tuple[str, ...] = ()
    ) -> str:
        """What the client says to these commands, errors included."""
        where = f"{user or self.user}@127.0.0.1"
        command = ["sftp", *OPTIONS, *more, "-P", str(self.port), where]
        return _output(command, commands, self._environment(password))

    def start(self, *more: str) -> "subprocess.Popen[str]":
        """A client that waits for commands."""
        command = ["sftp", *OPTIONS, *more, "-P", str(self.port), f"{self.user}@127.0.0.1"]
        said = subprocess.PIPE
        return subprocess.Popen(
            command, stdin=said, stdout=said, stderr=subprocess.STDOUT, text=True, env=self._environment(None)
        )

    def ssh(self, *command: str) -> str:
        asked = ["ssh", *OPTIONS, "-p", str(self.port), f"{self.user}@127.0.0.1", *command]
        return _output(asked, "", self._environment(None))

    def _environment(self, password: str | None) -> dict[str, str]:
        said = self.password if password is None else password
        ask = {"SSH_ASKPASS": str(self.askpass), "SSH_ASKPASS_REQUIRE": "force", "SAID": said}
        return {**os.environ, **ask}


def _output(command: list[str], said: str, environment: dict[str, str]) -> str:
    done = subprocess.run(command, input=said, capture_output=True, text=True, timeout=60, env=environment, check=False)
    return done.stdout + done.stderr


def _until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come so far in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, migrated_database: None, django_db_blocker: object) -> Iterator[int]:
    """A server in a thread of its own, for the tests of this file."""
    keys = make_host_keys(tmp_path_factory.mktemp("keys"))
    loop, answers = asyncio.new_event_loop(), threading.Event()
    ended, bound = asyncio.Event(), [0]

    def told(number: int) -> None:
        bound[0] = number
        answers.set()

    def run() -> None:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            place = Place("127.0.0.1", 0, keys, 200_000, look_seconds=LOOK)
            loop.run_until_complete(serve(place, Keeper(), told=told, ended=ended))
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert answers.wait(20)
    yield bound[0]
    loop.call_soon_threadsafe(ended.set)
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def sftp(port: int, district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sftp:
    monkeypatch.setattr(settings, "FIRSTBELL_DROP_QUIET", 1)
    connection = add_connection(district, "PowerSchool nightly", KINDS["sftp_drop"], {}, by=OPERATOR)
    password = renew_password(district, connection, by=OPERATOR)
    askpass = tmp_path / "askpass"
    askpass.write_text('#!/bin/sh\nprintf "%s\\n" "$SAID"\n', encoding="utf-8")
    askpass.chmod(0o700)
    connections.close_all()
    return Sftp(port, district, connection, password, askpass)


def _runs(sftp: Sftp) -> list[Run]:
    return list_runs(sftp.district)


def test_loose_files_become_one_run_once_they_are_quiet(sftp: Sftp, tmp_path: Path) -> None:
    roster = lakeside().write(tmp_path / "roster")
    sftp.run(f"put {roster}/*.csv\n")
    _until(lambda: bool(_runs(sftp)))
    work_until_idle()
    (run,) = _runs(sftp)
    assert (run.state, run.package_name) == ("held", "files.zip")
    assert set(run.files) >= {"users.csv", "orgs.csv"}
    assert "users.csv" not in sftp.run("ls\n")


def test_the_same_names_come_again_the_next_night(sftp: Sftp, tmp_path: Path) -> None:
    package = tmp_path / "roster.csv"
    for count in (1, 2):
        package.write_text(f"sourcedId\nnight-{count}\n", encoding="utf-8")
        sftp.run(f"put {package}\n")
        _until(lambda count=count: len(_runs(sftp)) == count)  # type: ignore[misc]


def test_a_marker_file_says_that_it_is_whole(sftp: Sftp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_DROP_QUIET", 3600)
    package, marker = tmp_path / "roster.zip", tmp_path / "done"
    package.write_bytes(b"PK")
    marker.touch()
    sftp.run(f"put {package}\n")
    time.sleep(4 * LOOK)
    assert _runs(sftp) == []
    sftp.run(f"put {marker}\n")
    _until(lambda: bool(_runs(sftp)))
    assert _runs(sftp)[0].package_name == "roster.zip"


def test_a_file_that_is_still_open_is_never_taken(sftp: Sftp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_DROP_QUIET", 0)
    package = tmp_path / "slow.csv"
    package.write_bytes(b"x" * 150_000)
    writing = sftp.start("-l", "64", "-R", "1", "-B", "1024")  # one small piece after the other, slowly
    assert writing.stdin
    writing.stdin.write(f"put {package}\n")
    writing.stdin.flush()
    _until(lambda: sftp.folder.is_dir() and any(sftp.folder.iterdir()))
    time.sleep(5 * LOOK)
    assert _runs(sftp) == []
    writing.kill()
    writing.communicate()


def test_a_copied_time_does_not_make_a_new_file_an_old_one(
    sftp: Sftp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_DROP_QUIET", 3600)
    package = tmp_path / "old.csv"
    package.write_text("sourcedId\n", encoding="utf-8")
    os.utime(package, (1e9, 1e9))
    sftp.run(f"put -p {package}\n")
    time.sleep(4 * LOOK)
    assert _runs(sftp) == []
    assert (sftp.folder / "old.csv").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["wrong", "blank", "nobody", "another"])
def test_who_has_not_the_password_stays_out(sftp: Sftp, other_district: District, tmp_path: Path, damage: str) -> None:
    package = tmp_path / "a.csv"
    package.write_text("x", encoding="utf-8")
    theirs = add_connection(other_district, "Theirs", KINDS["sftp_drop"], {}, by=OPERATOR)
    user = {"nobody": "no-such-district-1", "another": user_name(other_district, theirs)}.get(damage)
    password = {"wrong": "x" * 28, "blank": ""}.get(damage, sftp.password)
    said = sftp.run(f"put {package}\n", user=user, password=password)
    assert "Permission denied" in said
    assert not sftp.folder.exists() or not any(sftp.folder.iterdir())


def test_a_public_key_lets_in_without_a_password(sftp: Sftp, tmp_path: Path) -> None:
    key = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    only = (f"-oIdentityFile={key}", "-oIdentitiesOnly=yes", "-oPreferredAuthentications=publickey")
    assert "Permission denied" in sftp.run("ls\n", more=only)
    set_public_keys(sftp.district, sftp.connection, key.with_suffix(".pub").read_text(), by=OPERATOR)
    assert "Permission denied" not in sftp.run("mkdir here\n", more=only)
    assert (sftp.folder / "here").is_dir()


def test_a_revoked_password_ends_what_is_open_by_it(sftp: Sftp) -> None:
    open_one = sftp.start()
    assert open_one.stdin
    open_one.stdin.write("mkdir before\n")
    open_one.stdin.flush()
    _until((sftp.folder / "before").is_dir)
    revoke_password(sftp.district, sftp.connection, by=OPERATOR)
    time.sleep(5 * LOOK)
    open_one.communicate("mkdir after\n", timeout=20)
    assert not (sftp.folder / "after").exists()
    assert "Permission denied" in sftp.run("ls\n")


def test_nobody_leaves_their_folder(sftp: Sftp, tmp_path: Path) -> None:
    settings.FIRSTBELL_HOME.joinpath("canary.txt").write_text("canary", encoding="utf-8")
    for path in ("../../canary.txt", "/../../../canary.txt", f"{settings.FIRSTBELL_HOME}/canary.txt", "/etc/passwd"):
        said = sftp.run(f"get {path} {tmp_path}/stolen\n")
        assert "not found" in said.lower() or "no such file" in said.lower(), said
    assert not (tmp_path / "stolen").exists()


def test_there_are_no_links(sftp: Sftp) -> None:
    for command in ("ln -s /etc/passwd passwd\n", "ln roster.csv again.csv\n"):
        assert "Permission denied" in sftp.run(command)
    assert [path for path in sftp.folder.iterdir() if path.is_symlink()] == []


def test_there_is_no_shell_no_command_and_no_tunnel(sftp: Sftp) -> None:
    assert "canary" not in sftp.ssh("echo", "canary")
    tunnel = ["ssh", *OPTIONS, "-p", str(sftp.port), "-W", "127.0.0.1:1", f"{sftp.user}@127.0.0.1"]
    assert "open failed" in _output(tunnel, "", sftp._environment(None))


def test_a_file_that_is_too_large_is_refused_while_it_comes(sftp: Sftp, tmp_path: Path) -> None:
    package = tmp_path / "large.csv"
    package.write_bytes(b"x" * 300_000)
    said = sftp.run(f"put {package}\n")
    assert "200,000 bytes" in said or "Failure" in said
    assert (sftp.folder / "large.csv").stat().st_size <= 200_000


def test_files_together_have_no_more_than_one_may_also_while_they_come(sftp: Sftp, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(b"x" * 150_000)
    said = sftp.run(f"put {tmp_path}/a.csv\nput {tmp_path}/b.csv\n")
    assert "200,000 bytes together" in said or "Failure" in said
    assert sum(path.stat().st_size for path in sftp.folder.iterdir()) <= 200_000


def test_a_paused_source_s_files_wait(sftp: Sftp, tmp_path: Path) -> None:
    package = tmp_path / "a.csv"
    package.write_text("x", encoding="utf-8")
    pause_connection(sftp.district, sftp.connection, "Summer.", by=OPERATOR)
    sftp.run(f"put {package}\n")
    time.sleep(1 + 4 * LOOK)
    assert _runs(sftp) == []
    pause_connection(sftp.district, sftp.connection, "", by=OPERATOR)
    _until(lambda: bool(_runs(sftp)))


def test_the_server_s_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    first = make_host_keys(tmp_path / "keys")
    prints = [fingerprint_of(path) for path in first]
    assert [fingerprint_of(path) for path in make_host_keys(tmp_path / "keys")] == prints
    assert all(path.stat().st_mode & 0o077 == 0 for path in first)
    assert len(list((tmp_path / "keys").iterdir())) == len(first)
