"""Takes a file apart line by line: what no reader of regular files reads, or reads wrongly."""

import re

import polars as pl

from firstbell.engine import findings
from firstbell.engine.csvfile.file import CsvFile, no_records
from firstbell.engine.csvfile.names import names_a_secret

_QUOTED = r'"(?:[^"]|"")*"'
REGULAR_LINE = rf'^(?:{_QUOTED}|[^",]*)(?:,(?:{_QUOTED}|[^",]*))*$'
# The same for Python, whose matching has to be kept from going back: a cell may have megabytes.
_REGULAR_CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",]*+)'
_REGULAR = re.compile(rf"{_REGULAR_CELL}(?:,{_REGULAR_CELL})*+")
_NEVER = b"\x1f"
"""A character that hardly any file holds, so that Polars takes a line for one cell."""
_CELL_LINES = 20
"""A quoted cell may run over at most so many lines; more is an unclosed quote."""


def lines_of(text: bytes) -> pl.Series:
    """The lines after the first, without their ends; blank ones too."""
    if _NEVER in text:
        return pl.Series("line", text.decode("utf-8").removesuffix("\n").split("\n")[1:], dtype=pl.String)
    return pl.read_csv(
        text,
        has_header=False,
        skip_lines=1,
        separator=_NEVER.decode(),
        quote_char=None,
        schema={"line": pl.String},
        infer_schema=False,
        empty_string_is_null=False,
        raise_if_empty=False,
    )["line"]


def parsed(text: bytes, width: int, *, skip_lines: int = 0) -> pl.DataFrame:
    """Cells as Polars reads them, columns ``0, 1 ...``."""
    schema = {str(place): pl.String for place in range(width)}
    return pl.read_csv(
        text, has_header=False, skip_lines=skip_lines, schema=schema, infer_schema=False, raise_if_empty=False
    )


def cells_of(lines: pl.Expr) -> pl.Expr:
    """How many cells each regular line has."""
    return lines.str.replace_all(_QUOTED, "").str.count_matches(",", literal=True) + 1


def read_line_by_line(file: CsvFile, text: bytes) -> pl.DataFrame:
    """The records of a file, whatever its lines are. ``text``: its header and all that follows; lines end with LF."""
    width = len(file.header)
    lines = _rejoined(file, lines_of(text)).to_frame("line")
    is_blank = (pl.col("line").str.strip_chars() == "") | (pl.col("line").str.strip_chars(",") == "")
    blank = lines.select(is_blank.sum()).item()
    lines = lines.filter(~is_blank)
    if blank:
        file.add("row-blank", detail=f"{blank:,}")
    file.total = lines.height
    lines = lines.with_columns(
        _record=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32),
        _file=pl.lit(file.name),
        sourcedId=pl.lit(None, pl.String),
    )
    lone = lines.filter(pl.col("line").str.contains("\r", literal=True))
    if lone.height:
        file.findings.append(findings.of(lone, "row-line-break"))
        lines = lines.with_columns(pl.col("line").str.replace_all("\r", " ", literal=True))
    lines = lines.with_columns(regular=pl.col("line").str.contains(REGULAR_LINE), cells=cells_of(pl.col("line")))
    lines = _evened(file, lines)
    bad_quotes = lines.filter(~pl.col("regular"))
    ragged = lines.filter(pl.col("regular") & (pl.col("cells") != width))
    file.findings.append(findings.of(bad_quotes, "row-quote", value=_without_secrets(file, "line")))
    file.findings.append(findings.of(ragged, "row-ragged", value=pl.col("cells"), detail=str(width)))
    file.unread = pl.concat([bad_quotes, ragged]).select("_record", "line")
    good = lines.filter(pl.col("regular") & (pl.col("cells") == width))
    if not good.height:
        return no_records(width)
    if width == 1:
        plain = pl.col("line").str.strip_prefix('"').str.strip_suffix('"').str.replace_all('""', '"', literal=True)
        return good.select(plain.replace("", None).alias("0"), "_record")
    whole = "\n".join(good["line"].to_list()).encode("utf-8")
    return parsed(whole, width).with_columns(good["_record"])


def _evened(file: CsvFile, lines: pl.DataFrame) -> pl.DataFrame:
    """Blank cells beyond the header go where all lines have as many; those of nameless columns may be missing.

    One line alone may have a comma too many somewhere else, and then all its cells stand a column too far.
    """
    width, named = len(file.header), named_width(file.header)
    line, cells = pl.col("line"), pl.col("cells")
    alike = lines.height > 1 and lines.filter("regular")["cells"].n_unique() == 1
    beyond = (cells > width) | cells.is_between(named, width, closed="none")
    uneven = pl.col("regular") & ((pl.lit(alike) & beyond) | ((cells == named) & (named < width)))
    rest = pl.when(cells > width).then(line.str.strip_chars_end(", \t")).otherwise(line)
    lines = lines.with_columns(rest=pl.when(uneven).then(rest)).with_columns(kept=cells_of(pl.col("rest")))
    fits = (pl.col("kept") <= width).fill_null(value=False)
    evened = lines.select(fits.sum()).item()
    if not evened:
        return lines
    file.add("cells-blank", detail=f"lines: {evened:,}")
    filled = pl.col("rest") + pl.lit("," * width).str.head(width - pl.col("kept").cast(pl.Int64))
    return lines.with_columns(
        line=pl.when(fits).then(filled).otherwise(line), cells=pl.when(fits).then(width).otherwise(cells)
    )


def named_width(header: list[str]) -> int:
    """The width of the header without the nameless columns at its end."""
    return max(place for place, name in enumerate(header, start=1) if name)


def _without_secrets(file: CsvFile, line: str) -> pl.Expr:
    """The raw line, unless the file has a password column: then nothing of it may be shown."""
    if any(names_a_secret(name) for name in file.header):
        return pl.lit("(not shown, the file holds passwords)")
    return pl.col(line)


def _rejoined(file: CsvFile, lines: pl.Series) -> pl.Series:
    """Lines in which a quoted cell runs on are joined by a blank; an unclosed quote stays with its own line."""
    odd = (lines.str.count_matches('"', literal=True) % 2 == 1).arg_true().to_list()
    if not odd:
        return lines
    texts = lines.to_list()
    starts: dict[int, int] = {}
    place = 0
    while place < len(odd) - 1:
        first, last = odd[place], odd[place + 1]
        if last - first <= _CELL_LINES and _REGULAR.fullmatch(" ".join(texts[first : last + 1])):
            starts[first] = last
            place += 2
        else:
            place += 1
    return _joined(file, texts, starts) if starts else lines


def _joined(file: CsvFile, lines: list[str], starts: dict[int, int]) -> pl.Series:
    whole: list[str] = []
    broken: list[int] = []
    place = records = 0
    while place < len(lines):
        last = starts.get(place, place)
        whole.append(" ".join(lines[place : last + 1]))
        records += bool(whole[-1].strip().strip(","))  # blank lines have no number
        if last > place:
            broken.append(records)
        place = last + 1
    told = pl.DataFrame({"_record": broken}, schema={"_record": pl.UInt32})
    told = told.with_columns(_file=pl.lit(file.name), sourcedId=pl.lit(None, pl.String))
    file.findings.append(findings.of(told, "row-line-break"))
    return pl.Series("line", whole)
