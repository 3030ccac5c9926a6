"""What changed between two uploads of the same files: by file, row and cell, as people wrote them.

A row is the same one where all its cells are; else where an id, an address or a number in it is; else where its names
are. Passwords are left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from firstbell.engine.corrections.kinds import NONE, Corrections
from firstbell.engine.corrections.secrets import secret_places
from firstbell.engine.csvfile import names_an_id, read_csv
from firstbell.engine.package import Package
from firstbell.engine.reported import OpenColumns

NAMES: Final = frozenset({"firstname", "lastname", "givenname", "familyname", "first", "last", "name"})
"""Columns that name a person, as ``plain_name`` has them; else those that end so name the row (school name)."""
KEYS: Final = frozenset({"email", "username", "studentnumber", "staffnumber", "number", "login"})
"""Columns that tell rows apart, beside those of ids."""
ALIKE: Final = 0.6
"""Files by other names are the same where so large a part of their columns is."""
_SEPARATORS = re.compile(r"[\s_.\-]")
ROWS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "change": pl.String,
    "record": pl.UInt32,
    "was_record": pl.UInt32,
    "title": pl.String,
    "columns": pl.List(pl.String),
    "before": pl.List(pl.String),
    "after": pl.List(pl.String),
}
"""One row of a file that is not as it was. ``change``: changed, added or gone; the lists go together, cell by cell."""


@dataclass(frozen=True, slots=True)
class FileChanged:
    """One file: what became of it as a whole, of its columns, and of its rows (``ROWS``), in the order of the file."""

    name: str
    was_name: str
    """Blank for a file that is new; ``name`` is blank for one that is gone."""
    columns_added: tuple[str, ...]
    columns_gone: tuple[str, ...]
    rows: pl.DataFrame
    readable: bool = True
    is_alike: bool = False
    """Byte for byte the same: so much is known of what is no table as well."""

    def count(self, change: str) -> int:
        """How many rows changed, were added or are gone."""
        return self.rows.filter(pl.col("change") == change).height

    @property
    def is_same(self) -> bool:
        """Whether nothing of it changed but its name."""
        if not self.readable:
            return self.is_alike
        return not (self.rows.height or self.columns_added or self.columns_gone) and bool(self.name and self.was_name)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Columns by their plain names (first of each, without passwords), how they are written, and the cells."""

    name: str
    spelled: Mapping[str, str]
    cells: pl.DataFrame
    content: bytes
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """The files of one upload.

    ``open``: the columns that may be shown, by file (None: all of them). ``lost``: files that were not kept.
    """

    package: Package
    corrections: Corrections = NONE
    open: OpenColumns | None = None
    lost: frozenset[str] = frozenset()


def compare_uploads(before: Version, after: Version) -> list[FileChanged]:
    """What changed, file by file in the order of their names."""
    old, new = _sheets(before), _sheets(after)
    pairs = list(_paired(old, new))
    return [_compared(one, other) for one, other in pairs]


def plain_name(column: str) -> str:
    """A column's name as readers of headers take it: ``First name``, ``first_name`` and ``FIRSTNAME`` are one."""
    return _SEPARATORS.sub("", column).casefold()


def _sheets(version: Version) -> list[_Sheet]:
    return [_sheet(version, name) for name in version.package]


def _sheet(version: Version, name: str) -> _Sheet:
    content = version.package.read(name)
    file = read_csv(name, content or b"")
    secret = set(secret_places(version.corrections, file.header))
    open_columns = None if version.open is None else version.open.get(name, ())
    folded: dict[str, int] = {}
    for place, column in enumerate(file.header):
        shown = open_columns is None or column in open_columns
        if column and shown and place not in secret:
            folded.setdefault(plain_name(column), place)
    if name in version.lost or not folded or not file.records.width:
        return _Sheet(name, {}, pl.DataFrame(schema={"_record": pl.UInt32}), content or b"", readable=False)
    cells = [pl.col(str(place)).fill_null("").str.strip_chars().alias(key) for key, place in folded.items()]
    spelled = {key: file.header[place] for key, place in folded.items()}
    return _Sheet(name, spelled, file.records.select("_record", *cells), content or b"")


def _paired(old: Sequence[_Sheet], new: Sequence[_Sheet]) -> Iterator[tuple[_Sheet | None, _Sheet | None]]:
    """Files by their names, then those that are alike by their columns; the rest is gone or new."""
    left = {sheet.name: sheet for sheet in old}
    for sheet in new:
        found = left.pop(sheet.name, None)
        if found is None:
            taken = {one.name for one in new}
            alike = [one for one in left.values() if one.name not in taken and _likeness(one, sheet) >= ALIKE]
            found = max(alike, key=lambda one: _likeness(one, sheet), default=None)
            if found is not None:
                left.pop(found.name)
        yield found, sheet
    yield from ((sheet, None) for sheet in left.values())


def _likeness(one: _Sheet, other: _Sheet) -> float:
    both, either = one.spelled.keys() & other.spelled.keys(), one.spelled.keys() | other.spelled.keys()
    return len(both) / len(either) if either else 0.0


