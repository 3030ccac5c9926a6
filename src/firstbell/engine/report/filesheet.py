"""One sheet of the workbook: the faulty records of a file, its own columns after those that tell what is wrong."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_rowcol_to_cell

from firstbell.engine.report.rows import FaultyRows, place_of
from firstbell.engine.report.styles import LINE_HEIGHT, Styles

TOLD = {"Record": 9, "How grave": 17, "What is wrong": 60, "What to do": 48, "Code": 20}
"""The columns before the file's own, with their widths in characters."""
_LONGEST_NAME = 31
_NARROWEST, _WIDEST = 9, 36
_AT_ONCE = 20_000
_MOST_LINES = 12
_NOTE = {"author": "Firstbell", "x_scale": 2.2, "y_scale": 1.4}
# xlsxwriter takes such a text for rich text of its own and copies it into the sheet unescaped.
_RICH = r"^<r>[\s\S]*</r>$"


@dataclass(frozen=True, slots=True)
class FileSheet:
    """A file's sheet: its name in the workbook, and what is on it."""

    name: str
    rows: FaultyRows

    def find_cell(self, record: int, column: str | None) -> str | None:
        """Where a record's cell is, such as ``F12``; None where the record is not shown."""
        at = self.rows.told["record"].index_of(record)
        if at is None:
            return None
        place = None if column is None else place_of(column, self.rows.header)
        return str(xl_rowcol_to_cell(at + 1, 0 if place is None else len(TOLD) + place))


def name_sheet(file: str, taken: Collection[str]) -> str:
    """A name that a spreadsheet takes: at most 31 characters, some forbidden, unlike all others whatever their case."""
    plain = "".join("_" if letter in "[]:*?/\\'" or not letter.isprintable() else letter for letter in file)
    name, number = plain[:_LONGEST_NAME], 1
    while not name or name.casefold() in {"history", *(other.casefold() for other in taken)}:
        number += 1
        ending = f" ({number})"
        name = plain[: _LONGEST_NAME - len(ending)] + ending
    return name


def write_sheet(sheet: Any, styles: Styles, rows: FaultyRows) -> None:
    """Fill a sheet; from its top to its end, since what is written is out of memory."""
    width = len(TOLD) + rows.cells.width
    for place, (title, wide) in enumerate(TOLD.items()):
        sheet.set_column(place, place, wide)
        sheet.write_string(0, place, title, styles.head)
    for place, wide in enumerate(_widths(rows), len(TOLD)):
        sheet.set_column(place, place, wide, styles.text)
    for place, own in enumerate(_plain_text(pl.Series(rows.header, dtype=pl.String)), len(TOLD)):
        sheet.write_string(0, place, own or "", styles.own_head)
    for start in range(0, rows.told.height, _AT_ONCE):
        _write_rows(sheet, styles, rows, start)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, rows.told.height, width - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)


def _widths(rows: FaultyRows) -> list[int]:
    longest = rows.cells.select(pl.all().str.len_chars().max().fill_null(0).cast(pl.Int64))
    values = [column.item() for column in longest.get_columns()]
    titles = [len(title) for title in rows.header] + [0] * (len(values) - len(rows.header))
    return [min(max(value, title + 3, _NARROWEST), _WIDEST) for value, title in zip(values, titles, strict=True)]


def _lines(told: pl.DataFrame) -> list[int]:
    """How many lines the words of each row take, at most so many as one can look at."""
    wrapped = [
        pl.col(name).str.split("\n").list.eval((pl.element().str.len_chars() / TOLD[title]).ceil()).list.sum()
        for name, title in (("message", "What is wrong"), ("remedy", "What to do"))
    ]
    return told.select(pl.max_horizontal(*wrapped).clip(1, _MOST_LINES).cast(pl.Int64))["message"].to_list()


def _plain_text(values: pl.Series) -> list[str | None]:
    return values.str.replace(_RICH, "$0 ").to_list()


def _write_rows(sheet: Any, styles: Styles, rows: FaultyRows, start: int) -> None:
    """The one loop over rows, which the library wants cell by cell: those of one slice.

    Notes go with their row: once the next one is begun, the library takes nothing more for it.
    """
    told = rows.told.slice(start, _AT_ONCE)
    marks = rows.marks.filter(pl.col("row").is_between(start, start + _AT_ONCE - 1))
    bad = dict(zip(zip(marks["row"], marks["place"], strict=True), marks["gravity"], strict=True))
    noted = rows.notes.filter(pl.col("row").is_between(start, start + _AT_ONCE - 1))
    notes = dict(zip(zip(noted["row"], noted["place"], strict=True), noted["note"], strict=True))
    cells = [_plain_text(column) for column in rows.cells.slice(start, _AT_ONCE).get_columns()]
    words = zip(*(told[name].to_list() for name in ("record", "gravity", "severity")), _lines(told), strict=True)
    texts = zip(*(_plain_text(told[name]) for name in ("message", "remedy", "code")), strict=True)
    string, text = sheet.write_string, styles.text
    for row, (record, gravity, severity, lines), told_of_row, values in zip(
        range(start, start + told.height), words, texts, zip(*cells, strict=True), strict=True
    ):
        if lines > 1:
            sheet.set_row(row + 1, lines * LINE_HEIGHT)
        sheet.write_number(row + 1, 0, record, styles.number)
        string(row + 1, 1, severity, styles.weights[gravity])
        for place, said in enumerate(told_of_row, 2):
            string(row + 1, place, said, styles.wrapped)
        for place, value in enumerate(values):
            style = styles.marked[bad[row, place]] if (row, place) in bad else text
            if (row, place) in notes:
                sheet.write_comment(row + 1, len(TOLD) + place, notes[row, place], _NOTE)
            if value is not None:
                string(row + 1, len(TOLD) + place, value, style)
            elif style is not text:
                sheet.write_blank(row + 1, len(TOLD) + place, None, style)
