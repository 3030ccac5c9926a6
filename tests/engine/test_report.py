"""Findings as text for spreadsheets and programs, and in groups by root cause."""

import csv
import io
import json
from pathlib import Path

import pytest
from tests.engine.district import lakeside

from firstbell.engine.check import Checked
from firstbell.engine.findings import explain, gather, one
from firstbell.engine.package import Package, open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.reading import Reading
from firstbell.engine.report import Subject, as_csv, as_json, by_cause, write_report
from firstbell.engine.report.causes import subject_of


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
    found = gather(
        [
            one("left-out-with", file="enrollments.csv", column="classSourcedId", detail="9 enrollments were"),
            one("left-out-with", file="classes.csv", column="schoolSourcedId", detail="2 classes were"),
            one("value-missing", file="orgs.csv", record=2, column="name"),
        ],
        strict=False,
    )
    causes = by_cause(found)
    assert [cause.file for cause in causes] == ["orgs.csv"]
    assert {cause.file for cause in causes[0].follows} == {"classes.csv", "enrollments.csv"}


def test_an_unread_record_leaves_nobody_out_and_stops_removals() -> None:
    """Of a record that could not be read nobody knows the id, so nothing can have been left out with it."""
    found = gather(
        [
            one("row-ragged", file="classes.csv", record=7),
            one("value-missing", file="classes.csv", record=8, column="title"),
            one("left-out-with", file="enrollments.csv", column="classSourcedId", detail="9 enrollments were"),
            one("removals-stopped", file="classes.csv", detail="1"),
        ],
        strict=False,
    )
    follows = {cause.code: [other.code for other in cause.follows] for cause in by_cause(found)}
    assert follows == {"row-ragged": ["removals-stopped"], "value-missing": ["left-out-with"]}


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
