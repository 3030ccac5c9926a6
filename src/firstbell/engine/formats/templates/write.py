"""Writes templates, empty or with a roster in them: an Excel workbook with help in it, or CSV files."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import TemporaryDirectory

import polars as pl
import xlsxwriter

from firstbell.engine.formats.layout import Field
from firstbell.engine.formats.templates.examples import CHOSEN, EXAMPLES, INSTRUCTIONS, NOTES
from firstbell.engine.formats.templates.layouts import CLASSES, EXAMPLE, LAYOUTS, SCHOOLS, STAFF, STUDENTS
from firstbell.engine.formats.templates.layouts import INSTRUCTIONS as FIRST_SHEET
from firstbell.engine.formats.templates.layouts import LISTS as LISTS_SHEET
from firstbell.engine.formats.templates.words import GRADES, ROLES
from firstbell.engine.formats.writing import on_one_line
from firstbell.engine.report.styles import Styles

# The library would put the hour of writing there; the same cells give the same bytes.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001
_ROWS_WITH_HELP = 10_000
_WIDTH, _NARROWEST, _WIDEST = 1.2, 12, 40
_SEVERAL = frozenset({"Schools", "Classes", "Term", "Teachers"})

KINDS: dict[str, tuple[str, ...]] = {
    "students": (STUDENTS.file,),
    "staff": (STAFF.file,),
    "classes": (CLASSES.file,),
    "people": (STAFF.file, STUDENTS.file),
    "all": (SCHOOLS.file, CLASSES.file, STAFF.file, STUDENTS.file),
}
"""What one may ask for, and its sheets in order."""


@dataclass(frozen=True, slots=True)
class Template:
    """What to write. ``columns`` by sheet (else those of ``CHOSEN``); ``rows`` by sheet where it is filled in already;
    ``schools`` and ``terms`` are what the drop-downs offer."""

    sheets: tuple[str, ...]
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    schools: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    def fields(self, sheet: str) -> list[Field]:
        """The columns of a sheet, in the order of the layout."""
        wanted = set(self.columns.get(sheet) or CHOSEN[sheet])
        return [one for one in LAYOUTS[sheet].fields if one.required or one.name in wanted]

    def cells(self, sheet: str) -> list[list[str]]:
        """The rows under the header: those that are known, or two examples."""
        names = [one.name for one in self.fields(sheet)]
        if sheet in self.rows:
            rows = on_one_line(self.rows[sheet].select(pl.col(name).fill_null("") for name in names))
            return [list(row) for row in rows.rows()]
        shown = [[example.get(name, "") for name in names] for example in EXAMPLES[sheet]]
        return [[f"{EXAMPLE} {first}", *rest] for first, *rest in shown]


def write_workbook(template: Template) -> bytes:
    """An Excel workbook: instructions, a sheet each with drop-downs and notes, every cell as text."""
    out = io.BytesIO()
    with TemporaryDirectory(prefix="firstbell-") as folder:  # pieces of a sheet hold people: none may be left behind
        options = {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        book = xlsxwriter.Workbook(out, options)
        book.set_properties({"title": "Firstbell template", "author": "Firstbell", "created": _CREATED})
        styles = Styles(book)
        _write_instructions(book, styles)
        lists = _Lists(template.schools, template.terms)
        for sheet in template.sheets:
            _write_sheet(book, styles, template, sheet, lists)
        lists.write(book, styles)
        book.close()
    return out.getvalue()


def write_csv(template: Template, sheet: str) -> bytes:
    """One sheet as a CSV file. With a mark at its start, for without it Excel garbles names."""
    names = [one.name for one in template.fields(sheet)]
    schema = dict.fromkeys(names, pl.String)
    rows = pl.DataFrame(template.cells(sheet), schema=schema, orient="row")
    return rows.write_csv(include_bom=True).encode()


def _write_instructions(book: xlsxwriter.Workbook, styles: Styles) -> None:
    page = book.add_worksheet(FIRST_SHEET)
    page.hide_gridlines(2)
    page.set_column(0, 0, 110, styles.wrapped)
    page.write_string(0, 0, "How to fill this in", styles.title)
    for place, line in enumerate(INSTRUCTIONS, start=2):
        page.write_string(place, 0, line, styles.wrapped)


class _Lists:
    """The words that drop-downs offer, on a hidden sheet: what stands in the rule itself may be 255 characters long."""

    def __init__(self, schools: tuple[str, ...], terms: tuple[str, ...]) -> None:
        self.columns = {
            "Role": tuple(ROLES),
            "Grade": tuple(GRADES),
            "School name": schools,
            "Term": terms,
            "Type": ("School", "District"),
            "May sign in": ("Yes", "No"),
        }
        self.columns["Schools"] = schools

    def source(self, name: str) -> str | None:
        words = self.columns.get(name)
        if not words:
            return None
        letter = chr(ord("A") + list(self.columns).index(name))
        return f"={LISTS_SHEET}!${letter}$2:${letter}${len(words) + 1}"

    def write(self, book: xlsxwriter.Workbook, styles: Styles) -> None:
        page = book.add_worksheet(LISTS_SHEET)
        page.hide()
        for place, (name, words) in enumerate(self.columns.items()):
            page.write_string(0, place, f"{name} (choices)", styles.text)
            for line, word in enumerate(words, start=1):
                page.write_string(line, place, word, styles.text)


def _write_sheet(book: xlsxwriter.Workbook, styles: Styles, template: Template, sheet: str, lists: _Lists) -> None:
    page = book.add_worksheet(sheet)
    cells, fields = template.cells(sheet), template.fields(sheet)
    last = max(_ROWS_WITH_HELP, len(cells))
    for place, one in enumerate(fields):
        longest = max([len(one.name), *(len(row[place]) for row in cells[:500])])
        page.set_column(place, place, min(_WIDEST, max(_NARROWEST, _WIDTH * longest)), styles.text)
        page.write_string(0, place, one.name, styles.head if one.required else styles.own_head)
        note = NOTES.get(one.name)
        told = f"{note or ''}{' Has to be filled in.' if one.required else ''}".strip()
        if told:
            page.write_comment(0, place, told, {"x_scale": 2})
        source = lists.source(one.name)
        if source:
            several = one.name in _SEVERAL or (sheet == CLASSES.file and one.name == "Grade")
            rule = {"validate": "list", "source": source, "show_error": not several, "error_type": "warning"}
            page.data_validation(1, place, last, place, rule)
    for line, row in enumerate(cells, start=1):
        for place, cell in enumerate(row):
            if cell:
                page.write_string(line, place, cell, styles.text)
    page.freeze_panes(1, 0)
