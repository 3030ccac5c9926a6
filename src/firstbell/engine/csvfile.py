"""Reads one CSV file into a frame of strings, with every faulty record as a finding and none lost in silence.

The quick way hands the bytes to Polars and proves afterwards that the file is regular: as many commas as cells need,
and no line break within quotes. Only a file that fails the proof is taken apart line by line.
Rows keep their number: record 1 is the first after the header. Text rules: RFC 4180 as narrowed by OneRoster 1.2 (3.2).
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings

_QUOTED = r'"(?:[^"]|"")*"'
_REGULAR_LINE = rf'^(?:{_QUOTED}|[^",]*)(?:,(?:{_QUOTED}|[^",]*))*$'
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SECRET_NAME = re.compile(r"pass(word|wd|code|phrase)|pwd", re.IGNORECASE)
_CELL_LINES = 20
"""A quoted cell may run over at most so many lines; more is an unclosed quote."""


@dataclass(slots=True)
class CsvFile:
    """The header as it came, and the good records as strings (blank is null) with ``_record`` (UInt32).

    ``unread``: ``_record`` and the whole ``line`` of those that do not fit the header.
    """

    name: str
    header: list[str] = field(default_factory=list)
    records: pl.DataFrame = field(default_factory=pl.DataFrame)
    unread: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"_record": pl.UInt32, "line": pl.String}))
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
    head, _, body = text.partition(b"\n")
    file.header = _header(head)
    if not any(file.header):
        file.add("file-unreadable", detail="it has no header")
        return file
    if not body.strip(b"\r\n"):
        file.records = _empty(len(file.header))
        return file
    records = _quickly(file, body)
    file.records = records if records is not None else _line_by_line(file, body)
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


def _parsed(body: bytes, width: int) -> pl.DataFrame:
    schema = {str(place): pl.String for place in range(width)}
    return pl.read_csv(io.BytesIO(body), has_header=False, schema=schema, infer_schema=False, raise_if_empty=False)


def _quickly(file: CsvFile, body: bytes) -> pl.DataFrame | None:
    """The records where the file is regular, else None."""
    width = len(file.header)
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    quotes = body.count(b'"')
    if (
        width == 1
        or b"\r" in body.replace(b"\r\n", b"")
        or body.startswith((b"\n", b"\r\n"))
        or b"\n\n" in body
        or b"\n\r\n" in body
    ):
        return None
    try:
        records = _parsed(body, width)
    except pl.exceptions.PolarsError:
        return None
    if records.height != lines:
        return None
    commas = 0
    if quotes:
        if not _quotes_are_regular(body):
            return None
        commas = records.select(pl.sum_horizontal(pl.all().str.count_matches(",", literal=True).sum())).item() or 0
    if body.count(b",") != lines * (width - 1) + commas:
        return None
    file.total = lines
    return records.with_columns(_record=pl.int_range(1, lines + 1, dtype=pl.UInt32))


def _lines(body: bytes) -> pl.Series:
    text = body.decode("utf-8").removesuffix("\n").removesuffix("\r")
    return pl.Series("line", [text]).str.replace_all("\r\n", "\n", literal=True).str.split("\n").explode()


def _quotes_are_regular(body: bytes) -> bool:
    lines = _lines(body)
    quoted = lines.filter(lines.str.contains('"', literal=True))
    return bool(quoted.str.contains(_REGULAR_LINE).all())


def _line_by_line(file: CsvFile, body: bytes) -> pl.DataFrame:
    width = len(file.header)
    lines = _rejoined(file, _lines(body)).to_frame("line")
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
        cells=pl.col("line").str.replace_all(_QUOTED, "").str.count_matches(",", literal=True) + 1,
        _file=pl.lit(file.name),
        sourcedId=pl.lit(None, pl.String),
    )
    bad_quotes = lines.filter(~pl.col("regular"))
    ragged = lines.filter(pl.col("regular") & (pl.col("cells") != width))
    file.findings.append(findings.of(bad_quotes, "row-quote", value=_without_secrets(file, "line")))
    file.findings.append(findings.of(ragged, "row-ragged", value=pl.col("cells"), detail=str(width)))
    file.unread = pl.concat([bad_quotes, ragged]).select("_record", "line")
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
