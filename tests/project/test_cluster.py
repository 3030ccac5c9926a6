"""The embedded PostgreSQL starts wherever it is put, is shared, and ends with its last user, however others died."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from firstbell.project import postmaster
from firstbell.project.cluster import Cluster, ClusterFault, describe_cluster, ensure_cluster, leave_cluster

NOBODY = 65534

# Another process that uses the cluster until its standard input ends.

USER = """
import encodings.ascii, encodings.idna, os, sys
from pathlib import Path
from firstbell.project.cluster import ensure_cluster
if sys.argv[2:]:  # only now: an ordinary user might not be allowed to read this Python
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
ensure_cluster(Path(sys.argv[1]), durable=False)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a short path, since a socket's path has a limit."""
    folder = Path(tempfile.mkdtemp(prefix="fb-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _used(home: Path) -> Iterator[Cluster]:
    cluster = ensure_cluster(home, durable=False)
    try:
        yield cluster
    finally:
        leave_cluster(cluster)


@contextmanager
def _other_user(home: Path, *user: int) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(home), *map(str, user)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def _answers(cluster: Cluster) -> bool:
    try:
        with psycopg.connect(cluster.conninfo()) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_it_starts_answers_and_ends_with_its_last_user(place: Path) -> None:
    with _used(place) as cluster:
        assert _answers(cluster)
    assert not _answers(cluster)
    assert postmaster.running_pid(cluster.data) is None


def test_what_was_written_is_there_the_next_time(place: Path) -> None:
    with _used(place) as cluster, psycopg.connect(cluster.conninfo()) as connection:
        connection.execute("create table kept as select 7 as number")
    with _used(place) as cluster, psycopg.connect(cluster.conninfo()) as connection:
        assert connection.execute("select number from kept").fetchone() == (7,)


@pytest.mark.parametrize("name", ["a b c", 'it\'s "quoted"', "été, ça va", "$(id) `id` \\", "l" * 150])
def test_it_starts_in_a_folder_of_any_name(place: Path, name: str) -> None:
    with _used(place / name) as cluster:
        assert _answers(cluster)
    assert cluster.socket.parent == cluster.home or not cluster.socket.exists()


def test_a_socket_that_does_not_fit_into_the_home_is_in_tmp(place: Path) -> None:
    assert postmaster.socket_folder(place).parent == place
    for odd in ("l" * 150, "a,b", "it's"):
        assert postmaster.socket_folder(place / odd).parent == Path("/tmp")


def test_two_processes_share_one_server_and_the_first_to_leave_leaves_it_running(place: Path) -> None:
    with _other_user(place) as other:
        with _used(place) as cluster:
            pid = postmaster.running_pid(cluster.data)
        assert _answers(cluster)
        assert postmaster.running_pid(cluster.data) == pid
        other.communicate()
    assert not _answers(cluster)


def test_a_user_that_is_killed_leaves_the_server_to_the_next(place: Path) -> None:
    with _other_user(place) as other:
        other.kill()
        other.wait()
    cluster = describe_cluster(place)
    assert _answers(cluster)
    with _used(place):
        assert _answers(cluster)
    assert not _answers(cluster)


def test_a_server_that_is_killed_starts_again(place: Path) -> None:
    with _other_user(place) as other:
        server = postmaster.running_pid(place / "postgres")
        assert server is not None
        os.kill(server, signal.SIGKILL)
        other.kill()
        other.wait()
    with _used(place) as cluster:
        assert _answers(cluster)


def test_a_process_id_that_another_program_has_by_now_is_no_running_server(place: Path) -> None:
    """After a restarted container the old server's id is somebody's: PostgreSQL would wait for that one for ever."""
    with _used(place) as cluster:
        pass
    with subprocess.Popen(["sleep", "60"], **cluster.user.switch()) as somebody:
        (cluster.data / "postmaster.pid").write_text(f"{somebody.pid}\n{cluster.data}\n")
        with _used(place):
            assert _answers(cluster)
        somebody.kill()


def test_an_initdb_that_was_cut_short_is_done_again(place: Path) -> None:
    (place / "postgres" / "base").mkdir(parents=True, mode=0o700)
    (place / "postgres").chmod(0o700)
    (place / "postgres" / "half").write_text("x")
    with _used(place) as cluster:
        assert _answers(cluster)


def test_nobody_comes_in_without_the_password(place: Path) -> None:
    with _used(place) as cluster:
        for user in ("firstbell", "postgres"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(host=str(cluster.socket), user=user, dbname="postgres", password="guess")


def test_the_owner_is_no_superuser_and_nothing_listens_on_the_network(place: Path) -> None:
    with _used(place) as cluster, psycopg.connect(cluster.conninfo()) as connection:
        found = connection.execute(
            "select rolsuper, rolbypassrls, current_setting('listen_addresses') from pg_roles where rolname = user"
        ).fetchone()
    assert found == (False, False, "")


def test_the_log_holds_no_statement_and_no_value(place: Path) -> None:
    with _used(place) as cluster, psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
        connection.execute("create table people (name text primary key)")
        for _ in range(2):
            try:
                connection.execute("insert into people values ('Canary Finch')")
            except psycopg.errors.UniqueViolation:
                continue
    assert "duplicate key" in cluster.log.read_text()
    assert "Canary" not in cluster.log.read_text()


def test_a_socket_folder_of_somebody_else_is_not_followed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = place / "trap"
    (place / "elsewhere").mkdir()
    trap.symlink_to(place / "elsewhere")
    monkeypatch.setattr(postmaster, "socket_folder", lambda home: trap)
    with pytest.raises(ClusterFault, match="somebody else"):
        ensure_cluster(place / "home", durable=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_it_runs_as_an_ordinary_user_too(place: Path) -> None:
    """Everything else here runs as whoever runs the tests; where that is root, this is the other one."""
    home = place / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    place.chmod(0o755)
    with _other_user(home, NOBODY) as other:
        assert (home / "postgres").stat().st_uid == NOBODY
        assert postmaster.running_pid(home / "postgres") is not None
        other.communicate()
    assert postmaster.running_pid(home / "postgres") is None
