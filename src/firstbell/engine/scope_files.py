"""What of a package's files is outside a source's scope, cell by cell: what is kept of a run's input is without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import formats
from firstbell.engine.corrections.kinds import Corrections
from firstbell.engine.corrections.places import fold_name
from firstbell.engine.corrections.reading import corrected
from firstbell.engine.formats.oneroster.layouts import EXTENSION_PREFIX
from firstbell.engine.leaving_out import LeftOut, is_called
from firstbell.engine.package import Package
from firstbell.engine.reading import Reading
from firstbell.engine.reported import open_columns
from firstbell.engine.scope import narrow
from firstbell.engine.scope_settings import ORG_NAMES, SESSION_NAMES, WHOLE_TABLES
from firstbell.engine.tables import DEMOGRAPHICS


@dataclass(frozen=True, slots=True)
class Outside:
    """``files``: of which nothing is inside, or nobody can tell. By file, ``records``, and names of ``columns``
    (folded) that are outside; of a file in ``only`` all other columns are. Records keep their numbers, so that what was
    found of a file can still be shown in it."""

    files: frozenset[str] = frozenset()
    records: dict[str, pl.Series] = field(default_factory=dict)
    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    only: dict[str, frozenset[str]] = field(default_factory=dict)

    def touches(self, file: str) -> bool:
        """Whether a file may not be kept as it is."""
        return file in self.files or file in self.records or bool(self.columns.get(file)) or file in self.only

    def without(self, file: str, header: Sequence[str], records: pl.DataFrame) -> pl.DataFrame:
        """The records of a file (columns by their places, ``_record``) with blanks for what is outside."""
        unwanted = [str(place) for place, name in enumerate(header) if self._is_out(file, fold_name(name))]
        cells = [str(place) for place in range(len(header))]
        blank = pl.lit(None, pl.String)
        told = records.with_columns(blank.alias(place) for place in unwanted)
        if file not in self.records:
            return told
        inside = ~pl.col("_record").is_in(self.records[file].implode())
        return told.with_columns(pl.when(inside).then(place).otherwise(blank).alias(place) for place in cells)

    def _is_out(self, file: str, name: str) -> bool:
        out = self.columns.get(file, frozenset())
        if file in self.only and name not in self.only[file]:
            return True
        return name in out or ("metadata" in out and name.startswith(EXTENSION_PREFIX))


def find_outside(package: Package, corrections: Corrections, scope: Mapping[str, Sequence[str]]) -> Outside:
    """What is outside; everything of a package that cannot be read."""
    if not any(scope.values()):
        return Outside()
    if not package.usable:
        return Outside(frozenset(package))
    reading = formats.read(corrected(package, corrections))
    told = dict(reading.tables_of)
    fields = list(scope.get("fields", ()))
    whole = {file for file, tables in told.items() if tables and set(tables) <= set(fields) & set(WHOLE_TABLES)}
    columns = {file: _columns(reading, file, tables, fields) for file, tables in told.items()}
    sided = {file for file, tables in told.items() if tables and not set(tables) & set(reading.tables)}
    narrowed = narrow(reading, scope, lambda table: pl.Series([], dtype=pl.String))
    opened = open_columns(reading) if DEMOGRAPHICS.name in fields else {}
    only = {file: frozenset(map(fold_name, names)) for file, names in opened.items() if names}
    return Outside(frozenset({*whole, *sided, *reading.others}), narrowed.records, columns, only)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a scope does to files: ``schools``, and whether each is taken; ``unmet``, lines that name nothing."""

    left_out: tuple[LeftOut, ...]
    schools: tuple[tuple[str, bool], ...]
    unmet: tuple[str, ...]


def look(reading: Reading, scope: Mapping[str, Sequence[str]]) -> Seen:
    """What a scope does to a reading, which is of no use afterwards."""
    unmet = [
        line
        for part, table, names in (("schools", "orgs", ORG_NAMES), ("terms", "academicSessions", SESSION_NAMES))
        for line in scope.get(part, ())
        if table in reading.tables and not reading.tables[table].select(is_called(names, [line]).any()).item()
    ]
    schools = _schools(reading)
    left_out = narrow(reading, scope, lambda table: pl.Series([], dtype=pl.String)).left_out
    taken = {key for key, _ in _schools(reading)}
    return Seen(left_out, tuple((name, key in taken) for key, name in schools), tuple(unmet))


def _schools(reading: Reading) -> list[tuple[str, str]]:
    rows = reading.tables.get("orgs")
    if rows is None:
        return []
    schools = rows.filter(pl.col("type") == "school").drop_nulls(["sourcedId", "name"]).sort("name")
    return list(zip(schools["sourcedId"].to_list(), schools["name"].to_list(), strict=True))


def _columns(reading: Reading, file: str, tables: Sequence[str], fields: Sequence[str]) -> frozenset[str]:
    """How a file calls the fields that are not wanted."""
    names = set()
    for table, _, column in (name.partition(".") for name in fields):
        if table in tables and column:
            shown = reading.columns_of.get(file, {}).get(column, column)
            names |= {column, shown, *(reading.own_columns.get((file, name), name) for name in (column, shown))}
    return frozenset(map(fold_name, names))
