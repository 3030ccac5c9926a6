"""What is outside a source's scope counts as not sent, and is neither kept nor told of."""

from pathlib import Path

import polars as pl
import pytest
from tests.engine.district import District, actions, as_1p1, lakeside, planned, reasons, roster_of, write_files

from firstbell.engine.corrections.kinds import NONE
from firstbell.engine.formats import read
from firstbell.engine.leaving_out import BadPattern
from firstbell.engine.package import open_package
from firstbell.engine.policy import Policy
from firstbell.engine.reading import Reading
from firstbell.engine.scope import narrow
from firstbell.engine.scope_files import find_outside, look
from firstbell.engine.scope_settings import ensure_good_scope

ELM: dict[str, tuple[str, ...]] = {"schools": ("ELM",)}


def family_district() -> District:
    """Lakeside with a parent of a child at each school, one of both, and a superintendent."""
    district = lakeside(6)
    for parent, children in {"p-elm": ["s0"], "p-oak": ["s1"], "p-both": ["s2", "s3"]}.items():
        district["users"].append(
            {"sourcedId": parent, "enabledUser": "true", "username": parent, "givenName": "Pat", "familyName": parent}
        )
        district["roles"].append(
            {"sourcedId": f"r-{parent}", "userSourcedId": parent, "roleType": "primary", "role": "parent"}
            | {"orgSourcedId": "lake"}
        )
        for child in children:
            district.row("users", child)["agentSourcedIds"] = parent
    district["users"].append(
        {"sourcedId": "head", "enabledUser": "true", "username": "head", "givenName": "Hal", "familyName": "Head"}
    )
    district["roles"].append(
        {"sourcedId": "r-head", "userSourcedId": "head", "roleType": "primary", "role": "districtAdministrator"}
        | {"orgSourcedId": "lake"}
    )
    return district


def narrowed(district: District, folder: Path, **scope: tuple[str, ...]) -> Reading:
    reading = read(open_package(write_files(folder, dict(district.contents()))))
    narrow(reading, scope, lambda table: pl.Series([], dtype=pl.String))
    return reading


def ids(reading: Reading, table: str, column: str = "sourcedId") -> set[str]:
    return set(reading.tables[table][column].drop_nulls().to_list())


@pytest.mark.parametrize("version", ["1.2", "1.1"])
def test_a_school_comes_with_its_people_their_families_and_the_district_itself(tmp_path: Path, version: str) -> None:
    district = family_district()
    reading = narrowed(as_1p1(district) if version == "1.1" else district, tmp_path, **ELM)
    assert ids(reading, "orgs") == {"lake", "elm"}
    assert ids(reading, "users") == {"s0", "s2", "s4", "t-elm", "p-elm", "p-both", "head"}
    assert ids(reading, "roles", "userSourcedId") == ids(reading, "users")
    assert ids(reading, "classes") == {"c-elm"}
    assert ids(reading, "courses") == {"m-elm"}
    assert ids(reading, "enrollments", "userSourcedId") == {"s0", "s2", "s4", "t-elm"}
    assert ids(reading, "demographics") == {"s0", "s2", "s4"}


def test_a_district_that_is_named_stands_for_its_schools(tmp_path: Path) -> None:
    assert ids(narrowed(family_district(), tmp_path, schools=("lakeside",)), "orgs") == {"lake", "elm", "oak"}


def test_who_teaches_at_two_schools_comes_with_the_role_at_the_one_that_is_taken(tmp_path: Path) -> None:
    district = lakeside()
    district["roles"].append({**district.row("roles", "r-t-elm"), "sourcedId": "r-t-elm-2", "orgSourcedId": "oak"})
    reading = narrowed(district, tmp_path, **ELM)
    assert "t-elm" in ids(reading, "users")
    assert ids(reading, "roles", "orgSourcedId") == {"elm"}


def test_grades_are_of_students_and_a_blank_one_has_to_be_asked_for(tmp_path: Path) -> None:
    district = family_district()
    district.row("users", "s0")["grades"] = "06"
    district.row("users", "s1")["grades"] = ""
    six = ids(narrowed(district, tmp_path / "six", grades=("06",)), "users")
    assert six == {"s0", "t-elm", "t-oak", "p-elm", "head"}
    assert ids(narrowed(district, tmp_path / "none", grades=("06", "none")), "users") == six | {"s1", "p-oak"}


def test_terms_take_their_classes_along_which_name_no_other_term(tmp_path: Path) -> None:
    district = lakeside()
    district.row("classes", "c-oak")["termSourcedIds"] = "spring"
    reading = narrowed(district, tmp_path, terms=("Fall",))
    assert ids(reading, "academicSessions") == {"fall", "year"}
    assert reading.tables["classes"].select("sourcedId", "termSourcedIds").rows() == [("c-elm", "fall")]
    assert ids(reading, "enrollments", "classSourcedId") == {"c-elm"}
    whole_year = narrowed(lakeside(), tmp_path / "year", terms=("2027",))
    assert ids(whole_year, "academicSessions") == {"year", "fall", "spring"}


