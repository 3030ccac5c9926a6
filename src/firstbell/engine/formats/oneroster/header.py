"""The header of a OneRoster file against its layout: which column is which, what is missing, what is an extension."""

from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings
from firstbell.engine.csvfile import names_a_secret
from firstbell.engine.formats.oneroster.layouts import EXTENSION_PREFIX, USERS_1P2_FIRST_TEXT, Layout
from firstbell.engine.tables import TABLES

_COMMON = frozenset({"sourcedId", "status", "dateLastModified"})
_SINCE_1P2_ONLY_FIRST = "resourceSourcedIds"


@dataclass(slots=True)
class Header:
    """``places``: column of the layout -> position in the file. ``extensions``: key -> position, as a column name."""

    file: str
    layout: Layout
    places: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)
    usable: bool = True
    findings: list[pl.DataFrame] = field(default_factory=list)

    def add(self, code: str, **said: str | None) -> None:
        self.findings.append(findings.one(code, file=self.file, **said))  # type: ignore[arg-type]

    def named(self, records: pl.DataFrame, file: str) -> pl.DataFrame:
        """The records (columns ``0, 1, ...``) under the names of the layout; extension columns keep their position."""
        wanted = [pl.col(str(place)).alias(name) for name, place in self.places.items()]
        if "sourcedId" not in self.places:
            wanted.append(pl.lit(None, pl.String).alias("sourcedId"))
        kept = [pl.col(place) for place in self.extensions.values()]
        return records.select(*wanted, *kept, pl.col("_record"), pl.lit(file).alias("_file"))


def read_columns(file: str, names: list[str], layout: Layout, *, made: int = 0) -> Header:
    """Find the columns of the layout in a header, exactly or in another case; keep the rest as extensions.

    ``made``: so many columns at the end were not in the file, and have no order.
    """
    header = Header(file, layout)
    by_fold = {name.casefold(): name for name in layout.columns}
    for place, name in enumerate(names):
        if not name:
            header.add("column-blank")
        elif name in layout.columns or name == _SINCE_1P2_ONLY_FIRST:
            _take(header, name, place)
        elif name.casefold() in by_fold:
            header.add("column-case", column=by_fold[name.casefold()], value=name)
            _take(header, by_fold[name.casefold()], place)
        else:
            _take_extension(header, name, place)
    header.places.pop(_SINCE_1P2_ONLY_FIRST, None)
    if "sourcedId" not in header.places:
        header.findings.clear()  # no header, most likely: these are the cells of a record, and one may be a password
    _look_for_missing(header)
    _look_at_order(header, names[: len(names) - made])
    return header


def _take(header: Header, name: str, place: int) -> None:
    if name in header.places:
        header.add("column-twice", column=name)
        header.usable = False
        return
    header.places[name] = place


def _take_extension(header: Header, name: str, place: int) -> None:
    key = name.removeprefix(EXTENSION_PREFIX)
    if names_a_secret(key):
        header.add("column-password", column=name)
        return
    if key == name and header.layout.columns:
        header.add("column-unknown", column=name)
    if key in header.extensions:
        header.add("column-twice", column=name)
        header.usable = False
    header.extensions[key] = str(place)


def _look_for_missing(header: Header) -> None:
    table = TABLES.get(header.layout.file)
    for name in header.layout.columns:
        if name in header.places:
            continue
        column = next((column for column in table.columns if column.name == name), None) if table else None
        needed = (
            name in {"sourcedId", "orgSourcedIds", "role"}
            if name not in _COMMON and column is None
            else name == "sourcedId"
        )
        if column is not None and column.required and column.default is None and not column.tolerated:
            needed = True
        header.add("column-missing-required" if needed else "column-missing", column=name)
        header.usable = header.usable and not needed


def _look_at_order(header: Header, names: list[str]) -> None:
    """All columns of the layout in the published order, and extensions only behind them."""
    published = list(header.layout.columns)
    by_fold = {name.casefold(): name for name in published}
    names = [by_fold.get(name.casefold(), name) for name in names]
    if not published or names[: len(published)] == published:
        return
    if header.layout.file == "users" and tuple(names[: len(USERS_1P2_FIRST_TEXT)]) == USERS_1P2_FIRST_TEXT:
        return
    present = [name for name in published if name in header.places and header.places[name] < len(names)]
    pairs = zip(names, present, strict=False)
    out_of_place = next((found for found, expected in pairs if found != expected), None)
    if out_of_place is not None:
        header.add("column-order", column=out_of_place)
