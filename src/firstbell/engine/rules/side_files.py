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
    if "userResources" in reading.side:
        _check_user_resources(tables, reading, reading.side["userResources"])


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


def _check_user_resources(tables: Tables, reading: Reading, records: pl.DataFrame) -> None:
    """A resource for somebody in a class: the organization is the school of the class, and the person is in it."""
    if not {"userSourcedId", "orgSourcedId", "classSourcedId"} <= set(records.columns):
        return
    in_class = records.filter(pl.col("classSourcedId").is_not_null())
    if reading.mode("classes") is Mode.BULK:
        schools = tables["classes"].select(classSourcedId="sourcedId", _school="schoolSourcedId")
        elsewhere = in_class.join(schools, on="classSourcedId").filter(pl.col("_school") != pl.col("orgSourcedId"))
        org = pl.col("orgSourcedId")
        tables.note(findings.of(elsewhere, "resource-org-differs", column="orgSourcedId", value=org))
    if reading.mode("enrollments") is Mode.BULK:
        strangers = in_class.join(tables["enrollments"], on=["userSourcedId", "classSourcedId"], how="anti")
        which = pl.col("classSourcedId")
        tables.note(findings.of(strangers, "resource-without-enrollment", column="classSourcedId", value=which))
