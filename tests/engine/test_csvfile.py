"""Any bytes can be read, and a regular file reads as Python's own reader reads it."""

import csv
import io
import itertools

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from firstbell.engine.csvfile import CsvFile, read_csv, read_header
from firstbell.engine.csvfile.lines import read_line_by_line
from firstbell.engine.csvfile.quickly import read_quickly

_cell = st.text(alphabet=st.sampled_from(list("ab\",; '\t=é😀0")), max_size=6)
_messy = st.lists(
    st.sampled_from(["a", '"', ",", "\n", "\r", "\r\n", '""', "\x00", "é", " ", "b,c", '"x,y"', '"x\ny"', "\ufeff"]),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(content=st.one_of(st.binary(max_size=200), _messy.map(lambda parts: "".join(parts).encode())))
@example(content=b"a\rb\n1,2\n")
@example(content=b"\xff\xfea\x00")
@example(content=b'a,b\n"')
@example(content=b'"a\n",b\nx,y\n')
def test_any_bytes_are_read_without_an_exception(content: bytes) -> None:
    file = read_csv("users.csv", content)
    read_header(content)
    assert file.records.height <= file.total
    if file.records.width:
        numbers = file.records["_record"]
        assert numbers.is_sorted()
        assert numbers.n_unique() == numbers.len()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_regular_file_reads_as_pythons_reader_reads_it(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 4))
    rows = data.draw(st.lists(st.lists(_cell, min_size=width, max_size=width), min_size=1, max_size=8))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow([f"c{place}" for place in range(width)])
    writer.writerows(rows)
    content = text.getvalue().removesuffix(end if data.draw(st.booleans()) else "")
    _, *expected = csv.reader(io.StringIO(content, newline=""))
    kept = [row for row in expected if quoting == csv.QUOTE_ALL or _says_something(row)]
    file = read_csv("users.csv", content.encode())
    cells = [[cell or "" for cell in row] for row in file.records.drop("_record").rows()]
    assert cells == kept
    assert file.total == len(kept)


def _says_something(row: list[str]) -> bool:
    """False for a line that is blank, or nothing but commas."""
    return row == [""] or (any(row) if len(row) > 1 else bool(row[0].strip()))


@pytest.mark.parametrize("width", [2, 3])
def test_what_is_read_quickly_is_read_as_line_by_line(width: int) -> None:
    """Every text of up to six signs: Polars drops a stray quote or an empty cell, and fills in a missing one."""
    header = ",".join("abc"[:width])
    read = 0
    for length in range(1, 7):
        for signs in itertools.product('x,"\n', repeat=length):
            text = f"{header}\n{''.join(signs)}".encode()
            quickly, slowly = CsvFile("users.csv", header.split(",")), CsvFile("users.csv", header.split(","))
            records = read_quickly(quickly, text)
            if records is not None:
                read += 1
                blank = pl.col(pl.String).replace("", None)
                rest = read_line_by_line(slowly, text)
                left = records.filter(~pl.all_horizontal(pl.exclude("_record").is_null())).drop("_record")
                assert left.with_columns(blank).equals(rest.with_columns(blank).drop("_record")), text
                codes = {code for part in slowly.findings for code in part["code"]}
                assert codes <= {"row-blank"}, text
    assert read > 20


def _findings(content: bytes) -> list[tuple[str, int | None]]:
    file = read_csv("users.csv", content)
    return [
        (code, record)
        for part in file.findings
        for code, record in zip(part["code"].to_list(), part["record"].to_list(), strict=True)
    ]


def test_every_faulty_record_is_found_under_its_number_and_the_good_ones_are_read() -> None:
    content = b'a,b\n1,2\nonly one\n3,4\n5,"6"x\n7,8,9\n"10",11\n'
    assert _findings(content) == [("row-quote", 4), ("row-ragged", 2), ("row-ragged", 5)]
    file = read_csv("users.csv", content)
    assert file.records.rows() == [("1", "2", 1), ("3", "4", 3), ("10", "11", 6)]
    assert file.total == 6


def test_a_cell_over_two_lines_is_one_record() -> None:
    content = b'a,b\n1,"two\nlines"\n3,4\n'
    assert _findings(content) == [("row-line-break", 1)]
    assert read_csv("users.csv", content).records.rows() == [("1", "two lines", 1), ("3", "4", 2)]


def test_an_unclosed_quote_costs_its_own_record_only() -> None:
    content = b'a,b\n1,"two\n3,4\n5,6\n7,"8"\n'
    assert _findings(content) == [("row-quote", 1)]
    assert read_csv("users.csv", content).records.height == 3


def test_blank_lines_are_skipped_and_counted() -> None:
    assert _findings(b"a,b\n1,2\n\n\n3,4\n\n") == [("row-blank", None)]


def test_a_file_of_one_column_is_read() -> None:
    assert read_csv("users.csv", b'a\n1\n"2"\n"x ""y"""\n').records.rows() == [("1", 1), ("2", 2), ('x "y"', 3)]


def test_a_byte_order_mark_below_the_header_is_no_part_of_the_first_id() -> None:
    """Files are joined so: a header by itself, and below it the export with its mark."""
    file = read_csv("orgs.csv", b"sourcedId,name\n\xef\xbb\xbfelm,Elm\noak,Oak\n")
    assert file.records.rows() == [("elm", "Elm", 1), ("oak", "Oak", 2)]
    assert read_csv("orgs.csv", b"sourcedId\n\xef\xbb\xbf").total == 0
