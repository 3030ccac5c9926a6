"""Reads a CSV file: its encoding, its separator, its header and its records."""

import re

import polars as pl

from firstbell.engine.csvfile.file import CsvFile, no_records
from firstbell.engine.csvfile.lines import named_width, read_line_by_line
from firstbell.engine.csvfile.names import names_in
from firstbell.engine.csvfile.quickly import read_quickly
from firstbell.engine.decoding import decoded, decoded_head
from firstbell.engine.separators import SEPARATORS, exchanged, put_back, separator_of, without_statement

_IN_A_LINE = re.compile(rb"[^\r\n]")


def read_csv(name: str, content: bytes) -> CsvFile:
    """Read a file. ``total`` counts the records, also those that could not be read."""
    file = CsvFile(name)
    result = decoded(content)
    for code, detail in result.notes:
        file.add(code, detail=detail)
    if result.text is None:
        return file
    separator, text = _with_commas(result.text)
    file.separator = separator.decode()
    if len(text) < len(result.text):
        file.add("line-before-header")
    ends = text.find(b"\n")
    file.header = names_in(text[:ends] if ends >= 0 else text)
    if not any(file.header):
        file.add("file-unreadable", detail="it has no header")
        return file
    if separator != b",":
        file.add("separator", detail=SEPARATORS[separator])
    _read_records(file, text)
    if separator != b",":
        _put_back(file, separator)
    return file


def read_header(head: bytes) -> list[str]:
    """The column names from the first bytes of a file."""
    _, text = _with_commas(decoded_head(head))
    return names_in(text.partition(b"\n")[0])


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
    file.unread = file.unread.with_columns(put_back(pl.col("line"), separator))
    file.findings = [part.with_columns(put_back(pl.col("value"), separator)) for part in file.findings]


def _read_records(file: CsvFile, text: bytes) -> None:
    ends = text.find(b"\n")
    if ends < 0 or _IN_A_LINE.search(text, ends) is None:
        file.records = no_records(len(file.header))
        return
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
    records = read_quickly(file, text)
    if records is None:
        records = read_line_by_line(file, text)
    elif records["0"].null_count():
        records = _without_blank_records(file, records)
    file.records = _without_blank_columns(file, records)


def _without_blank_records(file: CsvFile, records: pl.DataFrame) -> pl.DataFrame:
    """Lines of nothing but commas, as spreadsheets leave behind, are blank lines."""
    kept = records.filter(~pl.all_horizontal(pl.exclude("_record").is_null()))
    if kept.height == records.height:
        return records
    file.add("row-blank", detail=f"{records.height - kept.height:,}")
    file.total = kept.height
    return kept.with_columns(_record=pl.int_range(1, kept.height + 1, dtype=pl.UInt32))


def _without_blank_columns(file: CsvFile, records: pl.DataFrame) -> pl.DataFrame:
    named = named_width(file.header)
    nameless = [str(place) for place in range(named, len(file.header))]
    if not nameless or any((records[place].fill_null("") != "").any() for place in nameless):
        return records
    file.add("cells-blank", detail=f"columns without a name: {len(nameless):,}")
    file.header = file.header[:named]
    return records.drop(nameless)
