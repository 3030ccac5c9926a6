"""What a source sends and the district does not want: courses, classes such as "Lunch", and people, named by patterns.

They count as not sent. So what is on the roster already goes as if the source had let it go, and the guard looks at it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from firstbell.engine.reading import Reading

NAMED_BY: dict[str, tuple[str, ...]] = {
    "courses": ("title", "courseCode"),
    "classes": ("title", "classCode"),
    "users": ("sourcedId", "identifier", "username", "email"),
}
"""The tables of which rows can be left out, and the columns by which a pattern names them."""
HANGING: tuple[tuple[str, str, str], ...] = (
    ("courses", "classes", "courseSourcedId"),
    ("classes", "enrollments", "classSourcedId"),
    ("users", "enrollments", "userSourcedId"),
    ("users", "roles", "userSourcedId"),
    ("users", "userProfiles", "userSourcedId"),
    ("users", "demographics", "sourcedId"),
)
"""(table, table whose rows go with it, by which column). A table comes before those that go with it."""
LONGEST = 100
MOST = 200


class BadPattern(ValueError):
    """A pattern that cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many rows of a table are left out, and the names of the first."""

    table: str
    count: int
    total: int
    examples: tuple[str, ...] = ()


def ensure_good(patterns: Mapping[str, Iterable[str]]) -> None:
    """Raises BadPattern for patterns (table -> lines) that cannot be used."""
    for table, lines in patterns.items():
        said = list(lines)
        if table not in NAMED_BY:
            raise BadPattern(f"Of {table} nothing can be left out; of {', '.join(NAMED_BY)} it can.")
        if len(said) > MOST:
            raise BadPattern(f"{table}: at most {MOST} lines.")
        for line in said:
            if not line.replace("*", "").strip():
                raise BadPattern(f"{table}: “{line}” would leave out everything.")
            if len(line) > LONGEST:
                raise BadPattern(f"{table}: “{line[:40]}...” is longer than {LONGEST} characters.")


def leave_out(reading: Reading, patterns: Mapping[str, Iterable[str]]) -> list[LeftOut]:
    """Take the rows that the patterns name out of a reading, and those that hang on them; tells how many of each."""
    if not patterns:
        return []
    before = {name: rows.height for name, rows in reading.tables.items()}
    examples: dict[str, tuple[str, ...]] = {}
    gone: dict[str, pl.Series] = {}
    for table, names in NAMED_BY.items():
        rows = reading.tables.get(table)
        if rows is None:
            continue
        named = is_called(names, patterns.get(table, ()))
        hanging = [pl.col(column).is_in(gone[parent].implode()) for parent, column in _parents(table, gone)]
        out = rows.filter(pl.any_horizontal(named, *hanging).fill_null(value=False))
        if out.height:
            gone[table] = out["sourcedId"].drop_nulls()
            examples[table] = tuple(out["title"].drop_nulls().head(5).to_list()) if "title" in out.columns else ()
            take_out(reading, table, "sourcedId", gone[table])
    for parent, table, column in HANGING:
        if parent in gone and table in reading.tables and table not in NAMED_BY:
            take_out(reading, table, column, gone[parent])
    if "users" in gone:
        forget_agents(reading, gone["users"])
    lost = {name: before[name] - rows.height for name, rows in reading.tables.items()}
    return [LeftOut(name, count, before[name], examples.get(name, ())) for name, count in lost.items() if count]


def _parents(table: str, gone: Mapping[str, pl.Series]) -> list[tuple[str, str]]:
    return [(parent, column) for parent, child, column in HANGING if child == table and parent in gone]


def is_called(columns: Iterable[str], lines: Iterable[str]) -> pl.Expr:
    """True where a column is what a line says; ``*`` stands for anything, and case does not count."""
    told = [".*".join(re.escape(part) for part in line.strip().split("*")) for line in lines]
    if not told:
        return pl.lit(value=False)
    pattern = f"(?is)^(?:{'|'.join(told)})$"
    return pl.any_horizontal(pl.col(name).str.contains(pattern).fill_null(value=False) for name in columns)


def take_out(reading: Reading, table: str, column: str, gone: pl.Series) -> None:
    """Without the rows of a table that have one of these in a column."""
    rows = reading.tables[table]
    reading.tables[table] = rows.filter(~pl.col(column).is_in(gone.implode()).fill_null(value=False))


def forget_agents(reading: Reading, gone: pl.Series) -> None:
    """Nobody is tied to somebody who was left out."""
    agents = pl.col("agentSourcedIds")
    kept = agents.str.split(",").list.set_difference(gone.to_list()).list.join(",").replace("", None)
    reading.tables["users"] = reading.tables["users"].with_columns(
        agentSourcedIds=pl.when(agents.is_not_null()).then(kept)
    )
