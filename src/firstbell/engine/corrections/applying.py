"""Applies corrections to the cells of one file: nothing is lost, the order stays, and all that changed is counted.

Every function takes the file and one correction, changes the file, and tells how many cells it touched; None where
what it names is not there. A blank cell is null.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.corrections.kinds import (
    DATE_FORMS,
    LAST_FIRST,
    PLACEHOLDER,
    Correction,
    Corrections,
    DateForm,
    Done,
    FillBlanks,
    JoinText,
    PadColumn,
    PadIds,
    RenameColumn,
    RenameFile,
    ReplaceValues,
    SplitName,
)
from firstbell.engine.corrections.places import DATE_COLUMNS, fits, holds_lists, place_of, table_of_id
from firstbell.engine.csvfile import CsvFile

_PAIRS_SHOWN = 10


@dataclass(slots=True)
class Sheet:
    """A file while it is corrected. ``names``: what it may be called. ``own``: column -> what the district calls it."""

    file: CsvFile
    names: tuple[str, ...]
    own: dict[str, str]
    done: list[Done]

    def cells(self, column: str) -> pl.Series | None:
        """The cells of a column without blanks around them (blank is null), or None where there is no such column."""
        place = place_of(column, self.file.header)
        if place is None:
            return None
        return self.file.records[str(place)].str.strip_chars().replace("", None)

    def note(self, correction: Correction, column: str, cells: int, detail: str = "") -> None:
        """Tell what was done."""
        self.done.append(Done(correction, self.file.name, column, cells, detail))

    def change(self, column: str, after: pl.Series, where: pl.Series) -> int:
        """Put values into a column where they differ. The other cells stay to the letter. Returns how many."""
        place = str(place_of(column, self.file.header))
        raw = self.file.records[place]
        changed = (where & after.ne_missing(raw)).fill_null(value=False)
        if changed.any():
            self.file.records = self.file.records.with_columns(after.zip_with(changed, raw).alias(place))
        return int(changed.sum())

    def fill(self, column: str, value: pl.Series) -> int:
        """Put values where the column is blank; a column that is not there is made, behind the others."""
        cells = self.cells(column)
        if cells is None:
            self.file.header.append(column)
            self.file.made += 1
            place = str(len(self.file.header) - 1)
            self.file.records = self.file.records.with_columns(value.cast(pl.String).alias(place))
            return int(value.is_not_null().sum())
        return self.change(column, value, cells.is_null() & value.is_not_null())

    def remove(self, column: str) -> None:
        """Take a column out; those behind it move up."""
        gone = place_of(column, self.file.header)
        if gone is None:
            return
        kept = [place for place in range(len(self.file.header)) if place != gone]
        columns = [pl.col(str(place)).alias(str(new)) for new, place in enumerate(kept)]
        self.file.records = self.file.records.select(*columns, "_record")
        del self.file.header[gone]


def apply(corrections: Corrections, file: CsvFile, *, names: tuple[str, ...]) -> tuple[list[Done], dict[str, str]]:
    """Correct a file in place. ``names``: what the file may be called: by us, by the district, by its format.

    Returns what was done, and for each column that came under another name (or out of another) the district's own.
    """
    sheet = Sheet(file, names, {}, [])
    for correction in corrections.in_order:
        if isinstance(correction, PadIds):
            _pad_ids(sheet, correction)
        elif isinstance(correction, DateForm):
            _read_dates(sheet, correction)
        elif not isinstance(correction, RenameFile) and fits(correction.file, names):
            _STEPS[type(correction)](sheet, correction)
    return sheet.done, sheet.own


def _rename(sheet: Sheet, correction: RenameColumn) -> None:
    header = sheet.file.header
    place = place_of(correction.column, header)
    if place is None:
        _note_idle(sheet, correction.column)
        return
    own, header[place] = header[place], correction.to
    sheet.own[correction.to] = own
    sheet.note(correction, own, sheet.file.records.height, correction.to)


def _split(sheet: Sheet, correction: SplitName) -> None:
    names = sheet.cells(correction.column)
    place = place_of(correction.column, sheet.file.header)
    if names is None or place is None:
        _note_idle(sheet, correction.column)
        return
    own = sheet.file.header[place]
    given, family = _parts(names, correction.order)
    unsplit = names.is_not_null() & (given.is_null() | family.is_null())
    _note_unsplit(sheet, own, names, unsplit)
    sheet.remove(correction.column)
    for column, part in ((correction.given, given), (correction.family, family)):
        if place_of(column, sheet.file.header) is None:
            sheet.own[column] = own
        sheet.fill(column, part)
    split = int((names.is_not_null() & ~unsplit).sum())
    sheet.note(correction, own, split, f"{correction.given} and {correction.family}")


def _parts(names: pl.Series, order: str) -> tuple[pl.Series, pl.Series]:
    """Given and family names; a name that cannot be parted is all family name."""
    pattern = r"^(?<family>[^,]*),(?<given>.*)$" if order == LAST_FIRST else r"^(?<given>.*\S)\s+(?<family>\S+)$"
    parts = names.str.extract_groups(pattern).struct.unnest()
    given, family = (parts[part].str.strip_chars().replace("", None) for part in ("given", "family"))
    return given, family.zip_with(given.is_not_null() | family.is_not_null(), names)


def _note_unsplit(sheet: Sheet, own: str, names: pl.Series, unsplit: pl.Series) -> None:
    if not unsplit.any():
        return
    records = sheet.file.records.select(
        "_record",
        _file=pl.lit(sheet.file.name),
        sourcedId=sheet.cells("sourcedId") if "sourcedId" in sheet.file.header else pl.lit(None, pl.String),
        name=names,
    ).filter(unsplit)
    sheet.file.findings.append(findings.of(records, "name-unsplit", column=own, value=pl.col("name")))


def _fill(sheet: Sheet, correction: FillBlanks) -> None:
    value = pl.Series([correction.value], dtype=pl.String).new_from_index(0, sheet.file.records.height)
    sheet.note(correction, correction.column, sheet.fill(correction.column, value), correction.value)


def _replace(sheet: Sheet, correction: ReplaceValues) -> None:
    cells = sheet.cells(correction.column)
    if cells is None:
        _note_idle(sheet, correction.column)
        return
    before = [value for value, _ in correction.values]
    meanings = pl.Series([value or None for _, value in correction.values], dtype=pl.String)
    after = cells.replace(before, meanings)
    if holds_lists(correction.column):
        after = after.zip_with(cells.is_in(before).fill_null(value=True), _by_item(cells, before, meanings))
    touched = after.ne_missing(cells)
    told = _told(cells.filter(touched), after.filter(touched))
    sheet.note(correction, correction.column, sheet.change(correction.column, after, touched), told)


def _by_item(cells: pl.Series, before: list[str], meanings: pl.Series) -> pl.Series:
    """Lists in which some item has another meaning, joined anew; the others as they are."""
    items = cells.str.split(",").list.eval(pl.element().str.strip_chars())
    differs = items.list.eval(pl.element().is_in(before)).list.any().fill_null(value=False)
    joined = items.list.eval(pl.element().replace(before, meanings).drop_nulls()).list.join(",").replace("", None)
    return joined.zip_with(differs, cells)


def _told(before: pl.Series, after: pl.Series) -> str:
    """The commonest replacements in words: ``STU as student (1,203)``."""
    pairs = pl.DataFrame({"before": before, "after": after.fill_null("blank")}).group_by("before", "after").len()
    pairs = pairs.sort("len", "before", descending=[True, False])
    shown = pairs.head(_PAIRS_SHOWN).select(
        pl.format("{} as {} ({})", "before", "after", pl.col("len").cast(pl.String))
    )
    more = pairs.height - _PAIRS_SHOWN
    return ", ".join(shown.to_series().to_list()) + (f" and {more:,} more values" if more > 0 else "")


def _read_dates(sheet: Sheet, correction: DateForm) -> None:
    if not correction.column:
        for column in DATE_COLUMNS:
            if column in sheet.file.header:
                _read_dates_of(sheet, correction, column)
    elif fits(correction.file, sheet.names):
        if sheet.cells(correction.column) is None:
            _note_idle(sheet, correction.column)
        else:
            _read_dates_of(sheet, correction, correction.column)


def _read_dates_of(sheet: Sheet, correction: DateForm, column: str) -> None:
    cells = sheet.cells(column)
    if cells is None:
        return
    parts = cells.str.extract_groups(DATE_FORMS[correction.form]).struct.unnest()
    text = parts.select(
        pl.concat_str(pl.col("y"), pl.col("m").str.zfill(2), pl.col("d").str.zfill(2), separator="-")
    ).to_series()
    days = text.str.to_date("%Y-%m-%d", strict=False)
    changed = sheet.change(column, days.cast(pl.String), days.is_not_null())
    sheet.note(correction, column, changed, correction.form)


def _pad_ids(sheet: Sheet, correction: PadIds) -> None:
    """In every column that holds ids of the table, so that references still meet."""
    for column in list(sheet.file.header):
        if any(table_of_id(name, column) == correction.table for name in sheet.names):
            _pad_cells(sheet, correction, column)


def _pad(sheet: Sheet, correction: PadColumn) -> None:
    if sheet.cells(correction.column) is None:
        _note_idle(sheet, correction.column)
        return
    _pad_cells(sheet, correction, correction.column)


def _pad_cells(sheet: Sheet, correction: PadIds | PadColumn, column: str) -> None:
    cells = sheet.cells(column)
    if cells is None:
        return
    short = rf"^[0-9]{{1,{correction.width - 1}}}$"
    if holds_lists(column):
        item = pl.element().str.strip_chars()
        padded = pl.when(item.str.contains(short)).then(item.str.zfill(correction.width)).otherwise(pl.element())
        items = cells.str.split(",")
        where = items.list.eval(item.str.contains(short)).list.any().fill_null(value=False)
        after = items.list.eval(padded).list.join(",")
    else:
        where = cells.str.contains(short).fill_null(value=False)
        after = cells.str.zfill(correction.width)
    sheet.note(correction, column, sheet.change(column, after, where), str(correction.width))


def _join(sheet: Sheet, correction: JoinText) -> None:
    parts: dict[str, pl.Series] = {}
    for column in dict.fromkeys(correction.sources):
        cells = sheet.cells(column)
        if cells is None:
            _note_idle(sheet, column)
            return
        parts[column] = cells
    pieces = PLACEHOLDER.split(correction.template)
    exprs = [pl.col(piece) if odd % 2 else pl.lit(piece) for odd, piece in enumerate(pieces) if piece]
    made = pl.DataFrame(parts).select(pl.concat_str(exprs)).to_series()
    own = parts.get(correction.column)
    if own is None:
        touched = sheet.fill(correction.column, made)
    else:
        complete = own.str.starts_with(pieces[0]) & own.str.ends_with(pieces[-1])
        touched = sheet.change(correction.column, made, own.is_not_null() & ~complete)
    sheet.note(correction, correction.column, touched, correction.template)


def _note_idle(sheet: Sheet, column: str) -> None:
    sheet.file.add("correction-idle", detail=f"the file has no column {column}")


_STEPS: dict[type, Callable[..., None]] = {
    RenameColumn: _rename,
    SplitName: _split,
    ReplaceValues: _replace,
    PadColumn: _pad,
    FillBlanks: _fill,
    JoinText: _join,
}
