"""Guesses what a person could declare about files whose names or headers no format knows. It only ever proposes."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from firstbell.engine.corrections.kinds import FIRST_LAST, LAST_FIRST, Correction, RenameColumn, RenameFile, SplitName
from firstbell.engine.corrections.reading import header_of
from firstbell.engine.corrections.spellings import FILE_SPELLINGS, WHOLE_NAMES, spellings_of
from firstbell.engine.formats.oneroster.layouts import LAYOUTS, Layout
from firstbell.engine.package import Package
from firstbell.engine.tables import TABLES
from firstbell.engine.vocabulary import fold

_LIKE = 0.85
"""From here on two folded spellings are alike."""
_COLUMNS_OF_A_FILE = 3
"""So many columns that could be a file's make it likely that it is this file."""
_MOST_CHANCE = 0.5
"""A file of other things has a few columns that could be anything's."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that a person may want, and why."""

    correction: Correction
    why: str


def propose(package: Package) -> list[Proposal]:
    """Proposals for a package as it is with the corrections that were declared so far: files first, then columns."""
    layouts = LAYOUTS["1.2" if "roles.csv" in package else "1.1"]
    return [*_files(package, layouts), *_columns(package, layouts)]


def target_of(file: str, header: list[str], name: str, layout: Layout) -> str | None:
    """The column of a file's layout that a column could be, or None."""
    missing = [column for column in layout.columns if column not in header]
    spelled = fold(name)
    for column in missing:
        if fold(column) == spelled:
            return column
    alike = [column for column in missing if spelled in spellings_of(file, column)]
    if alike:
        return min(alike, key=lambda column: spellings_of(file, column).index(spelled))
    close = get_close_matches(spelled, [fold(column) for column in missing], n=1, cutoff=_LIKE)
    return next((column for column in missing if close and fold(column) == close[0]), None)


def _files(package: Package, layouts: dict[str, Layout]) -> Iterator[Proposal]:
    proposed: set[str] = set()
    for name in package:
        stem = name.rpartition(".")[0]
        if stem in layouts or not name.casefold().endswith((".csv", ".txt")) or name == "manifest.csv":
            continue
        table = _table_of(package, name, layouts)
        to = f"{table}.csv"
        if table is None or to in package or to in proposed:
            continue
        proposed.add(to)
        yield Proposal(RenameFile(name, to), f"It looks like the {TABLES[table].nouns} of the roster.")


def _table_of(package: Package, name: str, layouts: dict[str, Layout]) -> str | None:
    """The table that a file seems to hold: by its name, else by its columns."""
    stem = fold(name.rpartition(".")[0])
    for table, spellings in FILE_SPELLINGS.items():
        if table in layouts and stem in {fold(table), *spellings}:
            return table
    header = header_of(package, name)

    def fitting_columns(layout: Layout) -> int:
        return sum(
            column in layout.columns or target_of(layout.file, header, column, layout) is not None for column in header
        )

    fitting = {table: fitting_columns(layout) for table, layout in layouts.items() if table in TABLES}
    best = max(fitting, key=lambda table: fitting[table])
    likely = fitting[best] >= _COLUMNS_OF_A_FILE and fitting[best] >= _MOST_CHANCE * len(header)
    return best if likely else None


def _columns(package: Package, layouts: dict[str, Layout]) -> Iterator[Proposal]:
    for name in package:
        layout = layouts.get(name.removesuffix(".csv"))
        if layout is None or not layout.roster:
            continue
        header = header_of(package, name)
        known = list(header)
        for column in header:
            if not column or column in layout.columns or column.startswith("metadata."):
                continue
            to = target_of(layout.file, known, column, layout)
            if to is not None:
                known.append(to)
                yield Proposal(RenameColumn(name, column, to), f"{to} is {_meaning(layout.file, to)}.")
            elif layout.file == "users" and fold(column) in WHOLE_NAMES and "familyName" not in known:
                yield Proposal(SplitName(name, column, _order(package, name)), "It seems to hold whole names.")


def _meaning(file: str, column: str) -> str:
    meanings = {known.name: known.meaning for known in (*TABLES[file].columns, *TABLES["roles"].columns)}
    return meanings.get(column, "a column of the format")


def _order(package: Package, name: str) -> str:
    """Quotes around a name are there for its comma."""
    lines = package.head(name).splitlines()[1:4]
    return LAST_FIRST if any(b'"' in line for line in lines) else FIRST_LAST
