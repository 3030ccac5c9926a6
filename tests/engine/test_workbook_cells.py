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
from firstbell.engine.report import About, write_workbook
from firstbell.engine.report.filesheet import name_sheet

CANARY = "tr0ub4dor"


def _workbook(folder: Path, out: Path) -> Path:
    package = open_package(folder)
    reading, checked = inspect(package)
    about = About("lakeside.zip", "OneRoster 1.2", reading.files)
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
    assert (first["About"], first["How grave"], first["How many"]) == ("People", "Left out", "1")
    assert (first["File"], first["Column"], first["First record"]) == ("users.csv", "givenName", "2")
    assert first["What to do"] == "Fill in givenName."
    assert (
        "1 enrollment was left out because what userSourcedId points to was left out." in first["What follows from it"]
    )
    assert first["Code"] == "value-missing"


def test_a_sheet_has_the_faulty_records_in_the_districts_own_columns(tmp_path: Path) -> None:
    folder = _faulty().write(tmp_path / "in")
    rows = _rows(_workbook(folder, tmp_path / "out.xlsx"), "users.csv")
    own = (folder / "users.csv").read_text().splitlines()[0].split(",")
    assert rows[0] == ["Record", "How grave", "What is wrong", "What to do", "Code", *own]
    assert [row[:2] for row in rows[1:]] == [["2", "Left out"], ["5", "Warning"]]
    both = dict(zip(rows[0], rows[2], strict=True))
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
    assert dict(zip(rows[0], rows[2], strict=True))["familyName"].strip() == start.strip()


def test_faulty_cells_are_filled_and_have_a_note(tmp_path: Path) -> None:
    parts = _parts(_workbook(_faulty().write(tmp_path / "in"), tmp_path / "out.xlsx"))
    notes = next(text for name, text in parts.items() if name.startswith("xl/comments"))
    assert "givenName is blank" in notes
    sheet = parts["xl/worksheets/sheet2.xml"]
    assert re.search(r'<c r="L2" s="\d+"/>', sheet), "the blank cell is filled"
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_a_record_is_linked_with_its_cell(tmp_path: Path) -> None:
    summary = _parts(_workbook(_faulty().write(tmp_path / "in"), tmp_path / "out.xlsx"))["xl/worksheets/sheet1.xml"]
    assert "location=\"'users.csv'!L2\"" in summary.replace("&apos;", "'")


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
