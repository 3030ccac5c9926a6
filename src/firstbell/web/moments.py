"""Histories as timelines: what happened, and which run, file and record, or which person, made it so."""

from collections.abc import Callable
from typing import Final

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.queries import Deed, EditEntry, FieldChanged, History, HistoryEntry
from firstbell.web.components.shapes import Moment
from firstbell.web.visit import Visit
from firstbell.web.words import field_in_words, in_words

WHOLE: Final = {"added": "Came to the roster", "removed": "Removed from the roster", "restored": "Came back"}
ROLE: Final = {"added": "Became {}", "removed": "Is no longer {}", "restored": "Is {} again", "updated": "As {}"}
PLACE: Final = {
    "added": "Joined {}",
    "removed": "Left {}",
    "restored": "Came back to {}",
    "updated": "In {}",
}
MEMBER: Final = {
    "added": "{} joined",
    "removed": "{} left",
    "restored": "{} came back",
    "updated": "{}",
}
REPORTED: Final = {
    "added": "What the family reported came to the roster",
    "removed": "What the family reported was removed",
    "restored": "What the family reported came back",
    "updated": "What the family reported changed",
}
DEEDS: Final = {
    "credential.set": "Got a password",
    "user.last_day_set": "A last day was set, or taken away",
    "credential.removed": "Password taken away",
}
NOBODY_HERE: Final = "Somebody who is not at your schools"
LONGEST = 80

type Entry = HistoryEntry | EditEntry
type Said = Callable[[Entry], str]


def moments_of(visit: Visit, history: History, say: Said) -> list[Moment]:
    """A piece of a history. Who may not see runs is told of them without a link."""
    return [_deed(entry) if isinstance(entry, Deed) else moment_of(visit, entry, say) for entry in history.entries]


def moment_of(visit: Visit, entry: Entry, say: Said) -> Moment:
    """What one run did, or somebody by hand."""
    if isinstance(entry, EditEntry):
        is_theirs = visit.scope.schools is None or entry.by_id == visit.viewer.actor.id
        may_open = is_theirs and visit.may_change(Permission.EDIT_ROSTER)
        url = visit.url("act", entry.event_id) if may_open else ""
        return Moment(at=entry.at, what=say(entry), why=f"by {entry.by}, in Firstbell", url=url)
    url = visit.url("run", entry.run_id) if visit.viewer.may(Permission.VIEW_RUNS) else ""
    return Moment(at=entry.at, what=say(entry), why=_why(entry), url=url)


def of_person(entry: Entry) -> str:
    """What a run did to a person, or to what hangs on them. What the family reported is told without its values."""
    values = entry.change.values
    match entry.table:
        case "roles":
            role = in_words(values.get("role") or "").lower()
            where = values.get("orgSourcedId")
            return _told(entry, ROLE, f"{role} at {where}" if where else role)
        case "enrollments":
            told = _told(entry, PLACE, values.get("classSourcedId") or "a class")
            role = in_words(values.get("role") or "").lower()
            return f"{told} as {role}" if entry.change.action == "added" and role else told
        case "demographics":
            return REPORTED[entry.change.action]
        case _:
            return _told(entry, WHOLE, "")


def of_reported(entry: Entry) -> str:
    """What a run did to what the family reported, with its values."""
    return REPORTED[entry.change.action] + _changed(entry, ": ")


def of_class(nameless: frozenset[int]) -> Said:
    """What a run did to a class or a place in it; ``nameless`` are places of people whom the viewer may not see."""

    def say(entry: Entry) -> str:
        if entry.table == "classes":
            return _told(entry, WHOLE, "")
        values = entry.change.values
        who = NOBODY_HERE if entry.change.row_id in nameless else values.get("userSourcedId") or "Somebody"
        role = in_words(values.get("role") or "").lower()
        told = _told(entry, MEMBER, who)
        return f"{told} as {role}" if entry.change.action == "added" and role else told

    return say


def of_field(column: str) -> Said:
    """What a run said of one field."""

    def say(entry: Entry) -> str:
        field = next((field for field in entry.change.fields if field.name == column), None)
        if field is None:
            return "Came to the roster without it"
        if entry.change.action == "added":
            return f"Came to the roster with {_short(field.after)}"
        change = _change(field)
        return change[:1].upper() + change[1:]

    return say


def _told(entry: Entry, words: dict[str, str], name: str) -> str:
    action = entry.change.action
    if action == "updated" and "updated" not in words:
        return f"Changed{_changed(entry, ': ')}"
    return words[action].format(name) + (_changed(entry, ": ") if action == "updated" else "")


def _changed(entry: Entry, before: str) -> str:
    if entry.change.action != "updated" or not entry.change.fields:
        return ""
    return before + "; ".join(_change(field) for field in entry.change.fields)


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
    place = f", {entry.change.file}" if entry.change.file else ""
    numbered = entry.change.file and entry.change.record is not None
    record = f", record {entry.change.record:,}" if numbered else ""
    decided = f", decided by {entry.decided_by}" if entry.decided_by else ""
    return f"run {entry.run_id} of {entry.source}{place}{record}{decided}"


def _deed(deed: Deed) -> Moment:
    subject, _, verb = deed.verb.partition(".")
    what = DEEDS.get(deed.verb) or in_words(f"{subject} {verb}".replace("_", " "))
    return Moment(at=deed.at, what=what, why=f"by {deed.by}, in Firstbell")
