"""The district's own workbook: its faulty records as they came, what is wrong with each, and nothing secret."""

import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from tests.engine.corrections.spelling import renamed
from tests.engine.district import lakeside, write_files

from firstbell.engine.corrections.kinds import NONE, Corrections
from firstbell.engine.corrections.parsing import parse
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.report import About, write_report, write_workbook

CANARY = "tr0ub4dor"
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)")


def _contents() -> dict[str, str | bytes]:
    district = lakeside()
    for person, formula in zip(("s0", "s1", "s2", "s3"), FORMULAS, strict=True):
        district.row("users", person)["email"] = formula
    district.row("users", "s0")["givenName"] = ""
    return dict(district.contents())


def _workbook(folder: Path, contents: dict[str, str | bytes], corrections: Corrections = NONE) -> Path:
    package = open_package(write_files(folder / "package", contents))
    reading, checked = inspect(package, corrections=corrections)
    write_report(folder / "findings.xlsx", package, reading, checked, corrections=corrections)
    return folder / "findings.xlsx"


def _sheet(book: Path, name: str) -> pl.DataFrame:
    return fastexcel.read_excel(book).load_sheet(name, header_row=None, dtypes="string").to_polars()


def _told(book: Path, name: str) -> list[list[str | None]]:
    return [list(row) for row in _sheet(book, name).rows()]


def _inside(book: Path) -> str:
    with zipfile.ZipFile(book) as parts:
        return "".join(parts.read(name).decode("utf-8") for name in parts.namelist())


def test_the_first_sheet_sums_up_and_each_file_with_faulty_records_has_its_own(tmp_path: Path) -> None:
    book = _workbook(tmp_path, _contents())
    assert fastexcel.read_excel(book).sheet_names == ["Summary", "users.csv"]
    codes = [row[-1] for row in _told(book, "Summary") if row[-1]]
    assert codes == ["Code", "value-missing", "email-malformed"]


def test_organizations_stand_before_people_and_people_before_classes(tmp_path: Path) -> None:
    district = lakeside()
    for table, column in (("classes", "title"), ("users", "givenName"), ("orgs", "name")):
        district.files[table][-1][column] = ""
    book = _workbook(tmp_path, dict(district.contents()))
    told = [row[0] for row in _told(book, "Summary") if row[1] == "Left out"]
    assert told == ["Organizations", "People", "Courses and classes"]


def test_a_sheet_has_the_faulty_records_alone_with_the_files_own_header_and_cells(tmp_path: Path) -> None:
    contents = _contents()
    rows = _told(_workbook(tmp_path, contents), "users.csv")
    header = str(contents["users.csv"]).splitlines()[0].split(",")
    assert rows[0][0] == "Back to Summary"
    assert rows[1] == ["Record", "Id", "Who or what", "Effect", "What is wrong", "What to do", *header, "Code"]
    assert [row[0] for row in rows[2:]] == ["1", "2", "3", "4"]
    assert [row[6 + header.index("email")] for row in rows[2:]] == list(FORMULAS)
    assert rows[2][-1] == "value-missing, email-malformed"


def test_no_cell_is_a_formula_or_a_link_out(tmp_path: Path) -> None:
    contents = _contents()
    contents["users.csv"] = str(contents["users.csv"]).replace("+1+1", "http://example.org")
    inside = _inside(_workbook(tmp_path, contents))
    assert "<f>" not in inside
    assert 'TargetMode="External"' not in inside


def test_a_faulty_cell_has_a_note_that_says_why(tmp_path: Path) -> None:
    inside = _inside(_workbook(tmp_path, _contents()))
    assert "givenName is blank, and the record cannot be used without it.\nFill in givenName." in inside


def test_a_cell_is_found_under_the_name_that_the_districts_own_file_gives_it(tmp_path: Path) -> None:
    corrections = parse([{"kind": "rename-column", "file": "users.csv", "column": "Vorname", "to": "givenName"}])
    contents = renamed(_contents(), "users.csv", {"givenName": "Vorname"})
    inside = _inside(_workbook(tmp_path, contents, corrections))
    assert "Vorname is blank, and the record cannot be used without it.\nFill in Vorname." in inside


def test_a_file_that_a_correction_renames_has_its_sheet(tmp_path: Path) -> None:
    corrections = parse([{"kind": "rename-file", "file": "kids.csv", "to": "users.csv"}])
    contents = _contents()
    contents["kids.csv"] = contents.pop("users.csv")
    rows = _told(_workbook(tmp_path, contents, corrections), "users.csv")
    assert [row[0] for row in rows[2:]] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("faulty", [False, True], ids=["good lines", "broken lines"])
@pytest.mark.parametrize("name", ["password", "Kode"])
def test_no_workbook_holds_a_password(name: str, tmp_path: Path, *, faulty: bool) -> None:
    corrections = parse([{"kind": "rename-column", "file": "users.csv", "column": "Kode", "to": "password"}])
    district = lakeside()
    for user in district["users"]:
        user |= {"password": CANARY, "email": "nowhere"}
    contents = renamed(dict(district.contents()), "users.csv", {"password": name})
    if faulty:
        contents["users.csv"] = str(contents["users.csv"]).replace("Ada", 'A"da').replace("Ben", "Ben,one more")
    inside = _inside(_workbook(tmp_path, contents, corrections if name == "Kode" else NONE))
    assert "nowhere" in inside
    assert CANARY not in inside


def test_a_record_that_does_not_fit_its_header_is_shown_as_it_came(tmp_path: Path) -> None:
    contents = _contents()
    contents["orgs.csv"] = str(contents["orgs.csv"]).rstrip() + "\nelm,too,few\n"
    last = _told(_workbook(tmp_path, contents), "orgs.csv")[-1]
    assert (last[-1], last[6:9]) == ("row-ragged", ["elm", "too", "few"])


def test_records_beyond_the_limit_of_a_sheet_are_counted_and_told(tmp_path: Path) -> None:
    package = open_package(write_files(tmp_path / "package", _contents()))
    reading, checked = inspect(package)
    book = tmp_path / "findings.xlsx"
    about = About(package.name, reading.format, reading.files)
    write_workbook(book, about, checked.findings, package.read, most_rows=3)
    assert [row[0] for row in _told(book, "users.csv")] == ["Back to Summary", "Record", "1", "2", "3"]
    assert "users.csv: 1 more faulty records do not fit on a sheet and are not shown." in _inside(book)


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, other = (_workbook(folder, _contents()) for folder in (tmp_path, tmp_path / "other"))
    assert one.read_bytes() == other.read_bytes()


def test_a_workbook_of_no_findings_says_so(tmp_path: Path) -> None:
    book = _workbook(tmp_path, dict(lakeside().contents()))
    assert fastexcel.read_excel(book).sheet_names == ["Summary"]
    inside = _inside(book)
    assert "Nothing is wrong with the files." in inside
    assert "<autoFilter" not in inside
    assert "What to do" not in inside
