"""The embedded PostgreSQL: one cluster under FIRSTBELL_HOME/postgres that every process of this home shares.

Who uses the cluster holds a shared lock on `postgres.users`. The kernel drops it when a process dies, however it dies,
so whoever ends last knows that it is the last, and stops the cluster. `postgres.start` lets one process at a time start
or stop it.
"""

import atexit
import fcntl
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from firstbell.domain.backups.programs import ProgramsMissing, folder_of_programs
from firstbell.project import postmaster
from firstbell.project.keys import make_keys, read_key
from firstbell.project.server_user import ServerUser, server_user

DATABASE = "firstbell"
OWNER = "firstbell"
SUPERUSER = "postgres"
START_SECONDS = 120
DYING_SECONDS = 2
DEATHS = 3
START_TRIES = 20
CONNECT_SECONDS = 30


class ClusterFault(Exception):
    """The embedded PostgreSQL cannot be started; the text says why and where its log is."""


@dataclass(frozen=True)
class Cluster:
    """Where a home's cluster is and how its owner logs in."""

    home: Path
    data: Path
    socket: Path
    user: ServerUser

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def conninfo(self, name: str = OWNER) -> str:
        """libpq's connection string of the owner (or the superuser, for the cluster's set-up only)."""
        key = read_key(self.home, "database-superuser" if name == SUPERUSER else "database-owner")
        database = SUPERUSER if name == SUPERUSER else DATABASE
        return make_conninfo(
            host=str(self.socket), user=name, password=key, dbname=database, connect_timeout=CONNECT_SECONDS
        )


_held: dict[Path, IO[bytes]] = {}


def describe_cluster(home: Path) -> Cluster:
    """The cluster of a home, running or not."""
    return Cluster(home, home / "postgres", postmaster.socket_folder(home), server_user())


def ensure_cluster(home: Path, *, durable: bool = True) -> Cluster:
    """Make and start the cluster of a home unless it runs, and hold it until this process ends.

    `durable=False` is for tests: no fsync. Raises ClusterFault.
    """
    cluster = describe_cluster(home)
    if home in _held:
        return cluster
    home.mkdir(parents=True, exist_ok=True)
    make_keys(home)
    users = (home / "postgres.users").open("ab")
    try:
        with _one_at_a_time(home):
            fcntl.flock(users, fcntl.LOCK_SH)
            _ensure_running(cluster, durable=durable)
    except BaseException:
        users.close()
        raise
    _held[home] = users
    atexit.register(_leave_at_exit, cluster, os.getpid())
    return cluster


def _ensure_running(cluster: Cluster, *, durable: bool) -> None:
    _open_folders(cluster)
    if not (cluster.data / "PG_VERSION").exists():
        _make(cluster)
    for _ in range(DEATHS):
        if postmaster.running_pid(cluster.data) is None:
            _start(cluster, durable=durable)
        try:
            _ensure_owner(cluster)
            return
        except ClusterFault:
            if not _dies(cluster):
                raise
    raise ClusterFault(f"the embedded PostgreSQL starts and dies again (log: {cluster.log})")


def _dies(cluster: Cluster) -> bool:
    """Whether the server that refused us is on its way out: one that was killed is there for a moment longer."""
    until = time.monotonic() + DYING_SECONDS
    while postmaster.running_pid(cluster.data) is not None:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def leave_cluster(cluster: Cluster) -> None:
    """Let go of the cluster; the last one to leave stops it."""
    users = _held.pop(cluster.home, None)
    if users is None:
        return
    with _one_at_a_time(cluster.home), users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if postmaster.running_pid(cluster.data) is not None:
            _run(cluster, "pg_ctl", "stop", "-D", ".", "-m", "fast", "-w", "-t", str(START_SECONDS))
        if cluster.socket.parent != cluster.home:
            with suppress(OSError):
                cluster.socket.rmdir()


def _leave_at_exit(cluster: Cluster, pid: int) -> None:
    """A fork inherits its parent's exit handlers, and must not let go in its name."""
    if os.getpid() == pid and cluster.home.exists():
        leave_cluster(cluster)


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    with (home / "postgres.start").open("ab") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        yield


