"""Why is this row so? Every run that added or changed it, with the file, the record, and before and after."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of
from firstbell.domain.imports.models import Run, Touch
from firstbell.domain.imports.queries.changes import FieldChanged, describe_changes
from firstbell.domain.roster.columns import KINDS, MODELS
from firstbell.engine.tables import TABLES


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one run did to a row. ``kind`` is import or undo."""

    run_id: int
    kind: str
    source: str
    started_by: str
    decided_by: str
    at: datetime
    action: str
    file: str
    record: int | None
    fields: list[FieldChanged]


def list_row_history(district: District, table: str, row_id: int) -> list[HistoryEntry]:
    """The runs that made a row what it is, the newest first."""
    with within(district):
        row = MODELS[table]._default_manager.filter(district_id=district.pk, id=row_id).only("created_stamp").first()
        if row is None:
            return []
        touched = Touch.objects.filter(district_id=district.pk, kind=KINDS[table], row_id=row_id)
        runs = Run.objects.filter(district_id=district.pk).select_related("source")
        found = {run.pk: run for run in runs.filter(pk__in=touched.values_list("run_id", flat=True))}
        made = runs.filter(first_stamp__lte=row.created_stamp, last_stamp__gte=row.created_stamp, first_stamp__gt=0)
        found |= {run.pk: run for run in made}
    entries = [entry for run in found.values() for entry in _entries(district, run, table, row_id)]
    return sorted(entries, key=lambda entry: -entry.run_id)


def _entries(district: District, run: Run, table: str, row_id: int) -> list[HistoryEntry]:
    changes = RunFolder(district, run.pk).read_frame(changes_of(table))
    if changes is None:
        return []
    mine = changes.filter((pl.col("row_id") == row_id) & (pl.col("action") != "filled"))
    return [
        HistoryEntry(
            run.pk,
            run.kind,
            run.source.name,
            run.started_by,
            run.decided_by,
            run.finished_at or run.created_at,
            row.action,
            row.file,
            row.record,
            row.fields,
        )
        for row in describe_changes(district, TABLES[table], mine)
    ]
