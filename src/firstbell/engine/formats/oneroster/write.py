"""Canonical tables written as a OneRoster package: a folder, or a zip where the path ends in ``.zip``.

Text is as OneRoster CSV 1.2.1 asks: UTF-8 without byte-order mark, LF, quotes where RFC 4180 needs them, every column
of the layout in its order, extension columns at the right, no line break in a cell. The same tables always give the
same bytes. Passwords are never written.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from firstbell.engine.formats.oneroster.carry_1p1 import carry_1p1
from firstbell.engine.formats.oneroster.layouts import EXTENSION_PREFIX, LAYOUTS, Layout
from firstbell.engine.tables import TABLES

type Version = Literal["1.1", "1.2"]
type WriteMode = Literal["bulk", "delta"]

_DEFLATE_LEVEL = 3
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_LINE_BREAKS = r"[\r\n]+"


@dataclass(frozen=True, slots=True)
class Written:
    """What a package holds: records per file (files without any are absent), and in words what it could not carry."""

    files: dict[str, int]
    notes: tuple[str, ...]


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
    notes: list[str] = []
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
    if out.suffix.lower() == ".zip":
        _write_zip(contents, out)
    else:
        _write_folder(contents, out)
    return Written({file: cells.height for file, cells in contents.items() if file != "manifest"}, tuple(notes))


def _ensure_known(tables: Mapping[str, pl.DataFrame], version: Version) -> None:
    for name, rows in tables.items():
        layout = LAYOUTS[version].get(name)
        if rows.height and (layout is None or not layout.columns):
            raise ValueError(f"OneRoster {version} has no file {name} that could be written")


def _cells(rows: pl.DataFrame, layout: Layout, mode: str, when: dt.datetime | None, notes: list[str]) -> pl.DataFrame:
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
            notes.append(f"Passwords are not written: {secret} in {layout.file} was left out (values: {hidden:,}).")
    cells = stated.select(
        *(
            pl.col(name) if name in present - secrets else pl.lit(None, pl.String).alias(name)
            for name in layout.columns
        ),
        *([pl.col("metadata")] if "metadata" in present else []),
    )
    return _on_one_line(_extended(cells))


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


def _extended(cells: pl.DataFrame) -> pl.DataFrame:
    """``metadata`` (one JSON object a row) spread over columns of its own, in the order of their names."""
    if "metadata" not in cells.columns:
        return cells
    objects = cells["metadata"].drop_nulls().unique()
    plain = cells.drop("metadata")
    keys = _keys(objects)
    if not keys:
        return plain
    shape = pl.Struct(dict.fromkeys(keys, pl.String))
    spread = cells["metadata"].str.json_decode(shape).struct.unnest()
    return plain.hstack(spread.rename(lambda key: f"{EXTENSION_PREFIX}{key}"))


def _keys(objects: pl.Series) -> list[str]:
    lines = "\n".join(objects.to_list()).encode()
    return sorted(pl.read_ndjson(lines, infer_schema_length=None).columns) if lines.strip(b"{} \n") else []


def _on_one_line(cells: pl.DataFrame) -> pl.DataFrame:
    """OneRoster allows no line break in a cell, not even between quotes: it becomes a blank."""
    broken = cells.select(pl.all().str.contains(_LINE_BREAKS).any().fill_null(value=False)).row(0)
    names = [name for name, found in zip(cells.columns, broken, strict=True) if found]
    return cells.with_columns(pl.col(names).str.replace_all(_LINE_BREAKS, " ")) if names else cells


def _manifest(version: Version, modes: Mapping[str, str]) -> pl.DataFrame:
    files = sorted(LAYOUTS[version], key=str.casefold)
    properties = {
        "manifest.version": "1.0",
        "oneroster.version": version,
        **{f"file.{file}": modes.get(file, "absent") for file in files},
        "source.systemName": "Firstbell",
    }
    return pl.DataFrame({"propertyName": list(properties), "value": list(properties.values())})


def _write_folder(contents: Mapping[str, pl.DataFrame], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for file in {name for layouts in LAYOUTS.values() for name in layouts} - contents.keys():
        (out / f"{file}.csv").unlink(missing_ok=True)
    for file, cells in contents.items():
        cells.write_csv(out / f"{file}.csv")


def _write_zip(contents: Mapping[str, pl.DataFrame], out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f"{out.name}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=_DEFLATE_LEVEL) as package:
        for file, cells in contents.items():
            text = io.BytesIO()
            cells.write_csv(text)
            entry = zipfile.ZipInfo(f"{file}.csv", date_time=_NO_TIME)
            entry.external_attr = 0o644 << 16
            package.writestr(entry, text.getbuffer(), zipfile.ZIP_DEFLATED, _DEFLATE_LEVEL)
    unfinished.replace(out)
