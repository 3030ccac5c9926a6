"""The workbook cell by cell, as a spreadsheet reads it: what is where, what is a text, and what is withheld."""

import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import fastexcel
import pytest
from tests.engine.district import District, lakeside

from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.report import About, called_in, write_workbook
from firstbell.engine.report.filesheet import name_sheet

CANARY = "tr0ub4dor"


def _workbook(folder: Path, out: Path) -> Path:
    package = open_package(folder)
    reading, checked = inspect(package)
    about = About("lakeside.zip", "OneRoster 1.2", reading.files, called=called_in(reading))
    read = package.read
    write_workbook(out, about, checked.findings, lambda name: read(name) if name in package else None)
    return out


def _rows(book: Path, sheet: str) -> list[list[str]]:
    loaded = fastexcel.read_excel(book).load_sheet(sheet, header_row=None, dtypes="string").to_polars()
    return [["" if cell is None else cell for cell in row] for row in loaded.rows()]


def _parts(book: Path) -> dict[str, str]:
    with zipfile.ZipFile(book) as parts:
        return {name: parts.read(name).decode("utf-8", "replace") for name in parts.namelist()}


def _faulty() -> District:
    district = lakeside(8)
    district.row("users", "s1")["givenName"] = ""
    district.row("users", "s4").update(email="=cmd|' /C calc'!A0", enabledUser="yes")
    return district


def test_the_first_sheet_sums_up_by_cause_with_what_follows(tmp_path: Path) -> None:
    rows = _rows(_workbook(_faulty().write(tmp_path / "in"), tmp_path / "out.xlsx"), "Summary")
    head = next(place for place, row in enumerate(rows) if row[0] == "About")
    assert rows[0][0] == "What to fix in lakeside.zip"
    first = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (first["About"], first["Effect"], first["How many"]) == ("People", "Left out", "1")
    assert (first["File"], first["Column"], first["First record"]) == ("users.csv", "givenName", "2: s1, Family1")
    assert first["What to do"] == "Fill in givenName."
    assert sorted(first["What follows from it"].splitlines()) == [
        "1 demographic record was left out (demographics.csv, sourcedId).",
        "1 enrollment was left out (enrollments.csv, userSourcedId).",
        "1 role was left out (roles.csv, userSourcedId).",
    ]
    assert first["Records left out"] == "4"
    assert first["Code"] == "value-missing"


def test_a_sheet_has_the_faulty_records_in_the_districts_own_columns(tmp_path: Path) -> None:
    folder = _faulty().write(tmp_path / "in")
    rows = _rows(_workbook(folder, tmp_path / "out.xlsx"), "users.csv")
    own = (folder / "users.csv").read_text().splitlines()[0].split(",")
    assert rows[1] == ["Record", "Id", "Who or what", "Effect", "What is wrong", "What to do", *own, "Code"]
    assert [row[:4] for row in rows[2:]] == [["2", "s1", "Family1", "Left out"], ["5", "s4", "Eli Family4", "Warning"]]
    both = dict(zip(rows[1], rows[3], strict=True))
    assert (both["enabledUser"], both["email"], both["identifier"]) == ("yes", "=cmd|' /C calc'!A0", "900004")
    assert sorted(both["What is wrong"].splitlines()) == [
        "=cmd|' /C calc'!A0 is not an e-mail address; it was kept as it is.",
        "yes in enabledUser was read as true.",
    ]
    assert set(both["Code"].split(", ")) == {"email-malformed", "word-repaired"}


