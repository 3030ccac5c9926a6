"""From the columns that the sample computed to a canonical table."""

import polars as pl

from firstbell.engine.tables import TABLES


def to_table(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The canonical table ``name``: its columns in order as String, blank where ``rows`` lacks one, and its records."""
    present = set(rows.columns)
    return rows.select(
        *(
            pl.col(column.name).cast(pl.String)
            if column.name in present
            else pl.lit(None, pl.String).alias(column.name)
            for column in TABLES[name].columns
        ),
        _file=pl.lit(f"{name}.csv"),
        _record=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32),
    )
