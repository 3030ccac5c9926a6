"""Words that a format has and the canonical tables do not: members of the JSON objects in ``metadata``."""

import polars as pl


def of_metadata(rows: pl.DataFrame, key: str) -> pl.Series:
    """The text of one member of each row's ``metadata``; null where there is none."""
    if "metadata" not in rows.columns or rows["metadata"].null_count() == rows.height:
        return pl.repeat(None, rows.height, dtype=pl.String, eager=True).alias(key)
    return rows.select(pl.col("metadata").str.json_path_match(f"$['{key}']").alias(key))[key]
