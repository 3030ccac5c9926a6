"""Workbooks of the old kind (XLS): read like the new ones, and looked through before anything believes them."""

import struct
import zipfile
from pathlib import Path

import pytest
from tests.engine.oldbooks import SHARED, SPAN, Rows, as_file, record, stream_of

from firstbell.engine import formats
from firstbell.engine.archive import Limits
from firstbell.engine.oldbook import open_old, pack
from firstbell.engine.package import Package, open_package
from firstbell.engine.workbook import Unfit

HEAD = ["First name", "Last name", "Student number", "Schools"]
SHEETS: dict[str, Rows] = {
    "Students": [HEAD, ["Ana", "Lopez", "0012", "Elm"], ["Bo", "Lee", 13.0, "Elm"]],
    "Teachers and staff": [["First name", "Last name", "Role"], ["Tia", "Teach", "Teacher"]],
}
FAR = struct.pack("<HHHI", 65_535, 255, 0, 0)


def _opened(folder: Path, content: bytes, name: str = "roster.xls", limits: Limits | None = None) -> Package:
    path = folder / name
    path.write_bytes(content)
    return open_package(path, limits=limits)


def _told(package: Package) -> str:
    return " ".join(str(part["detail"].to_list()) for part in package.findings)


@pytest.mark.parametrize("rows", [2, 300], ids=["short, in small sectors", "long"])
@pytest.mark.parametrize("name", ["roster.xls", "roster.xlsx", "roster"])
def test_an_old_workbook_is_read_whatever_it_is_called(tmp_path: Path, rows: int, name: str) -> None:
    students = [HEAD, *([f"Ana{place}", "Lopez", f"{place:04}", "Elm"] for place in range(rows))]
    package = _opened(tmp_path, as_file(stream_of(SHEETS | {"Students": students})), name)
    assert package.usable, _told(package)
    assert sorted(package) == ["Students.csv", "Teachers and staff.csv"]
    lines = (package.read("Students.csv") or b"").decode().splitlines()
    assert (lines[0], lines[1], len(lines)) == (",".join(HEAD), "Ana0,Lopez,0000,Elm", rows + 1)
    assert formats.read(package).tables["users"].height == rows + 1


def test_numbers_are_told_as_people_see_them_and_it_may_stand_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("one/roster.xls", as_file(stream_of(SHEETS)))
    package = open_package(tmp_path / "all.zip")
    assert b"Bo,Lee,13,Elm" in (package.read("Students.csv") or b"")


def test_what_was_looked_at_is_packed_anew_and_holds_nothing_else() -> None:
    content, seen = open_old(as_file(stream_of(SHEETS)) + b"something else behind it")
    assert b"something else" not in content
    assert [(part.rows, part.columns, part.shared) for part in seen if part.rows] == [(3, 4, 11), (2, 3, 6)]
    assert open_old(content)[1] == seen


@pytest.mark.parametrize(
    ("stream", "says"),
    [
        (stream_of(SHEETS, more=record(SHARED, FAR)), "span 33,554,432 cells"),
        (stream_of(SHEETS, more=record(SPAN, struct.pack("<IIHHH", 0, 65_536, 0, 256, 0))), "span 33,554,432 cells"),
        (stream_of(SHEETS, more=record(SPAN, struct.pack("<IIHHH", 0, 2**31, 0, 9, 0))), "damaged"),
        (stream_of(SHEETS, texts_claimed=2**31), "damaged"),
        (stream_of(SHEETS, more=record(0x002F, b"\0" * 6)), "has a password"),
        (record(0x0009, b"\2\0\20\0"), "older than Excel 5"),
        (b"", "damaged"),
        (b"\xff" * 5000, "damaged"),
    ],
)
def test_a_hostile_or_strange_stream_is_refused_with_a_remedy(tmp_path: Path, stream: bytes, says: str) -> None:
    package = _opened(tmp_path, as_file(stream))
    assert not package.usable
    assert says in _told(package)


def test_a_long_text_that_stands_in_many_cells_is_counted_before_it_is_copied(tmp_path: Path) -> None:
    rows = [["First name", "Last name"], *([["x" * 30_000, "x" * 30_000]] * 600)]
    package = _opened(tmp_path, pack(stream_of({"Students": rows})), limits=Limits(unpacked=20_000_000))
    assert "a long text stands in many of its cells" in _told(package)


@pytest.mark.parametrize("cut", [8, 30, 511, 600, 1500])
def test_half_a_file_is_damaged_and_no_harm(tmp_path: Path, cut: int) -> None:
    package = _opened(tmp_path, as_file(stream_of(SHEETS))[:cut])
    assert not package.usable


def test_a_chain_that_runs_in_a_circle_ends() -> None:
    for rows in (2, 300):
        many = {"Students": [HEAD] * rows}
        with pytest.raises(Unfit, match="damaged"):
            open_old(as_file(stream_of(many), circle=True))


def test_a_new_workbook_with_a_password_and_a_text_of_word_are_told_apart(tmp_path: Path) -> None:
    locked = _opened(tmp_path, as_file(b"x" * 5000, name="EncryptedPackage"), "roster.xlsx")
    assert "password" in _told(locked)
    assert "no Excel workbook" in _told(_opened(tmp_path, as_file(b"x" * 5000, name="WordDocument"), "letter.doc"))
