"""Words that a format has and the canonical tables do not: members of the JSON objects in ``metadata``."""

import polars as pl

from firstbell.engine.formats.layout import METADATA


def of_metadata(rows: pl.DataFrame, key: str) -> pl.Series:
    """The text of one member of each row's ``metadata``; null where there is none."""
    if "metadata" not in rows.columns or rows["metadata"].null_count() == rows.height:
        return pl.repeat(None, rows.height, dtype=pl.String, eager=True).alias(key)
    return rows.select(pl.col("metadata").str.json_path_match(f"$['{key}']").alias(key))[key]


def as_objects(members: dict[str, pl.Series], height: int) -> pl.Series:
    """One JSON object a row, keys sorted and blanks left out; null where nothing is left."""
    if not members or not height:
        return pl.repeat(None, height, dtype=pl.String, eager=True).alias(METADATA)
    cells = pl.DataFrame([series.alias(str(place)) for place, (_, series) in enumerate(sorted(members.items()))])
    keys = {str(place): key for place, key in enumerate(sorted(members))}
    told = [
        pl.when(pl.col(place).str.strip_chars() != "")
        .then(pl.struct(pl.col(place).alias(key)).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}"))
        .otherwise(None)
        for place, key in keys.items()
    ]
    joined = pl.concat_str(told, separator=",", ignore_nulls=True)
    text = pl.when(joined != "").then(pl.concat_str(pl.lit("{"), joined, pl.lit("}"))).otherwise(None)
    return cells.select(text.alias(METADATA))[METADATA]
