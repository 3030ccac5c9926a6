"""A roster held in frames: what ``diff`` compares with, and what the engine's own tests apply to."""

import polars as pl

from firstbell.engine.content import content_schema
from firstbell.engine.known import RECORDS_SCHEMA, Contribution, with_writes
from firstbell.engine.plan import Comparison, TablePlan
from firstbell.engine.tables import TABLES


class Snapshot:
    """One source's roster in memory. Answers what ``Known`` asks; ``take`` applies what a comparison planned."""

    def __init__(self) -> None:
        self._rows = {name: pl.DataFrame(schema=_row_schema(name)) for name in TABLES}
        self._records = {name: pl.DataFrame(schema=RECORDS_SCHEMA) for name in TABLES}
        self._last_id = 0

    def take(self, comparison: Comparison) -> None:
        """Apply all changes of a comparison."""
        for name, plan in comparison.plans.items():
            self._take_changes(name, plan)
            self._take_records(name, plan)

    def live(self, table: str) -> pl.DataFrame:
        """The live rows of a table with what the source calls them (``key``)."""
        named = self._records[table].filter("present").select("key", "row_id")
        return self._rows[table].filter("live").join(named, on="row_id").sort("key")

    def _take_changes(self, name: str, plan: TablePlan) -> None:
        content = list(content_schema(name))
        written = plan.changes.filter(pl.col("action") != "removed").select(
            "row_id", pl.lit(value=True).alias("live"), pl.lit("this").alias("owner"), *content
        )
        gone = plan.changes.filter(pl.col("action") == "removed")["row_id"]
        kept = self._rows[name].join(written, on="row_id", how="anti")
        kept = kept.with_columns(live=pl.col("live") & ~pl.col("row_id").is_in(gone.implode()))
        self._rows[name] = pl.concat([kept, written])

    def _take_records(self, name: str, plan: TablePlan) -> None:
        self._records[name] = with_writes(self._records[name], plan.records)

    def records(self, table: str) -> pl.DataFrame:
        return self._records[table]

    def rows(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        return self._rows[table].filter(pl.col("row_id").is_in(row_ids.implode()))

    def rows_pointing_to(self, table: str, column: str, row_ids: pl.Series) -> pl.DataFrame:
        target = pl.col("row_id") if column == "sourcedId" else pl.col(column)
        rows = (
            self._rows[table]
            .filter("live")
            .select("row_id", target=target)
            .filter(pl.col("target").is_in(row_ids.implode()))
        )
        return rows.join(self._records[table].filter("present").select("key", "row_id"), on="row_id")

    def strangers(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        del column, values
        return self._rows[table].clear()

    def alike(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        live = self._rows[table].filter("live")
        if live.schema[column] == pl.Int64:
            return live.filter(pl.col(column).is_in(values.implode()))
        return live.filter(pl.col(column).str.to_lowercase().is_in(values.str.to_lowercase().implode()))

    def published(self, table: str, ids: pl.Series) -> pl.DataFrame:
        """Here rows go by what their source calls them."""
        return self._records[table].filter(pl.col("key").is_in(ids.implode())).select("key", "row_id")

    def merged(self, table: str) -> pl.DataFrame:
        del table
        return pl.DataFrame(schema={"key": pl.String, "row_id": pl.Int64})

    def current_session(self) -> int | None:
        """A roster in memory knows no day: the last of its school years."""
        years = self._rows["academicSessions"].filter(pl.col("live") & (pl.col("type") == "schoolYear"))
        last = years.sort("startDate")["row_id"].to_list()
        return int(last[-1]) if last else None

    def holders(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        del table, row_ids
        return pl.DataFrame(schema={"row_id": pl.Int64, "source": pl.Int64})

    def contributions(self, table: str) -> list[Contribution]:
        del table
        return []

    def birth_dates(self, row_ids: pl.Series) -> pl.DataFrame:
        return self.rows("demographics", row_ids).select("row_id", "birthDate")

    def members_by_school(self, table: str) -> pl.DataFrame:
        if table == "users":
            roles = self._rows["roles"].filter("live")
            return roles.group_by(school="orgSourcedId").agg(known=pl.col("userSourcedId").n_unique())
        return self._rows[table].filter("live").group_by(school="schoolSourcedId").agg(known=pl.len())

    def new_ids(self, count: int) -> pl.Series:
        first = self._last_id + 1
        self._last_id += count
        return pl.int_range(first, first + count, eager=True).cast(pl.Int64).alias("row_id")


def _row_schema(name: str) -> dict[str, type[pl.DataType]]:
    return {"row_id": pl.Int64, "live": pl.Boolean, "owner": pl.String, **content_schema(name)}