def _compared(old: _Sheet | None, new: _Sheet | None) -> FileChanged:
    if old is None or new is None:
        there = new or old
        assert there is not None
        rows = _whole(there.cells, there, "added" if old is None else "gone")
        return FileChanged(new.name if new else "", old.name if old else "", (), (), rows, there.readable)
    added = tuple(new.spelled[one] for one in new.spelled if one not in old.spelled)
    gone = tuple(old.spelled[one] for one in old.spelled if one not in new.spelled)
    common = [one for one in new.spelled if one in old.spelled]
    was, now = _without_same(old.cells, new.cells, common)
    keys = [one for one in common if one in KEYS or names_an_id(new.spelled[one])]
    names = [one for one in common if one in NAMES] or [one for one in common if one.endswith("name")]
    pairs, was, now = _matched(was, now, [*([key] for key in keys), names])
    rows = pl.concat([_changed(pairs, new, common), _whole(now, new, "added"), _whole(was, old, "gone")])
    place = pl.coalesce("record", "was_record")
    ordered = rows.sort(place, pl.col("change"), maintain_order=True)
    readable = old.readable and new.readable
    return FileChanged(new.name, old.name, added, gone, ordered, readable, is_alike=old.content == new.content)


def _without_same(was: pl.DataFrame, now: pl.DataFrame, common: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that have no twin in the other upload; of three alike and two alike one is left."""
    if not common:
        return was, now
    place = pl.int_range(pl.len()).over(common).alias("_twin")
    was, now, on = was.with_columns(place), now.with_columns(place), [*common, "_twin"]
    return was.join(now, on=on, how="anti").drop("_twin"), now.join(was, on=on, how="anti").drop("_twin")


def _matched(
    was: pl.DataFrame, now: pl.DataFrame, keys: Sequence[Sequence[str]]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Rows that are the same one (``was.<column>`` beside ``<column>``), and the rest of either.

    Each key in its turn; by the last one, their names, the first of that name is the first, and so on.
    """
    pairs = [_joined(was.clear(), now.clear(), ["_record"], ranked=False)]
    for place, key in enumerate(keys, start=1):
        if not key:
            continue
        found = _joined(was, now, key, ranked=place == len(keys))
        pairs.append(found)
        was = was.join(found, left_on="_record", right_on="was._record", how="anti")
        now = now.join(found, on="_record", how="anti")
    return pl.concat(pairs), was, now


def _joined(was: pl.DataFrame, now: pl.DataFrame, key: Sequence[str], *, ranked: bool) -> pl.DataFrame:
    """Pairs by a key that each has once; ``ranked``: the first of a key with the first, the second with the second."""
    filled = pl.all_horizontal(pl.col(one).cast(pl.String) != "" for one in key)
    once = pl.lit(value=True) if ranked else pl.len().over(key) == 1
    rank = pl.int_range(pl.len()).over(key).alias("_rank")
    left = was.filter(filled).filter(once).with_columns(rank).rename(lambda one: f"was.{one}")
    right = now.filter(filled).filter(once).with_columns(rank)
    pairs = right.join(
        left, left_on=[*key, "_rank"], right_on=[f"was.{one}" for one in [*key, "_rank"]], how="inner", coalesce=False
    )
    order = [*now.columns, *(f"was.{one}" for one in was.columns)]
    return pairs.select(order)


def _title(sheet: _Sheet) -> pl.Expr:
    """What names a row: its names, or else its first cell."""
    names = [one for one in sheet.spelled if one in NAMES]
    wanted = names or [one for one in sheet.spelled if one.endswith("name")] or list(sheet.spelled)[:1]
    return pl.concat_str(*wanted, separator=" ").str.strip_chars() if wanted else pl.lit("")


def _changed(pairs: pl.DataFrame, sheet: _Sheet, common: Sequence[str]) -> pl.DataFrame:
    differ = [pl.col(one) != pl.col(f"was.{one}") for one in common]

    def where_they_differ(said: Sequence[pl.Expr]) -> pl.Expr:
        shown = [pl.when(is_other).then(one) for is_other, one in zip(differ, said, strict=True)]
        return pl.concat_list(shown).list.drop_nulls() if shown else pl.lit(None, pl.List(pl.String))

    return pairs.select(
        change=pl.lit("changed"),
        record=pl.col("_record"),
        was_record=pl.col("was._record"),
        title=_title(sheet),
        columns=where_they_differ([pl.lit(sheet.spelled[one]) for one in common]),
        before=where_they_differ([pl.col(f"was.{one}") for one in common]),
        after=where_they_differ([pl.col(one) for one in common]),
    ).cast(ROWS)  # type: ignore[arg-type]


def _whole(rows: pl.DataFrame, sheet: _Sheet, change: str) -> pl.DataFrame:
    """Rows that are new or gone, with their cells that hold something."""
    shown = [pl.when(pl.col(one) != "").then(pl.col(one)) for one in sheet.spelled]
    names = [pl.when(pl.col(one) != "").then(pl.lit(written)) for one, written in sheet.spelled.items()]
    nothing = pl.lit(None, pl.List(pl.String))
    cells = pl.concat_list(shown).list.drop_nulls() if shown else nothing
    record = pl.col("_record")
    none = pl.lit(None, pl.UInt32)
    return rows.select(
        change=pl.lit(change),
        record=record if change == "added" else none,
        was_record=none if change == "added" else record,
        title=_title(sheet),
        columns=pl.concat_list(names).list.drop_nulls() if names else nothing,
        before=cells if change == "gone" else nothing,
        after=cells if change == "added" else nothing,
    ).cast(ROWS)  # type: ignore[arg-type]
