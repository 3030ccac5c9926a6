"""Which rows the source no longer has. Absence is never a delete on its own: the guard looks at the result."""

from collections.abc import Iterator

import polars as pl

from firstbell.engine import findings
from firstbell.engine.bounds import Within
from firstbell.engine.plan import Comparison
from firstbell.engine.reading import Mode
from firstbell.engine.replacing import unnamed_rows
from firstbell.engine.tables import TABLES, Column, Kind, Table


def missing_rows(
    work: Comparison, table: Table, records: pl.DataFrame, incoming: pl.DataFrame, live: pl.DataFrame, *, met: int
) -> pl.DataFrame:
    """``key, row_id`` of present records that the source no longer has. ``met``: how many of them it still names."""
    present = records.filter("present").select("key", "row_id")
    mode = work.reading.mode(table.name)
    named_gone = incoming.filter(pl.col("_status") == "tobedeleted").select(key="sourcedId")
    missing = present.join(named_gone, on="key", how="semi")
    if mode is Mode.BULK and met < present.height:
        missing = present.join(live, left_on="key", right_on="sourcedId", how="anti")
    elif mode is Mode.BULK:
        missing = present.clear()
    elif work.reading.names is not None:
        missing = pl.concat([missing, unnamed_rows(work, table, live)]).unique("key")
    elif owner := work.reading.restates.get(table.name):
        restated = _restated(work, table, owner, live)
        missing = pl.concat([missing, restated]).unique("key")
    left_out = work.checked.left_out.get(table.name)
    if left_out is not None:
        missing = missing.filter(~pl.col("key").is_in(left_out.implode()))
    lost = work.checked.unreadable.get(table.name, 0)
    if lost and missing.height and mode is Mode.BULK:
        work.findings.append(findings.one("removals-stopped", file=_file_of(work, table), detail=f"{lost:,}"))
        missing = missing.clear()
    if isinstance(work.known, Within):
        missing = work.known.missing(table.name, missing)
    hanging = hanging_on_removed(work, table, live).join(missing, on="key", how="anti")
    return pl.concat([missing, hanging])


def _file_of(work: Comparison, table: Table) -> str:
    """The file of a table in which ids could not be read, or the first of several."""
    codes = [code for code, entry in findings.CATALOGUE.items() if entry.unreadable_id]
    lost = {file for part in work.reading.findings for file in part.filter(pl.col("code").is_in(codes))["file"]}
    files = [file for file, tables in work.reading.tables_of.items() if table.name in tables and file in lost]
    return files[0] if files else f"{table.name}.csv"


def _restated(work: Comparison, table: Table, owner: str, live: pl.DataFrame) -> pl.DataFrame:
    """Known rows of the owners that a delta states anew, which it does not name again."""
    target = table[owner].target or ""
    users = work.checked.tables.get(target)
    if users is None:
        return pl.DataFrame(schema={"key": pl.String, "row_id": pl.Int64})
    stated = users.filter(pl.col("_status") == "active").join(work.ids[target], left_on="sourcedId", right_on="key")[
        "row_id"
    ]
    held = work.known.rows_pointing_to(table.name, owner, stated)
    return held.join(live, left_on="key", right_on="sourcedId", how="anti").select("key", "row_id")


def standing_rows(work: Comparison, table: Table, live: pl.DataFrame) -> pl.DataFrame:
    """The incoming rows without those that need a row which this run removes."""
    for column, gone in _needs_of_removed(work, table):
        ids = work.ids[column.target or ""]
        falls = pl.col(column.name).is_in(ids.filter(pl.col("row_id").is_in(gone.implode()))["key"].implode())
        fallen = live.filter(falls)
        if fallen.height:
            nouns = TABLES[column.target or ""].nouns
            work.findings.append(
                findings.of(fallen, "reference-missing", column=column.name, value=pl.col(column.name), detail=nouns)
            )
            live = live.filter(~falls)
    return live


def hanging_on_removed(work: Comparison, table: Table, live: pl.DataFrame) -> pl.DataFrame:
    """``key, row_id`` of present rows that need a row which is removed, and are not stated anew (``live``)."""
    hanging = pl.DataFrame(schema={"key": pl.String, "row_id": pl.Int64})
    for column, gone in _needs_of_removed(work, table):
        held = work.known.rows_pointing_to(table.name, column.name, gone).select("key", "row_id")
        hanging = pl.concat([hanging, held])
    return hanging.unique("key").join(live, left_on="key", right_on="sourcedId", how="anti")


def _needs_of_removed(work: Comparison, table: Table) -> Iterator[tuple[Column, pl.Series]]:
    """The required references of a table to tables that lose rows, and those rows."""
    for column in table.references:
        gone = work.removed.get(column.target or "")
        if gone is not None and gone.len() and column.required and column.kind is not Kind.REFS:
            yield column, gone
