"""Why is it so? What every run did to some rows, with the file, the record, and before and after; and what people did.

Which runs, the index tells (``Touch``, and the stamp of a row's making). A run's folder is opened only for the part of
the history that is asked for, and of its changes only the few rows that are meant are read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

import polars as pl
from django.db.models import Q
from django.db.models.functions import Coalesce

from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of, safe_part_of
from firstbell.domain.imports.models import Run, RunState, Touch
from firstbell.domain.imports.queries.changes import RowChanged, describe_changes
from firstbell.domain.imports.queries.edits import EditEntry, describe_edits, edits_of_rows, events_of
from firstbell.domain.roster.columns import KINDS, MODELS
from firstbell.engine.tables import TABLES

MOST_EVENTS = 1000
"""So many things that people did with one row are told, the newest."""

type RowIds = Mapping[str, Sequence[int]]
"""Row ids by table."""
type RunRows = dict[int, dict[str, list[int]]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a history is of: rows by table, and what they are called where people's deeds are written down."""

    rows: RowIds
    audited: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one run (import or undo) did to one row of a table."""

    run_id: int
    kind: str
    source: str
    started_by: str
    decided_by: str
    at: datetime
    table: str
    change: RowChanged


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did in the product, from the audit."""

    at: datetime
    by: str
    verb: str


@dataclass(frozen=True, slots=True)
class History:
    """A piece of a history, the newest first. ``older`` is where the next piece begins; blank behind the last."""

    entries: list[HistoryEntry | EditEntry | Deed] = field(default_factory=list)
    older: str = ""


@dataclass(frozen=True, slots=True, order=True)
class _Mark:
    """When a run or an event was, and which."""

    at: datetime
    id: int
    name: str


def list_history(district: District, subject: Subject, *, after: str = "", limit: int = 20) -> History:
    """What up to ``limit`` runs and deeds did, the newest first; behind ``after`` (``History.older``), or all."""
    with within(district):
        touching = _runs_of(district, subject.rows)
        edits = edits_of_rows(district, subject.rows)
        acts = events_of(district, edits)
        events = [event for event in _events_of(district, subject) if event.pk not in acts]
        by_hand = [_Mark(event.at, event.pk, f"act-{event.pk}") for event in acts.values()]
        marks = sorted([*_marks_of(district, touching), *by_hand, *_marks_of_events(events)], reverse=True)
        begins = next((place + 1 for place, mark in enumerate(marks) if mark.name == after), 0)
        piece = marks[begins : begins + limit]
        told = _told(district, touching, [mark.id for mark in piece if mark.name.startswith("run")])
        wanted = {mark.id for mark in piece if mark.name.startswith("act")}
        edited = describe_edits(district, [edit for edit in edits if edit.event_id in wanted], acts)
    deeds = {event.pk: Deed(event.at, event.actor_name, event.verb) for event in events}
    entries: list[HistoryEntry | EditEntry | Deed] = []
    for mark in piece:
        match mark.name.partition("-")[0]:
            case "run":
                entries += told.get(mark.id, [])
            case "act":
                entries += [entry for entry in edited if entry.event_id == mark.id]
            case _:
                entries.append(deeds[mark.id])
    return History(entries, piece[-1].name if begins + limit < len(marks) else "")


def find_last_word(district: District, table: str, row_id: int, column: str) -> HistoryEntry | EditEntry | None:
    """Who last said what a field is, a run or somebody by hand: made the row, or changed the field. None: nobody."""
    with within(district):
        by_run = _last_word_of_runs(district, table, row_id, column)
        edits = [
            edit
            for edit in edits_of_rows(district, {table: [row_id]})
            if edit.action == "added" or (edit.action == "updated" and column in edit.after)
        ]
        by_hand = describe_edits(district, edits[-1:], events_of(district, edits[-1:]))
    said: list[HistoryEntry | EditEntry] = [*([by_run] if by_run else []), *by_hand]
    return max(said, key=lambda entry: entry.at, default=None)


def _last_word_of_runs(district: District, table: str, row_id: int, column: str) -> HistoryEntry | None:
    touching = _runs_of(district, {table: [row_id]})
    marks = sorted(_marks_of(district, touching), reverse=True)
    for run in _runs_in_order(district, marks):
        changes = _read(district, run, table, [row_id])
        said = pl.col("changed").list.contains(column).fill_null(value=False) | (pl.col("action") == "added")
        words = None if changes is None else changes.filter((pl.col("action") != "filled") & said)
        if words is not None and words.height:
            return _entry(run, table, describe_changes(district, TABLES[table], words.tail(1))[0])
    return None


