"""The first sheet of the workbook: what is wrong by root cause, how often, where, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from firstbell.engine.catalogue import Severity
from firstbell.engine.report.causes import IN_WORDS, WENT_ALONG, Cause
from firstbell.engine.report.filesheet import FileSheet
from firstbell.engine.report.styles import LINE_HEIGHT, Styles

_COLUMNS = {
    "About": 18,
    "Effect": 14,
    "What is wrong": 50,
    "What to do": 48,
    "How many": 9,
    "Records left out": 11,
    "File": 22,
    "Column": 20,
    "First record": 40,
    "What follows from it": 46,
    "Code": 24,
}
_PLACES = {title: place for place, title in enumerate(_COLUMNS)}
_PADDING = 4
_MOST_IN_A_LINK = 80
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
    for place, wide in enumerate(_COLUMNS.values()):
        sheet.set_column(place, place, wide)
    sheet.set_row(0, 2 * LINE_HEIGHT)
    sheet.write_string(0, 0, summary.title, styles.title)
    for row, line in enumerate(summary.lines, 1):
        sheet.write_string(row, 0, line, styles.plain)
    row = len(summary.lines) + 2
    if summary.causes:
        row = _write_table(sheet, styles, row, summary)
    if summary.known:
        _write_known(sheet, styles, row, summary.known)
    sheet.set_landscape()
    sheet.set_margins(0.3, 0.3, 0.4, 0.4)
    sheet.fit_to_pages(1, 0)


def _write_table(sheet: Any, styles: Styles, head: int, summary: Summary) -> int:
    """The causes below a header that stays in sight; gives the first row after a gap."""
    sheet.set_row(head, 2 * LINE_HEIGHT)
    for place, title in enumerate(_COLUMNS):
        sheet.write_string(head, place, title, styles.head)
    for row, cause in enumerate(summary.causes, head + 1):
        _write_cause(sheet, styles, row, cause, summary.sheets)
    last = head + len(summary.causes)
    sheet.autofilter(head, 0, last, len(_COLUMNS) - 1)
    sheet.freeze_panes(head + 1, 0)
    sheet.repeat_rows(head)
    return last + 2


def _write_known(sheet: Any, styles: Styles, row: int, known: Sequence[tuple[Cause, str]]) -> None:
    """Below the rest, with nothing to click: their records are not in the workbook."""
    sheet.set_row(row, 2 * LINE_HEIGHT)
    sheet.write_string(row, 0, "Acknowledged: known for a while, and not counted above", styles.title)
    for place, (cause, words) in enumerate(known, row + 1):
        _write_cause(sheet, styles, place, cause, {}, follows=words)


def _write_cause(
    sheet: Any, styles: Styles, row: int, cause: Cause, sheets: Mapping[str, FileSheet], *, follows: str | None = None
) -> None:
    follows = "\n".join(_counted(found) for found in cause.follows) if follows is None else follows
    place = sheets.get(cause.file or "")
    texts = {
        "About": cause.subject.value,
        "What is wrong": cause.message,
        "What to do": cause.remedy,
        "File": cause.file or "",
        "Column": cause.column or "",
        "What follows from it": follows,
        "Code": cause.code,
    }
    sheet.set_row(row, LINE_HEIGHT * max(_lines(title, text) for title, text in texts.items()))
    for title, at in _PLACES.items():
        sheet.write_string(row, at, texts.get(title, ""), styles.wrapped)
    sheet.write_string(row, _PLACES["Effect"], _effect(cause), styles.weights[_GRAVITY[cause.weight]])
    sheet.write_number(row, _PLACES["How many"], cause.count, styles.number)
    if cause.left_out:
        sheet.write_number(row, _PLACES["Records left out"], cause.left_out, styles.number)
    if place:
        _link(sheet, styles.link, (row, _PLACES["File"]), place, "A1", cause.file or "")
    for record in cause.records[:1]:
        _write_record(sheet, styles, (row, _PLACES["First record"]), record, place, cause.column)


def _write_record(
    sheet: Any, styles: Styles, at: tuple[int, int], record: int, place: FileSheet | None, column: str | None
) -> None:
    """The number of a record and what people call it, as a link with its cell."""
    cell = place.find_cell(record, column) if place else None
    if place is None or cell is None:
        sheet.write_string(*at, f"{record:,}", styles.wrapped)
        return
    name = place.call(record)
    _link(sheet, styles.link, at, place, cell, f"{record:,}: {name}"[:_MOST_IN_A_LINK] if name else f"{record:,}")


def _effect(cause: Cause) -> str:
    """What a cause does; one that takes nothing away itself may still cost others."""
    return IN_WORDS[cause.severity] if cause.weight is cause.severity else "Leaves others out"


def _counted(cause: Cause) -> str:
    """What follows from another cause, in short: of what went with it, only how much."""
    if cause.code == WENT_ALONG:
        return f"{cause.message.partition(' because ')[0]} ({cause.file}, {cause.column})."
    return f"{cause.count:,} times: {cause.message}" if cause.count > 1 else cause.message


def _lines(title: str, text: str) -> int:
    """How many lines a text takes in its column."""
    width = _COLUMNS[title] - _PADDING
    return sum(max(1, ceil(len(line) / width)) for line in text.split("\n"))


def _link(sheet: Any, style: Any, at: tuple[int, int], place: FileSheet, cell: str, text: str) -> None:
    sheet.write_url(*at, f"internal:'{place.name}'!{cell}", style, text, f"Go to {place.name}, {cell}")
