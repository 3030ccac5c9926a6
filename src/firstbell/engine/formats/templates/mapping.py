"""Columns of a list that go by other names: what each could be. It only ever proposes."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from firstbell.engine.corrections.reading import header_of, read_file
from firstbell.engine.corrections.spellings import spellings_of
from firstbell.engine.csvfile import names_a_secret
from firstbell.engine.formats.finding import find_files
from firstbell.engine.formats.layout import Field, FileLayout
from firstbell.engine.formats.templates.layouts import FIRSTBELL_ID, INSTRUCTIONS, LAYOUTS, LISTS, STUDENTS
from firstbell.engine.package import Package
from firstbell.engine.vocabulary import fold

_LIKE = 0.8
_SHOWN = 3
OPEN = frozenset(
    {"First name", "Last name", "Grade", "Schools", "Classes", "Role", "Class name", "School name", "Term"}
)
"""Columns of which a preview may show cells to whoever may bring lists."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A column that nobody reads: what it could be (``proposal`` or blank), of ``choices``; ``shows`` are cells."""

    file: str
    column: str
    proposal: str
    choices: tuple[str, ...]
    shows: tuple[str, ...]


def unmapped(package: Package) -> list[Unmapped]:
    """The columns of all files that no sheet of the templates has."""
    alone = {INSTRUCTIONS.casefold(), LISTS.casefold()}
    layouts = {found.name: found.layout for found in find_files(package, LAYOUTS.values(), alone)}
    files = [name for name in package if name.rpartition(".")[0].casefold() not in alone]
    return [one for name in files for one in _of_file(package, name, layouts.get(name))]


def _of_file(package: Package, name: str, known: FileLayout | None) -> Iterator[Unmapped]:
    header = header_of(package, name)
    layout = known or _likely(header)
    missing = [one for one in layout.fields if not _is_in(header, one) and one.name != FIRSTBELL_ID]
    for place, column in enumerate(header):
        if not column or any(fold(column) in one.names for one in layout.fields):
            continue
        proposal = _could_be(column, missing)
        missing = [one for one in missing if one.name != proposal]
        choices = tuple(one.name for one in layout.fields if not _is_in(header, one) and one.name != FIRSTBELL_ID)
        shown = _cells(package, name, place) if proposal in OPEN and not names_a_secret(column) else ()
        yield Unmapped(f"{layout.file}.csv" if known else name, column, proposal, choices, shown)


def _is_in(header: list[str], one: Field) -> bool:
    return any(fold(column) in one.names for column in header)


def _likely(header: list[str]) -> FileLayout:
    """The sheet of which a file has most columns, under whatever names; without any it is a list of students."""

    def could_be(layout: FileLayout) -> int:
        return sum(bool(_could_be(column, list(layout.fields))) for column in header)

    return max((STUDENTS, *LAYOUTS.values()), key=could_be)


def _could_be(column: str, fields: list[Field]) -> str:
    spelled = fold(column)
    for one in fields:
        table, _, canonical = one.to.partition(".")
        if spelled in one.names or spelled in spellings_of(table, canonical):
            return one.name
    close = get_close_matches(spelled, [name for one in fields for name in one.names], n=1, cutoff=_LIKE)
    return next((one.name for one in fields if close and close[0] in one.names), "")


def _cells(package: Package, name: str, place: int) -> tuple[str, ...]:
    file = read_file(package, name)
    if file is None or str(place) not in file.records.columns:
        return ()
    filled = file.records[str(place)].drop_nulls().filter(pl.Series(file.records[str(place)].drop_nulls() != ""))
    return tuple(filled.head(_SHOWN).to_list())
