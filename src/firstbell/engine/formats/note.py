"""What writing a package could not carry: notes with a code of the catalogue, a count and a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.tables import TABLES


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a format does not carry as the roster has it. ``what`` are records, or a column of records."""

    code: str
    what: str
    count: int
    detail: str | None = None

    @property
    def says(self) -> str:
        """The sentence of the catalogue, filled in."""
        finding = findings.one(self.code, column=self.what, value=f"{self.count:,}", detail=self.detail)
        return str(findings.explain(finding)["message"][0])


@dataclass(frozen=True, slots=True)
class Written:
    """What a package holds: records per file (files without any are absent), and what it could not carry."""

    files: dict[str, int]
    notes: tuple[Note, ...]


def note_passwords(tables: Mapping[str, pl.DataFrame]) -> Iterator[Note]:
    """That passwords are never written, where there are any."""
    users = tables.get("users")
    if users is not None and "password" in users.columns:
        hidden = users.height - users["password"].null_count()
        if hidden:
            yield Note("convert-password", column_of("users", "password"), hidden)


def column_of(table: str, column: str) -> str:
    """How a note names a column."""
    return f"{column} of {TABLES[table].nouns if table in TABLES else table}"