@pytest.mark.parametrize(
    "start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "https://example.org", "00123", "<r><t>a</t></r>"]
)
def test_a_cell_is_a_text_whatever_it_begins_with(start: str, tmp_path: Path) -> None:
    district = _faulty()
    district.row("users", "s4")["familyName"] = start
    book = _workbook(district.write(tmp_path / "in"), tmp_path / "out.xlsx")
    parts = _parts(book)
    sheets = {name: text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")}
    for text in sheets.values():
        ET.fromstring(text)
        assert "<f>" not in text
    outside = [text for name, text in parts.items() if name.startswith("xl/worksheets/_rels")]
    assert not any('TargetMode="External"' in text for text in outside)
    rows = _rows(book, "users.csv")
    assert dict(zip(rows[1], rows[3], strict=True))["familyName"].strip() == start.strip()


def test_faulty_cells_are_filled_and_have_a_note(tmp_path: Path) -> None:
    parts = _parts(_workbook(_faulty().write(tmp_path / "in"), tmp_path / "out.xlsx"))
    notes = next(text for name, text in parts.items() if name.startswith("xl/comments"))
    assert "givenName is blank" in notes
    sheet = parts["xl/worksheets/sheet2.xml"]
    assert re.search(r'<c r="M3" s="\d+"/>', sheet), "the blank cell is filled"
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def _hidden(part: str) -> list[int]:
    spans = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* hidden="1"', part)
    return [place for first, last in spans for place in range(int(first), int(last) + 1)]


def test_columns_that_are_blank_in_all_faulty_records_are_hidden_unless_that_is_what_is_wrong(tmp_path: Path) -> None:
    folder = _faulty().write(tmp_path / "in")
    own = (folder / "users.csv").read_text().splitlines()[0].split(",")
    sheet = _parts(_workbook(folder, tmp_path / "out.xlsx"))["xl/worksheets/sheet2.xml"]
    hidden = {own[place - 7] for place in _hidden(sheet)}
    assert {"sms", "phone", "pronouns"} <= hidden
    assert hidden.isdisjoint({"sourcedId", "givenName", "familyName", "email", "enabledUser"})
    district = lakeside()
    district.row("users", "s1")["givenName"] = ""
    sheet = _parts(_workbook(district.write(tmp_path / "one"), tmp_path / "one.xlsx"))["xl/worksheets/sheet2.xml"]
    assert "givenName" not in {own[place - 7] for place in _hidden(sheet)}, "that it is blank is what is wrong"


def test_the_id_and_name_stay_in_sight_and_the_sheet_prints_as_wide_as_a_page(tmp_path: Path) -> None:
    sheet = _parts(_workbook(_faulty().write(tmp_path / "in"), tmp_path / "out.xlsx"))["xl/worksheets/sheet2.xml"]
    assert 'xSplit="3" ySplit="2" topLeftCell="D3"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "fitToPage" in sheet
    assert "Go to Summary" in sheet


def test_the_first_sheet_tells_how_many_records_are_left_out_where_they_stand_and_what_excel_does(
    tmp_path: Path,
) -> None:
    rows = _rows(_workbook(_faulty().write(tmp_path / "in"), tmp_path / "out.xlsx"), "Summary")
    lines = [row[0] for row in rows]
    assert lines[1] == (
        "OneRoster 1.2: 48 records in 8 files. 4 of the records are left out: 1 for what is wrong with them, and 3 that"
        " need one of those. Warnings only: 2."
    )
    assert "Record 1 is the first line below the header: in a spreadsheet, record 5 of a file stands in row 6." in lines
    assert any("Excel" in line and "zeros at the front" in line for line in lines)


def test_blank_lines_are_said_to_shift_the_rows_of_a_spreadsheet(tmp_path: Path) -> None:
    folder = _faulty().write(tmp_path / "in")
    text = (folder / "users.csv").read_text()
    (folder / "users.csv").write_text(text.replace("\n", "\n\n", 1))
    lines = [row[0] for row in _rows(_workbook(folder, tmp_path / "out.xlsx"), "Summary")]
    told = "In users.csv it stands further down: blank lines and lines above the header are not counted."
    assert told in lines


def test_an_enrollment_and_a_role_are_told_by_the_names_of_whom_and_what(tmp_path: Path) -> None:
    district = _faulty()
    district.row("enrollments", "e-s2").update(endDate="2026-01-01", beginDate="2026-02-01")
    district.row("roles", "r-s2")["roleType"] = "Primary"
    district.row("demographics", "s2")["birthDate"] = "13/13/13"
    book = _workbook(district.write(tmp_path / "in"), tmp_path / "out.xlsx")
    named = {name: _rows(book, name)[-1][1:3] for name in ("enrollments.csv", "roles.csv", "demographics.csv")}
    assert named == {
        "enrollments.csv": ["e-s2", "Cai Family2 in Math at elm"],
        "roles.csv": ["r-s2", "Cai Family2, student"],
        "demographics.csv": ["s2", "Cai Family2"],
    }


def test_names_of_a_withheld_file_stand_on_no_sheet(tmp_path: Path) -> None:
    district = _faulty()
    district.row("enrollments", "e-s2").update(endDate="2026-01-01", beginDate="2026-02-01")
    package = open_package(district.write(tmp_path / "in"))
    reading, checked = inspect(package)
    kept = frozenset({"users.csv"})
    about = About("x", "y", reading.files, withheld=kept, called=called_in(reading, withheld=kept))
    write_workbook(tmp_path / "out.xlsx", about, checked.findings, package.read)
    assert _rows(tmp_path / "out.xlsx", "enrollments.csv")[-1][1:3] == ["e-s2", "Math at elm"]


def test_a_record_is_linked_with_its_cell(tmp_path: Path) -> None:
    summary = _parts(_workbook(_faulty().write(tmp_path / "in"), tmp_path / "out.xlsx"))["xl/worksheets/sheet1.xml"]
    assert "location=\"'users.csv'!M3\"" in summary.replace("&apos;", "'")


@pytest.mark.parametrize("spoil", ["good", "ragged", "no header", "pwd"])
def test_a_workbook_holds_no_password(spoil: str, tmp_path: Path) -> None:
    district = _faulty()
    for user in district["users"]:
        user["password"] = CANARY
    folder = district.write(tmp_path / "in")
    head, *lines = (folder / "users.csv").read_text().splitlines()
    if spoil == "ragged":
        lines[0] += ",one more"
    if spoil == "pwd":
        head = head.replace("password", "pwd")
    if spoil == "no header":
        head, lines = lines[0], [*lines[1:], lines[2] + ",one more"]
    (folder / "users.csv").write_text("\n".join([head, *lines]) + "\n")
    assert all(CANARY not in text for text in _parts(_workbook(folder, tmp_path / "out.xlsx")).values())


def test_withheld_files_have_no_sheet(tmp_path: Path) -> None:
    package = open_package(_faulty().write(tmp_path / "in"))
    reading, checked = inspect(package)
    about = About("x", "OneRoster 1.2", reading.files, withheld=frozenset({"users.csv"}))
    write_workbook(tmp_path / "out.xlsx", about, checked.findings, package.read)
    assert "users.csv" not in fastexcel.read_excel(tmp_path / "out.xlsx").sheet_names
    assert "users.csv: its records are not shown to you." in [row[0] for row in _rows(tmp_path / "out.xlsx", "Summary")]


def test_sheets_have_names_that_spreadsheets_take() -> None:
    taken: list[str] = ["Summary"]
    for file in ("a" * 40 + ".csv", "A" * 40 + ".csv", "x:y/z?.csv", "summary", "History", "'quoted'"):
        name = name_sheet(file, taken)
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\'")
        assert name.casefold() not in {other.casefold() for other in [*taken, "history"]}
        taken.append(name)
