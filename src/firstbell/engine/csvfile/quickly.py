"""Reads a regular file as fast as Polars can, and proves that it was regular."""

import polars as pl

from firstbell.engine.csvfile.file import CsvFile
from firstbell.engine.csvfile.lines import REGULAR_LINE, cells_of, lines_of, parsed

_ITEMS_IN_A_LINE = 10_000


def read_quickly(file: CsvFile, text: bytes) -> pl.DataFrame | None:
    """The records of a regular file, else None. ``text``: its header and all that follows; lines end with LF."""
    width = len(file.header)
    if width == 1 or b"\r" in text or _begins_beyond(text, width):
        return None
    try:
        records = parsed(text, width, skip_lines=1)
    except pl.exceptions.PolarsError:
        return None
    lines = lines_of(text)
    if records.height != lines.len() or not _accounts_for(records, lines, quotes=b'"' in text):
        return None
    file.total = records.height
    return records.rechunk().with_columns(_record=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))


def _accounts_for(records: pl.DataFrame, lines: pl.Series, *, quotes: bool) -> bool:
    """Whether each line is its cells, the commas between them and pairs of quotes around some, and nothing else.

    Polars drops a stray quote and an empty cell too many without a word, and fills in a cell too few; then a byte is
    missing from the line, or there is one to spare.
    """
    width = records.width
    cells = pl.all().exclude("line", "quoted")
    quoted = pl.col("line").str.contains('"', literal=True) if quotes else pl.lit(value=False)
    around = pl.col("line").str.len_bytes() - pl.sum_horizontal(cells.str.len_bytes()) - (width - 1)
    seen = records.with_columns(lines).lazy().with_columns(quoted=quoted)
    plain = pl.col("quoted") | (around == 0)
    if not seen.select(plain.all()).collect(engine="streaming").item():
        return False
    if not quotes:
        return True
    told = seen.filter("quoted")
    each = pl.concat_str(pl.lit('"'), pl.concat_str(cells.fill_null(""), separator='","'), pl.lit('"'))
    line = pl.col("line")
    regular = line.str.contains(REGULAR_LINE) & (cells_of(line) == width)
    return bool(told.filter(each != line).select(regular.all()).collect(engine="streaming").item())


def _begins_beyond(text: bytes, width: int) -> bool:
    """True where the first record is longer than the header: Polars would make a column of each of its cells."""
    begins = text.find(b"\n") + 1
    first = text[begins : text.find(b"\n", begins)]
    beyond = first.count(b",") - (width - 1)
    return beyond > (_ITEMS_IN_A_LINE if b'"' in first else 0)
