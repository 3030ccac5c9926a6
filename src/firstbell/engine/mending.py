"""Cells of a file that a person put right: the same file with them, and everything else where it was."""

import polars as pl

from firstbell.engine.csvfile import CsvFile, read_csv
from firstbell.engine.report.rows import cut

SCHEMA = pl.Schema({"record": pl.UInt32, "place": pl.UInt32, "value": pl.String})
"""Cells: the number of their record, their place in the header (0-based), and what they say from now on."""


def mend(name: str, content: bytes, cells: pl.DataFrame) -> bytes:
    """A CSV file with some cells (``SCHEMA``) said anew, as UTF-8 with its own separator.

    Records keep their numbers, also those that cannot be read: such a line stays as it is, unless a cell of it is
    among these. Then it is cut at its separators, and cells beyond the header that are blank are left away.
    """
    file = read_csv(name, content)
    records = file.records
    for place in cells["place"].unique().sort().to_list():
        records = _said_anew(records, cells.filter(pl.col("place") == place), str(place))
    lines = records.select("_record", line=_line(file)) if records.height else _no_lines()
    broken = file.unread.select("_record", line=pl.Series("line", _mended(file, cells), dtype=pl.String))
    whole = pl.concat([lines, broken]).sort("_record")["line"].to_list()
    header = pl.select(_joined([pl.lit(column) for column in file.header], file.separator)).item()
    return ("\n".join([header, *whole]) + "\n").encode()


def _no_lines() -> pl.DataFrame:
    return pl.DataFrame(schema={"_record": pl.UInt32, "line": pl.String})


def _said_anew(records: pl.DataFrame, cells: pl.DataFrame, place: str) -> pl.DataFrame:
    if place not in records.columns:
        return records
    told = cells.select(_record="record", _said="value")
    joined = records.join(told, on="_record", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("_said", place).alias(place)).drop("_said")


def _line(file: CsvFile) -> pl.Expr:
    return _joined([pl.col(str(place)).fill_null("") for place in range(len(file.header))], file.separator)


def _joined(cells: list[pl.Expr], separator: str) -> pl.Expr:
    return pl.concat_str([_quoted(cell, separator) for cell in cells], separator=separator)


def _quoted(cell: pl.Expr, separator: str) -> pl.Expr:
    plain = ~cell.str.contains_any([separator, '"', "\n", "\r"])
    return pl.when(plain).then(cell).otherwise('"' + cell.str.replace_all('"', '""', literal=True) + '"')


def _mended(file: CsvFile, cells: pl.DataFrame) -> list[str]:
    """The lines that do not fit the header: few, and only those of which a cell is said anew are taken apart."""
    anew: dict[int, dict[int, str]] = {}
    for record, place, value in zip(cells["record"], cells["place"], cells["value"], strict=True):
        anew.setdefault(record, {})[place] = value
    lines = zip(file.unread["_record"].to_list(), file.unread["line"].to_list(), strict=True)
    return [_cut_anew(file, line, anew[record]) if record in anew else line for record, line in lines]


def _cut_anew(file: CsvFile, line: str, said: dict[int, str]) -> str:
    pieces = dict(enumerate(cut(line.replace("\r", " "), file.separator)))
    pieces |= said
    width = max(len(file.header), max((place + 1 for place, cell in pieces.items() if cell), default=0))
    whole = [pl.lit(pieces.get(place, "")) for place in range(width)]
    return str(pl.select(_joined(whole, file.separator)).item())
