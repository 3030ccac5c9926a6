"""What helps with one finding in particular: what somebody may have meant, and where to look."""

import polars as pl
import pytest
from tests.engine.district import District, as_1p1, lakeside, plan_files

from firstbell.engine.findings import explain
from firstbell.engine.nearest import LONGEST, MOST, nearest
from firstbell.engine.report import by_cause


def _found(district: District) -> pl.DataFrame:
    return explain(plan_files(district.contents()).checked.findings)


def _remedies(district: District, code: str) -> list[str]:
    return _found(district).filter(code=code)["remedy"].to_list()


@pytest.mark.parametrize(
    ("missing", "there", "near"),
    [
        ("org-distrct", "org-district", "org-district"),
        ("org-distirct", "org-district", "org-district"),
        ("ORG-1", "org-1", "org-1"),
        ("org 1", "org-1", "org-1"),
        ("0042", "42", "42"),
        ("c-7", "c-007", "c-007"),
        ("1O5", "105", "105"),
        ("stu-105", "stu-106", None),
        ("stu-105", "stu-1055", None),
        ("1-23", "12-3", None),
        ("stf-0030", "stf-00030", "stf-00030"),
        ("elm", "oak", None),
        ("---", "___", None),
    ],
)
def test_only_one_slip_away_is_near_and_never_another_number(missing: str, there: str, near: str | None) -> None:
    found = nearest(pl.Series([missing, None]), pl.Series([there, None]))
    assert found["near"].to_list() == ([near] if near else [])


def test_what_could_be_two_is_not_asked() -> None:
    assert not nearest(pl.Series(["elmx"]), pl.Series(["elma", "elmb"])).height
    assert not nearest(pl.Series(["ELM 1"]), pl.Series(["elm-1", "elm1"])).height
    assert not nearest(pl.Series(["stf-000030"]), pl.Series(["stf-00030", "stf-00003"])).height, (
        "a zero too many, where?"
    )


def test_of_many_different_ids_only_some_are_looked_at() -> None:
    many = pl.Series([f"X {number}" for number in range(10 * MOST)])
    assert nearest(many, many.str.to_lowercase()).height == MOST


def test_an_id_as_long_as_a_book_is_not_looked_at() -> None:
    """All that is one letter off it would fill the memory of the machine."""
    book = "x" * 10_000_000
    assert not nearest(pl.Series([book, "x" * (LONGEST + 1)]), pl.Series([book + "y", "X" * (LONGEST + 1)])).height
    assert nearest(pl.Series(["x" * LONGEST]), pl.Series(["X" * LONGEST])).height == 1


def test_a_slip_in_an_optional_reference_may_be_left_blank_or_meant_something() -> None:
    district = lakeside()
    district.row("orgs", "elm")["parentSourcedId"] = "lakes"
    assert _remedies(district, "reference-dropped") == [
        "Correct parentSourcedId, leave it blank, or add lakes to the organizations of the export. Did you mean lake?"
    ]


def test_a_slip_in_a_required_reference_may_have_meant_something() -> None:
    district = lakeside()
    district.row("enrollments", "e-s0")["classSourcedId"] = "C-ELM"
    assert _remedies(district, "reference-missing") == [
        "Correct classSourcedId, or add C-ELM to the classes of the export. Did you mean c-elm?"
    ]


def test_an_id_that_all_others_write_alike_and_it_otherwise_is_the_cause() -> None:
    district = lakeside()
    district.row("classes", "c-elm")["sourcedId"] = "c elm"
    found = plan_files(district.contents()).checked.findings
    first, *others = by_cause(found)
    assert (first.code, first.file, first.records) == ("id-written-otherwise", "classes.csv", (1,))
    assert first.message == (
        "No record refers to c elm as its id is written here; others write c-elm in enrollments.csv."
    )
    assert [(found.code, found.file, found.count) for found in first.follows] == [
        ("reference-missing", "enrollments.csv", 3)
    ]
    assert first.left_out == 3
    assert first.follows[0].remedy.endswith("classes.csv writes it c elm: correct that id first.")
    assert "reference-missing" not in {other.code for other in others}


