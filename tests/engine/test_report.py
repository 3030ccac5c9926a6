"""Findings as text for spreadsheets and programs, and in groups by root cause."""

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from tests.engine.district import District, as_1p1, lakeside, plan_files

from firstbell.engine.check import Checked
from firstbell.engine.findings import CAUSE, explain, gather, one, whole
from firstbell.engine.package import Package, open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.reading import Reading
from firstbell.engine.report import Subject, as_csv, as_json, by_cause, count_left_out, write_report
from firstbell.engine.report.causes import subject_of


def _found(district: District) -> pl.DataFrame:
    return plan_files(district.contents()).checked.findings


@pytest.fixture
def package(tmp_path: Path) -> Package:
    district = lakeside()
    for person in ("s0", "s1", "s2"):
        district.row("users", person)["email"] = "=cmd|' /C calc'!A0"
    district.row("users", "s3")["givenName"] = ""
    return open_package(district.write(tmp_path / "package"))


@pytest.fixture
def checked(package: Package) -> tuple[Reading, Checked]:
    return inspect(package)


def test_cells_that_a_spreadsheet_would_run_are_inert(checked: tuple[Reading, Checked]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(checked[1].findings))))
    values = {row["value"] for row in rows if row["code"] == "email-malformed"}
    assert values == {"'=cmd|' /C calc'!A0"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_start_of_a_formula_is_inert(start: str) -> None:
    found = gather([one("value-missing", file=f"{start}1+1", sourced_id=f"{start}id")], strict=False)
    row = next(csv.DictReader(io.StringIO(as_csv(found), newline="")))
    assert (row["file"], row["sourcedId"]) == (f"'{start}1+1", f"'{start}id")


def test_json_has_the_shape_that_was_promised(checked: tuple[Reading, Checked]) -> None:
    reading, found = checked
    report = json.loads(as_json(reading.files, found.findings))
    assert list(report) == ["counts", "files", "causes", "findings"]
    assert [(cause["code"], cause["count"], len(cause["follows"])) for cause in report["causes"]] == [
        ("value-missing", 1, 3),
        ("email-malformed", 3, 0),
    ]
    assert report["counts"] == {"fatal": 0, "error": 4, "warning": 3}
    assert report["files"]["users.csv"] == 6
    assert [list(finding) for finding in report["findings"]] == 7 * [
        ["code", "severity", "file", "record", "column", "value", "sourcedId", "message", "remedy"]
    ]
    blank = next(finding for finding in report["findings"] if finding["code"] == "value-missing")
    assert (blank["file"], blank["record"], blank["column"], blank["sourcedId"]) == ("users.csv", 4, "givenName", "s3")
    assert blank["message"] == "givenName is blank, and the record cannot be used without it."


def test_findings_with_one_cause_are_one_group_and_the_gravest_come_first(checked: tuple[Reading, Checked]) -> None:
    causes = by_cause(checked[1].findings)
    assert [(cause.code, cause.count, cause.records) for cause in causes] == [
        ("value-missing", 1, (4,)),
        ("email-malformed", 3, (1, 2, 3)),
    ]
    assert [cause.severity.value for cause in causes] == ["error", "warning"]


def test_what_only_follows_is_told_with_its_cause(checked: tuple[Reading, Checked]) -> None:
    root = by_cause(checked[1].findings)[0]
    assert {cause.file: cause.code for cause in root.follows} == {
        "roles.csv": "left-out-with",
        "enrollments.csv": "left-out-with",
        "demographics.csv": "left-out-with",
    }


def test_causes_stand_in_the_order_in_which_a_roster_hangs_together() -> None:
    files = ["enrollments.csv", "classes.csv", "users.csv", "academicSessions.csv", "orgs.csv", None]
    found = gather([one("value-missing", file=file, record=1) for file in files], strict=False)
    assert [cause.file for cause in by_cause(found)] == list(reversed(files))


def test_what_follows_from_a_third_thing_is_told_with_the_first() -> None:
    """A school is left out, so are its classes, and so are their enrollments: the school is the one cause."""
    district = lakeside()
    district.row("orgs", "elm")["name"] = ""
    causes = by_cause(_found(district))
    assert [cause.file for cause in causes] == ["orgs.csv"]
    assert {cause.file for cause in causes[0].follows} == {"courses.csv", "classes.csv", "roles.csv", "enrollments.csv"}


def test_what_follows_stands_with_the_record_whose_loss_made_it() -> None:
    """Two people and a class are left out for three reasons: each has its own enrollments, counted by themselves."""
    district = lakeside(8)
    district.row("users", "s0")["givenName"] = ""
    district.row("users", "s1")["familyName"] = ""
    district.row("classes", "c-elm")["courseSourcedId"] = "nowhere"
    follows = {
        (cause.code, cause.column): sorted(found.message for found in cause.follows)
        for cause in by_cause(_found(district))
    }
    went = "{} left out because what {} points to was left out."
    assert follows == {
        ("value-missing", "givenName"): [
            went.format("1 demographic record was", "sourcedId"),
            went.format("1 role was", "userSourcedId"),
        ],
        ("value-missing", "familyName"): [
            went.format("1 demographic record was", "sourcedId"),
            went.format("1 enrollment was", "userSourcedId"),
            went.format("1 role was", "userSourcedId"),
        ],
        ("reference-missing", "courseSourcedId"): [went.format("5 enrollments were", "classSourcedId")],
    }


def test_the_records_that_are_left_out_are_counted_by_cause_and_in_all() -> None:
    """Not findings: a class without its course takes five enrollments along, and is one finding of its own."""
    district = lakeside(8)
    district.row("users", "s1")["familyName"] = ""
    district.row("users", "s2").update(familyName="", givenName="")
    district.row("classes", "c-elm")["courseSourcedId"] = "nowhere"
    found = _found(district)
    counted = count_left_out(found)
    assert {cause.column: cause.left_out for cause in by_cause(found)} == {
        "familyName": 2 + 3,
        "givenName": 1 + 2,
        "courseSourcedId": 1 + 5,
    }
    assert (counted.own, counted.along, counted.all) == (3, 10, 13)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_no_record_is_counted_twice_that_makes_rows_of_two_tables(version: str) -> None:
    """In 1.1 a person and the person's role are one record of users.csv."""
    district = lakeside()
    district["users"].append({**district.row("users", "s0"), "familyName": "Other"})
    counted = count_left_out(_found(as_1p1(district) if version == "1.1" else district))
    assert (counted.own, counted.along) == (2, 2 if version == "1.1" else 3)


def test_an_unread_record_leaves_nobody_out_and_stops_removals() -> None:
    """Of a record that could not be read nobody knows the id, so nothing can have been left out with it."""
    stopped = one("removals-stopped", file="classes.csv", detail="1")
    ragged = one("row-ragged", file="classes.csv", record=7)
    blank = one("value-missing", file="classes.csv", record=8, column="title")
    follows = {
        cause.code: [other.code for other in cause.follows]
        for cause in by_cause(gather([ragged, blank, stopped], strict=False))
    }
    assert follows == {"row-ragged": ["removals-stopped"], "value-missing": []}


def test_what_has_several_causes_is_told_by_itself() -> None:
    """Two kinds of records have no readable id: to repair one of them does not bring the removals back."""
    parts = [one(code, file="classes.csv", record=7) for code in ("row-ragged", "id-missing")]
    causes = by_cause(gather([*parts, one("removals-stopped", file="classes.csv", detail="2")], strict=False))
    assert {cause.code: len(cause.follows) for cause in causes} == {
        "row-ragged": 0,
        "id-missing": 0,
        "removals-stopped": 0,
    }


def test_findings_that_were_kept_before_they_told_their_cause_are_still_told() -> None:
    old = gather([one("left-out-with", file="roles.csv", column="userSourcedId", detail="1 role was")], strict=False)
    kept = whole(old.drop("hint", "records", *CAUSE))
    assert [(cause.code, cause.left_out) for cause in by_cause(kept)] == [("left-out-with", 0)]


def test_a_sentence_about_one_of_many_is_called_an_example() -> None:
    district = lakeside()
    district.row("users", "s0")["email"] = "nowhere"
    assert by_cause(_found(district))[0].message == "nowhere is not an e-mail address; it was kept as it is."
    district.row("users", "s1")["email"] = "elsewhere"
    told = by_cause(_found(district))[0].message
    assert told == "For example: nowhere is not an e-mail address; it was kept as it is."


@pytest.mark.parametrize(
    ("file", "subject"),
    [
        ("School.csv", Subject.ORGANIZATIONS),
        ("Student.csv", Subject.PEOPLE),
        ("sections.csv", Subject.CLASSES),
        ("StudentEnrollment.csv", Subject.ENROLLMENTS),
        ("TeacherRoster.csv", Subject.ENROLLMENTS),
        ("academicSessions.csv", Subject.TERMS),
        ("userProfiles.csv", Subject.PEOPLE),
        ("manifest.csv", Subject.PACKAGE),
        ("letter.txt", Subject.OTHER),
        (None, Subject.PACKAGE),
    ],
)
def test_files_of_every_format_have_their_subject(file: str | None, subject: Subject) -> None:
    assert subject_of(file) is subject


def test_no_findings_are_a_report_too() -> None:
    nothing = gather([], strict=False)
    assert by_cause(nothing) == []
    assert as_csv(nothing).splitlines() == ["code,severity,file,record,column,value,sourcedId,message,remedy"]


def test_braces_in_a_value_stay_what_they_are() -> None:
    found = gather([one("user-ids-malformed", column="userIds", value="{detail}{{a:b}}")], strict=False)
    assert explain(found)["message"].item() == (
        "{detail}{{a:b}} in userIds is not a list of {type:id}; it was kept as it is."
    )


def test_a_report_ends_in_xlsx_csv_or_json(package: Package, tmp_path: Path) -> None:
    checked = inspect(package)
    write_report(tmp_path / "findings.csv", package, *checked)
    write_report(tmp_path / "findings.JSON", package, *checked)
    write_report(tmp_path / "findings.xlsx", package, *checked)
    assert (tmp_path / "findings.csv").read_text(encoding="utf-8").startswith("code,severity")
    assert len(json.loads((tmp_path / "findings.JSON").read_text(encoding="utf-8"))["findings"]) == 7
    assert (tmp_path / "findings.xlsx").read_bytes().startswith(b"PK")
    with pytest.raises(ValueError, match=r"a report ends in \.xlsx, \.csv or \.json"):
        write_report(tmp_path / "findings.pdf", package, *checked)
