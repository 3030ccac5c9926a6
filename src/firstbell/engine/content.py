"""The content of a record: its hash as the source said it, and its references resolved to rows of ours."""

import polars as pl
import polars_hash as plh

from firstbell.engine.tables import TABLES, TABLES_VERSION, Column, Kind, Table

_BETWEEN = "\x1f"
_BLANK = "\x00"
_HALF = 2**64

IdMap = pl.DataFrame
"""``key`` (String), ``row_id`` (Int64): what a source calls a row."""


def with_hash(table: Table, records: pl.DataFrame) -> pl.DataFrame:
    """The records with ``hash_high, hash_low`` (Int64): xxh3-128 over all content columns, blanks told from text."""
    cells = [pl.col(column.name).fill_null(_BLANK) for column in table.content]
    text = records.select(_text=pl.concat_str(cells, separator=_BETWEEN))
    halves = text.select(_digest=plh.col("_text").nchash.xxh3_128()).select(
        hash_high=(pl.col("_digest") // _HALF).cast(pl.UInt64).reinterpret(signed=True),
        hash_low=pl.col("_digest").cast(pl.UInt64, wrap_numerical=True).reinterpret(signed=True),
    )
    return records.with_columns(halves.get_columns())


def resolved(table: Table, records: pl.DataFrame, ids: dict[str, IdMap]) -> pl.DataFrame:
    """The records with references as row ids: Int64 for one, text of row ids joined by a comma for a list."""
    for column in table.references:
        if column.name == "sourcedId":
            continue
        rows = ids[column.target or ""]
        records = (
            _resolve_list(records, column, rows) if column.kind is Kind.REFS else _resolve_single(records, column, rows)
        )
    return records


def _resolve_single(records: pl.DataFrame, column: Column, rows: IdMap) -> pl.DataFrame:
    target = rows.select(pl.col("key").alias(column.name), pl.col("row_id").alias("_target"))
    joined = records.join(target, on=column.name, how="left", maintain_order="left")
    return joined.with_columns(pl.col("_target").alias(column.name)).drop("_target")


def _resolve_list(records: pl.DataFrame, column: Column, rows: IdMap) -> pl.DataFrame:
    stated = records.select(column.name).drop_nulls().unique()
    items = stated.with_columns(_item=pl.col(column.name).str.split(",")).explode("_item")
    found = items.join(rows, left_on="_item", right_on="key").sort("row_id")
    lists = found.group_by(column.name).agg(
        pl.col("row_id").cast(pl.String).unique(maintain_order=True).str.join(",").alias("_targets")
    )
    joined = records.join(lists, on=column.name, how="left", maintain_order="left")
    return joined.with_columns(pl.col("_targets").alias(column.name)).drop("_targets")


def content_schema(name: str) -> dict[str, type[pl.DataType]]:
    """The types of a row's content columns when resolved."""
    single = {column.name for column in TABLES[name].references if column.kind is Kind.REF}
    return {column.name: pl.Int64 if column.name in single else pl.String for column in TABLES[name].content}


__all__ = ["TABLES_VERSION", "IdMap", "content_schema", "resolved", "with_hash"]