def test_an_id_that_one_record_names_as_it_is_written_is_not_the_cause() -> None:
    district = lakeside()
    district.row("users", "s0")["sourcedId"] = "S0"
    district.row("roles", "r-s0")["userSourcedId"] = "S0"
    codes = {cause.code for cause in by_cause(plan_files(district.contents()).checked.findings)}
    assert "id-written-otherwise" not in codes
    assert "reference-missing" in codes


def test_what_hangs_on_what_hangs_on_such_an_id_follows_from_it_too() -> None:
    district = lakeside()
    district.row("courses", "m-elm")["sourcedId"] = "M-Elm"
    (only,) = by_cause(plan_files(district.contents()).checked.findings)
    assert only.code == "id-written-otherwise"
    assert {found.file for found in only.follows} == {"classes.csv", "enrollments.csv"}


def _written(district: District, sourced_id: str, other: str) -> District:
    """All that refers to an id writes another."""
    for table in ("enrollments", "demographics"):
        for row in district[table]:
            for column in ("userSourcedId", "sourcedId"):
                if row.get(column) == sourced_id:
                    row[column] = other
    return district


def test_an_id_that_looks_like_all_others_is_not_the_cause_however_it_is_written_elsewhere() -> None:
    """The staff of a district are s0 to s3: who writes S0 for one of them is wrong, and not the list of people."""
    found = plan_files(as_1p1(_written(lakeside(), "s0", "S0")).contents()).checked.findings
    assert not found.filter(code="id-written-otherwise").height
    assert set(found.filter(code="reference-missing")["hint"]) == {"Did you mean s0?"}


def test_such_an_id_of_a_person_is_told_once_for_all_files_and_in_1_1_too() -> None:
    district = lakeside()
    district.row("users", "s0")["sourcedId"] = "S 0"
    district.row("roles", "r-s0")["userSourcedId"] = "S 0"
    told = plan_files(as_1p1(district).contents()).checked.findings
    assert told.filter(code="id-written-otherwise").select("file", "sourcedId").rows() == [("users.csv", "S 0")]


def test_a_class_that_most_of_its_enrollments_place_elsewhere_is_told_and_not_they() -> None:
    district = lakeside(8)
    district.row("classes", "c-elm")["schoolSourcedId"] = "oak"
    found = _found(district).filter(pl.col("code").str.ends_with("school-differs"))
    assert found.select("code", "file", "record").rows() == [("class-school-differs", "classes.csv", 1)]
    assert found["message"].item() == "The class is in the school oak, but 5 of its 5 enrollments name elm."


def test_single_enrollments_that_name_another_school_are_told_with_the_school_of_the_class() -> None:
    district = lakeside(8)
    district.row("enrollments", "e-s0")["schoolSourcedId"] = "oak"
    assert _remedies(district, "enrollment-school-differs") == ["Name the school of the class. The class is in elm."]


def test_a_date_that_is_turned_round_is_told_beside_what_the_persons_other_enrollments_say() -> None:
    district = lakeside()
    first = district.row("enrollments", "e-s0")
    first |= {"beginDate": "2026-08-15", "endDate": "2025-08-15"}
    again = {**first, "sourcedId": "more", "classSourcedId": "c-oak", "schoolSourcedId": "oak"}
    district["enrollments"].append({**again, "endDate": ""})
    (remedy,) = _remedies(district, "enrollment-ends-before-it-begins")
    assert remedy.startswith("Correct the date that is wrong. If the person never came, nothing has to be done.")
    assert remedy.endswith(" 1 of the person's 2 enrollments go on.")
    district["enrollments"][-1]["endDate"] = "2026-08-14"
    told = _remedies(district, "enrollment-ends-before-it-begins")
    assert len(told) == 2
    assert all(remedy.endswith("None of the person's 2 enrollments goes on.") for remedy in told)


