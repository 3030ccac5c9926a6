"""One row as a person types it, read and checked as a file's record would be: what a form accepts an import accepts.

References are row ids of ours; whether they lead somewhere is for whoever has the rows to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.rules import BETWEEN, RECORD_RULES, Tables
from firstbell.engine.rules.rule import apply_rules
from firstbell.engine.tables import Column, Kind, Table
from firstbell.engine.values import canonical_column, read_grades

VERSION = "1.2"
REPAIRS = frozenset(
    {
        "spaces-trimmed",
        "word-repaired",
        "word-of-another-version",
        "date-repaired",
        "year-repaired",
        "grade-repaired",
        "grade-unknown",
        "list-repaired",
        "value-missing-tolerated",
    }
)
"""Findings after which a value stands as it was meant; of any other the person who typed is told."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field (a canonical column; blank for the row as a whole)."""

    column: str
    sentence: str
    """May name ``{column}``."""

    def says(self, label: str) -> str:
        """In words, the field called as its reader knows it."""
        return self.sentence.format(column=label)


@dataclass(frozen=True, slots=True)
class Entered:
    """Canonical text by column (None: blank), and what is wrong with it."""

    values: dict[str, str | None]
    problems: tuple[Problem, ...]


def typed_columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table that a person may fill in."""
    return tuple(column for column in table.content if column.kind is not Kind.METADATA and column.name != "sourcedId")


def enter(table: Table, said: Mapping[str, str | None]) -> Entered:
    """Read and check one row. Columns that nothing is said of are blank."""
    columns = typed_columns(table)
    spellings = {column.name: [said.get(column.name) or column.default] for column in columns}
    row = pl.DataFrame(
        {**spellings, "sourcedId": ["?"], "_status": ["active"], "_file": [""], "_record": [1]},
        schema_overrides=dict.fromkeys(spellings, pl.String),
    )
    found: list[pl.DataFrame] = []
    for column in columns:
        reader = read_grades if column.kind is Kind.GRADES else None
        text, more = canonical_column(row, column, version=VERSION, reader=reader)
        row = row.with_columns(text.alias(column.name))
        found += more
    tables = Tables({table.name: row})
    apply_rules(tables, table.name, RECORD_RULES.get(table.name, ()))
    for needed, check in BETWEEN:
        if needed == (table.name,):
            check(tables)
    gathered = findings.gather([*found, *tables.findings], strict=False)
    return Entered({column.name: row[column.name][0] for column in columns}, _problems(gathered))


def _problems(found: pl.DataFrame) -> tuple[Problem, ...]:
    told = found.filter(~pl.col("code").is_in(list(REPAIRS)))
    names = told["column"].fill_null("").to_list()
    explained = findings.explain(told.with_columns(column=pl.lit("\x03")))
    message = explained["message"].str.replace(r"; it was [^;]*\.$", ".")  # nothing was done yet: it is being typed
    words = zip(names, message.to_list(), explained["remedy"].to_list(), strict=True)
    return tuple(Problem(name, _with_place_for_label(f"{message} {remedy}")) for name, message, remedy in words)


def _with_place_for_label(sentence: str) -> str:
    return sentence.replace("{", "{{").replace("}", "}}").replace("\x03", "{column}")