def _open_folders(cluster: Cluster) -> None:
    """Folders of the server's user, and a way for it to get there where that is not us (we are root)."""
    for folder in (cluster.data, cluster.socket):
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            _ensure_ours(folder, cluster.user)
        cluster.user.own(folder)
        cluster.user.let_through(folder.parent)
    cluster.user.let_through(_binaries())


def _ensure_ours(folder: Path, user: ServerUser) -> None:
    """The temporary folder is everyone's: never follow what another user put there under our name."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (user.uid, os.geteuid()):
        raise ClusterFault(f"{folder} belongs to somebody else, remove it")


def _binaries() -> Path:
    """The folder of PostgreSQL's programs."""
    try:
        return folder_of_programs()
    except ProgramsMissing:
        raise ClusterFault("the embedded PostgreSQL is not installed, run: make install, or set DATABASE_URL") from None


def _run(cluster: Cluster, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the server's user; ClusterFault with what it said.

    They work in the data folder and get relative paths: pg_ctl hands them to a shell, with quotes that a name can end.
    """
    done = subprocess.run(
        [str(_binaries() / program), *arguments],
        cwd=cluster.data,
        env=_program_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        umask=0o077,
        check=False,
        **cluster.user.switch(),
    )
    if done.returncode:
        raise ClusterFault(f"PostgreSQL's {program} failed: {done.stdout.strip()[-500:]} (log: {cluster.log})")


def _program_environment() -> Mapping[str, str]:
    """Nothing of ours: no PG* variables that mislead, no keys in a server's environment."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _make(cluster: Cluster) -> None:
    """initdb beside the final place would need a rename as another user: a half-made folder is emptied instead."""
    for left_over in cluster.data.iterdir():
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
    password = cluster.socket / "superuser"
    password.write_text(read_key(cluster.home, "database-superuser"))
    password.chmod(0o600)
    cluster.user.own(password)
    try:
        _run(
            cluster, "initdb", "-D", ".", "-U", SUPERUSER, "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256",
            "--pwfile", str(password), "--no-sync",
        )  # fmt: skip
    except ClusterFault:
        (cluster.data / "PG_VERSION").unlink(missing_ok=True)
        raise
    finally:
        password.unlink()
    with (cluster.data / "postgresql.conf").open("a") as file:
        file.write("\ninclude = 'firstbell.conf'  # written anew at each start\n")


def _start(cluster: Cluster, *, durable: bool) -> None:
    """Start it. After a kill -9 the old server's children may live on for a moment: try again while they do."""
    settings = cluster.data / "firstbell.conf"
    settings.write_text(postmaster.server_settings(cluster.socket, durable=durable))
    cluster.user.own(settings)
    cluster.log.touch(mode=0o600)
    cluster.user.own(cluster.log)
    postmaster.forget_stale(cluster.data)
    arguments = ("start", "-D", ".", "-l", f"../{cluster.log.name}", "-w", "-t", str(START_SECONDS))
    for left in reversed(range(START_TRIES)):
        try:
            _run(cluster, "pg_ctl", *arguments)
            return
        except ClusterFault:
            if not left:
                raise
            time.sleep(0.5)


def _ensure_owner(cluster: Cluster) -> None:
    """The owner's role (may make roles and databases, is no superuser) and its database."""
    owner, password = sql.Identifier(OWNER), sql.Literal(read_key(cluster.home, "database-owner"))
    try:
        with psycopg.connect(cluster.conninfo()):
            return
    except psycopg.OperationalError:
        pass
    try:
        with psycopg.connect(cluster.conninfo(SUPERUSER), autocommit=True) as connection:
            if connection.execute("select from pg_roles where rolname = %s", [OWNER]).fetchone() is None:
                connection.execute(sql.SQL("create role {} login createrole createdb").format(owner))
            connection.execute(sql.SQL("alter role {} password {}").format(owner, password))
            if connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone() is None:
                make = "create database {} owner {}"
                connection.execute(sql.SQL(make).format(sql.Identifier(DATABASE), owner))
    except psycopg.OperationalError as fault:
        raise ClusterFault(f"the embedded PostgreSQL refuses us: {fault} (log: {cluster.log})") from fault
