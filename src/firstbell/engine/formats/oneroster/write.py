"""Canonical tables written as a OneRoster package: a folder, or a zip where the path ends in ``.zip``.

Text is as OneRoster CSV 1.2.1 asks (see ``formats.writing``): every column of the layout in its order, extension
columns at the right. Passwords are never written.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import polars as pl

from firstbell.engine.formats.note import Note, Written, column_of
from firstbell.engine.formats.oneroster.carry_1p1 import carry_1p1
from firstbell.engine.formats.oneroster.layouts import EXTENSION_PREFIX, LAYOUTS, Layout
from firstbell.engine.formats.writing import on_one_line, spread_metadata, write_package
from firstbell.engine.tables import TABLES

type Version = Literal["1.1", "1.2"]
type WriteMode = Literal["bulk", "delta"]


def write(
    tables: Mapping[str, pl.DataFrame],
    out: Path,
    *,
    version: Version,
    mode: Mapping[str, WriteMode] | WriteMode = "bulk",
    when: dt.datetime | None = None,
) -> Written:
    """Write canonical tables (by their OneRoster names, columns may be missing) as a package of that version.

    Beside their columns, frames may have ``status`` and ``dateLastModified``. A bulk file leaves out rows that are
    ``tobedeleted``; a delta file states both columns, and ``when`` (with a time zone) stands where the second is blank.
    Version 1.1 gets the roles back into users.csv. An earlier package at ``out`` is replaced; other files in a folder
    stay. Raises ValueError for a table that OneRoster does not have, and for a delta without a time.
    """
    notes: list[Note] = []
    if version == "1.1":
        tables, notes = carry_1p1(tables)
    _ensure_known(tables, version)
    contents: dict[str, pl.DataFrame] = {}
    modes: dict[str, str] = {}
    for file, layout in LAYOUTS[version].items():
        rows = tables.get(file)
        if rows is None or rows.is_empty():
            continue
        how = mode if isinstance(mode, str) else mode.get(file, "bulk")
        cells = _cells(rows, layout, how, when, notes)
        if cells.height:
            contents[file], modes[file] = cells, how
    contents["manifest"] = _manifest(version, modes)
    write_package(contents, out, replaced={name for layouts in LAYOUTS.values() for name in layouts})
    return Written({file: cells.height for file, cells in contents.items() if file != "manifest"}, tuple(notes))


def _ensure_known(tables: Mapping[str, pl.DataFrame], version: Version) -> None:
    for name, rows in tables.items():
        layout = LAYOUTS[version].get(name)
        if rows.height and (layout is None or not layout.columns):
            raise ValueError(f"OneRoster {version} has no file {name} that could be written")


def _cells(rows: pl.DataFrame, layout: Layout, mode: str, when: dt.datetime | None, notes: list[Note]) -> pl.DataFrame:
    """The file's cells: the columns of the layout, then the extensions."""
    if mode == "bulk":
        stated = _without_deleted(rows).with_columns(
            status=pl.lit(None, pl.String), dateLastModified=pl.lit(None, pl.String)
        )
    else:
        stated = _with_status(rows, layout.file, when)
    table = TABLES.get(layout.file)
    secrets = {column.name for column in table.columns if column.secret} if table else set[str]()
    present = set(stated.columns)
    for secret in sorted(secrets & present):
        hidden = stated.height - stated[secret].null_count()
        if hidden:
            notes.append(Note("convert-password", column_of(layout.file, secret), hidden))
    cells = stated.select(
        *(
            pl.col(name) if name in present - secrets else pl.lit(None, pl.String).alias(name)
            for name in layout.columns
        ),
        *([pl.col("metadata")] if "metadata" in present else []),
    )
    return on_one_line(spread_metadata(cells, EXTENSION_PREFIX))


def _without_deleted(rows: pl.DataFrame) -> pl.DataFrame:
    if "status" not in rows.columns:
        return rows
    return rows.filter(pl.col("status").ne_missing(pl.lit("tobedeleted")))


def _with_status(rows: pl.DataFrame, file: str, when: dt.datetime | None) -> pl.DataFrame:
    blank = [pl.lit(None, pl.String).alias(name) for name in ("status", "dateLastModified") if name not in rows.columns]
    stated = rows.with_columns(*blank).with_columns(pl.col("status").fill_null("active"))
    if stated["dateLastModified"].null_count():
        if when is None:
            raise ValueError(f"{file}: a delta file needs to say when its records changed")
        stated = stated.with_columns(pl.col("dateLastModified").fill_null(_moment(when)))
    return stated


def _moment(when: dt.datetime) -> str:
    if when.tzinfo is None:
        raise ValueError("the time of a delta needs a time zone")
    return when.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _manifest(version: Version, modes: Mapping[str, str]) -> pl.DataFrame:
    files = sorted(LAYOUTS[version], key=str.casefold)
    properties = {
        "manifest.version": "1.0",
        "oneroster.version": version,
        **{f"file.{file}": modes.get(file, "absent") for file in files},
        "source.systemName": "Firstbell",
    }
    return pl.DataFrame({"propertyName": list(properties), "value": list(properties.values())})