def test_roles_that_are_not_taken_go_and_people_without_another(tmp_path: Path) -> None:
    reading = narrowed(family_district(), tmp_path, roles=("student", "teacher"))
    assert ids(reading, "users") == {f"s{number}" for number in range(6)} | {"t-elm", "t-oak"}
    assert ids(reading, "users", "agentSourcedIds") == set()


def test_fields_that_are_not_wanted_are_blank(tmp_path: Path) -> None:
    reading = narrowed(family_district(), tmp_path, fields=("users.identifier", "demographics"))
    assert reading.tables["users"]["identifier"].null_count() == reading.tables["users"].height
    assert reading.tables["demographics"].height == 0
    assert reading.tables["users"]["givenName"].null_count() == 0


def test_what_is_outside_is_told_of_nobody_and_an_id_that_cannot_be_read_still_stops_removals(tmp_path: Path) -> None:
    district = lakeside()
    district.row("users", "s1")["email"] = "oak-child-at-nowhere"
    district.row("users", "s0")["email"] = "elm-child-at-nowhere"
    result = planned(district, policy=Policy(scope=ELM))
    told = " ".join(str(row) for row in result.checked.findings.rows())
    assert "elm-child-at-nowhere" in told
    assert "oak-child-at-nowhere" not in told


def test_a_narrower_scope_is_guarded_like_data_and_a_wider_one_brings_the_same_people_back() -> None:
    district = lakeside(60)
    known = roster_of(district)
    narrower = planned(district, known, Policy(scope=ELM))
    assert actions(narrower)["users"] == {"removed": 31}
    assert reasons(narrower) >= {"too-many-removals"}
    known.take(narrower.comparison)
    again = planned(district, known, Policy(scope=ELM))
    assert reasons(again) == set()
    assert actions(again) == {}
    assert actions(planned(district, known))["users"] == {"restored": 31}


def test_a_scope_that_leaves_a_list_empty_is_held_once_and_not_every_night() -> None:
    district = lakeside(60)
    known = roster_of(district)
    expects = tuple(district.files)
    policy = Policy(scope={"fields": ("demographics",)}, expects=expects)
    held = planned(district, known, policy)
    assert "file-empty" in reasons(held)
    known.take(held.comparison)
    assert reasons(planned(district, known, policy)) == set()


def test_a_change_that_names_no_school_is_taken_of_whom_the_roster_has_and_of_nobody_else() -> None:
    district = lakeside()
    known = roster_of(planned_scope(district))
    delta = district.only("users")
    delta.modes = {"users": "delta"}
    for row in delta["users"]:
        row |= {"status": "active", "dateLastModified": "2026-09-01T04:00:00.000Z", "preferredGivenName": "New"}
    assert actions(planned(delta, known, Policy(scope=ELM))) == {"users": {"updated": 3}}


def planned_scope(district: District) -> District:
    """The district as its scope leaves it."""
    return district.without("oak", "s1", "s3", "t-oak")


def test_what_is_kept_of_files_has_nothing_of_who_is_outside(tmp_path: Path) -> None:
    district = lakeside()
    contents = {**district.contents(), "notes.csv": "who,what\ns1,poem\n"}
    package = open_package(write_files(tmp_path, contents))
    outside = find_outside(package, NONE, {**ELM, "fields": ["users.identifier", "demographics"]})
    assert outside.files == {"notes.csv", "demographics.csv"}
    assert sorted(outside.records["users.csv"].to_list()) == [2, 4, 6]
    assert outside.columns["users.csv"] == {"identifier"}
    assert not outside.touches("manifest.csv")


def test_a_look_tells_schools_and_lines_that_name_nothing(tmp_path: Path) -> None:
    reading = read(open_package(write_files(tmp_path, dict(lakeside().contents()))))
    seen = look(reading, {"schools": ["Elm", "Elmm"]})
    assert seen.schools == (("Elm", True), ("Oak", False))
    assert seen.unmet == ("Elmm",)
    assert {one.table: one.count for one in seen.left_out}["users"] == 3


@pytest.mark.parametrize(
    "scope",
    [{"places": ["x"]}, {"schools": ["x" * 101]}, {"roles": ["king"]}, {"fields": ["users.familyName"]}],
)
def test_a_scope_that_cannot_be_used_is_refused(scope: dict[str, list[str]]) -> None:
    with pytest.raises(BadPattern):
        ensure_good_scope(scope)
