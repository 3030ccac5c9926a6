"""The faulty records of one file as the district wrote them, with what is wrong with each in words."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from firstbell.engine.catalogue import Severity
from firstbell.engine.corrections.kinds import NONE, Corrections
from firstbell.engine.corrections.secrets import secret_places
from firstbell.engine.csvfile import CsvFile, read_csv
from firstbell.engine.findings import explain
from firstbell.engine.report.called import Called, nobody
from firstbell.engine.report.causes import IN_WORDS

ReadFile = Callable[[str], bytes | None]
"""The content of a file of the package; None where it is not there, or not for this reader."""

MOST_IN_A_CELL = 32_000
"""Characters; a cell of a spreadsheet holds 32,767."""
_MOST_MESSAGES = 20
_MOST_IN_A_NOTE = 3
_GRAVITY = {severity.value: len(Severity) - place for place, severity in enumerate(Severity)}
_SEVERITIES = {gravity: IN_WORDS[Severity(name)] for name, gravity in _GRAVITY.items()}


@dataclass(frozen=True, slots=True)
class FaultyRows:
    """The faulty records of a file, at most so many as were asked for; ``total`` counts all of them.

    ``header``: the file's own. ``cells``: columns ``0, 1, ...`` (String, as they came, passwords blank), as many
    as the widest record has. ``told``: ``record, gravity, severity, message, remedy, code`` and what
    people call it (``id, name``), a row each of ``cells``.
    ``marks``: ``row, place`` (0-based) and ``gravity`` (3 fatal, 2 error, 1 warning), one row a bad cell.
    ``notes``: ``row, place, note`` of the first of them.
    ``secret``: the places of passwords. ``unread``: records that do not fit the header, cut at their separators.
    """

    file: str
    header: list[str]
    cells: pl.DataFrame
    told: pl.DataFrame
    marks: pl.DataFrame
    notes: pl.DataFrame
    total: int
    secret: frozenset[int] = frozenset()
    unread: frozenset[int] = frozenset()


def faulty_rows(
    file: str,
    findings: pl.DataFrame,
    read: ReadFile,
    *,
    most: int,
    most_notes: int,
    corrections: Corrections = NONE,
    called: Called = nobody,
) -> FaultyRows | None:
    """The records of a file that findings name; None where none is named, or where its cells may not be shown.

    Nothing of a file is shown whose header was not understood: what stands there may be the cells of a record, and
    one of them a password. ``corrections``: those that the file was read with; they may read one as passwords.
    ``called``: how people call the records.
    """
    of_file = findings.filter(pl.col("file") == file)
    named = of_file.filter(pl.col("record").is_not_null())
    if not named.height or (of_file["code"] == "column-missing-required").any():
        return None
    content = read(file)
    if content is None:
        return None
    numbers = named["record"].unique().sort()
    shown = named.filter(pl.col("record").is_in(numbers.head(most).implode())).with_columns(
        gravity=pl.col("severity").replace_strict(_GRAVITY, return_dtype=pl.UInt8)
    )
    came = read_csv(file, content)
    secret = secret_places(corrections, came.header)
    header, cells = came.header, _cells(came, numbers.head(most), secret)
    names = called(file, numbers.head(most)).with_columns(pl.col("id", "name").str.slice(0, MOST_IN_A_CELL))
    told = _told(shown, cells["_record"]).join(names, on="record", how="left", maintain_order="left")
    placed = _placed(shown, cells["_record"], header)
    marks = placed.group_by("row", "place").agg(pl.col("gravity").max()).sort("row", "place")
    notes = _notes(placed, marks.head(most_notes))
    unread = frozenset(came.unread["_record"].to_list())
    closed = frozenset(secret)
    return FaultyRows(file, header, cells.drop("_record"), told, marks, notes, numbers.len(), closed, unread)


def _cells(file: CsvFile, numbers: pl.Series, secret: list[int]) -> pl.DataFrame:
    """The cells of some records, in the order of the file, with ``_record``."""
    wanted = pl.col("_record").is_in(numbers.implode())
    cells = file.records.filter(wanted).with_columns(pl.lit(None, pl.String).alias(str(place)) for place in secret)
    unread = file.unread.filter(wanted)
    if unread.height:
        pieces = _pieces(unread, file.separator, withheld=bool(secret))
        cells = pl.concat([cells, pieces], how="diagonal").sort("_record")
    missing = numbers.filter(~numbers.is_in(cells["_record"].implode()))
    if missing.len():  # the file names a record that it does not have: the words still stand
        cells = pl.concat([cells, missing.alias("_record").to_frame()], how="diagonal").sort("_record")
    return cells.with_columns(pl.col(pl.String).str.slice(0, MOST_IN_A_CELL))


def _pieces(unread: pl.DataFrame, separator: str, *, withheld: bool) -> pl.DataFrame:
    """Records that do not fit the header, cut at separators; nothing of them where passwords may be among them."""
    if withheld:
        return unread.select(pl.lit("(not shown, the file holds passwords)").alias("0"), "_record")
    lines = [line.replace("\r", " ") for line in unread["line"].to_list()]
    pieces = [cut(line, separator) for line in lines]
    width = max(len(piece) for piece in pieces)
    filled = [[*piece, *[None] * (width - len(piece))] for piece in pieces]
    columns = {str(place): pl.String for place in range(width)}
    return pl.DataFrame(filled, schema=columns, orient="row").with_columns(unread["_record"])


def cut(line: str, separator: str) -> list[str]:
    """The cells of a record that does not fit its header; one that is far too long stays whole."""
    return next(csv.reader([line], delimiter=separator), [line]) if len(line) < MOST_IN_A_CELL else [line]


def _told(shown: pl.DataFrame, records: pl.Series) -> pl.DataFrame:
    words = explain(shown.unique(["record", "code", "column"], keep="first", maintain_order=True))
    lines = {
        "message": pl.col("message").head(_MOST_MESSAGES).str.join("\n"),
        "remedy": pl.col("remedy").unique(maintain_order=True).head(_MOST_MESSAGES).str.join("\n"),
        "code": pl.col("code").unique(maintain_order=True).head(_MOST_MESSAGES).str.join(", "),
    }
    grouped = words.group_by("record").agg(pl.col("gravity").max(), **lines)
    told = records.alias("record").to_frame().join(grouped, on="record", how="left", maintain_order="left")
    severity = pl.col("gravity").replace_strict(_SEVERITIES, default=None, return_dtype=pl.String)
    return told.select(
        "record", "gravity", severity.alias("severity"), *(pl.col(name).str.slice(0, MOST_IN_A_CELL) for name in lines)
    )


def _placed(shown: pl.DataFrame, records: pl.Series, header: list[str]) -> pl.DataFrame:
    """Findings with the ``row`` and ``place`` of the cell that they are about, without those of a whole record."""
    named = shown["column"].drop_nulls().unique().to_list()
    places = {column: place for column in named if (place := place_of(column, header)) is not None}
    rows = records.alias("record").to_frame().with_row_index("row")
    placed = shown.with_columns(place=pl.col("column").replace_strict(places, default=None, return_dtype=pl.UInt16))
    return placed.filter(pl.col("place").is_not_null()).join(rows, on="record", maintain_order="left")


def _notes(placed: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    told = explain(placed.join(marks, on=["row", "place"], how="semi", maintain_order="left"))
    words = pl.format("{}\n{}", "message", "remedy").unique(maintain_order=True).head(_MOST_IN_A_NOTE).str.join("\n\n")
    return told.group_by("row", "place").agg(words.alias("note")).sort("row", "place")


def place_of(column: str, header: list[str]) -> int | None:
    """Where a column stands in a file's own header: as it is, in another case or spacing, or as an extension."""
    if column in header:
        return header.index(column)
    plain = [_plain(name) for name in header]
    wanted = _plain(column)
    return plain.index(wanted) if wanted in plain else None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold().removeprefix("metadata."))
