"""Frames in and out of PostgreSQL by COPY, within the caller's transaction."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection
from psycopg import Cursor, sql


def raw_cursor() -> Cursor[Any]:
    """A psycopg cursor on Django's connection: it sees the same transaction and the same wall."""
    connection.ensure_connection()
    return connection.connection.cursor()  # type: ignore[no-any-return]


def binary_cursor() -> Cursor[Any]:
    """The same, for values of many megabytes: they cross as they are, not written out as text."""
    connection.ensure_connection()
    return Cursor(connection.connection)


def fetch(
    query: str, schema: dict[str, type[pl.DataType]], parameters: Sequence[object] | Mapping[str, object] = ()
) -> pl.DataFrame:
    """The rows of a query as a frame. Columns come in the order of the schema; blank text and null stay apart."""
    out = io.BytesIO()
    with raw_cursor() as cursor, cursor.copy(f"copy ({query}) to stdout (format csv)", parameters or None) as copy:
        for part in copy:
            out.write(part)
    if not out.tell():
        return pl.DataFrame(schema=schema)
    out.seek(0)
    read_as = {name: pl.String if kind == pl.Boolean else kind for name, kind in schema.items()}
    frame = pl.read_csv(out, has_header=False, schema=read_as)
    booleans = [(pl.col(name) == "t").alias(name) for name, kind in schema.items() if kind == pl.Boolean]
    return frame.with_columns(booleans)


def stage(table: str, columns: dict[str, str], frame: pl.DataFrame) -> None:
    """A temporary table (column -> SQL type) with the rows of a frame, gone with the transaction.

    Tables with a wall take no COPY, so rows come by this door and go on by INSERT ... SELECT.
    """
    name = sql.Identifier(table)
    typed = sql.SQL(", ").join(
        sql.SQL("{} ").format(sql.Identifier(column)) + sql.SQL(kind) for column, kind in columns.items()
    )
    with raw_cursor() as cursor:
        cursor.execute(sql.SQL("drop table if exists {}").format(name))
        cursor.execute(sql.SQL("create temporary table {} ({}) on commit drop").format(name, typed))
        with cursor.copy(sql.SQL("copy {} from stdin (format csv)").format(name)) as copy:
            for part in _csv_parts(frame.select(list(columns))):
                copy.write(part)
        cursor.execute(sql.SQL("analyze {}").format(name))


def _csv_parts(frame: pl.DataFrame, rows: int = 100_000) -> Iterable[bytes]:
    for start in range(0, frame.height, rows):
        yield frame.slice(start, rows).write_csv(include_header=False, quote_style="necessary").encode()
