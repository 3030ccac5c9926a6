"""Odd rosters: each oddity is told once, a whole export that is odd by one finding, and what follows by none."""

from pathlib import Path

import polars as pl
from tests.engine.district import District, lakeside

from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect

ODD = {
    "class-without-teacher",
    "class-without-students",
    "student-without-class",
    "teacher-without-class",
    "person-without-sign-in",
    "school-without-anyone",
    "term-without-class",
    "export-incomplete",
}


def _odd(district: District, folder: Path) -> pl.DataFrame:
    found = inspect(open_package(district.write(folder)))[1].findings
    return found.filter(pl.col("code").is_in(ODD))


def test_where_most_are_odd_one_finding_counts_them(tmp_path: Path) -> None:
    district = lakeside(40)
    district.files["enrollments"] = [
        row for row in district["enrollments"] if row["userSourcedId"][1:] not in map(str, range(2, 40))
    ]
    found = _odd(district, tmp_path / "summer")
    assert found.select("code", "file", "record", "value", "detail").rows() == [
        ("export-incomplete", "users.csv", None, "38", "of 40 people with the role student are in no class")
    ]


def test_a_few_odd_ones_are_told_one_by_one(tmp_path: Path) -> None:
    found = _odd(lakeside(40).without("e-s3", "e-s4"), tmp_path / "two")
    assert found.select("code", "sourcedId").rows() == [
        ("student-without-class", "s3"),
        ("student-without-class", "s4"),
    ]


def test_a_list_that_is_not_full_says_nothing(tmp_path: Path) -> None:
    district = lakeside(40).without("e-s3")
    district.modes["enrollments"] = "delta"
    assert not _odd(district, tmp_path / "delta").height


def test_who_was_left_out_for_another_reason_makes_nothing_else_odd(tmp_path: Path) -> None:
    """The class has a teacher, whose record has no name: that is one finding, and not three."""
    district = lakeside(40)
    district.row("users", "t-elm")["givenName"] = ""
    assert not _odd(district, tmp_path / "left-out").height


def test_records_that_cannot_be_read_keep_the_rules_quiet(tmp_path: Path) -> None:
    folder = lakeside(40).without("e-s3").write(tmp_path / "ragged")
    with (folder / "enrollments.csv").open("a") as file:
        file.write("e-x,too few cells\n")
    assert not _odd_of(folder).height


def _odd_of(folder: Path) -> pl.DataFrame:
    return inspect(open_package(folder))[1].findings.filter(pl.col("code").is_in(ODD))


def test_who_may_not_use_the_products_needs_neither_class_nor_sign_in(tmp_path: Path) -> None:
    district = lakeside(40).without("e-s3")
    district.row("users", "s3").update(enabledUser="false", username="")
    assert not _odd(district, tmp_path / "disabled").height


def test_an_enrollment_that_names_nobody_is_told_once(tmp_path: Path) -> None:
    district = lakeside(40)
    district.row("enrollments", "e-s3")["userSourcedId"] = "nobody"
    assert not _odd(district, tmp_path / "one").height
    assert _odd(district.without("e-s4"), tmp_path / "two")["sourcedId"].to_list() == ["s3", "s4"]


def test_another_division_of_the_same_days_is_not_odd(tmp_path: Path) -> None:
    """Elementary schools have trimesters and high schools semesters: a small district uses one of the two."""
    district = lakeside(4)
    semester = {**district.row("academicSessions", "fall"), "type": "semester"}
    district.files["academicSessions"] += [
        {**semester, "sourcedId": "first", "title": "Semester 1", "endDate": "2027-01-20"},
        {**semester, "sourcedId": "summer", "title": "Summer", "startDate": "2027-06-15", "endDate": "2027-07-20"},
    ]
    assert _odd(district, tmp_path / "two")["sourcedId"].to_list() == ["summer"]
