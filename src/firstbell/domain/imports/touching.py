"""The index that answers "which runs changed this row?" without opening a folder."""

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.copying import raw_cursor, stage
from firstbell.engine.plan import TablePlan

STAGED = "staged_touched"


def touch_rows(district: District, run: Run, plans: dict[str, TablePlan]) -> None:
    """Note the rows that a run changed, beyond those it added (their first stamp tells)."""
    parts = [_touched(name, plan) for name, plan in plans.items()]
    rows = pl.concat(parts) if parts else pl.DataFrame()
    if not rows.height:
        return
    stage(STAGED, {"kind": "smallint", "row_id": "bigint"}, rows)
    with raw_cursor() as cursor:
        cursor.execute(
            "insert into imports_touch (district_id, kind, row_id, run_id)"
            f" select %s, kind, row_id, %s from {STAGED} on conflict do nothing",
            [district.pk, run.pk],
        )


def _touched(name: str, plan: TablePlan) -> pl.DataFrame:
    rows = plan.changes.filter(pl.col("action").is_in(["updated", "restored", "removed"]))
    return rows.select(pl.lit(KINDS[name], pl.Int16).alias("kind"), "row_id")
