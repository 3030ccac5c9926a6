"""What people changed by hand (``roster.editing``), told as what runs changed is: with names, before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

import polars as pl
from django.db.models import Q

from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.imports.queries.changes import RowChanged, describe_changes
from firstbell.domain.roster.columns import KINDS, MODELS
from firstbell.domain.roster.editing.values import Texts, texts_of
from firstbell.domain.roster.models import Edit
from firstbell.engine.content import content_schema
from firstbell.engine.tables import TABLES, Kind, Table

TABLE_OF = {kind: table for table, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class EditEntry:
    """What somebody did by hand to one row of a table."""

    event_id: int
    at: datetime
    by: str
    by_id: str
    """The account, as the audit names it."""
    table: str
    change: RowChanged


def edits_of_rows(district: District, rows: Mapping[str, Sequence[int]]) -> list[Edit]:
    """All that was done by hand to these rows (row ids by table), in its order."""
    wanted = [Q(kind=KINDS[table], row_id__in=ids) for table, ids in rows.items() if ids]
    if not wanted:
        return []
    return list(Edit.objects.filter(reduce(or_, wanted), district_id=district.pk).order_by("id"))


def edits_of_act(district: District, event_id: int) -> list[Edit]:
    """All rows that one act wrote."""
    return list(Edit.objects.filter(district_id=district.pk, event_id=event_id).order_by("id"))


def events_of(district: District, edits: Iterable[Edit]) -> dict[int, Event]:
    """Who did it, and when, by event."""
    return Event.objects.filter(district_id=district.pk).in_bulk({edit.event_id for edit in edits})


def describe_edits(district: District, edits: Sequence[Edit], events: Mapping[int, Event]) -> list[EditEntry]:
    """Edits in words, in their order. Those of rows that were erased are left out."""
    told: dict[int, EditEntry] = {}
    for name, table in TABLES.items():
        of_table = [edit for edit in edits if TABLE_OF[edit.kind] == name and edit.event_id in events]
        rows = MODELS[name]._default_manager.filter(district_id=district.pk, id__in={edit.row_id for edit in of_table})
        now = {row.id: texts_of(table, row) for row in rows}
        known = [edit for edit in of_table if edit.row_id in now]
        changes = describe_changes(district, table, _as_changes(table, known, now)) if known else []
        for edit, change in zip(known, changes, strict=True):
            event = events[edit.event_id]
            told[edit.pk] = EditEntry(event.pk, event.at, event.actor_name, event.actor_id, name, change)
    return [told[edit.pk] for edit in edits if edit.pk in told]


def _as_changes(table: Table, edits: Sequence[Edit], now: Mapping[int, Texts]) -> pl.DataFrame:
    """Edits in the shape of a run's changes. What an edit left alone is told as it is now: for the names in it."""
    schema = content_schema(table.name)
    after = [_whole(table, edit, edit.after, now) for edit in edits]
    before = [_whole(table, edit, edit.before, now) for edit in edits]
    return pl.DataFrame(
        {
            "action": [edit.action for edit in edits],
            "key": [str(edit.row_id) for edit in edits],
            "row_id": [edit.row_id for edit in edits],
            "changed": [
                [name for name in schema if name in edit.after] if edit.action == "updated" else None for edit in edits
            ],
            "file": [None for _ in edits],
            "record": [None for _ in edits],
            **{name: [row.get(name) for row in after] for name in schema},
            **{f"was.{name}": [row.get(name) for row in before] for name in schema},
        },
        schema={
            "action": pl.String,
            "key": pl.String,
            "row_id": pl.Int64,
            "changed": pl.List(pl.String),
            "file": pl.String,
            "record": pl.UInt32,
            **schema,
            **{f"was.{name}": kind for name, kind in schema.items()},
        },
    )


def _whole(table: Table, edit: Edit, texts: Texts, now: Mapping[int, Texts]) -> dict[str, object]:
    whole = {**now[edit.row_id], **texts} if edit.action == "updated" else texts
    return {
        name: int(text) if text is not None and table[name].kind is Kind.REF else text for name, text in whole.items()
    }
