"""Files of cells written as a package: a folder, or a zip where the path ends in ``.zip``.

UTF-8 without byte-order mark, LF, quotes where RFC 4180 needs them, no line break in a cell. The same cells always give
the same bytes.
"""

import io
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from firstbell.engine.tables import TABLES

_DEFLATE_LEVEL = 3
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_LINE_BREAKS = r"[\r\n]+"


def write_package(contents: Mapping[str, pl.DataFrame], out: Path, *, replaced: Collection[str]) -> None:
    """Write the files (names without ``.csv``). Of an earlier package in a folder the files ``replaced`` go first."""
    if out.suffix.lower() == ".zip":
        _write_zip(contents, out)
    else:
        _write_folder(contents, out, replaced)


def table_of(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """A canonical table, without rows where the roster has none."""
    rows = tables.get(name)
    return rows if rows is not None else pl.DataFrame(schema={one.name: pl.String for one in TABLES[name].columns})


def on_one_line(cells: pl.DataFrame) -> pl.DataFrame:
    """No format allows a line break in a cell, not even between quotes: it becomes a blank."""
    broken = cells.select(pl.all().str.contains(_LINE_BREAKS).any().fill_null(value=False)).row(0)
    names = [name for name, found in zip(cells.columns, broken, strict=True) if found]
    return cells.with_columns(pl.col(names).str.replace_all(_LINE_BREAKS, " ")) if names else cells


def spread_metadata(cells: pl.DataFrame, prefix: str, *, own: Collection[str] = ()) -> pl.DataFrame:
    """``metadata`` (one JSON object a row) spread over columns of its own, in the order of their names.

    ``own``: columns of the file, blank so far, that a member of the same name fills.
    """
    if "metadata" not in cells.columns:
        return cells
    objects = cells["metadata"].drop_nulls().unique()
    plain = cells.drop("metadata")
    keys = _keys(objects)
    if not keys:
        return plain
    shape = pl.Struct(dict.fromkeys(keys, pl.String))
    spread = cells["metadata"].str.json_decode(shape).struct.unnest()
    filled = [key for key in keys if key in own]
    plain = plain.with_columns(spread.select(filled))
    return plain.hstack(spread.drop(filled).rename(lambda key: f"{prefix}{key}"))


def _keys(objects: pl.Series) -> list[str]:
    lines = "\n".join(objects.to_list()).encode()
    return sorted(pl.read_ndjson(lines, infer_schema_length=None).columns) if lines.strip(b"{} \n") else []


def _write_folder(contents: Mapping[str, pl.DataFrame], out: Path, replaced: Collection[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for file in set(replaced) - contents.keys():
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
