"""A roster as a hand-made list sees it: what the list means by its names has records, as if it had brought it."""

import polars as pl

from firstbell.engine.content import IdMap
from firstbell.engine.known import RECORDS_SCHEMA, Contribution, Known


def removed_elsewhere(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that another source had and removed."""
    return rows.filter(~pl.col("live") & (pl.col("owner") == "other").fill_null(value=False))


class Named:
    """A roster in which what was found has records, without a hash: so it is compared field by field.

    ``gone`` are rows of which the source may have records and which another source removed.
    """

    def __init__(self, known: Known, ids: dict[str, IdMap], gone: dict[str, pl.Series]) -> None:
        self._known = known
        self._ids = ids
        self._gone = gone

    def records(self, table: str) -> pl.DataFrame:
        """Records of the source, and of what its list refers to."""
        records = self._known.records(table)
        blank = pl.lit(None, pl.Int64)
        records = records.with_columns(hash_high=blank, hash_low=blank)
        records = records.filter(~pl.col("row_id").is_in(self._gone[table].implode()))
        found = self._ids.get(table)
        if found is None or not found.height:
            return records
        fresh = found.with_columns(
            hash_high=blank,
            hash_low=blank,
            version=pl.lit(None, pl.Int16),
            present=pl.lit(value=True),
        )
        return pl.concat([records.join(found, on="key", how="anti"), fresh.select(list(RECORDS_SCHEMA))])

    def rows(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        return self._known.rows(table, row_ids)

    def rows_pointing_to(self, table: str, column: str, row_ids: pl.Series) -> pl.DataFrame:
        return self._known.rows_pointing_to(table, column, row_ids)

    def strangers(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        strangers = self._known.strangers(table, column, values)
        return strangers.join(removed_elsewhere(strangers), on="row_id", how="anti")

    def alike(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        return self._known.alike(table, column, values)

    def published(self, table: str, ids: pl.Series) -> pl.DataFrame:
        return self._known.published(table, ids)

    def merged(self, table: str) -> pl.DataFrame:
        return self._known.merged(table)

    def current_session(self) -> int | None:
        return self._known.current_session()

    def holders(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        return self._known.holders(table, row_ids)

    def contributions(self, table: str) -> list[Contribution]:
        return self._known.contributions(table)

    def birth_dates(self, row_ids: pl.Series) -> pl.DataFrame:
        return self._known.birth_dates(row_ids)

    def members_by_school(self, table: str) -> pl.DataFrame:
        return self._known.members_by_school(table)

    def new_ids(self, count: int) -> pl.Series:
        return self._known.new_ids(count)
