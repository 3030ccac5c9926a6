"""Undoes a run: what it added goes, what it changed comes back where nothing else changed it since.

Undo of the latest run restores content exactly. Undo of an older one restores the fields that still have the value
which that run gave them, and lists the others as conflicts. Then the source is held, or tonight would do it again.
"""

import polars as pl
from django.utils import timezone

from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of, records_of, safe_part_of
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import NotNow, move
from firstbell.domain.imports.touching import touch_rows
from firstbell.domain.roster.known import SourceView
from firstbell.domain.roster.loading import apply_plans
from firstbell.domain.roster.sources import hold_source
from firstbell.engine.content import content_schema
from firstbell.engine.plan import RECORD_WRITES_SCHEMA, TablePlan, new_plan
from firstbell.engine.tables import TABLES

MOST_CONFLICTS = 1000
"""So many conflicts are kept with the run; the sum is always told."""


def undo_run(district: District, run: Run, *, by: Actor) -> Run:
    """Undo an applied run as a run of its own, which is returned. Raises NotNow."""
    if not run.can_be_undone:
        raise NotNow("Only a run that changed the roster can be undone, and only once.")
    folder = RunFolder(district, run.pk)
    with within(district):
        lock(district)
        undo = Run.objects.create(
            district_id=district.pk,
            source=run.source,
            kind="undo",
            state=RunState.WORKING,
            package_name=run.package_name,
            started_by=by.name,
            of_run_id=run.pk,
        )
        view = SourceView(district, run.source)
        plans, conflicts = _plans(view, folder, run)
        undo.conflicts = conflicts[:MOST_CONFLICTS]
        undo_folder = RunFolder(district, undo.pk)
        for name, plan in plans.items():
            undo_folder.write_frame(changes_of(name), plan.changes)
        applied = apply_plans(district, run.source, plans, at=timezone.now())
        touch_rows(district, undo, plans)
        undo.first_stamp, undo.last_stamp, undo.counts = applied.first_stamp, applied.last_stamp, applied.counts
        if conflicts:
            undo.message = f"{len(conflicts):,} values had been changed since and were left as they are."
        move(run, RunState.UNDONE, by=by, undo=undo.pk)
        move(undo, RunState.APPLIED, by=by, of=run.pk, conflicts=len(conflicts))
        hold_source(district, run.source, f"Run {run.pk} was undone by {by.name}.", by=by)
    return undo


def _plans(view: SourceView, folder: RunFolder, run: Run) -> tuple[dict[str, TablePlan], list[dict[str, object]]]:
    plans: dict[str, TablePlan] = {}
    conflicts: list[dict[str, object]] = []
    for name in TABLES:
        only_safe_part = run.state == RunState.DISCARDED
        changes = folder.read_frame(safe_part_of(name) if only_safe_part else changes_of(name))
        if changes is None:
            continue
        plan, clashes = _undo_table(view, name, changes, folder.read_frame(records_of(name)))
        plans[name] = plan
        conflicts += clashes
    return plans, conflicts


def _undo_table(
    view: SourceView, name: str, changes: pl.DataFrame, renumbered: pl.DataFrame | None
) -> tuple[TablePlan, list[dict[str, object]]]:
    plan = new_plan(name, 0)
    now = view.rows(name, changes["row_id"])
    current = now.rename({column: f"now.{column}" for column in content_schema(name)})
    rows = changes.join(current, on="row_id", maintain_order="left")
    untouched = _has_content(name)
    gone = rows.filter(pl.col("action").is_in(["added", "restored"]) & pl.col("live"))
    back = rows.filter((pl.col("action") == "removed") & ~pl.col("live"))
    altered = rows.filter((pl.col("action") == "updated") & pl.col("live"))
    kept = gone.filter(~untouched)
    plan.changes = pl.concat([_removals(name, gone.filter(untouched)), _returns(name, back), _values(name, altered)])
    plan.records = pl.concat([_record_writes(plan.changes), _old_ids(renumbered)])
    return plan, [*_kept_rows(name, kept), *_clashes(name, altered)]