def test_a_person_without_any_role_is_told_so_and_not_where_to_have_it() -> None:
    district = lakeside().copy()
    district.row("users", "s0")["primaryOrgSourcedId"] = "elm"
    district.row("users", "s1")["primaryOrgSourcedId"] = "lake"
    district.files["roles"] = [role for role in district["roles"] if role["userSourcedId"] != "s0"]
    found = _found(district)
    assert found.filter(code="person-without-role")["sourcedId"].to_list() == ["s0"]
    assert found.filter(code="primary-org-without-role").select("sourcedId", "remedy").rows() == [
        ("s1", "Name an organization of one of the person's roles. The roles are in oak.")
    ]


def test_duplicates_tell_where_both_are_and_in_what_they_differ() -> None:
    district = lakeside()
    district["users"].append({**district.row("users", "s0"), "familyName": "Other", "email": "a@example.org"})
    (remedy,) = set(_remedies(district, "id-twice"))
    assert remedy.startswith("Keep the record that is right. If they are two, give each an id of its own.")
    assert remedy.endswith(" Records 1 and 7 differ in familyName and email.")
    district = lakeside()
    district["users"].append(dict(district.row("users", "s0")))
    assert _remedies(district, "id-twice-same") == ["Export each record once. Records 1 and 7 are alike."]


def test_what_several_records_share_is_told_with_their_places() -> None:
    district = lakeside()
    district.row("users", "s0")["username"] = "USER.S1"
    district["enrollments"].append({**district.row("enrollments", "e-s0"), "sourcedId": "again"})
    for person in ("t-elm", "t-oak"):
        district.row("enrollments", f"e-{person}").update(primary="true", classSourcedId="c-elm", schoolSourcedId="elm")
    assert set(_remedies(district, "username-twice")) == {
        "Give each person a username of their own. Records 1 and 2 have it."
    }
    assert set(_remedies(district, "enrollment-twice")) == {"Keep one enrollment. Records 1 and 7 say so."}
    assert set(_remedies(district, "primary-teacher-twice")) == {
        "Mark one teacher as primary. Records 5 and 6 are primary."
    }


def test_one_teacher_who_is_enrolled_twice_is_not_two_primary_teachers() -> None:
    district = lakeside()
    district.row("enrollments", "e-t-elm")["primary"] = "true"
    district["enrollments"].append({**district.row("enrollments", "e-t-elm"), "sourcedId": "again"})
    assert set(_found(district)["code"]) == {"enrollment-twice"}


@pytest.mark.parametrize(
    "spoil", [{"sourcedId": ""}, {"sourcedId": "s1"}], ids=["without an id", "with the id of somebody else"]
)
def test_who_is_missing_may_be_somebody_whose_id_cannot_be_used(spoil: dict[str, str]) -> None:
    district = lakeside()
    district.row("users", "s0").update(spoil)
    assert {remedy.partition(". ")[2] for remedy in _remedies(district, "reference-missing")} == {
        "It may be one of the people whose id is missing, unreadable or doubled."
    }


def test_nobody_is_told_so_where_all_ids_are_there() -> None:
    district = lakeside()
    district.row("enrollments", "e-s0")["userSourcedId"] = "nobody"
    assert "may be" not in _remedies(district, "reference-missing")[0]


def test_a_reference_to_the_wrong_type_tells_which_type_it_takes() -> None:
    district = lakeside()
    district.row("classes", "c-elm")["schoolSourcedId"] = "lake"
    (remedy,) = _remedies(district, "reference-type")
    assert remedy.endswith("It has to be of type school.")


def test_a_word_that_the_version_lacks_is_not_recommended_for_a_spelling_of_it() -> None:
    """In 1.1 there is no other: to write it for X would be wrong again in the next round."""
    district = lakeside()
    district.row("demographics", "s0")["sex"] = "X"
    found = explain(plan_files(as_1p1(district).contents()).checked.findings)
    assert found.select("code", "remedy").rows() == [("word-of-another-version", "Use one of: male, female.")]
