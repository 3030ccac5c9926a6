"""Tests an SFTP server of others, and fetches the files that lie there."""

import asyncio
import csv
import hashlib
import io
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import astuple, dataclass
from pathlib import Path

from firstbell.connectors.checks import ROWS_SHOWN, Checks, tested
from firstbell.connectors.contract import (
    About,
    Completeness,
    Fetched,
    ForGood,
    ForNow,
    Surroundings,
    Tested,
    Told,
    Trouble,
    Values,
)
from firstbell.connectors.reach import Reach
from firstbell.connectors.sftp_pull.client import Lying, Session, alone, opened
from firstbell.connectors.sftp_pull.settings import Settings, read_settings
from firstbell.engine.csvfile import is_header, names_a_secret

_FRESH_SECONDS = 120
"""A file that was changed so shortly ago may still be growing: it is looked at twice."""
_HEAD_BYTES = 32 * 1024
_SHOWN = 3
_TEST_SECONDS = 20
_ON_THE_WAY = (
    (About.REACHED, "It answers."),
    (About.TLS, "It shows the key that is pinned."),
    (About.LOG_IN, "The log-in is accepted."),
    (About.SCOPE, "The folder may be read."),
)


@dataclass(frozen=True, slots=True)
class SftpPull:
    """Fetches files over SFTP. ``quiet``: seconds between two looks at files that were changed just now."""

    quiet: float = 20
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def test_connection(self, values: Values, around: Surroundings) -> Tested:
        """Each step of the way: settings, name, the server and its key, log-in, folder, and the first rows."""
        return tested(lambda checks: _test(checks, values, Reach(around.reachable)))

    def fetch(
        self, values: Values, into: Path, around: Surroundings, *, memory: str, whole: bool, told: Told
    ) -> Fetched:
        """Leave the files in ``into``; nothing where they are those of the last fetch."""
        settings = read_settings(values)
        for path in into.iterdir():
            path.unlink()
        return alone(self._fetch(settings, into, around, "" if whole else memory, told))

    async def _fetch(self, settings: Settings, into: Path, around: Surroundings, memory: str, told: Told) -> Fetched:
        async with opened(settings, Reach(around.reachable)) as session:
            files = await self._look(session)
            remembered = _remembered(settings, files)
            if memory == remembered:
                notes = ("The files are those of the last fetch.",)
                return Fetched(Completeness.NOTHING_NEW, remembered, notes=notes)
            size = 0
            for number, file in enumerate(files, 1):
                size += await session.fetch(file, into, around.most_bytes - size)
                told("files", number)
            if await session.look() != files:
                raise ForNow("The files were changed while they were fetched.", about=About.CONTENT, wait=300)
        name = Path(files[0].name).stem if len(files) == 1 else f"{len(files)} files"
        return Fetched(Completeness.WHOLE, remembered, name, (_in_words(files, size),))

    async def _look(self, session: Session) -> list[Lying]:
        """The files, once nobody writes there any more."""
        files = await session.look()
        if max(one.changed for one in files) > self.clock() - _FRESH_SECONDS:
            await self.sleep(self.quiet)
            if await session.look() != files:
                raise ForNow("The files are still being written.", about=About.CONTENT, wait=300)
        return files


def _remembered(settings: Settings, files: list[Lying]) -> str:
    where = f"{settings.user}@{settings.host}:{settings.port}/{settings.folder}"
    said = json.dumps([where, [astuple(one) for one in files]])
    return hashlib.sha256(said.encode()).hexdigest()


def _in_words(files: list[Lying], size: int) -> str:
    return f"{len(files)} {'file' if len(files) == 1 else 'files'}, {max(1, size // 1024):,} KB."


def _test(checks: Checks, values: Values, reach: Reach) -> None:
    settings = checks.tried(lambda: read_settings(values))
    checks.good(About.SETTINGS, "The settings can be used.")
    checks.tried(lambda: reach.addresses(settings.host, settings.port))
    checks.good(About.NAME, f"{settings.host} is known, and may be reached.")
    try:
        files, heads = alone(_first_look(settings, reach))
    except (ForNow, ForGood) as trouble:
        _so_far(checks, trouble)
        checks.bad(trouble.about, str(trouble), trouble.remedy or "Try again later.")
        return
    for about, says in _ON_THE_WAY:
        checks.good(about, says)
    shown = [{"file": one.name, "bytes": f"{one.size:,}"} for one in files]
    checks.show("the folder", shown, ("file", "bytes"))
    for name, head in heads.items():
        columns, rows = _rows_in(head)
        if rows:
            checks.show(name, rows, columns)
    checks.good(About.CONTENT, f"{len(files)} of its files would be fetched.")


def _so_far(checks: Checks, trouble: Trouble) -> None:
    """What was good before it."""
    steps = [about for about, _ in _ON_THE_WAY]
    for about, says in _ON_THE_WAY[: steps.index(trouble.about) if trouble.about in steps else len(steps)]:
        checks.good(about, says)


async def _first_look(settings: Settings, reach: Reach) -> tuple[list[Lying], dict[str, bytes]]:
    try:
        async with asyncio.timeout(_TEST_SECONDS), opened(settings, reach, connect_seconds=8) as session:
            files = await session.look()
            sheets = [one for one in files if one.name.casefold().endswith(".csv")][:_SHOWN]
            return files, {one.name: await session.head(one, _HEAD_BYTES) for one in sheets}
    except TimeoutError:
        raise ForNow(f"{settings.host} is very slow.", about=About.CONTENT) from None


def _rows_in(head: bytes) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """The first rows of a CSV file whose header is one, without columns of passwords."""
    reader = csv.DictReader(io.StringIO(head.decode("utf-8-sig", "replace")))
    names = [name for name in reader.fieldnames or () if name]
    if not is_header(names):
        return (), []
    columns = tuple(name for name in names if not names_a_secret(name))
    rows = [{name: row.get(name) or "" for name in columns} for row, _ in zip(reader, range(ROWS_SHOWN), strict=False)]
    return columns, rows