def _runs_of(district: District, rows: RowIds) -> RunRows:
    """Which runs did something to which rows: those that touched them, and those that made them."""
    found: RunRows = {}
    for kind, row_id, run_id in _touches(district, rows):
        found.setdefault(run_id, {}).setdefault(_TABLE_OF[kind], []).append(row_id)
    made = [(table, *row) for table, ids in rows.items() if ids for row in _made(district, table, ids)]
    for run_id, first, last in _spans(district, [stamp for _, _, stamp in made]):
        for table, row_id, stamp in made:
            if first <= stamp <= last:
                found.setdefault(run_id, {}).setdefault(table, []).append(row_id)
    return found


_TABLE_OF = {kind: table for table, kind in KINDS.items()}


def _touches(district: District, rows: RowIds) -> list[tuple[int, int, int]]:
    wanted = [Q(kind=KINDS[table], row_id__in=ids) for table, ids in rows.items() if ids]
    if not wanted:
        return []
    touches = Touch.objects.filter(reduce(or_, wanted), district_id=district.pk)
    return list(touches.values_list("kind", "row_id", "run_id"))


def _made(district: District, table: str, row_ids: Sequence[int]) -> list[tuple[int, int]]:
    rows = MODELS[table]._default_manager.filter(district_id=district.pk, id__in=row_ids)
    return list(rows.values_list("id", "created_stamp"))


def _spans(district: District, stamps: Sequence[int]) -> list[tuple[int, int, int]]:
    """Runs (id, first and last stamp) within whose stamps one of these may be."""
    if not stamps:
        return []
    runs = Run.objects.filter(district_id=district.pk, first_stamp__gt=0)
    runs = runs.filter(first_stamp__lte=max(stamps), last_stamp__gte=min(stamps))
    return list(runs.values_list("id", "first_stamp", "last_stamp"))


def _marks_of(district: District, touching: Iterable[int]) -> list[_Mark]:
    runs = Run.objects.filter(district_id=district.pk, pk__in=list(touching))
    moments = runs.annotate(at=Coalesce("finished_at", "created_at")).values_list("at", "pk")
    return [_Mark(at, run_id, f"run-{run_id}") for at, run_id in moments]


def _marks_of_events(events: Iterable[Event]) -> list[_Mark]:
    return [_Mark(event.at, event.pk, f"event-{event.pk}") for event in events]


def _events_of(district: District, subject: Subject) -> list[Event]:
    if subject.audited is None:
        return []
    kind, row_id = subject.audited
    events = Event.objects.filter(district_id=district.pk, subject_kind=kind, subject_id=str(row_id))
    return list(events.order_by("-id")[:MOST_EVENTS])


def _told(district: District, touching: RunRows, run_ids: Sequence[int]) -> dict[int, list[HistoryEntry]]:
    """What these runs did to the rows, by run. Names are asked for once a table, whatever the number of runs."""
    runs = Run.objects.filter(district_id=district.pk).select_related("source").in_bulk(list(run_ids))
    told: dict[int, list[HistoryEntry]] = {}
    for table in TABLES:
        parts = [
            changes.filter(pl.col("action") != "filled").with_columns(run_id=pl.lit(run_id, pl.Int64))
            for run_id in run_ids
            if table in touching[run_id]
            and (changes := _read(district, runs[run_id], table, touching[run_id][table])) is not None
        ]
        if parts:
            changes = pl.concat(parts, how="diagonal")
            rows = describe_changes(district, TABLES[table], changes)
            for run_id, row in zip(changes["run_id"].to_list(), rows, strict=True):
                told.setdefault(run_id, []).append(_entry(runs[run_id], table, row))
    return told


def _runs_in_order(district: District, marks: Iterable[_Mark]) -> Iterator[Run]:
    ids = [mark.id for mark in marks]
    runs = Run.objects.filter(district_id=district.pk).select_related("source").in_bulk(ids)
    return (runs[run_id] for run_id in ids)


def _read(district: District, run: Run, table: str, row_ids: Sequence[int]) -> pl.DataFrame | None:
    """What a run did to these rows. Of one that waits, only its safe part has been done."""
    done = run.state in {RunState.APPLIED, RunState.UNDONE}
    return RunFolder(district, run.pk).read_rows(changes_of(table) if done else safe_part_of(table), row_ids)


def _entry(run: Run, table: str, change: RowChanged) -> HistoryEntry:
    at = run.finished_at or run.created_at
    return HistoryEntry(run.pk, run.kind, run.source.name, run.started_by, run.decided_by, at, table, change)
