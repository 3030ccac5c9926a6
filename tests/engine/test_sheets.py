"""A workbook instead of CSV files reads as the same roster, with a word about what spreadsheets do to ids."""

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from tests.engine.district import lakeside, plan_files, roster_of, write_files
from tests.engine.workbooks import Cell, workbook

from firstbell.engine.check import Checked
from firstbell.engine.csvfile import read_csv
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import Plan, inspect
from firstbell.engine.reading import Reading

LONGEST_SHEET_NAME = 31


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def _sheets() -> dict[str, list[list[str]]]:
    return {name.removesuffix(".csv")[:LONGEST_SHEET_NAME]: _rows(text) for name, text in lakeside().contents().items()}


def _inspect(path: Path) -> tuple[Reading, Checked]:
    return inspect(open_package(path), strict=True)


def _codes(checked: Checked) -> set[str]:
    return set(checked.findings["code"].to_list())


def test_a_workbook_of_a_sheet_a_file_is_the_roster(tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(workbook(_sheets()))
    reading, checked = _inspect(tmp_path / "roster.xlsx")
    plain, _ = _inspect(lakeside().write(tmp_path / "plain"))
    assert _codes(checked) == {"sheet-read"}
    assert reading.modes == plain.modes
    for name, rows in plain.tables.items():
        assert reading.tables[name].equals(rows), name


def test_workbooks_in_a_zip_or_a_folder_are_files_of_the_package(tmp_path: Path) -> None:
    contents = lakeside().contents()
    users = workbook({"Sheet1": _rows(contents.pop("users.csv"))})
    packed: dict[str, str | bytes] = {**contents, "users.xlsx": users}
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        for name, text in packed.items():
            archive.writestr(name, text)
    for path in (tmp_path / "mixed.zip", write_files(tmp_path / "mixed", packed)):
        reading, checked = _inspect(path)
        assert _codes(checked) == {"sheet-read"}
        assert reading.files["users.csv"] == len(lakeside()["users"])


def test_a_workbook_changes_nothing_of_a_roster_that_came_as_csv() -> None:
    contents: dict[str, str | bytes] = {**lakeside().contents()}
    contents["enrollments.xlsx"] = workbook({"enrollments": _rows(str(contents.pop("enrollments.csv")))})
    result = plan_files(contents, roster_of(lakeside()))
    assert isinstance(result, Plan)
    assert all(not plan.changes.height for plan in result.comparison.plans.values())


def test_cells_are_read_as_text_days_as_days_and_formulas_as_their_values(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("orgs")
        day = book.add_format({"num_format": "d.m.yyyy"})
        sheet.write_row(0, 0, ["sourcedId", "number", "day", "moment", "truth", "formula", "text"])
        sheet.write_row(1, 0, [123456, 0.5])
        sheet.write_datetime(1, 2, dt.datetime(2026, 8, 15), day)  # noqa: DTZ001
        sheet.write_datetime(1, 3, dt.datetime(2026, 8, 15, 10, 30), day)  # noqa: DTZ001
        sheet.write_boolean(1, 4, True)
        sheet.write_formula(1, 5, "=A2+1", None, 123457)
        sheet.write_string(1, 6, "00123")
    package = open_package(write_files(tmp_path / "package", {"orgs.xlsx": out.getvalue()}))
    records = read_csv("orgs.csv", package.read("orgs.csv") or b"").records
    assert records.row(0)[:7] == ("123456", "0.5", "2026-08-15", "2026-08-15 10:30:00", "true", "123457", "00123")


ORG = ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"]


def _orgs(tmp_path: Path, *rows: list[Cell]) -> pl.DataFrame:
    manifest = lakeside().only("orgs").contents()["manifest.csv"]
    folder = write_files(tmp_path / "package", {"manifest.csv": manifest, "orgs.xlsx": workbook({"a": [ORG, *rows]})})
    return _inspect(folder)[1].findings.filter(pl.col("code") != "sheet-read")


def test_ids_that_are_shorter_than_most_are_said_to_have_lost_zeros(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        [number, None, None, "School", "school"] for number in (104000, 104001, 104002, 104003, 7)
    ]
    found = _orgs(tmp_path, *rows)
    assert found.select("code", "file", "column", "detail").rows() == [
        ("zeros-lost", "orgs.csv", "sourcedId", "1 have fewer than 6 digits")
    ]


def test_ids_that_are_all_of_one_length_or_grow_evenly_are_not_doubted(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [[number, None, None, "School", "school"] for number in range(95, 105)]
    assert not _orgs(tmp_path, *rows).height


def test_formulas_without_a_result_and_errors_are_told(tmp_path: Path) -> None:
    row: list[Cell] = ["lake", None, None, "Lakeside", "district", "=NA()"]
    content = workbook({"orgs": [ORG, row]})
    manifest = lakeside().only("orgs").contents()["manifest.csv"]
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert b"<v>0</v>" in parts[sheet]
    parts[sheet] = parts[sheet].replace(b"</f><v>0</v>", b"</f>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    folder = write_files(tmp_path / "package", {"manifest.csv": manifest, "orgs.xlsx": out.getvalue()})
    found = _inspect(folder)[1].findings
    assert found.filter(code="sheet-cells-lost")["detail"].to_list() == ["1"]


def test_a_line_break_within_a_cell_of_a_sheet_is_told_under_its_record(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["lake", None, None, "Lake\nside", "district"], [], ["elm", None, None, "Elm", "school"]]
    found = _orgs(tmp_path, *rows)
    assert found.select("code", "record").rows() == [("row-line-break", 1), ("row-blank", None)]


def test_two_sheets_or_files_of_one_name_are_refused(tmp_path: Path) -> None:
    contents: dict[str, str | bytes] = {**lakeside().contents()}
    contents["users.xlsx"] = workbook({"Sheet1": _rows(str(contents["users.csv"]))})
    assert "package-unsafe" in _codes(_inspect(write_files(tmp_path / "twice", contents))[1])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("users.csv.gz", b"\x1f\x8b\x08\x00rest", "gzip"),
        ("roster.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
        ("roster.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "zip file"),
        ("users.csv", b"\x1f\x8b\x08\x00rest", "gzip"),
        ("roster.xlsx", b"not a workbook", "neither"),
    ],
)
def test_another_kind_of_file_is_refused_with_what_to_do(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    found = _inspect(tmp_path / name)[1].findings
    assert found["code"].to_list() == ["package-unreadable"]
    assert told in found["detail"][0]
