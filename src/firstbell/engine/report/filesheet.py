"""One sheet of the workbook: the faulty records of a file, its own columns after those that tell what is wrong."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_rowcol_to_cell

from firstbell.engine.report.rows import FaultyRows, place_of
from firstbell.engine.report.styles import LINE_HEIGHT, Styles

TOLD = {"Record": 11, "Id": 18, "Who or what": 28, "Effect": 14, "What is wrong": 52, "What to do": 48}
"""The columns before the file's own, with their widths in characters; the code stands after those."""
_CODE = 24
_FROZEN = 3
_HEAD = 1
"""The row of the header, below the way back to the first sheet."""
_LONGEST_NAME = 31
_NARROWEST, _WIDEST = 9, 36
_AT_ONCE = 20_000
_PADDING = 4
"""Characters that an indent and the room for a margin take of a cell."""
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
        return str(xl_rowcol_to_cell(at + _HEAD + 1, 0 if place is None else len(TOLD) + place))

    def call(self, record: int) -> str:
        """What people call a record that is shown: its id and name, as far as it has them."""
        at = self.rows.told["record"].index_of(record)
        named = (None, None) if at is None else self.rows.told.select("id", "name").row(at)
        return ", ".join(said for said in named if said)


def name_sheet(file: str, taken: Collection[str]) -> str:
    """A name that a spreadsheet takes: at most 31 characters, some forbidden, unlike all others whatever their case."""
    plain = "".join("_" if letter in "[]:*?/\\'" or not letter.isprintable() else letter for letter in file)
    name, number = plain[:_LONGEST_NAME], 1
    while not name or name.casefold() in {"history", *(other.casefold() for other in taken)}:
        number += 1
        ending = f" ({number})"
        name = plain[: _LONGEST_NAME - len(ending)] + ending
    return name


def write_sheet(sheet: Any, styles: Styles, rows: FaultyRows, *, back: str) -> None:
    """Fill a sheet; from its top to its end, since what is written is out of memory. ``back``: the first sheet."""
    last = len(TOLD) + rows.cells.width
    for place, wide in enumerate(TOLD.values()):
        sheet.set_column(place, place, wide, None, {"hidden": place in _without_names(rows)})
    blank = _blank_columns(rows)
    for place, wide in enumerate(_widths(rows)):
        sheet.set_column(len(TOLD) + place, len(TOLD) + place, wide, styles.text, {"hidden": place in blank})
    sheet.set_column(last, last, _CODE)
    sheet.write_url(0, 0, f"internal:'{back}'!A1", styles.back, f"Back to {back}", f"Go to {back}")
    for place, title in enumerate(TOLD):
        sheet.write_string(_HEAD, place, title, styles.head)
    for place, own in enumerate(_plain_text(pl.Series(rows.header, dtype=pl.String)), len(TOLD)):
        sheet.write_string(_HEAD, place, own or "", styles.own_head)
    sheet.write_string(_HEAD, last, "Code", styles.head)
    for start in range(0, rows.told.height, _AT_ONCE):
        _write_rows(sheet, styles, rows, start)
    sheet.freeze_panes(_HEAD + 1, _FROZEN)
    sheet.autofilter(_HEAD, 0, rows.told.height + _HEAD, last)
    sheet.set_landscape()
    sheet.set_margins(0.3, 0.3, 0.4, 0.4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)


def _without_names(rows: FaultyRows) -> list[int]:
    """The places of ``Id`` and ``Who or what`` where they say nothing on the whole sheet."""
    return [place for place, name in enumerate(("id", "name"), 1) if not rows.told[name].count()]


def _blank_columns(rows: FaultyRows) -> set[int]:
    """The file's own columns that are blank in all of these records, and wrong in none."""
    marked = set(rows.marks["place"].to_list())
    filled = rows.cells.select(pl.all().replace("", None).count()).row(0)
    return {place for place, count in enumerate(filled) if not count and place not in marked}


def _widths(rows: FaultyRows) -> list[int]:
    longest = rows.cells.select(pl.all().str.len_chars().max().fill_null(0).cast(pl.Int64))
    values = [column.item() for column in longest.get_columns()]
    titles = [len(title) for title in rows.header] + [0] * (len(values) - len(rows.header))
    return [min(max(value, title + 3, _NARROWEST), _WIDEST) for value, title in zip(values, titles, strict=True)]


def _lines(told: pl.DataFrame) -> list[int]:
    """How many lines the words of each row take, at most so many as one can look at."""
    wrapped = [
        pl.col(name)
        .str.split("\n")
        .list.eval((pl.element().str.len_chars() / (TOLD[title] - _PADDING)).ceil())
        .list.sum()
        for name, title in (("message", "What is wrong"), ("remedy", "What to do"))
    ]
    return told.select(pl.max_horizontal(*wrapped).clip(1, _MOST_LINES).cast(pl.Int64))["message"].to_list()


def _plain_text(values: pl.Series) -> list[str | None]:
    return values.str.replace(_RICH, "$0 ").to_list()


def _write_rows(sheet: Any, styles: Styles, rows: FaultyRows, start: int) -> None:
    """The one loop over rows, which the library wants cell by cell: those of one slice."""
    told = rows.told.slice(start, _AT_ONCE)
    marks = rows.marks.filter(pl.col("row").is_between(start, start + _AT_ONCE - 1))
    bad = dict(zip(zip(marks["row"], marks["place"], strict=True), marks["gravity"], strict=True))
    cells = [_plain_text(column) for column in rows.cells.slice(start, _AT_ONCE).get_columns()]
    words = zip(*(told[name].to_list() for name in ("record", "gravity", "severity")), _lines(told), strict=True)
    texts = zip(*(_plain_text(told[name]) for name in ("id", "name", "message", "remedy", "code")), strict=True)
    first, last = _HEAD + 1, len(TOLD) + rows.cells.width
    notes = _notes(rows, start)
    string, text = sheet.write_string, styles.text
    for row, (record, gravity, severity, lines), (key, name, message, remedy, code), values in zip(
        range(start, start + told.height), words, texts, zip(*cells, strict=True), strict=True
    ):
        if lines > 1:
            sheet.set_row(row + first, lines * LINE_HEIGHT)
        sheet.write_number(row + first, 0, record, styles.number)
        string(row + first, 1, key or "", text)
        string(row + first, 2, name or "", styles.wrapped)
        string(row + first, 3, severity, styles.weights[gravity])
        string(row + first, 4, message, styles.wrapped)
        string(row + first, 5, remedy, styles.wrapped)
        for place, value in enumerate(values):
            style = styles.marked[bad[row, place]] if (row, place) in bad else text
            if value is not None:
                string(row + first, len(TOLD) + place, value, style)
            elif style is not text:
                sheet.write_blank(row + first, len(TOLD) + place, None, style)
        string(row + first, last, code, styles.wrapped)
        for place, note in notes.get(row, ()):
            sheet.write_comment(row + first, len(TOLD) + place, note, _NOTE)


def _notes(rows: FaultyRows, start: int) -> dict[int, list[tuple[int, str]]]:
    """The notes of one slice by row: the library drops those of a row that was left behind."""
    notes = rows.notes.filter(pl.col("row").is_between(start, start + _AT_ONCE - 1))
    by_row: dict[int, list[tuple[int, str]]] = {}
    for row, place, note in zip(*(notes[name].to_list() for name in ("row", "place", "note")), strict=True):
        by_row.setdefault(row, []).append((place, note))
    return by_row
