"""How a source stands, in a word and a sentence that says whose turn it is."""

from dataclasses import dataclass
from datetime import datetime

from firstbell.connectors.contract import Kind, Way
from firstbell.domain.roster.models import Source
from firstbell.domain.sources.models import Connection, Sync
from firstbell.domain.sources.queries import kind_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A source's state: a chip, and what is next."""

    word: str
    tone: str
    says: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of the list."""

    source: Source
    url: str
    kind: Kind
    standing: Standing
    last_good_at: datetime | None


def line_of(
    source: Source, url: str, connection: Connection | None, next_at: datetime | None, applied_at: datetime | None
) -> SourceLine:
    """A line of the list. ``applied_at``: when its last run was applied, also where somebody uploads its files."""
    good = (connection.last_good_at if connection else None) or applied_at
    return SourceLine(source, url, kind_of(source), standing_of(source, connection, next_at), good)


def standing_of(source: Source, connection: Connection | None, next_at: datetime | None) -> Standing:
    """Where it stands now. What needs a person comes first."""
    if connection and connection.paused:
        return Standing("Paused", "neutral", f"Somebody paused it: {connection.paused}")
    if connection and connection.trouble:
        return Standing("Does not work", "bad", f"{connection.trouble} {connection.remedy}".strip(), next_at)
    if connection and connection.rehearsed_at is None:
        return Standing(
            "First sync", "wait", "Nothing was synced yet. The first sync waits for your approval.", next_at
        )
    if source.held:
        return Standing("Held", "wait", source.held, next_at)
    if connection is None:
        return Standing("Uploads", "neutral", "Somebody uploads its files.")
    if connection.last_good_at is None:
        return Standing("Waiting", "neutral", "Its first files are awaited.", next_at)
    return Standing("In step", "good", "", next_at)


def is_fetched(source: Source) -> bool:
    """Whether we fetch, by a timetable."""
    return kind_of(source).way is Way.FETCHED


SYNC_TONES = {
    Sync.State.WAITING: "busy",
    Sync.State.RUN: "good",
    Sync.State.NOTHING_NEW: "good",
    Sync.State.PAUSED: "neutral",
    Sync.State.TROUBLE: "bad",
    Sync.State.DROPPED: "neutral",
}
