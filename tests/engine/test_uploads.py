"""Two uploads of the same files side by side: which rows are the same ones, and which cells of them are not."""

from pathlib import Path

import polars as pl
import pytest
from tests.engine.formats.lists import SIMPLE, STAFF, STUDENTS, Sheet, sheet, write_lists

from firstbell.engine.corrections.kinds import Corrections, RenameColumn
from firstbell.engine.package import open_package
from firstbell.engine.uploads import FileChanged, Version, compare_uploads

HEAD = "First name,Last name,Student number,Grade,Email,Schools"


def _compare(folder: Path, before: dict[str, Sheet], after: dict[str, Sheet], **more: object) -> dict[str, FileChanged]:
    versions = [
        Version(open_package(write_lists(folder / name, sheets)), **more)  # type: ignore[arg-type]
        for name, sheets in (("before", before), ("after", after))
    ]
    return {file.name or file.was_name: file for file in compare_uploads(*versions)}


def _students(folder: Path, before: Sheet, after: Sheet, **more: object) -> FileChanged:
    return _compare(folder, {STUDENTS: before}, {STUDENTS: after}, **more)["Students.csv"]


def _rows(file: FileChanged) -> list[tuple[object, ...]]:
    return file.rows.rows()


def test_the_same_files_have_no_change(tmp_path: Path) -> None:
    assert [file.is_same for file in _compare(tmp_path, SIMPLE, SIMPLE).values()] == [True, True]


def test_rows_in_another_order_and_columns_in_another_place_or_case_are_the_same(tmp_path: Path) -> None:
    before = sheet("First name,Last name,Grade", "Ana,Lopez,3", "Bo,Lee,K")
    after = sheet("GRADE,first_name,Last name", "K,Bo,Lee", "3, Ana ,Lopez")
    assert _students(tmp_path, before, after).is_same


def test_a_cell_that_changed_is_told_with_its_row_and_what_stood_there(tmp_path: Path) -> None:
    before = sheet(HEAD, "Ana,Lopez,0012,thrid,,Elm", "Bo,Lee,0013,4,,Elm")
    after = sheet(HEAD, "Bo,Lee,0013,4,,Elm", "Ana,Lopez,0012,3,ana@example.org,Elm")
    assert _rows(_students(tmp_path, before, after)) == [
        ("changed", 2, 1, "Ana Lopez", ["Grade", "Email"], ["thrid", ""], ["3", "ana@example.org"])
    ]


def test_who_is_called_otherwise_is_known_by_the_number_and_who_has_another_number_by_the_name(tmp_path: Path) -> None:
    before = sheet(HEAD, "Ana,Lopez,0012,3,,Elm", "Bo,Lee,0013,4,,Elm")
    after = sheet(HEAD, "Anna,Lopez,0012,3,,Elm", "Bo,Lee,0099,4,,Elm")
    assert [(row[3], row[4], row[5], row[6]) for row in _rows(_students(tmp_path, before, after))] == [
        ("Anna Lopez", ["First name"], ["Ana"], ["Anna"]),
        ("Bo Lee", ["Student number"], ["0013"], ["0099"]),
    ]


def test_two_of_one_name_are_the_first_and_the_second(tmp_path: Path) -> None:
    before = sheet(HEAD, "Al,Day,,3,,Elm", "Al,Day,,3,,Elm")
    after = sheet(HEAD, "Al,Day,0051,3,,Elm", "Al,Day,0052,3,,Elm")
    changed = _students(tmp_path, before, after)
    assert [(row[0], row[1], row[2], row[6]) for row in _rows(changed)] == [
        ("changed", 1, 1, ["0051"]),
        ("changed", 2, 2, ["0052"]),
    ]


def test_of_rows_that_stand_there_twice_only_what_is_more_is_told(tmp_path: Path) -> None:
    one, two = sheet(HEAD, "Al,Day,,3,,Elm"), sheet(HEAD, "Al,Day,,3,,Elm", "Al,Day,,3,,Elm")
    assert [row[0] for row in _rows(_students(tmp_path, one, two))] == ["added"]
    assert [row[0] for row in _rows(_students(tmp_path / "back", two, one))] == ["gone"]


