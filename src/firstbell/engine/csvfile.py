"""Reads one CSV file into a frame of strings, with every faulty record as a finding and none lost in silence.

The quick way hands the bytes to Polars and proves afterwards that the file is regular: as many commas as cells need,
and no line break within quotes. Only a file that fails the proof is taken apart line by line.
Rows keep their number: record 1 is the first after the header. Text rules: RFC 4180 as narrowed by OneRoster 1.2 (3.2).
"""

import csv
import io
import re
from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings
from firstbell.engine.decoding import decoded, decoded_head
from firstbell.engine.separators import SEPARATORS, exchanged, put_back, separator_of, without_statement

_QUOTED = r'"(?:[^"]|"")*"'
_REGULAR_LINE = rf'^(?:{_QUOTED}|[^",]*)(?:,(?:{_QUOTED}|[^",]*))*$'
# The same for Python, whose matching has to be kept from going back: a cell may have megabytes.
_REGULAR_CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",]*+)'
_REGULAR = re.compile(rf"{_REGULAR_CELL}(?:,{_REGULAR_CELL})*+")
_ID_NAME = re.compile(r"(?:^|[ _.])(?:id|Id|ID)$|[a-z](?:Id|ID)$|^(?i:sourcedid)$")
_SECRET_NAME = re.compile(r"pass(word|wd|code|phrase)|pwd", re.IGNORECASE)
_ITEMS_IN_A_LINE = 10_000
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
    result = decoded(content)
    for code, detail in result.notes:
        file.add(code, detail=detail)
    if result.text is None:
        return file
    separator, text = _with_commas(result.text)
    if len(text) < len(result.text):
        file.add("line-before-header")
    head, _, body = text.partition(b"\n")
    file.header = _header(head)
    if not any(file.header):
        file.add("file-unreadable", detail="it has no header")
        return file
    if separator != b",":
        file.add("separator", detail=SEPARATORS[separator])
    _read_body(file, body)
    if separator != b",":
        _put_back(file, separator)
    return file


def read_header(head: bytes) -> list[str]:
    """The column names from the first bytes of a file."""
    _, text = _with_commas(decoded_head(head))
    return _header(text.partition(b"\n")[0])


def is_header(names: list[str]) -> bool:
    """True where these can be the names of columns: one names an id, or it is a manifest.

    Else they may be the cells of a record, and one of them a password.
    """
    return any(names_an_id(name) for name in names) or names[:2] == ["propertyName", "value"]


def names_an_id(column: str) -> bool:
    """True for the name of a column that holds ids, in any of the formats."""
    return bool(_ID_NAME.search(column))


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


def _with_commas(text: bytes) -> tuple[bytes, bytes]:
    """What separates the cells, and the text as if that were a comma, from its header on."""
    text = without_statement(text)
    if text.startswith((b"\n", b"\r")):
        text = text.lstrip(b"\r\n")
    separator = separator_of(text[: text.find(b"\n")] if b"\n" in text else text)
    return separator, text if separator == b"," else exchanged(text, separator)


def _put_back(file: CsvFile, separator: bytes) -> None:
    file.header = [exchanged(name.encode(), separator).decode() for name in file.header]
    if file.records.width:
        file.records = file.records.with_columns(put_back(pl.col(pl.String), separator))
    file.findings = [part.with_columns(put_back(pl.col("value"), separator)) for part in file.findings]


def _read_body(file: CsvFile, body: bytes) -> None:
    if not body.strip(b"\r\n"):
        file.records = _empty(len(file.header))
        return
    records = _quickly(file, body)
    if records is None:
        records = _line_by_line(file, body)
    elif records["0"].null_count():
        records = _without_blank_records(file, records)
    file.records = _without_blank_columns(file, records)


def _named(header: list[str]) -> int:
    """The width of the header without the nameless columns at its end."""
    return max(place for place, name in enumerate(header, start=1) if name)


def _without_blank_records(file: CsvFile, records: pl.DataFrame) -> pl.DataFrame:
    """Lines of nothing but commas, as spreadsheets leave behind, are blank lines."""
    kept = records.filter(~pl.all_horizontal(pl.exclude("_record").is_null()))
    if kept.height == records.height:
        return records
    file.add("row-blank", detail=f"{records.height - kept.height:,}")
    file.total = kept.height
    return kept.with_columns(_record=pl.int_range(1, kept.height + 1, dtype=pl.UInt32))


def _without_blank_columns(file: CsvFile, records: pl.DataFrame) -> pl.DataFrame:
    named = _named(file.header)
    nameless = [str(place) for place in range(named, len(file.header))]
    if not nameless or any((records[place].fill_null("") != "").any() for place in nameless):
        return records
    file.add("cells-blank", detail=f"columns without a name: {len(nameless):,}")
    file.header = file.header[:named]
    return records.drop(nameless)


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
        or _begins_beyond(body, width)
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


def _begins_beyond(body: bytes, width: int) -> bool:
    """True where the first line is longer than the header: Polars would make a column of each of its cells."""
    first = body[: body.find(b"\n")]
    beyond = first.count(b",") - (width - 1)
    return beyond > (_ITEMS_IN_A_LINE if b'"' in first else 0)


def _lines(body: bytes) -> pl.Series:
    text = body.decode("utf-8").removesuffix("\n").removesuffix("\r")
    return pl.Series("line", [text]).str.replace_all("\r\n", "\n", literal=True).str.split("\n").explode()


def _quotes_are_regular(body: bytes) -> bool:
    lines = _lines(body)
    quoted = lines.filter(lines.str.contains('"', literal=True))
    return bool(quoted.str.contains(_REGULAR_LINE).all())


def _line_by_line(file: CsvFile, body: bytes) -> pl.DataFrame:
    width = len(file.header)
    lines = _rejoined(file, _lines(body)).to_frame("line").with_columns(pl.col("line").fill_null(""))
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
    lines = lines.with_columns(regular=pl.col("line").str.contains(_REGULAR_LINE), cells=_cells(pl.col("line")))
    lines = _evened(file, lines)
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


def _cells(line: pl.Expr) -> pl.Expr:
    return line.str.replace_all(_QUOTED, "").str.count_matches(",", literal=True) + 1


def _evened(file: CsvFile, lines: pl.DataFrame) -> pl.DataFrame:
    """Blank cells beyond the header go, and those of nameless columns at its end may be missing."""
    width, named = len(file.header), _named(file.header)
    line, cells = pl.col("line"), pl.col("cells")
    uneven = pl.col("regular") & ((cells > width) | (cells.is_between(named, width, closed="left")))
    rest = pl.when(cells > width).then(line.str.strip_chars_end(", \t")).otherwise(line)
    lines = lines.with_columns(rest=pl.when(uneven).then(rest)).with_columns(kept=_cells(pl.col("rest")))
    fits = (pl.col("kept") <= width).fill_null(value=False)
    evened = lines.select(fits.sum()).item()
    if not evened:
        return lines
    file.add("cells-blank", detail=f"lines: {evened:,}")
    filled = pl.col("rest") + pl.lit("," * width).str.head(width - pl.col("kept").cast(pl.Int64))
    return lines.with_columns(
        line=pl.when(fits).then(filled).otherwise(line), cells=pl.when(fits).then(width).otherwise(cells)
    )


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
