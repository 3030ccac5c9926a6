"""Cells of files that wait, put right by a person in the page: what the files then say is a run of its own.

The files as they came stay with their run, and the run that follows keeps which cells were changed, from what to what.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import MENDED, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries.faulty import LONGEST_CELL, open_waiting, read_faulty
from firstbell.domain.imports.queries.found import NOTHING_HIDDEN, Hidden, find_findings
from firstbell.domain.imports.queries.spelled import corrections_of
from firstbell.engine.mending import SCHEMA, mend
from firstbell.engine.package import Package
from firstbell.engine.report.called import nobody

MOST_AT_ONCE = 5_000
"""Cells. A page has fewer; more is no page of ours."""
NOT_SHOWN = "(not shown)"
KEPT = {"file": pl.String, "record": pl.UInt32, "column": pl.String, "was": pl.String, "now": pl.String}


class BadCells(ValueError):
    """What was written will not do; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as somebody wants it: its file (as findings name it), record, place in the header (0-based), and text."""

    file: str
    record: int
    place: int
    value: str


@dataclass(frozen=True, slots=True)
class Mended:
    """Files with cells put right: a package (a zip), its name, and what was changed (``KEPT``)."""

    body: BinaryIO
    name: str
    cells: pl.DataFrame


def mend_files(district: District, run: Run, wanted: Sequence[Cell], *, hidden: Hidden = NOTHING_HIDDEN) -> Mended:
    """The files of a waiting run with these cells. Raises BadCells: also where no cell says anything else than before.

    Only cells of records of which something was found can be changed, and only those that this person may see.
    """
    if len(wanted) > MOST_AT_ONCE:
        raise BadCells(f"Change at most {MOST_AT_ONCE:,} cells at once.")
    with open_waiting(district, run) as package:
        changed = _changed(district, run, package, [cell for cell in wanted if not hidden.has_rows_of(cell.file)])
        if not changed.height:
            raise BadCells("No cell was changed.")
        body = _packed(package, changed)
    name = f"{Path(run.package_name).stem}.zip"
    told = [pl.when("secret").then(pl.lit(NOT_SHOWN)).otherwise(column).alias(column) for column in ("was", "now")]
    return Mended(body, name, changed.with_columns(*told).select(list(KEPT)))


def note_mended(district: District, run: Run, mended: Mended, *, by: Actor) -> None:
    """Keep with the run of the mended files what was changed, in the caller's transaction."""
    RunFolder(district, run.pk).write_frame(MENDED, mended.cells)
    columns = mended.cells["column"].unique().sort().to_list()
    detail = {"before": run.version_of, "cells": mended.cells.height, "columns": columns}
    record(district.pk, "run.cells_changed", by=by, subject_kind="run", subject_id=run.pk, detail=detail)


def _ensure_good(value: str) -> None:
    if len(value) > LONGEST_CELL:
        raise BadCells(f"A cell takes {LONGEST_CELL:,} characters. “{value[:40]}…” has more.")
    if any(letter in value for letter in "\0\r\n"):
        raise BadCells(f"A cell is one line of text. “{value[:40]}” is more.".replace("\0", ""))


def _changed(district: District, run: Run, package: Package, wanted: Sequence[Cell]) -> pl.DataFrame:
    """``KEPT``, ``place`` and ``secret`` of the cells that say something else than they did.

    A password is never shown, so a blank one stays what it was.
    """
    found = find_findings(district, run)
    places = pl.DataFrame(
        [(cell.file, cell.record) for cell in wanted], schema={"file": pl.String, "record": pl.UInt32}, orient="row"
    ).unique(maintain_order=True)
    records = {}
    if found is not None:
        named = places.join(found.select("file", "record").unique(), on=["file", "record"], how="semi")
        records = read_faulty(package, found, named, corrections_of(district, run), nobody)
    before = {(*key, cell.place): cell for key, record in records.items() for cell in record.cells}
    rows = [
        (cell.file, cell.record, was.column, was.value, cell.value, cell.place, was.is_secret)
        for cell in wanted
        if (was := before.get((cell.file, cell.record, cell.place))) is not None and was.value != cell.value
    ]
    for *_, value, _, _ in rows:
        _ensure_good(value)
    told = pl.DataFrame(rows, schema={**KEPT, "place": pl.UInt32, "secret": pl.Boolean}, orient="row")
    return told.unique(["file", "record", "place"], keep="last", maintain_order=True)


def _packed(package: Package, changed: pl.DataFrame) -> BinaryIO:
    """All files of a package as a zip, under the names by which the district sent them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in package:
            content = package.read(name) or b""
            cells = changed.filter(pl.col("file") == name).select("record", "place", value="now").cast(SCHEMA)
            # a fixed date: the same cells give the same bytes, and so the same digest
            entry = zipfile.ZipInfo(package.own_names.get(name, name), date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, mend(name, content, cells) if cells.height else content)
    out.seek(0)
    return out