def test_rows_that_are_new_or_gone_are_told_with_their_cells(tmp_path: Path) -> None:
    before = sheet(HEAD, "Ana,Lopez,0012,3,,Elm", "Bo,Lee,0013,4,,Elm")
    after = sheet(HEAD, "Ana,Lopez,0012,3,,Elm", "Cy,Ng,0014,5,,Elm")
    changed = _students(tmp_path, before, after)
    assert [changed.count(one) for one in ("changed", "added", "gone")] == [0, 1, 1]
    added, gone = _rows(changed)
    written = ["First name", "Last name", "Student number", "Grade", "Schools"]
    assert added == ("added", 2, None, "Cy Ng", written, None, ["Cy", "Ng", "0014", "5", "Elm"])
    assert gone == ("gone", None, 2, "Bo Lee", written, ["Bo", "Lee", "0013", "4", "Elm"], None)


def test_columns_that_came_and_went_are_told_once_and_not_for_each_row(tmp_path: Path) -> None:
    changed = _students(tmp_path, sheet("First name,Last name,Note", "Ana,Lopez,x"), sheet(HEAD, "Ana,Lopez,1,3,,Elm"))
    assert changed.columns_gone == ("Note",)
    assert changed.columns_added == ("Student number", "Grade", "Email", "Schools")
    assert changed.rows.height == 0
    assert not changed.is_same


def test_no_password_is_told_whatever_its_column_is_called(tmp_path: Path) -> None:
    before, after = (f"First name,Last name,Password,Secret word\nAna,Lopez,blue fox {n},tent {n}\n" for n in "12")
    renamed = Corrections((RenameColumn("Students.csv", "Secret word", "Password"),))
    assert _students(tmp_path, before, after, corrections=renamed).is_same
    told = _students(tmp_path / "unknown", before, after)
    assert [row[4] for row in _rows(told)] == [["Secret word"]]


def test_columns_that_the_reader_may_not_see_are_not_compared(tmp_path: Path) -> None:
    before, after = sheet("First name,Last name,Birth date", "A,B,1"), sheet("First name,Last name,Birth date", "A,C,2")
    told = _students(tmp_path, before, after, open={"Students.csv": ["First name", "Last name"]})
    assert "Birth date" not in str(_rows(told))
    assert _students(tmp_path / "none", before, after, open={}).rows.height == 0
    assert "Birth date" in str(_rows(_students(tmp_path / "all", before, after, open={"Students.csv": None})))


def test_a_file_by_another_name_is_known_by_its_columns_and_others_are_new_or_gone(tmp_path: Path) -> None:
    staff = SIMPLE[STAFF]
    told = _compare(tmp_path, {"Students v1": SIMPLE[STUDENTS], STAFF: staff}, {"Students v2": SIMPLE[STUDENTS]})
    assert told["Students v2.csv"].was_name == "Students v1.csv"
    assert told["Students v2.csv"].is_same
    gone = told[f"{STAFF}.csv"]
    assert (gone.name, gone.count("gone")) == ("", 2)
    (new,) = _compare(tmp_path / "new", {}, {STAFF: staff}).values()
    assert (new.was_name, new.count("added")) == ("", 2)


@pytest.mark.parametrize("text", ["", "\n\n", "\x00\x01"])
def test_what_is_no_table_is_no_harm(tmp_path: Path, text: str) -> None:
    told = _students(tmp_path, text, SIMPLE[STUDENTS])
    assert not told.is_same
    assert _students(tmp_path / "both", text, text).is_same


def test_many_rows_are_compared_in_no_time(tmp_path: Path) -> None:
    rows = [f"First{place},Last{place},{place},3,,Elm" for place in range(20_000)]
    changed = [row.replace(",3,", ",4,") if place % 100 == 0 else row for place, row in enumerate(reversed(rows))]
    told = _students(tmp_path, sheet(HEAD, *rows), sheet(HEAD, *changed))
    assert told.count("changed") == told.rows.height == 200
    assert told.rows["columns"].explode().unique().to_list() == ["Grade"]
    assert told.rows.schema == pl.Schema(told.rows.clear().schema)
