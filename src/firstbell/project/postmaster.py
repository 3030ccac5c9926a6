"""Facts about one embedded server: does it run, where is its socket, how is it set."""

import hashlib
import os
import re
from pathlib import Path

import psutil

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, with the final zero.
SOCKET_PATH_BYTES = 103
SOCKET_NAME = ".s.PGSQL.5432"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._ +=@~-]+")
EVERYBODYS_FOLDER = Path("/tmp")  # noqa: S108 (not TMPDIR, which two processes of one home may have different)


def socket_folder(home: Path) -> Path:
    """Where the server listens: in the home, or in /tmp where the home's path is too long or too odd for a socket.

    libpq takes a comma for the end of a host's name, and PostgreSQL's settings have their own ideas of quotes.
    """
    inside = home / "postgres.socket"
    if len(bytes(inside / SOCKET_NAME)) <= SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(str(inside)):
        return inside
    short = hashlib.sha256(bytes(home)).hexdigest()[:16]
    return EVERYBODYS_FOLDER / f"firstbell-{os.geteuid()}-{short}"


def running_pid(data: Path) -> int | None:
    """The server's process id, if one serves this folder. A recycled id is told apart: a server works in its folder."""
    pid = _written_pid(data)
    return pid if pid is not None and _works_in(_process(pid), data) else None


def forget_stale(data: Path) -> None:
    """Remove a dead server's postmaster.pid whose process id another program has by now (a restarted container).

    PostgreSQL itself copes with an id that nobody has, and then also looks for children that outlived their parent.
    It would wait for ever for the other program, so this file goes, but only when nobody works in the folder.
    """
    pid = _written_pid(data)
    if pid is None or not psutil.pid_exists(pid):
        return
    if not any(_works_in(process, data) for process in psutil.process_iter()):
        (data / "postmaster.pid").unlink()


def server_settings(socket: Path, *, durable: bool) -> str:
    """The text of firstbell.conf. Statements and values stay out of the log: they hold children's data."""
    lines = [
        "listen_addresses = ''",
        "port = 5432",
        f"unix_socket_directories = '\"{socket}\"'",
        "unix_socket_permissions = 0700",
        "max_connections = 100",
        "shared_buffers = '512MB'",
        "work_mem = '32MB'",
        "maintenance_work_mem = '256MB'",
        "max_wal_size = '4GB'",
        "checkpoint_timeout = '15min'",
        "wal_compression = on",
        "wal_level = minimal",
        "max_wal_senders = 0",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "log_min_error_statement = panic",
        "log_error_verbosity = terse",
        "log_statement = 'none'",
    ]
    if not durable:
        lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
    return "\n".join(lines) + "\n"


def _process(pid: int) -> psutil.Process | None:
    """The process, if there is one."""
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _works_in(process: psutil.Process | None, data: Path) -> bool:
    try:
        return process is not None and Path(process.cwd()) == data.resolve()
    except psutil.Error:
        return False


def _written_pid(data: Path) -> int | None:
    try:
        first_line = (data / "postmaster.pid").read_text().partition("\n")[0]
        return int(first_line)
    except (FileNotFoundError, ValueError):
        return None
