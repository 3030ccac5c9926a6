"""The connection of a source as its page tells it: how it stands, when it is due, what was fetched, and the buttons."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from firstbell.connectors.contract import Kind, Way
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import list_runs
from firstbell.domain.roster.models import Source
from firstbell.domain.sources.bringing import SFTP, WATCHED, WEB, user_name, watched_drop
from firstbell.domain.sources.models import Connection, Due, Sync
from firstbell.domain.sources.queries import find_connection, kind_of, list_syncs
from firstbell.web.sources.connection_forms import WEEKDAYS
from firstbell.web.sources.standing import SYNC_TONES, Standing, standing_of
from firstbell.web.visit import Visit

SHOWN = 10


@dataclass(frozen=True, slots=True)
class SyncLine:
    """One time that it was fetched from."""

    sync: Sync
    tone: str
    run_url: str


@dataclass(frozen=True, slots=True)
class Linked:
    """All that the page tells of a connection."""

    connection: Connection
    kind: Kind
    standing: Standing
    facts: tuple[tuple[str, str], ...]
    next_at: datetime | None
    timetable: str
    syncs: tuple[SyncLine, ...]
    runs: tuple[tuple[Run, str], ...]
    urls: dict[str, str]

    @property
    def is_fetched(self) -> bool:
        return self.kind.way is Way.FETCHED

    @property
    def has_password(self) -> bool:
        return self.kind.code in {SFTP, WEB}

    @property
    def has_keys(self) -> bool:
        return self.kind.code == SFTP


def linked(visit: Visit, source: Source) -> Linked | None:
    """The connection of a source, or None where its files are uploaded."""
    connection = find_connection(visit.district, source.pk)
    if connection is None:
        return None
    next_at = Due.objects.filter(source_id=source.pk).values_list("at", flat=True).first()
    syncs = list_syncs(visit.district, source.pk, limit=SHOWN)
    runs = list_runs(visit.district, limit=SHOWN, source_id=source.pk)
    doors = ("values", "test", "sync", "pause", "timetable", "password", "keys")
    return Linked(
        connection,
        kind_of(source),
        standing_of(source, connection, next_at),
        tuple(_facts(visit, connection)),
        next_at,
        _in_words(connection),
        tuple(SyncLine(sync, SYNC_TONES[Sync.State(sync.state)], _run_url(visit, sync)) for sync in syncs),
        tuple((run, visit.url("run", run.pk)) for run in runs),
        {door: visit.url(f"source_{door}", source.pk) for door in doors},
    )


def _facts(visit: Visit, connection: Connection) -> list[tuple[str, str]]:
    """What was entered, secrets only by whether they are there; and where files are brought to."""
    kind = kind_of(connection.source)
    facts = [
        (setting.label, connection.settings.get(setting.name) or "–")
        for setting in kind.settings
        if not setting.is_secret
    ]
    if kind.code == WEB:
        facts.append(("Address", visit.request.build_absolute_uri(reverse("drop_unnamed"))))
    if kind.code == SFTP:
        facts.append(("Address", settings.FIRSTBELL_SFTP_ADDRESS or "Ask the operator of this installation."))
        facts.append(("Username", user_name(visit.district, connection)))
        keys = len(connection.public_keys.splitlines())
        facts.append(("Public keys", f"{keys}" if keys else "None"))
    if kind.code == WATCHED:
        drop = watched_drop(visit.district, connection)
        facts.append(("Folder", str(drop.folder) if drop else "The operator has not set FIRSTBELL_WATCHED."))
    if kind.code in {WEB, SFTP}:
        facts.append(
            ("Password" if kind.code == SFTP else "Token", "Made" if connection.password_digest else "None yet")
        )
    return facts


def _in_words(connection: Connection) -> str:
    if not connection.times or not connection.weekdays:
        return "Never by itself"
    days = [name for number, name in WEEKDAYS if number in connection.weekdays]
    return f"{'Daily' if len(days) == len(WEEKDAYS) else ', '.join(days)} at {', '.join(connection.times)}"


def _run_url(visit: Visit, sync: Sync) -> str:
    return visit.url("run", sync.run_id) if sync.run_id else ""
