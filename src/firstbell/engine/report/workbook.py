"""The district's own workbook: a summary by root cause, and a sheet a file with its faulty records as they came.

Every cell of a district is a string in a text format, so a spreadsheet neither runs it nor makes a link of it, nor
loses a zero. Rows go to disk as they are written; notes stay in memory until the end, so they are few.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import xlsxwriter

from firstbell.engine.corrections.kinds import NONE, Corrections
from firstbell.engine.findings import counts
from firstbell.engine.report.called import Called, nobody
from firstbell.engine.report.causes import Cause, Subject, by_cause, count_left_out, subject_of
from firstbell.engine.report.filesheet import FileSheet, name_sheet, write_sheet
from firstbell.engine.report.rows import ReadFile, faulty_rows
from firstbell.engine.report.styles import Styles
from firstbell.engine.report.summary import Summary, write_summary

MOST_ROWS = 1_048_575
"""Records on one sheet: Excel's last row is 1,048,576, and the first is the header."""
MOST_NOTES = 2_000
"""Cells of one sheet with a note; all others say in words and colour what is wrong."""
_FIRST = "Summary"
# The library would put the hour of writing there; the same findings give the same bytes.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001

_SHIFTING = ("row-blank", "line-before-header")
_READING = """\
Begin at the top: what stands first is often the cause of what comes after it. Click a file or a record.
Each file has a sheet with its faulty records only, as they came, and what is wrong with each in words. Filled cells \
are the faulty ones; hold the pointer over one to read why. Columns that are blank in all of these records are hidden.
Record 1 is the first line below the header: in a spreadsheet, record 5 of a file stands in row 6."""
_CORRECTING = """\
Correct them where the roster comes from, and export it again: what is mended in the files alone is wrong again with \
the next export. Cells with passwords are left blank here.
If you do mend the files: a CSV file that Excel opens by double click loses zeros at the front of ids and spells dates \
and TRUE its own way. Use Data > From Text/CSV with every column as Text, and save as CSV UTF-8."""


@dataclass(frozen=True, slots=True)
class About:
    """What a workbook is about: the package's name and format, its records by file, and what it was read with.

    ``withheld``: files whose records this reader may not see. ``known``: causes that somebody has acknowledged, with
    who, until when and why; the findings are without them. ``called``: how people call the records.
    """

    name: str
    format: str
    files: Mapping[str, int]
    corrections: Corrections = NONE
    withheld: frozenset[str] = frozenset()
    known: Sequence[tuple[Cause, str]] = ()
    called: Called = nobody


def write_workbook(
    out: Path, about: About, findings: pl.DataFrame, read: ReadFile, *, most_rows: int = MOST_ROWS
) -> None:
    """Write the workbook of these findings. ``read`` gives the content of a file of the package. Raises OSError."""
    out.write_bytes(b"")  # where it cannot be written, nothing is begun
    with TemporaryDirectory(prefix="firstbell-") as folder:  # pieces of a sheet hold people: none may be left behind
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        book = xlsxwriter.Workbook(str(out), options)
        title = f"What to fix in {about.name}"
        book.set_properties({"title": title, "author": "Firstbell", "created": _CREATED})
        styles = Styles(book)
        first = book.add_worksheet(_FIRST)
        sheets = _write_files(book, styles, about, findings, read, most_rows)
        lines = list(_introduction(about, findings, sheets))
        write_summary(first, styles, Summary(title, lines, by_cause(findings), sheets, about.known))
        book.close()


def _write_files(
    book: xlsxwriter.Workbook, styles: Styles, about: About, findings: pl.DataFrame, read: ReadFile, most_rows: int
) -> dict[str, FileSheet]:
    sheets: dict[str, FileSheet] = {}
    for file in _in_order(findings):
        found = None
        if file not in about.withheld:
            found = faulty_rows(
                file,
                findings,
                read,
                most=most_rows,
                most_notes=MOST_NOTES,
                corrections=about.corrections,
                called=about.called,
            )
        if found is not None:
            taken = [_FIRST, *(sheet.name for sheet in sheets.values())]
            sheets[file] = FileSheet(name_sheet(file, taken), found)
            write_sheet(book.add_worksheet(sheets[file].name), styles, found, back=_FIRST)
    return sheets


def _in_order(findings: pl.DataFrame) -> list[str]:
    files = findings.filter(pl.col("record").is_not_null())["file"].drop_nulls().unique(maintain_order=True).to_list()
    return sorted(files, key=lambda file: (list(Subject).index(subject_of(file)), file))


def _left_out(findings: pl.DataFrame) -> str:
    """How many records are left out and why, as far as any are; or that nothing can be used."""
    if counts(findings)["fatal"]:
        return " Nothing of it can be used before what stops the run is mended."
    lost = count_left_out(findings)
    if not lost.all:
        return " No record is left out."
    because = (
        f": {lost.own:,} for what is wrong with them, and {lost.along:,} that need one of those" if lost.along else ""
    )
    return f" {lost.all:,} of the records are left out{because}."


def _introduction(about: About, findings: pl.DataFrame, sheets: Mapping[str, FileSheet]) -> Iterator[str]:
    found = counts(findings)
    records = sum(about.files.values())
    yield (
        f"{about.format or 'Unknown format'}: {records:,} records in {len(about.files):,} files."
        f"{_left_out(findings)} Warnings only: {found['warning']:,}."
    )
    if about.known:
        covered = sum(cause.count for cause, _ in about.known)
        yield f"{covered:,} more are acknowledged: they stand at the end of this sheet, and their records nowhere."
    if not findings.height:
        yield "Nothing else is wrong with the files." if about.known else "Nothing is wrong with the files."
        return
    yield from _READING.splitlines()
    shifted = (
        findings.filter(pl.col("code").is_in(_SHIFTING))["file"].drop_nulls().unique(maintain_order=True).to_list()
    )
    if shifted:
        yield f"In {', '.join(shifted)} it stands further down: blank lines and lines above the header are not counted."
    yield from _CORRECTING.splitlines()
    for sheet in sheets.values():
        left = sheet.rows.total - sheet.rows.told.height
        if left:
            yield f"{sheet.rows.file}: {left:,} more faulty records do not fit on a sheet and are not shown."
        if sheet.rows.notes.height < sheet.rows.marks.height:
            yield f"{sheet.rows.file}: the first {MOST_NOTES:,} faulty cells have a note, all have words and colour."
    for file in sorted(set(_in_order(findings)) - set(sheets)):
        yield f"{file}: its records are not shown{' to you' if file in about.withheld else ''}."
