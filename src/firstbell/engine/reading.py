"""What reading a package gives: canonical tables with where each row came from, and what was wrong with the files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from firstbell.engine import findings
from firstbell.engine.tables import TABLES


class Mode(StrEnum):
    """What a file says about the records it does not name."""

    BULK = "bulk"
    """The full list: a record that is missing is gone."""
    DELTA = "delta"
    """Changes only: ``_status`` tells what was removed."""
    PARTIAL = "partial"
    """Records without a promise that the list is full: nobody is removed."""
    ABSENT = "absent"
    """Nothing is said."""


@dataclass(slots=True)
class Names:
    """How the rows of a hand-made format are to be understood, which refers by names and says only a part of a row.

    ``says``: (table, column) -> the files that have a word on it; on a row that is known nothing else is written.
    ``published``: table -> keys that are our own published ids: there a blank cell empties the field. ``named``: table
    -> keys of rows that are only referred to; one that the roster knows is not written at all. ``restated``: table ->
    ``key, role`` of people whose rows in it, of that role, are all named. ``files``: the sheets (see
    ``templates.layouts``) that came.
    """

    says: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    published: dict[str, pl.Series] = field(default_factory=dict)
    named: dict[str, pl.Series] = field(default_factory=dict)
    restated: dict[str, pl.DataFrame] = field(default_factory=dict)
    files: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reading:
    """A package as canonical tables.

    ``tables``: canonical columns, ``_status`` (active, tobedeleted), ``_file``, ``_record``. Secret columns too, until
    ``take_secrets``. ``side``: files that are recognised and left alone. ``tables_of``: file -> tables made of it.
    ``shown_as``: (table, column) -> the column of the file that it was made of; ``columns_of`` says the same by file,
    where a file makes several tables: file -> canonical column -> the file's. ``made`` names tables whose ids were made
    of other records, so that people do not know them; ``unsaid``, of how many records with errors nothing could be made
    for a table, which then loses no rows. ``restates`` names tables whose rows a delta states anew for each
    owner: table -> the column of the owner.
    ``own_columns``: (file, column) -> what the district calls the column, where its source's corrections name it
    otherwise. ``others``: files of the package of which no table was made. ``beside``: file -> its columns that hold no
    demographics, where a file may have those beside other things.
    ``names``: of a format that people fill in and that refers by name, what its rows may not say.
    """

    format: str
    version: str
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    modes: dict[str, Mode] = field(default_factory=dict)
    side: dict[str, pl.DataFrame] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    restates: dict[str, str] = field(default_factory=dict)
    tables_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shown_as: dict[tuple[str, str], str] = field(default_factory=dict)
    columns_of: dict[str, dict[str, str]] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    unsaid: dict[str, int] = field(default_factory=dict)
    own_columns: dict[tuple[str, str], str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: Names | None = None
    findings: list[pl.DataFrame] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        """False where something fatal was found: then nothing may be applied."""
        fatal = findings.Severity.FATAL
        return not any(
            findings.CATALOGUE[code].severity is fatal
            for part in self.findings
            for code in part["code"].unique().to_list()
        )

    def mode(self, table: str) -> Mode:
        """How a table came; absent where nothing was said of it."""
        return self.modes.get(table, Mode.ABSENT)

    def in_words_of_the_file(self, found: pl.DataFrame) -> pl.DataFrame:
        """Findings with the columns that people see in their file, where the format says which they are."""
        if not self.columns_of or not found.height:
            return found
        known = [(file, name, shown) for file, names in self.columns_of.items() for name, shown in names.items()]
        own = _in_words(found, known, "causeFile", "causeColumn")
        return found.with_columns(_in_words(found, known, "file", "column"), own)

    def in_own_words(self, found: pl.DataFrame) -> pl.DataFrame:
        """Findings with columns as the district's own file calls them: there people put things right."""
        if not self.own_columns or not found.height:
            return found
        known = [(file, name, own) for (file, name), own in self.own_columns.items()]
        is_own = pl.col("code").is_in(findings.IN_OWN_WORDS)
        told = pl.when(is_own).then("column").otherwise(pl.lit(_in_words(found, known, "file", "column")))
        return found.with_columns(told.alias("column"), _in_words(found, known, "causeFile", "causeColumn"))

    def take_secrets(self) -> pl.DataFrame:
        """Passwords (``sourcedId, password``), taken out of the tables so that nothing later can show them."""
        passwords = pl.DataFrame(schema={"sourcedId": pl.String, "password": pl.String})
        users = self.tables.get("users")
        if users is not None and "password" in users.columns:
            passwords = users.filter(pl.col("password").is_not_null() & pl.col("sourcedId").is_not_null()).select(
                "sourcedId", "password"
            )
        for name, rows in self.tables.items():
            self.tables[name] = rows.drop(
                [column.name for column in TABLES[name].columns if column.secret], strict=False
            )
        return passwords


def _in_words(found: pl.DataFrame, known: Sequence[tuple[str, str, str]], file: str, column: str) -> pl.Series:
    """One column of findings that names columns of files, in the words that are ``known`` by file and name."""
    schema = {file: pl.String, column: pl.String, "_shown": pl.String}
    words = pl.DataFrame(list(known), schema=schema, orient="row")
    joined = found.select(file, column).join(words, on=[file, column], how="left", maintain_order="left")
    return joined.select(pl.coalesce("_shown", column).alias(column)).to_series()
