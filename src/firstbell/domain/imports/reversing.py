"""Turns the changes of a run around: what goes, what comes back, which fields get their old value, and what cannot."""

from dataclasses import dataclass, field

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.roster.known import SourceView
from firstbell.domain.roster.standing import live_rows, needs, rows_needing
from firstbell.engine.content import content_schema
from firstbell.engine.plan import RECORD_WRITES_SCHEMA, TablePlan, new_plan
from firstbell.engine.tables import TABLES

Conflict = dict[str, object]


@dataclass(slots=True)
class Reversal:
    """One table: the changes of the run beside the rows as they are now (``now.`` columns, ``live``).

    ``goes`` and ``returns`` are what the run added and removed, less what has to stay as it is.
    """

    name: str
    altered: pl.DataFrame
    goes: pl.DataFrame
    returns: pl.DataFrame
    renumbered: pl.DataFrame | None
    conflicts: list[Conflict] = field(default_factory=list)

    def keep(self, part: str, which: pl.Expr, says: str) -> None:
        """Take rows out of ``goes`` or ``returns`` and tell why (``says`` after the row's noun and id)."""
        rows: pl.DataFrame = getattr(self, part)
        noun = TABLES[self.name].noun
        for key in rows.filter(which)["key"].to_list():
            self.conflicts.append({"table": self.name, "key": key, "says": f"The {noun} {key} {says}"})
        setattr(self, part, rows.filter(~which))

    def plan(self) -> TablePlan:
        """The plan that does it."""
        plan = new_plan(self.name, 0)
        content = list(content_schema(self.name))
        plan.changes = pl.concat(
            [
                _change(self.name, "removed", self.goes, [pl.lit(None).alias(column) for column in content]),
                _change(self.name, "restored", self.returns, [_was(column).alias(column) for column in content]),
                _values(self.name, self.altered),
            ]
        )
        plan.records = _record_writes(plan.changes, self.renumbered)
        return plan


def reverse(view: SourceView, name: str, changes: pl.DataFrame, renumbered: pl.DataFrame | None) -> Reversal:
    """Hold the changes of a run to one table against what the roster is now."""
    content = content_schema(name)
    current = view.rows(name, changes["row_id"]).rename({column: f"now.{column}" for column in content})
    rows = changes.join(current, on="row_id", maintain_order="left")
    came = rows.filter(pl.col("action").is_in(["added", "restored"]) & pl.col("live"))
    went = rows.filter((pl.col("action") == "removed") & ~pl.col("live"))
    altered = rows.filter((pl.col("action") == "updated") & pl.col("live"))
    reversal = Reversal(name, altered, came, went, renumbered, _clashes(name, altered))
    untouched = pl.all_horizontal(pl.col(column).eq_missing(_now(column)) for column in content)
    reversal.keep("goes", ~untouched, "was changed since and stays.")
    if view.owns:
        reversal.keep("goes", pl.col("owner").is_null(), "was let go by its source and stays.")
    else:
        reversal.keep("goes", pl.col("owner").is_not_null(), "has a source of its own by now and stays.")
    held = view.holders(name, came["row_id"])["row_id"]
    reversal.keep("goes", pl.col("row_id").is_in(held.implode()), "has another source as well and stays.")
    return reversal


def keep_whole(district: District, reversals: dict[str, Reversal]) -> None:
    """Nothing goes that a row which stays needs, and nothing comes back without what it needs itself."""
    for name in reversed(TABLES):
        if name in reversals and reversals[name].goes.height:
            _keep_needed(district, reversals, reversals[name])
    for name in TABLES:
        if name in reversals and reversals[name].returns.height:
            _keep_out(district, reversals, reversals[name])


