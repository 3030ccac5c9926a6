"""What corrections would do to the very files of a package: records before and after, findings before and after.

Nothing is kept. Passwords are never shown, and what the reader may not see is withheld.
"""

import codecs
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.corrections.kinds import Corrections, Done
from firstbell.engine.corrections.proposing import Proposal, propose
from firstbell.engine.corrections.reading import corrected, count_cells, read_text
from firstbell.engine.corrections.secrets import secret_places
from firstbell.engine.corrections.spellings import spellings_of
from firstbell.engine.csvfile import CsvFile, names_a_secret, read_csv
from firstbell.engine.formats.oneroster.manifest import FILE as MANIFEST
from firstbell.engine.package import Package
from firstbell.engine.pipeline import inspect
from firstbell.engine.report import Cause, by_cause
from firstbell.engine.vocabulary import fold

WITHHELD = "…"
NOT_SHOWN = "(not shown)"
"""Stands for a password."""

_HEAD = 256 * 1024
"""Bytes of each file from which the shown records come."""
_COUNTED_UP_TO = 32 * 1024 * 1024
"""Unpacked bytes of a package that is read as a whole, twice, while somebody waits for the page."""
_LOOKS_SECRET = spellings_of("users", "password")

_TELLS = "corrected-"
"""Findings of this name tell what was corrected; nothing is wrong."""

Withheld = Callable[[str, str], bool]
"""Whether the cells of a column (file, column, by the format's names) are kept from the reader."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; None where it is blank, or where there was no such column."""

    before: str | None
    after: str | None

    @property
    def differs(self) -> bool:
        return (self.before or "").strip() != (self.after or "")


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column by the format's name, and by the district's where that is another (blank where it was made)."""

    name: str
    own: str


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """The cells of one record, in the order of the columns."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """Some records of a file, in the columns that the corrections touch. ``own``: what the district calls the file."""

    name: str
    own: str
    header: tuple[str, ...]
    columns: tuple[ShownColumn, ...]
    records: tuple[ShownRecord, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What corrections would do to a package.

    ``effects``: for each correction as declared, what it touched in words, blank where nothing. ``before``, ``after``:
    findings by severity, without those that only tell what was corrected; None for a package that is too large to be
    read while somebody waits. ``causes``: what would still be wrong.
    """

    files: tuple[ShownFile, ...]
    proposals: tuple[Proposal, ...]
    effects: tuple[str, ...]
    before: dict[str, int] | None
    after: dict[str, int] | None
    causes: tuple[Cause, ...] = ()


def preview(
    package: Package,
    corrections: Corrections,
    *,
    withheld: Withheld = lambda file, column: False,
    records: int = 4,
    counted_up_to: int = _COUNTED_UP_TO,
) -> Preview:
    """Look at a package with and without corrections."""
    view = corrected(package, corrections)
    before = after = None
    causes: list[Cause] = []
    known_as: dict[str, str] = {}
    if sum(package.size(name) for name in package) <= counted_up_to:
        reading, checked = inspect(view)
        known_as = {file: f"{tables[0]}.csv" for file, tables in reading.tables_of.items() if tables}
        wrong = checked.findings.filter(~pl.col("code").str.starts_with(_TELLS))
        after = findings.counts(wrong)
        causes = by_cause(_as_told(wrong, withheld))
        before = findings.counts(inspect(package)[1].findings) if corrections else after
    sample = corrected(package, corrections)
    shown = [_shown(sample, name, known_as.get(name, ""), withheld, records) for name in sample]
    done = (view if after is not None else sample).done
    return Preview(
        tuple(file for file in shown if file is not None),
        tuple(propose(corrected(package, corrections))),
        tuple(_effect(corrections, number, done) for number in range(len(corrections.declared))),
        before,
        after,
        tuple(causes),
    )


