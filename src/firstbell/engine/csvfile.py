"""Reads one CSV file into a frame of strings, with every faulty record as a finding and none lost in silence.

The quick way hands the bytes to Polars and proves afterwards, line by line, that its cells account for every byte.
Only a file that fails the proof is taken apart by ourselves.
Rows keep their number: record 1 is the first after the header. Text rules: RFC 4180 as narrowed by OneRoster 1.2 (3.2).
"""

import codecs
import csv
import re
from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings

_QUOTED = r'"(?:[^"]|"")*"'
_REGULAR_LINE = rf'^(?:{_QUOTED}|[^",]*)(?:,(?:{_QUOTED}|[^",]*))*$'
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SECRET_NAME = re.compile(r"pass(word|wd|code|phrase)|pwd", re.IGNORECASE)
_IN_A_LINE = re.compile(rb"[^\r\n]")
_NEVER = b"\x1f"
"""A character that hardly any file holds, so that Polars takes a line for one cell."""
_CELL_LINES = 20
"""A quoted cell may run over at most so many lines; more is an unclosed quote."""


@dataclass(slots=True)
class CsvFile:
    """The header as it came, and the good records as strings (blank is null) with ``_record`` (UInt32)."""

    name: str
    header: list[str] = field(default_factory=list)
    records: pl.DataFrame = field(default_factory=pl.DataFrame)
    total: int = 0
    findings: list[pl.DataFrame] = field(default_factory=list)

    def add(self, code: str, **said: object) -> None:
        """Note a finding about this file."""
        self.findings.append(findings.one(code, file=self.name, **said))  # type: ignore[arg-type]


def read_csv(name: str, content: bytes) -> CsvFile:
    """Read a file. ``total`` counts the records, also those that could not be read."""
    file = CsvFile(name)
    text = _decoded(file, content)
    if text is None:
        return file
    ends = text.find(b"\n")
    file.header = _header(text[:ends] if ends >= 0 else text)
    if not any(file.header):
        file.add("file-unreadable", detail="it has no header")
        return file
    if ends < 0 or _IN_A_LINE.search(text, ends) is None:
        file.records = _empty(len(file.header))
        return file
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
    records = _quickly(file, text)
    file.records = records if records is not None else _line_by_line(file, text)
    return file


def read_header(head: bytes) -> list[str]:
    """The column names from the first bytes of a file."""
    if head.startswith(_UTF16):
        head = head.decode("utf-16", "ignore").encode()
    text = _decoded(CsvFile(""), head[: head.rfind(b"\n") + 1] or head)
    return _header(text.partition(b"\n")[0]) if text else []


def names_a_secret(column: str) -> bool:
    """True for the name of a column that holds passwords, in the format or as an extension."""
    return bool(_SECRET_NAME.search(column))


def _header(line: bytes) -> list[str]:
    text = line.decode("utf-8", "replace").rstrip("\r").replace("\r", " ")
    try:
        cells = next(csv.reader([text]), [])
    except csv.Error:  # a cell of more than 128 KiB: whatever it is, it names no column
        return []
    return [cell.strip() for cell in cells]


def _decoded(file: CsvFile, content: bytes) -> bytes | None:
    """UTF-8 bytes with LF or CRLF line ends."""
    if content.startswith(codecs.BOM_UTF8):
        content = content[3:]
        file.add("byte-order-mark")
    elif content.startswith(_UTF16):
        try:
            content = content.decode("utf-16").encode("utf-8", "replace")
        except UnicodeDecodeError:
            file.add("file-unreadable", detail="it claims to be UTF-16 and is not")
            return None
        file.add("encoding", detail="UTF-16")
    if b"\x00" in content:
        content = content.replace(b"\x00", b"")
        file.add("nul-character")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        content = content.decode("cp1252", "replace").encode("utf-8")
        file.add("encoding", detail="Windows-1252")
    if b"\r" in content and b"\n" not in content:
        content = content.replace(b"\r", b"\n")
        file.add("line-ends")
    return content


def _empty(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={**{str(place): pl.String for place in range(width)}, "_record": pl.UInt32})


def _parsed(text: bytes, width: int, *, skip_lines: int = 0) -> pl.DataFrame:
    schema = {str(place): pl.String for place in range(width)}
    return pl.read_csv(
        text, has_header=False, skip_lines=skip_lines, schema=schema, infer_schema=False, raise_if_empty=False
    )


def _quickly(file: CsvFile, text: bytes) -> pl.DataFrame | None:
    """The records where the file is regular, else None."""
    width = len(file.header)
    if width == 1 or b"\r" in text:
        return None
    try:
        records = _parsed(text, width, skip_lines=1)
    except pl.exceptions.PolarsError:
        return None
    lines = _lines(text)
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
    regular = line.str.contains(_REGULAR_LINE) & (_cells(line) == width)
    return bool(told.filter(each != line).select(regular.all()).collect(engine="streaming").item())


def _cells(lines: pl.Expr) -> pl.Expr:
    """How many cells each regular line has."""
    return lines.str.replace_all(_QUOTED, "").str.count_matches(",", literal=True) + 1


def _lines(text: bytes) -> pl.Series:
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


def _line_by_line(file: CsvFile, text: bytes) -> pl.DataFrame:
    width = len(file.header)
    lines = _rejoined(file, _lines(text)).to_frame("line")
    lone = lines["line"].str.contains("\r", literal=True)
    if lone.any():
        lines = lines.with_columns(pl.col("line").str.replace_all("\r", " ", literal=True))
    blank = lines.filter(pl.col("line").fill_null("").str.strip_chars() == "").height
    lines = lines.filter(pl.col("line").fill_null("").str.strip_chars() != "")
    if blank:
        file.add("row-blank", detail=f"{blank:,}")
    file.total = lines.height
    lines = lines.with_columns(
        _record=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32),
        regular=pl.col("line").str.contains(_REGULAR_LINE),
        cells=_cells(pl.col("line")),
        _file=pl.lit(file.name),
        sourcedId=pl.lit(None, pl.String),
    )
    bad_quotes = lines.filter(~pl.col("regular"))
    ragged = lines.filter(pl.col("regular") & (pl.col("cells") != width))
    file.findings.append(findings.of(bad_quotes, "row-quote", value=_without_secrets(file, "line")))
    file.findings.append(findings.of(ragged, "row-ragged", value=pl.col("cells"), detail=str(width)))
    good = lines.filter(pl.col("regular") & (pl.col("cells") == width))
    if not good.height:
        return _empty(width)
    if width == 1:
        plain = pl.col("line").str.strip_prefix('"').str.strip_suffix('"').str.replace_all('""', '"', literal=True)
        return good.select(plain.replace("", None).alias("0"), "_record")
    text = "\n".join(good["line"].to_list()).encode("utf-8")
    return _parsed(text, width).with_columns(good["_record"])


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
    starts: dict[int, int] = {}
    place = 0
    while place < len(odd) - 1:
        first, last = odd[place], odd[place + 1]
        joined = " ".join(lines[first : last + 1].to_list()) if last - first <= _CELL_LINES else None
        if joined is not None and re.match(_REGULAR_LINE, joined):
            starts[first] = last
            place += 2
        else:
            place += 1
    return _joined(file, lines.to_list(), starts) if starts else lines


def _joined(file: CsvFile, lines: list[str], starts: dict[int, int]) -> pl.Series:
    whole: list[str] = []
    place = 0
    while place < len(lines):
        last = starts.get(place, place)
        if last > place:
            file.add("row-line-break", record=len(whole) + 1)
        whole.append(" ".join(lines[place : last + 1]))
        place = last + 1
    return pl.Series("line", whole)