def _keep_needed(district: District, reversals: dict[str, Reversal], reversal: Reversal) -> None:
    for table in TABLES.values():
        for column in needs(table):
            if column.target != reversal.name:
                continue
            needing = rows_needing(district, table, column, reversal.goes["row_id"])
            if table.name in reversals:
                needing = needing.join(reversals[table.name].goes, on="row_id", how="anti")
            needed = pl.col("row_id").is_in(needing["target"].implode())
            reversal.keep("goes", needed, f"is needed by {table.nouns} that came since and stays.")


def _keep_out(district: District, reversals: dict[str, Reversal], reversal: Reversal) -> None:
    for column in needs(TABLES[reversal.name]):
        target = column.target or ""
        wanted = pl.col("row_id") if column.name == "sourcedId" else _was(column.name)
        rows = reversal.returns.select(wanted.alias("row_id")).to_series()
        stand = live_rows(district, target, rows)
        if target in reversals:
            stand = stand.filter(~stand.is_in(reversals[target].goes["row_id"].implode()))
            stand = pl.concat([stand, reversals[target].returns["row_id"]])
        missing = wanted.is_not_null() & ~wanted.is_in(stand.implode())
        reversal.keep("returns", missing, f"needs one of the {TABLES[target].nouns} that is gone, and stays away.")


def _was(column: str) -> pl.Expr:
    return pl.col(f"was.{column}")


def _now(column: str) -> pl.Expr:
    return pl.col(f"now.{column}")


def _change(
    name: str, action: str, rows: pl.DataFrame, after: list[pl.Expr], changed: pl.Expr | None = None
) -> pl.DataFrame:
    """Rows as changes of a plan, from what is there now."""
    content = content_schema(name)
    nothing = pl.lit(None, pl.List(pl.String))
    return rows.select(
        pl.lit(action).alias("action"),
        "key",
        "row_id",
        pl.lit(value=False).alias("takes"),
        "replaced",
        (nothing if changed is None else changed).alias("changed"),
        *(value.cast(kind) for value, kind in zip(after, content.values(), strict=True)),
        *(_now(column).alias(f"was.{column}") for column in content),
        pl.lit(None, pl.String).alias("file"),
        pl.lit(None, pl.UInt32).alias("record"),
    )


def _values(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Fields that still have the value which the run gave them get their old one."""
    still = {
        column: pl.col("changed").list.contains(column) & pl.col(column).eq_missing(_now(column))
        for column in content_schema(name)
    }
    after = [pl.when(back).then(_was(column)).otherwise(_now(column)).alias(column) for column, back in still.items()]
    told = pl.concat_list([pl.when(back).then(pl.lit(column)) for column, back in still.items()]).list.drop_nulls()
    return _change(name, "updated", rows, after, told).filter(pl.col("changed").list.len() > 0)


def _clashes(name: str, rows: pl.DataFrame) -> list[Conflict]:
    clashes: list[Conflict] = []
    for column in content_schema(name):
        other = rows.filter(pl.col("changed").list.contains(column) & pl.col(column).ne_missing(_now(column)))
        clashes += [
            {"table": name, "key": key, "column": column, "says": f"{column} of {key} was changed since and stays."}
            for key in other["key"].to_list()
        ]
    return clashes


def _record_writes(changes: pl.DataFrame, renumbered: pl.DataFrame | None) -> pl.DataFrame:
    """Blank hashes: the next file is compared field by field. Ids that were renumbered, or reused, point back."""
    blank = [pl.lit(None, pl.Int64).alias(half) for half in ("hash_high", "hash_low")]
    own = changes.filter(~pl.col("replaced") | (pl.col("action") == "restored"))
    if renumbered is not None:
        own = own.join(renumbered, on="key", how="anti")
    present = (pl.col("action") != "removed").alias("present")
    writes = own.select("key", pl.lit(None, pl.String).alias("old_key"), "row_id", *blank, present)
    if renumbered is None:
        return writes.select(list(RECORD_WRITES_SCHEMA))
    back = renumbered.select(
        pl.col("old_key").alias("key"), pl.col("key").alias("old_key"), "row_id", *blank, "present"
    )
    return pl.concat([back, writes])
