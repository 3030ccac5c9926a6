"""A row's history as a timeline: what happened, and which run, file and record made it so."""

from collections.abc import Iterable
from typing import Final

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.queries import FieldChanged, HistoryEntry
from firstbell.web.components.shapes import Moment
from firstbell.web.visit import Visit
from firstbell.web.words import field_in_words

HAPPENED: Final = {
    "users": {"added": "Came to the roster", "removed": "Removed from the roster", "restored": "Came back"},
    "roles": {"added": "Got this role", "removed": "Lost this role", "restored": "Got this role back"},
    "enrollments": {"added": "Added to the class", "removed": "Left the class", "restored": "Came back to the class"},
}
LONGEST = 80


def moments_of(visit: Visit, table: str, entries: Iterable[HistoryEntry]) -> list[Moment]:
    """The newest first. Who may not see runs is told of them without a link."""
    may_follow = visit.viewer.may(Permission.VIEW_RUNS)
    return [
        Moment(
            at=entry.at,
            what=_what(table, entry),
            why=_why(entry),
            url=visit.url("run", entry.run_id) if may_follow else "",
        )
        for entry in entries
    ]


def _what(table: str, entry: HistoryEntry) -> str:
    happened = HAPPENED[table].get(entry.action, "Changed")
    if entry.action != "updated":
        return happened
    return "Changed: " + "; ".join(_change(field) for field in entry.fields) if entry.fields else happened


def _change(field: FieldChanged) -> str:
    name = field_in_words(field.name).lower()
    if field.before is None:
        return f"{name} is now {_short(field.after)}"
    if field.after is None:
        return f"{name} {_short(field.before)} is gone"
    return f"{name} from {_short(field.before)} to {_short(field.after)}"


def _short(value: str | None) -> str:
    text = value or ""
    return f"“{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}”"


def _why(entry: HistoryEntry) -> str:
    if entry.kind == "undo":
        return f"run {entry.run_id}, which {entry.started_by} started to undo another"
    place = f", {entry.file}" if entry.file else ""
    record = f", record {entry.record:,}" if entry.file and entry.record is not None else ""
    decided = f", approved by {entry.decided_by}" if entry.decided_by else ""
    return f"run {entry.run_id} of {entry.source}{place}{record}{decided}"