def _has_content(name: str) -> pl.Expr:
    """True where a row still has the content that the run gave it."""
    return pl.all_horizontal(pl.col(column).eq_missing(pl.col(f"now.{column}")) for column in content_schema(name))


def _base(action: str, *, takes: bool = False) -> list[pl.Expr]:
    return [
        pl.lit(action).alias("action"),
        pl.col("key"),
        pl.col("row_id"),
        pl.lit(value=takes).alias("takes"),
        pl.col("replaced"),
    ]


def _from_nowhere() -> list[pl.Expr]:
    return [pl.lit(None, pl.String).alias("file"), pl.lit(None, pl.UInt32).alias("record")]


def _removals(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    content = content_schema(name)
    blank = [pl.lit(None, kind).alias(column) for column, kind in content.items()]
    was = [pl.col(f"now.{column}").alias(f"was.{column}") for column in content]
    return rows.select(
        *_base("removed"), pl.lit(None, pl.List(pl.String)).alias("changed"), *blank, *was, *_from_nowhere()
    )


def _returns(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    content = content_schema(name)
    after = [pl.col(f"was.{column}").alias(column) for column in content]
    was = [pl.col(f"now.{column}").alias(f"was.{column}") for column in content]
    return rows.select(
        *_base("restored"), pl.lit(None, pl.List(pl.String)).alias("changed"), *after, *was, *_from_nowhere()
    )


def _values(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Fields that still have the value which the run gave them get their old one."""
    content = content_schema(name)
    after = []
    told = []
    for column in content:
        by_run = pl.col("changed").list.contains(column)
        still = pl.col(column).eq_missing(pl.col(f"now.{column}"))
        after.append(
            pl.when(by_run & still).then(pl.col(f"was.{column}")).otherwise(pl.col(f"now.{column}")).alias(column)
        )
        told.append(pl.when(by_run & still).then(pl.lit(column)).otherwise(None))
    was = [pl.col(f"now.{column}").alias(f"was.{column}") for column in content]
    changed = pl.concat_list(told).list.drop_nulls().alias("changed")
    undone = rows.select(*_base("updated"), changed, *after, *was, *_from_nowhere())
    return undone.filter(pl.col("changed").list.len() > 0)


def _record_writes(changes: pl.DataFrame) -> pl.DataFrame:
    """Blank hashes: the next file is compared field by field. An id that carried another row points back to its own."""
    present = (pl.col("action") != "removed").alias("present")
    own = changes.filter(~pl.col("replaced") | (pl.col("action") == "restored"))
    writes = own.select(
        "key", pl.lit(None, pl.String).alias("old_key"), "row_id", _blank("hash_high"), _blank("hash_low"), present
    )
    return writes.select(list(RECORD_WRITES_SCHEMA))


def _old_ids(renumbered: pl.DataFrame | None) -> pl.DataFrame:
    if renumbered is None:
        return pl.DataFrame(schema=RECORD_WRITES_SCHEMA)
    return renumbered.select(
        pl.col("old_key").alias("key"),
        pl.col("key").alias("old_key"),
        "row_id",
        _blank("hash_high"),
        _blank("hash_low"),
        "present",
    )


def _blank(name: str) -> pl.Expr:
    return pl.lit(None, pl.Int64).alias(name)


def _kept_rows(name: str, rows: pl.DataFrame) -> list[dict[str, object]]:
    noun = TABLES[name].noun
    return [
        {"table": name, "key": key, "says": f"The {noun} {key} was changed since and stays."}
        for key in rows["key"].to_list()
    ]


def _clashes(name: str, rows: pl.DataFrame) -> list[dict[str, object]]:
    clashes: list[dict[str, object]] = []
    for column in content_schema(name):
        other = rows.filter(
            pl.col("changed").list.contains(column) & pl.col(column).ne_missing(pl.col(f"now.{column}"))
        )
        clashes += [
            {"table": name, "key": key, "column": column, "says": f"{column} of {key} was changed since and stays."}
            for key in other["key"].to_list()
        ]
    return clashes
