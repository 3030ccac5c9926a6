"""Gradebook and resource files are left alone. A certification still wants their ids and references to hold."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.oneroster.layouts import LAYOUTS, Layout
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.rules.rule import Tables


def check_side_files(tables: Tables, reading: Reading) -> None:
    """Blank ids, duplicates and dangling references of the files that do not become part of the roster."""
    layouts = LAYOUTS.get(reading.version, {})
    for file, records in reading.side.items():
        layout = layouts[file]
        for column in ("sourcedId", *layout.required):
            if column in records.columns:
                blank = records.filter(pl.col(column).fill_null("").str.strip_chars() == "")
                tables.note(
                    findings.of(blank, "id-missing" if column == "sourcedId" else "value-missing", column=column)
                )
        _find_duplicates(tables, records)
        _check_references(tables, reading, layout, records)


def _find_duplicates(tables: Tables, records: pl.DataFrame) -> None:
    twice = records.filter(pl.col("sourcedId").is_not_null() & pl.col("sourcedId").is_duplicated())
    counted = twice.with_columns(_times=pl.len().over("sourcedId"))
    tables.note(findings.of(counted, "id-twice", column="sourcedId", detail=pl.col("_times")))


def _check_references(tables: Tables, reading: Reading, layout: Layout, records: pl.DataFrame) -> None:
    for column, target in layout.references.items():
        if column not in records.columns or reading.mode(target) is Mode.DELTA:
            continue
        stated = tables.rows.get(target, reading.side.get(target))
        if stated is None:
            continue
        dangling = records.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(stated["sourcedId"].implode()))
        tables.note(
            findings.of(
                dangling, "reference-missing", column=column, value=pl.col(column), detail=f"records of {target}.csv"
            )
        )
