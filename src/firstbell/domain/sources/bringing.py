"""Files that others bring: who they are, and the run that begins with what they brought."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from firstbell.connectors.drop import Drop, package_of
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.rounds import go_round
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.receiving import receive, receive_path
from firstbell.domain.sources.models import Connection
from firstbell.domain.sources.queries import list_connections
from firstbell.domain.sources.sealed import is_password

WATCHED, WEB, SFTP = "watched_folder", "web_drop", "sftp_drop"


class Refused(Exception):
    """What is brought is not taken; the text says why, for whoever reads the job's output."""


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who may bring files: one connection, and its district."""

    district: District
    connection: Connection


def user_name(district: District, connection: Connection) -> str:
    """The log-in of who brings files of a source: ``maple-valley-12``."""
    return f"{district.code}-{connection.source_id}"


def find_bringer(name: str, kind: str) -> Bringer | None:
    """Whose log-in this is, if it is one and the source is of this kind."""
    code, _, number = name.rpartition("-")
    district = find_district(code) if number.isdecimal() and len(number) < 19 else None
    if district is None:
        return None
    with within(district):
        connections = Connection.objects.select_related("source").filter(district_id=district.pk)
        connection = connections.filter(source_id=int(number), source__kind=kind).first()
    return Bringer(district, connection) if connection else None


def find_by_token(token: str) -> Bringer | None:
    """Whose token this is. It begins with the name of the log-in and a dot."""
    name, _, secret = token.partition(".")
    bringer = find_bringer(name, WEB)
    return bringer if bringer and is_password(bringer.connection, secret) else None


def bring(bringer: Bringer, package: BinaryIO, *, name: str) -> Run:
    """Begin a run with one file. Raises Refused while the source is paused."""
    _ensure_goes_on(bringer.connection)
    with within(bringer.district):
        run = receive(bringer.district, bringer.connection.source, package, name=name, by=_actor(bringer))
        later(CARRY_OUT, bringer.district, run)
    return run


def watched_drop(district: District, connection: Connection) -> Drop | None:
    """The folder of a source under the operator's one, or None where the operator named none."""
    if settings.FIRSTBELL_WATCHED is None:
        return None
    root = Path(settings.FIRSTBELL_WATCHED)
    name = f"source-{connection.source_id}"
    return Drop(root / district.code / name, root / ".taken", f"{district.code}-{name}", settings.FIRSTBELL_DROP_QUIET)


def take_ready(bringer: Bringer, drop: Drop, *, now: float | None = None) -> list[Run]:
    """Begin a run with what lies there whole, and with what an earlier taker was stopped with."""
    if bringer.connection.paused:
        return []
    taken = drop.left()
    if drop.is_ready(time.time() if now is None else now):
        taken.append(drop.take())
    return [_bring_taken(bringer, folder) for folder in taken]


def look_into_folders() -> int:
    """Take what is ready in every watched folder, and tell how many runs began. Raises RoundFailed, at the end."""
    if settings.FIRSTBELL_WATCHED is None:
        return 0
    begun: list[Run] = []
    names = (folder.name for folder in sorted(Path(settings.FIRSTBELL_WATCHED).glob("[!.]*")))
    watched = (
        (district, connection)
        for district in filter(None, map(find_district, names))
        for connection in list_connections(district)
        if connection.source.kind == WATCHED
    )
    go_round("sources.look_into_folders", watched, lambda *whose: begun.extend(_take_watched(*whose)))
    return len(begun)


def _take_watched(district: District, connection: Connection) -> list[Run]:
    drop = watched_drop(district, connection)
    return take_ready(Bringer(district, connection), drop) if drop else []


def _bring_taken(bringer: Bringer, taken: Path) -> Run:
    """The run is there, with its files sealed, before they are removed: who dies in between brings the same again."""
    package = package_of(taken)
    with within(bringer.district):
        run = receive_path(bringer.district, bringer.connection.source, package, by=_actor(bringer))
        if package == taken:
            run.package_name = "files.zip"
            run.save(update_fields=["package_name"])
        later(CARRY_OUT, bringer.district, run)
    shutil.rmtree(taken)
    return run


def _ensure_goes_on(connection: Connection) -> None:
    if connection.paused:
        raise Refused(f"This source is paused: {connection.paused}")


def _actor(bringer: Bringer) -> Actor:
    return Actor("system", user_name(bringer.district, bringer.connection), bringer.connection.source.name)
