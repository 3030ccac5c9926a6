"""Rows that one source has under two of its ids, since people merged them: one record speaks for each row."""

import polars as pl

from firstbell.engine.plan import Comparison
from firstbell.engine.tables import Table


def silent_records(work: Comparison, table: Table, met: pl.DataFrame, missing: pl.DataFrame) -> pl.Series:
    """Ids (``sourcedId``) of the records met that say nothing of their row, because another record does.

    The one that led there all along speaks; where it is gone (``missing``), the first of the others.
    """
    nobody = pl.Series("sourcedId", [], dtype=pl.String)
    merged = work.known.merged(table.name) if met.height else None
    if merged is None or not merged.height:
        return nobody
    held = work.known.records(table.name).filter("present").join(missing, on="key", how="anti")
    held = held.join(merged.select("row_id").unique(), on="row_id", how="semi")
    came = pl.col("key").is_in(merged["key"].implode())
    speaking = held.sort(came, "key").unique("row_id", keep="first", maintain_order=True)
    return held.join(speaking, on="key", how="anti")["key"].alias("sourcedId")
