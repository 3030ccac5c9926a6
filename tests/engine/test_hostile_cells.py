"""Files that are well packed and odd inside: read to their end, in time that grows as they do (checks 21 and 22)."""

import time
from pathlib import Path

import polars as pl
import pytest
from tests.engine.accounts import account_for_file, account_for_package
from tests.engine.crafted import read_apart
from tests.engine.district import codes, lakeside, plan_files, planned, write_files

from firstbell.engine.csvfile import CsvFile
from firstbell.engine.pipeline import Refused

HEAD = b"id,name,more\n"
LINES = 200_000
MEGABYTES = 10_000_000
SECONDS = 30
"""Far more than it takes on a busy machine, and far less than time that grows with the square of the size."""

GOOD = b"1,abc,def\n" * LINES
CELLS: dict[str, tuple[bytes, int, int]] = {
    "a quote unclosed at the end": (HEAD + GOOD + b'1,"abc,def', LINES + 1, LINES),
    "a quote unclosed in the middle": (HEAD + GOOD + b'1,"abc,def\n' + GOOD, 2 * LINES + 1, 2 * LINES),
    "a quote unclosed in every line": (HEAD + b'1,"abc,def\n' * LINES, LINES, 0),
    "a line break in every record": (HEAD + b'1,"abc\nx",def\n' * LINES, LINES, LINES),
    "a cell of 10 MB": (HEAD + b"1," + b"x" * MEGABYTES + b",def\n", 1, 1),
    "a quoted cell of 10 MB": (HEAD + b'1,"' + b"x" * MEGABYTES + b'",def\n', 1, 1),
    "10 MB of quotes within quotes": (HEAD + b'1,"' + b'""' * (MEGABYTES // 2) + b'",def\n', 1, 1),
    "10 MB of quotes, unclosed": (HEAD + b'1,"' + b'""' * (MEGABYTES // 2) + b",def\n2,a,b\n", 2, 1),
    "10 MB of quotes for nothing": (HEAD + b"1," + b'"' * (MEGABYTES - 1) + b",def\n2,a,b\n", 2, 1),
    "10 MB of commas": (HEAD + b"1" + b"," * MEGABYTES + b"x\n2,a,b\n", 2, 1),
    "10 MB of commas and a quote": (HEAD + b'"1"' + b"," * MEGABYTES + b"x\n2,a,b\n", 2, 1),
    "10 MB of commas in a later line": (HEAD + b"2,a,b\n1" + b"," * MEGABYTES + b"x\n", 2, 1),
    "10 MB of semicolons": (b"id;name;more\n1" + b";" * MEGABYTES + b"x\n2;a;b\n", 2, 1),
    "10 MB of line ends": (HEAD + b"\n" * MEGABYTES + b"2,a,b\n", 1, 1),
    "10 MB of carriage returns": (HEAD + b"\r" * MEGABYTES + b"2,a,b\n", 1, 1),
    "10 MB of carriage returns in quotes": (HEAD + b'"\r' * (MEGABYTES // 2) + b"2,a,b\n", 1, 0),
    "10 MB that is no UTF-8": (HEAD + b"2,a," + b"\xe9\xff" * (MEGABYTES // 2) + b"\n", 1, 1),
    "lines that are no UTF-8": (HEAD + b"2,\xe9\xff,a\n" * LINES, LINES, LINES),
    "NUL": (HEAD + b"\x00" * MEGABYTES + b"2,a,b\n", 1, 1),
    "a header of 10 MB": (b"x" * MEGABYTES, 0, 0),
    "a header of 10 MB of quotes": (b'"' * MEGABYTES, 0, 0),
    "ten thousand columns": (
        b",".join(b"c%d" % place for place in range(10_000)) + b"\n" + b"1," * 9_999 + b"2\n",
        1,
        1,
    ),
}


@pytest.mark.parametrize("kind", CELLS)
def test_21_an_odd_file_is_read_to_its_end(kind: str) -> None:
    content, total, read = CELLS[kind]
    began = time.monotonic()
    file = account_for_file(content)
    assert (file.total, file.records.height) == (total, read)
    assert time.monotonic() - began < SECONDS


def test_21_a_first_line_of_ten_megabytes_of_commas_takes_no_gigabytes(tmp_path: Path) -> None:
    district = lakeside()
    contents: dict[str, str | bytes] = {**district.contents()}
    contents["users.csv"] = CELLS["10 MB of commas"][0].replace(b"id", b"sourcedId", 1)
    read = read_apart(district.write(tmp_path / "good"), write_files(tmp_path / "odd", contents))
    assert "row-ragged" in read.codes
    assert read.rise < 1000


def _found(file: CsvFile) -> pl.DataFrame:
    return pl.concat(file.findings)


def test_21_each_message_names_its_record_and_shows_no_more_of_it_than_a_person_reads() -> None:
    file = account_for_file(HEAD + GOOD[:1000] + b'1,"' + b"x" * 100_000 + b"\n1,2\n")
    found = _found(file)
    assert found.select("code", "record").rows() == [("row-quote", 101), ("row-ragged", 102)]
    assert found["value"].str.len_chars().max() == 200


def test_21_a_roster_with_thousands_of_columns_is_judged() -> None:
    district = lakeside().only("orgs")
    district.row("orgs", "elm").update({f"metadata.c{place}": "x" for place in range(4_000)})
    account_for_package(district.contents())


def test_21_a_roster_with_cells_of_a_megabyte_is_judged() -> None:
    district = lakeside()
    district.row("orgs", "oak")["name"] = "x" * 1_000_000
    district.row("users", "s0")["sourcedId"] = "s" * 1_000_000
    account_for_package(district.contents())


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_22_a_name_that_looks_like_a_formula_stays_the_name_it_is(start: str) -> None:
    district = lakeside()
    district.row("users", "s0")["familyName"] = f"{start}Smith"
    result = planned(district)
    assert codes(result) == set()
    people = result.checked.tables["users"]
    assert people.filter(sourcedId="s0")["familyName"].to_list() == [f"{start}Smith"]


def test_a_manifest_that_begins_with_a_comma_is_told_and_nothing_is_raised() -> None:
    contents: dict[str, str | bytes] = {**lakeside().contents()}
    contents["manifest.csv"] = f",\n{contents['manifest.csv']!s}"
    refused = plan_files(contents)
    assert isinstance(refused, Refused)
    told = refused.checked.findings.filter(file="manifest.csv")["code"]
    assert {"manifest-header", "file-unreadable"} <= set(told)
