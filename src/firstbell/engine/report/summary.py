"""The first sheet of the workbook: what is wrong by root cause, how often, where, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from firstbell.engine.catalogue import Severity
from firstbell.engine.report.causes import IN_WORDS, Cause
from firstbell.engine.report.filesheet import FileSheet
from firstbell.engine.report.styles import LINE_HEIGHT, Styles

_COLUMNS = {
    "About": 20,
    "How grave": 17,
    "How many": 10,
    "File": 20,
    "Column": 20,
    "What is wrong": 50,
    "What to do": 42,
    "What follows from it": 44,
    "First record": 8,
}
_NEXT = ("2nd", "3rd", "4th", "5th")
_RECORDS = 1 + len(_NEXT)
_WRAPPED = ("What is wrong", "What to do", "What follows from it")
_KNOWN_AT = list(_COLUMNS).index("What follows from it")
_GRAVITY = {Severity.FATAL: 3, Severity.ERROR: 2, Severity.WARNING: 1}


@dataclass(frozen=True, slots=True)
class Summary:
    """What the sheet says: its title, lines of introduction, causes, and the sheets to which they lead.

    ``known``: causes that somebody has acknowledged, with who, until when and why.
    """

    title: str
    lines: Sequence[str]
    causes: Sequence[Cause]
    sheets: Mapping[str, FileSheet]
    known: Sequence[tuple[Cause, str]] = ()


def write_summary(sheet: Any, styles: Styles, summary: Summary) -> None:
    """Fill the sheet, from its top to its end."""
    for place, wide in enumerate([*_COLUMNS.values(), *[8] * len(_NEXT), 24]):
        sheet.set_column(place, place, wide)
    sheet.set_row(0, 2 * LINE_HEIGHT)
    sheet.write_string(0, 0, summary.title, styles.title)
    for row, line in enumerate(summary.lines, 1):
        sheet.write_string(row, 0, line, styles.plain)
    head = len(summary.lines) + 2
    sheet.set_row(head, 2 * LINE_HEIGHT)
    for place, title in enumerate([*_COLUMNS, *_NEXT, "Code"]):
        sheet.write_string(head, place, title, styles.head)
    for row, cause in enumerate(summary.causes, head + 1):
        _write_cause(sheet, styles, row, cause, summary.sheets)
    last = head + len(summary.causes)
    _write_known(sheet, styles, last + 2, summary.known)
    sheet.autofilter(head, 0, max(last, head), len(_COLUMNS) + _RECORDS - 1)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_landscape()
    sheet.set_margins(0.3, 0.3, 0.4, 0.4)
    sheet.fit_to_pages(1, 0)


def _write_known(sheet: Any, styles: Styles, row: int, known: Sequence[tuple[Cause, str]]) -> None:
    """Below the rest, with nothing to click: their records are not in the workbook."""
    if known:
        sheet.set_row(row, 2 * LINE_HEIGHT)
        sheet.write_string(row, 0, "Acknowledged: known for a while, and not counted above", styles.title)
    for place, (cause, words) in enumerate(known, row + 1):
        _write_cause(sheet, styles, place, cause, {})
        sheet.set_row(place, LINE_HEIGHT * _lines(cause.message, cause.remedy, words))
        sheet.write_string(place, _KNOWN_AT, words, styles.wrapped)


def _write_cause(sheet: Any, styles: Styles, row: int, cause: Cause, sheets: Mapping[str, FileSheet]) -> None:
    follows = "\n".join(found.message for found in cause.follows)
    sheet.set_row(row, LINE_HEIGHT * _lines(cause.message, cause.remedy, follows))
    sheet.write_string(row, 0, cause.subject.value, styles.wrapped)
    sheet.write_string(row, 1, IN_WORDS[cause.severity], styles.weights[_GRAVITY[cause.severity]])
    sheet.write_number(row, 2, cause.count, styles.number)
    place = sheets.get(cause.file or "")
    if place is None:
        sheet.write_string(row, 3, cause.file or "", styles.wrapped)
    else:
        _link(sheet, styles.link, (row, 3), place, "A1", cause.file or "")
    for column, text in enumerate((cause.column or "", cause.message, cause.remedy, follows), 4):
        sheet.write_string(row, column, text, styles.wrapped)
    for column, record in enumerate(cause.records[:_RECORDS], len(_COLUMNS) - 1):
        cell = place.find_cell(record, cause.column) if place else None
        if place is None or cell is None:
            sheet.write_number(row, column, record, styles.number)
        else:
            _link(sheet, styles.record_link, (row, column), place, cell, f"{record:,}")
    sheet.write_string(row, len(_COLUMNS) + _RECORDS - 1, cause.code, styles.wrapped)


def _lines(*texts: str) -> int:
    widths = [_COLUMNS[title] for title in _WRAPPED]
    return max(
        sum(max(1, ceil(len(line) / width)) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )


def _link(sheet: Any, style: Any, at: tuple[int, int], place: FileSheet, cell: str, text: str) -> None:
    sheet.write_url(*at, f"internal:'{place.name}'!{cell}", style, text, f"Go to {place.name}, {cell}")
