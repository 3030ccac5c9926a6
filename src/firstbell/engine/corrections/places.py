"""Where ids and dates stand in the files of a roster: derived from the canonical tables.

Columns are looked up by file where a table has that file, else by their name alone: files that we leave alone (results,
resources) call their references as the roster does.
"""

import re
from collections.abc import Iterable

from firstbell.engine.tables import LIST_KINDS, TABLES, Kind

_OTHER_REFERENCES = {
    "orgSourcedIds": "orgs",
    "studentSourcedId": "users",
    "academicSessionSourcedId": "academicSessions",
}
"""References that are no column of a canonical table: OneRoster 1.1 users, and gradebooks."""
_LISTS = frozenset(
    {column.name for table in TABLES.values() for column in table.columns if column.kind in LIST_KINDS}
) | {"orgSourcedIds"}

DATE_COLUMNS = tuple(
    dict.fromkeys(column.name for table in TABLES.values() for column in table.columns if column.kind is Kind.DATE)
)
"""Columns that hold a date in whatever file."""

_TARGETS = _OTHER_REFERENCES | {
    column.name: column.target or ""
    for table in TABLES.values()
    for column in table.references
    if column.name not in {"sourcedId", "parentSourcedId"}
}


def table_of_id(file: str, column: str) -> str | None:
    """The table whose ids stand in a column of a file (``users.csv``), or None."""
    table = TABLES.get(file.removesuffix(".csv"))
    if table is not None:
        found = next((known for known in table.columns if known.name == column), None)
        if found is not None and found.kind is Kind.ID:
            return found.target or table.name
        if found is not None and found.target:
            return found.target
    return _TARGETS.get(column)


def holds_lists(column: str) -> bool:
    """Whether the cells of a column hold items joined by commas."""
    return column in _LISTS


def fits(pattern: str, names: Iterable[str]) -> bool:
    """Whether one of the names of a file is the one that a correction gives; ``*`` stands for anything."""
    wanted = re.compile(".*".join(re.escape(part) for part in pattern.casefold().split("*")), re.DOTALL)
    return any(wanted.fullmatch(name.casefold()) for name in names)


def place_of(column: str, header: list[str]) -> int | None:
    """Where a column stands: spelled so, or (where only one is) spelled alike but for case and blanks."""
    if column in header:
        return header.index(column)
    alike = [place for place, name in enumerate(header) if fold_name(name) == fold_name(column)]
    return alike[0] if len(alike) == 1 else None


def fold_name(name: str) -> str:
    """A column's name without regard to case and the number of blanks."""
    return " ".join(name.casefold().split())
