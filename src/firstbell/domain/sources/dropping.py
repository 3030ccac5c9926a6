"""The drops of the SFTP server: who they are, by their connections, and what becomes of what they brought."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connections

from firstbell.connectors.drop import Drop
from firstbell.connectors.sftp_drop.server import Guest
from firstbell.domain.sources.bringing import SFTP, Bringer, find_bringer, take_ready, user_name
from firstbell.domain.sources.clearing import clear, has_left, places_of
from firstbell.domain.sources.sealed import is_password

log = structlog.get_logger(__name__)


def drops_folder() -> Path:
    """Where the users' folders are: on the machine that serves SFTP."""
    return Path(settings.FIRSTBELL_HOME) / "drops"


def drop_of(bringer: Bringer) -> Drop:
    """The folder of one source."""
    return drop_named(user_name(bringer.district, bringer.connection))


def drop_named(name: str) -> Drop:
    """The folder of a log-in."""
    return Drop(drops_folder() / name, drops_folder() / ".taken", name, settings.FIRSTBELL_DROP_QUIET)


class Keeper:
    """A doorkeeper that asks the database, each time anew: what was revoked a second ago is revoked."""

    def find(self, name: str) -> Guest | None:
        """Who may sign in under this name."""
        with _own_connection():
            bringer = find_bringer(name, SFTP)
            if bringer is None:
                return None
            connection = bringer.connection
            stamp = f"{connection.password_at} {connection.password_digest}"
            return Guest(name, drop_of(bringer).folder, connection.public_keys, stamp)

    def is_password(self, name: str, said: str) -> bool:
        """Whether it is theirs."""
        with _own_connection():
            bringer = find_bringer(name, SFTP)
            return bringer is not None and is_password(bringer.connection, said)

    def take_ready(self, busy: frozenset[str]) -> int:
        """Begin a run with each drop that is whole."""
        if not drops_folder().is_dir():
            return 0
        names = {path.name for path in drops_folder().iterdir() if not path.name.startswith(".")}
        names |= {path.name.partition(".")[0] for path in (drops_folder() / ".taken").glob("*.*")}
        with _own_connection():
            return sum(self._take(name) for name in sorted(names - busy))

    def failed(self, fault: Exception) -> None:
        """The log tells; the next look comes in seconds."""
        log.error("sftp.failed", exc_info=fault)

    def _take(self, name: str) -> int:
        bringer = find_bringer(name, SFTP)
        if bringer is None:
            self._forget(name)
            return 0
        runs = take_ready(bringer, drop_of(bringer), now=time.time())
        for run in runs:
            log.info("sftp.taken", district_id=bringer.district.pk, source_id=run.source_id, run_id=run.pk)
        return len(runs)

    def _forget(self, name: str) -> None:
        """What lies here of a district that was destroyed on another machine goes too."""
        if has_left(name):
            files = clear(places_of(drop_named(name)))
            log.info("sftp.forgotten", drop=name, files=files)


@contextmanager
def _own_connection() -> Iterator[None]:
    """A thread of the server has its own connection to the database, and lets go of it."""
    try:
        yield
    finally:
        connections.close_all()
