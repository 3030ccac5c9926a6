"""Before anything is saved a person sees what would become of their own records, and what would still be wrong."""

import csv
import io
from pathlib import Path

import pytest
from tests.engine.corrections.spelling import Contents, renamed, set_cells
from tests.engine.district import as_1p1, lakeside, write_files

from firstbell.engine.corrections.kinds import RenameColumn, RenameFile
from firstbell.engine.corrections.parsing import parse
from firstbell.engine.corrections.previewing import NOT_SHOWN, WITHHELD, Preview, Withheld, preview
from firstbell.engine.corrections.proposing import propose
from firstbell.engine.package import open_package

CANARY = "tr0ub4dor"
OWN = {"sourcedId": "Student ID", "givenName": "First", "familyName": "Last", "password": "Kode"}
COLUMNS: list[dict[str, object]] = [
    {"kind": "rename-column", "file": "users.csv", "column": own, "to": name} for name, own in OWN.items()
]
MAPPED: list[dict[str, object]] = [{"kind": "rename-file", "file": "kids.csv", "to": "users.csv"}, *COLUMNS]


def _kids() -> Contents:
    """A district's users.csv as kids.csv, with its own headers and with passwords."""
    district = as_1p1(lakeside())
    for user in district["users"]:
        user["password"] = CANARY
    contents = renamed(dict(district.contents()), "users.csv", OWN)
    contents["kids.csv"] = contents.pop("users.csv")
    return contents


def _preview(
    folder: Path, contents: Contents, settings: list[dict[str, object]], withheld: Withheld = lambda *_: False
) -> Preview:
    return preview(open_package(write_files(folder / "package", contents)), parse(settings), withheld=withheld)


def test_records_and_findings_are_shown_before_and_after(tmp_path: Path) -> None:
    settings = [*MAPPED, {"kind": "pad-column", "file": "users.csv", "column": "identifier", "width": 9}]
    shown = _preview(tmp_path, _kids(), settings)
    users = next(file for file in shown.files if file.name == "users.csv")
    assert users.own == "kids.csv"
    assert {column.name: column.own for column in users.columns} == {**OWN, "identifier": "identifier"}
    assert [record.number for record in users.records] == [1, 2, 3, 4], "those whose cells change"
    place = [column.name for column in users.columns].index("identifier")
    cell = users.records[0].cells[place]
    assert (cell.before, cell.after, cell.differs) == ("900000", "000900000", True)
    assert shown.before is not None
    assert shown.after is not None
    assert shown.before["fatal"] + shown.before["error"] > 0
    assert shown.after == {"fatal": 0, "error": 0, "warning": 0}, "what only tells of corrections is not counted"
    assert shown.effects == ("1 file", "6 records", "6 records", "6 records", "6 records", "4 numbers")


def test_files_that_nothing_touches_show_no_records(tmp_path: Path) -> None:
    shown = _preview(tmp_path, _kids(), MAPPED)
    assert {file.name for file in shown.files if file.records} == {"users.csv"}
    assert next(file for file in shown.files if file.name == "orgs.csv").header[0] == "sourcedId"
    assert "manifest.csv" not in {file.name for file in shown.files}


@pytest.mark.parametrize("settings", [[], MAPPED[:1], MAPPED], ids=["none", "file", "all"])
def test_no_preview_shows_a_password(tmp_path: Path, settings: list[dict[str, object]]) -> None:
    shown = _preview(tmp_path, _kids(), settings)
    assert CANARY not in repr(shown)
    if settings is MAPPED:
        users = next(file for file in shown.files if file.name == "users.csv")
        place = [column.name for column in users.columns].index("password")
        assert {record.cells[place].after for record in users.records} == {NOT_SHOWN}


