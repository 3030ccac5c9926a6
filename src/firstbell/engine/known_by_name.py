"""A roster as a hand-made list sees it: what the list means by its names has records, as if it had brought it."""

import polars as pl

from firstbell.engine.content import IdMap
from firstbell.engine.known import RECORDS_SCHEMA, Known
from firstbell.engine.known_through import Through


def removed_elsewhere(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that another source had and removed."""
    return rows.filter(~pl.col("live") & (pl.col("owner") == "other").fill_null(value=False))


class Named(Through):
    """A roster in which what was found has records, without a hash: so it is compared field by field.

    ``gone`` are rows of which the source may have records and which another source removed.
    """

    def __init__(self, known: Known, ids: dict[str, IdMap], gone: dict[str, pl.Series]) -> None:
        super().__init__(known)
        self._ids = ids
        self._gone = gone

    def records(self, table: str) -> pl.DataFrame:
        """Records of the source, and of what its list refers to."""
        records = super().records(table)
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

    def strangers(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        strangers = super().strangers(table, column, values)
        return strangers.join(removed_elsewhere(strangers), on="row_id", how="anti")
