"""Cells of a file put right: those, and nothing else of it."""

import polars as pl
import pytest

from firstbell.engine.csvfile import read_csv
from firstbell.engine.mending import SCHEMA, mend

AWKWARD = 'Name,Note,Nr\nAna,"said ""hi"", twice",1\nBo,,02\n\n , ,\nCy,plain,003\n'


def _cells(*cells: tuple[int, int, str]) -> pl.DataFrame:
    return pl.DataFrame(cells, schema=SCHEMA, orient="row")


def _rows(content: bytes) -> list[tuple[str | None, ...]]:
    return read_csv("a.csv", content).records.drop("_record").rows()


def test_a_cell_says_what_was_written_and_all_others_what_they_said() -> None:
    before = _rows(AWKWARD.encode())
    after = _rows(mend("a.csv", AWKWARD.encode(), _cells((2, 1, 'a "new", one'))))
    assert after[1] == ("Bo", 'a "new", one', "02")
    assert [after[0], *after[2:]] == [before[0], *before[2:]]


def test_a_cell_can_be_made_blank_and_written_twice_in_one_record() -> None:
    assert _rows(mend("a.csv", AWKWARD.encode(), _cells((1, 1, ""), (1, 2, "0001"))))[0] == ("Ana", None, "0001")


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_file_keeps_its_own_separator(separator: str) -> None:
    text = f"Name{separator}Note\nAna{separator}one, two\nBo{separator}x\n"
    mended = mend("a.csv", text.encode(), _cells((2, 1, f"y{separator}z")))
    assert _rows(mended) == [("Ana", "one, two"), ("Bo", f"y{separator}z")]
    assert mended.decode().splitlines()[:2] == text.splitlines()[:2]


def test_lines_that_cannot_be_read_stay_as_they_are_and_keep_their_numbers() -> None:
    text = 'A,B\n1,2\n3,4,5\n6,"7\n8,9\n'
    mended = mend("a.csv", text.encode(), _cells((4, 1, "nine")))
    assert mended.decode() == text.replace("8,9", "8,nine")


def test_a_line_with_a_cell_too_many_fits_once_that_is_blank() -> None:
    text = "A,B\n1,2\n3,4,5\n"
    file = read_csv("a.csv", text.encode())
    assert file.unread["_record"].to_list() == [2]
    mended = mend("a.csv", text.encode(), _cells((2, 1, "45"), (2, 2, "")))
    assert _rows(mended) == [("1", "2"), ("3", "45")]


def test_a_line_with_a_cell_too_few_fits_once_it_is_filled() -> None:
    assert _rows(mend("a.csv", b"A,B,C\n1,2,3\n4,5\n", _cells((2, 2, "6")))) == [("1", "2", "3"), ("4", "5", "6")]


def test_letters_of_another_encoding_are_kept() -> None:
    text = "Name,Nr\nJosé,1\nMüller,2\n"
    assert _rows(mend("a.csv", text.encode("cp1252"), _cells((1, 1, "7")))) == [("José", "7"), ("Müller", "2")]