def test_what_the_reader_may_not_see_is_withheld_in_records_and_findings(tmp_path: Path) -> None:
    contents = set_cells(dict(lakeside().contents()), "demographics.csv", "birthDate", lambda _: "13/13/1999")
    contents = renamed(contents, "demographics.csv", {"sex": "Gender"})
    settings: list[dict[str, object]] = [
        {"kind": "replace-values", "file": "demographics.csv", "column": "birthDate", "values": {"13/13/1999": "?"}},
    ]
    contents = set_cells(contents, "demographics.csv", "asian", lambda _: "perhaps")
    open_to_all = repr(_preview(tmp_path / "all", contents, settings))
    assert "13/13/1999" in open_to_all
    assert "perhaps is not a value that asian can have" in open_to_all
    shown = _preview(tmp_path / "some", contents, settings, lambda file, _: file == "demographics.csv")
    assert "13/13/1999" not in repr(shown)
    assert "perhaps" not in repr(shown)
    assert any(cause.column == "asian" for cause in shown.causes), "that something is wrong is told all the same"
    demographics = next(file for file in shown.files if file.name == "demographics.csv")
    assert demographics.records[0].cells[0].after == WITHHELD


def test_a_package_too_large_to_wait_for_is_shown_and_not_counted(tmp_path: Path) -> None:
    package = open_package(write_files(tmp_path / "package", _kids()))
    shown = preview(package, parse(MAPPED), counted_up_to=100)
    assert (shown.before, shown.after, shown.causes) == (None, None, ())
    assert shown.effects[1] == "6 records"


def test_a_correction_that_touches_nothing_says_so(tmp_path: Path) -> None:
    settings: list[dict[str, object]] = [{"kind": "pad-ids", "table": "users", "width": 9}]
    assert _preview(tmp_path, dict(lakeside().contents()), settings).effects == ("",)


def test_unknown_files_and_headers_are_proposed_one_after_the_other(tmp_path: Path) -> None:
    first = _preview(tmp_path / "1", _kids(), [])
    assert [proposal.correction for proposal in first.proposals] == [RenameFile("kids.csv", "users.csv")]
    second = _preview(tmp_path / "2", _kids(), MAPPED[:1])
    assert {proposal.correction for proposal in second.proposals} == {
        RenameColumn("users.csv", own, name) for name, own in OWN.items()
    }
    assert _preview(tmp_path / "3", _kids(), MAPPED).proposals == ()


def test_a_file_of_any_name_is_proposed_by_its_columns(tmp_path: Path) -> None:
    contents = _kids()
    contents["export 7.csv"] = contents.pop("kids.csv")
    proposals = propose(open_package(write_files(tmp_path / "package", contents)))
    assert [proposal.correction for proposal in proposals] == [RenameFile("export 7.csv", "users.csv")]
    letter = write_files(tmp_path / "letter", {"letter.csv": "Dear office,please,find,attached\n1,2,3,4\n"})
    assert propose(open_package(letter)) == []


@pytest.mark.parametrize(
    ("names", "order"), [(['"Doe, Jane"'], "last, first"), (["Jane Doe"], "first last")], ids=["comma", "blank"]
)
def test_a_column_of_whole_names_is_proposed_to_be_split(tmp_path: Path, names: list[str], order: str) -> None:
    text = "sourcedId,orgSourcedIds,role,Student Name\n" + "".join(f"1,elm,student,{name}\n" for name in names)
    (proposal,) = propose(open_package(write_files(tmp_path / "package", {"users.csv": text})))
    assert str(proposal.correction) == f"In users.csv, Student Name ({order}) is split into givenName and familyName."


def test_a_good_export_has_nothing_to_propose(tmp_path: Path) -> None:
    for version, district in (("1.1", as_1p1(lakeside())), ("1.2", lakeside())):
        assert propose(open_package(district.write(tmp_path / version))) == []


def test_a_header_that_is_much_like_a_column_is_proposed_and_no_column_twice(tmp_path: Path) -> None:
    header = ["sourcedID", "Given_Name", "familyNmae", "First", "orgSourcedIds", "role", "favourite colour"]
    text = io.StringIO()
    csv.writer(text).writerow(header)
    proposals = propose(open_package(write_files(tmp_path / "package", {"users.csv": text.getvalue()})))
    assert [proposal.correction for proposal in proposals] == [
        RenameColumn("users.csv", "sourcedID", "sourcedId"),
        RenameColumn("users.csv", "Given_Name", "givenName"),
        RenameColumn("users.csv", "familyNmae", "familyName"),
    ]
