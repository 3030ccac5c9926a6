"""The records of a waiting run's files of which something was found, with the cells that a person may put right."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.conf import settings

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import RECEIVED, RunFolder
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries.found import NOTHING_HIDDEN, Hidden, find_findings
from firstbell.domain.imports.queries.spelled import corrections_of
from firstbell.engine import formats
from firstbell.engine.corrections.kinds import Corrections
from firstbell.engine.corrections.reading import corrected
from firstbell.engine.package import Package, open_package
from firstbell.engine.report import called_in
from firstbell.engine.report.called import Called
from firstbell.engine.report.rows import FaultyRows, faulty_rows

LONGEST_CELL = 4_000
"""Characters; a cell with more is no cell that anybody corrects in a page."""
_NOTHING_TO_MEND = ("example-skipped",)
_GRAVEST = {"fatal": 0, "error": 1, "warning": 2}


@dataclass(frozen=True, slots=True)
class FaultyCell:
    """A cell as it came: its place in the header (0-based), its column there (blank beyond the header), its text.

    ``notes``: what is wrong with it in particular, and what to do.
    """

    place: int
    column: str
    value: str
    notes: str = ""
    is_secret: bool = False
    """A password: it is not shown, and a new one may be written."""


@dataclass(frozen=True, slots=True)
class FaultyRecord:
    """A record: what people call it, what is wrong with it in sentences, and its cells that may be changed."""

    file: str
    record: int
    called: str
    severity: str
    messages: str
    remedies: str
    cells: tuple[FaultyCell, ...]


@dataclass(frozen=True, slots=True)
class FaultyPage:
    """Some of the records, the gravest first, and how many there are."""

    records: list[FaultyRecord]
    total: int


@contextmanager
def open_waiting(district: District, run: Run) -> Iterator[Package]:
    """The files of a waiting run, under the names by which findings call them. Raises FileNotFoundError."""
    with RunFolder(district, run.pk).unpacked(RECEIVED, Path(run.package_name).suffix or ".csv") as path:
        package = open_package(path, name=run.package_name, limits=limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES))
        yield corrected(package, corrections_of(district, run))


def count_faulty(district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN) -> int:
    """How many records of a waiting run this person could put right in the page."""
    if not RunFolder(district, run.pk).has(RECEIVED):
        return 0
    return _places(find_findings(district, run, hidden=hidden), hidden).height


def page_faulty(
    district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN, offset: int = 0, limit: int = 25
) -> FaultyPage:
    """A page of them. Files whose rows are hidden are left out. Raises FileNotFoundError where the files are gone."""
    found = find_findings(district, run, hidden=hidden)
    places = _places(found, hidden)
    wanted = places.slice(offset, limit).drop("gravest")
    if found is None or not wanted.height:
        return FaultyPage([], places.height)
    with open_waiting(district, run) as package:
        called = called_in(formats.read(package))
        read = read_faulty(package, found, wanted, corrections_of(district, run), called)
    return FaultyPage([read[key] for key in wanted.rows() if key in read], places.height)


def read_faulty(
    package: Package, found: pl.DataFrame, wanted: pl.DataFrame, corrections: Corrections, called: Called
) -> dict[tuple[str, int], FaultyRecord]:
    """Records (``file, record``) of a package by their place, as far as something was found of them."""
    read: dict[tuple[str, int], FaultyRecord] = {}
    for file in wanted["file"].unique(maintain_order=True).to_list():
        numbers = wanted.filter(pl.col("file") == file)["record"]
        here = pl.col("record").is_null() | pl.col("record").is_in(numbers.implode())
        rows = faulty_rows(
            file,
            found.filter((pl.col("file") == file) & here),
            lambda name: package.read(name) if name in package else None,
            most=numbers.len(),
            most_notes=numbers.len() * 100,
            corrections=corrections,
            called=called,
        )
        if rows is not None:
            read |= {(file, record.record): record for record in _records(rows)}
    return read


def _places(found: pl.DataFrame | None, hidden: Hidden) -> pl.DataFrame:
    """``file, record, gravest`` of the records that may be shown, the gravest first."""
    if found is None:
        return pl.DataFrame(schema={"file": pl.String, "record": pl.UInt32, "gravest": pl.Int64})
    named = found.filter(
        pl.col("file").is_not_null() & pl.col("record").is_not_null() & ~pl.col("code").is_in(_NOTHING_TO_MEND)
    )
    closed = [file for file in named["file"].unique().to_list() if hidden.has_rows_of(file)]
    gravest = pl.col("severity").replace_strict(_GRAVEST, return_dtype=pl.Int64).min().alias("gravest")
    open_ones = named.filter(~pl.col("file").is_in(closed)).group_by("file", "record").agg(gravest)
    return open_ones.sort("gravest", "file", "record")


def _records(rows: FaultyRows) -> Iterator[FaultyRecord]:
    notes = {
        (row, place): note
        for row, place, note in zip(rows.notes["row"], rows.notes["place"], rows.notes["note"], strict=True)
    }
    told = [rows.told[name].to_list() for name in ("record", "id", "name", "severity", "message", "remedy")]
    for at, (record, key, name, severity, message, remedy) in enumerate(zip(*told, strict=True)):
        called = name or key or ""
        yield FaultyRecord(
            rows.file, record, called, severity or "", message or "", remedy or "", _cells(rows, at, record, notes)
        )


def _cells(rows: FaultyRows, at: int, record: int, notes: dict[tuple[int, int], str]) -> tuple[FaultyCell, ...]:
    if record in rows.unread and rows.secret:  # nobody can tell which of its pieces is a password
        return ()
    values = [value or "" for value in rows.cells.row(at)]
    width = max(len(rows.header), max((place + 1 for place, value in enumerate(values) if value), default=0))
    return tuple(
        FaultyCell(
            place,
            rows.header[place] if place < len(rows.header) else "",
            value,
            notes.get((at, place), ""),
            is_secret=place in rows.secret,
        )
        for place, value in enumerate([*values, *[""] * width][:width])
        if len(value) <= LONGEST_CELL and (place not in rows.secret or (at, place) in notes)
    )