def _as_told(found: pl.DataFrame, withheld: Withheld) -> pl.DataFrame:
    """Findings without the values that are kept from the reader."""
    places = found.select("file", "column").unique().rows()
    secret = [(file, column) for file, column in places if withheld(file or "", column or "")]
    if not secret:
        return found
    hidden = pl.DataFrame(secret, schema={"file": pl.String, "column": pl.String}, orient="row")
    told = found.join(
        hidden.with_columns(hidden=pl.lit(value=True)), on=["file", "column"], how="left", nulls_equal=True
    )
    is_hidden = pl.col("hidden").fill_null(value=False)
    value = pl.when(is_hidden & pl.col("value").is_not_null()).then(pl.lit(WITHHELD)).otherwise("value")
    names = [pl.when(~is_hidden).then(name).alias(name) for name in ("sourcedId", "detail")]
    return told.with_columns(value.alias("value"), *names).select(found.columns)


def _effect(corrections: Corrections, number: int, done: list[Done]) -> str:
    correction = corrections.declared[number]
    cells = sum(each.cells for each in done if each.correction == correction)
    return count_cells(correction, cells) if cells else ""


def _shown(package: Package, name: str, known_as: str, withheld: Withheld, most: int) -> ShownFile | None:
    """Some records of a file, or None for one that holds no records or cannot be read."""
    if name == MANIFEST or not name.casefold().endswith((".csv", ".txt")):
        return None
    content = _head(package, name)
    raw = read_csv(name, content)
    if not any(raw.header):
        return None
    secret = secret_places(package.corrections, raw.header)
    secret += [place for place, column in enumerate(raw.header) if fold(column) in _LOOKS_SECRET]
    file = read_text(package, name, content, known_as=known_as)
    pairs = [
        _pair(package, raw, file, column, secret=secret, withheld=withheld(known_as or name, column))
        for column in file.header
    ]
    touched = [pair for pair in pairs if pair.touched]
    numbers = _numbers(raw, touched, most)
    shown = [pair.cells(raw, file, numbers) for pair in touched]
    records = [
        ShownRecord(number, tuple(cells[row] for cells in shown)) for row, number in enumerate(numbers.to_list())
    ]
    return ShownFile(
        name,
        package.own_names.get(name, name),
        tuple(raw.header),
        tuple(ShownColumn(pair.name, pair.own) for pair in touched),
        tuple(records) if touched else (),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A column after the corrections and the one it came from."""

    name: str
    own: str
    before: pl.Series
    after: pl.Series
    hidden: str

    @property
    def differs(self) -> pl.Series:
        return self.before.str.strip_chars().fill_null("") != self.after.str.strip_chars().fill_null("")

    @property
    def touched(self) -> bool:
        return self.name != self.own or bool(self.differs.any())

    def cells(self, raw: CsvFile, file: CsvFile, numbers: pl.Series) -> list[Cell]:
        """The cells of some records, as far as they may be shown."""
        chosen = raw.records["_record"].is_in(numbers.implode())
        pairs = zip(self.before.filter(chosen).to_list(), self.after.filter(chosen).to_list(), strict=True)
        if self.hidden:
            return [Cell(before and self.hidden, after and self.hidden) for before, after in pairs]
        return [
            Cell(before and before[: findings.VALUE_LENGTH], after and after[: findings.VALUE_LENGTH])
            for before, after in pairs
        ]


def _pair(package: Package, raw: CsvFile, file: CsvFile, column: str, *, secret: list[int], withheld: bool) -> _Pair:
    own = package.own_columns.get((file.name, column), column if column in raw.header else "")
    after = file.records[str(file.header.index(column))]
    place = raw.header.index(own) if own else None
    before = raw.records[str(place)] if place is not None else pl.Series([None] * after.len(), dtype=pl.String)
    is_secret = names_a_secret(column) or place in secret
    return _Pair(column, own, before, after, NOT_SHOWN if is_secret else WITHHELD if withheld else "")


def _numbers(raw: CsvFile, touched: list[_Pair], most: int) -> pl.Series:
    """The first records in which a cell changes; where only names of columns change, the first records."""
    numbers = raw.records["_record"]
    if not touched:
        return numbers.head(0)
    changed = pl.DataFrame([pair.differs.alias(str(place)) for place, pair in enumerate(touched)]).select(
        pl.any_horizontal(pl.all())
    )
    first = numbers.filter(changed.to_series())
    return (first if first.len() else numbers).head(most)


def _head(package: Package, name: str) -> bytes:
    """The first whole lines of a file."""
    head = package.head(name, _HEAD)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode()
    return head if len(head) < _HEAD else head[: head.rfind(b"\n") + 1] or head
