"""What is wrong is left out, and what is left out counts as present: its last good state stays."""

import pytest
from tests.engine.district import (
    MOMENT,
    District,
    actions,
    codes,
    found_in_comparing,
    lakeside,
    plan_files,
    planned,
    reasons,
    roster_of,
)

from firstbell.engine.pipeline import Plan
from firstbell.engine.snapshot import Snapshot


@pytest.fixture
def known() -> Snapshot:
    return roster_of(lakeside())


def test_a_record_with_an_error_is_left_out_with_what_hangs_on_it_and_all_of_it_stays(known: Snapshot) -> None:
    broken = lakeside()
    broken.row("users", "s0").update(givenName="", familyName="Changed")
    result = planned(broken, known)
    assert actions(result) == {}
    assert codes(result) == {"value-missing", "left-out-with"}
    assert result.checked.left_out["users"].to_list() == ["s0"]
    assert result.checked.left_out["enrollments"].to_list() == ["e-s0"]
    assert known.live("users").filter(key="s0")["familyName"].item() == "Family0"


def test_the_report_says_how_many_records_went_with_a_left_out_one(known: Snapshot) -> None:
    broken = lakeside()
    broken.row("classes", "c-elm")["title"] = ""
    found = planned(broken, known).checked.findings.filter(code="left-out-with")
    assert found.select("file", "detail").rows() == [("enrollments.csv", "3 enrollments were")]


def test_a_duplicate_with_other_contents_is_left_out_and_stays(known: Snapshot) -> None:
    doubled = lakeside()
    doubled["users"].insert(0, {**doubled.row("users", "s0"), "familyName": "Somebody"})
    result = planned(doubled, known)
    assert actions(result) == {}
    assert result.checked.findings.filter(code="id-twice")["record"].to_list() == [1, 2]
    assert result.checked.left_out["users"].to_list() == ["s0", "s0"]


def test_a_duplicate_with_the_same_contents_is_read_once(known: Snapshot) -> None:
    doubled = lakeside()
    doubled["users"].append(dict(doubled.row("users", "s0")))
    result = planned(doubled, known)
    assert actions(result) == {}
    assert codes(result) == {"id-twice-same"}


@pytest.mark.parametrize(
    "line",
    ["s9,only,three", 's9,,,true,"bad"quote', ",,,true,user.x,,No,Id,,,,,,,,,,,,,,"],
    ids=["ragged", "quote", "blank"],
)
def test_an_id_that_cannot_be_read_stops_the_removals_of_its_type_only(known: Snapshot, line: str) -> None:
    fewer = lakeside().without("s0")
    contents: dict[str, str | bytes] = dict(fewer.contents())
    contents["users.csv"] = f"{contents['users.csv']!s}{line}\n"
    result = plan_files(contents, known)
    assert isinstance(result, Plan)
    assert "users" not in actions(result)
    assert actions(result)["enrollments"] == {"removed": 1}
    assert "removals-stopped" in found_in_comparing(result)


def test_what_points_to_a_person_whose_id_cannot_be_read_keeps_pointing_there() -> None:
    district = lakeside()
    district.row("users", "s1")["agentSourcedIds"] = "s0"
    known = roster_of(district)
    contents: dict[str, str | bytes] = dict(district.contents())
    contents["users.csv"] = str(contents["users.csv"]).replace("s0,,,true", "s0,,true", 1)
    result = plan_files(contents, known)
    assert isinstance(result, Plan)
    assert actions(result) == {}
    assert codes(result) == {"row-ragged"}


def test_an_optional_reference_to_nobody_is_left_blank_and_its_record_stays(known: Snapshot) -> None:
    dangling = lakeside()
    dangling.row("users", "s0").update(agentSourcedIds="s1,nobody", primaryOrgSourcedId="nowhere")
    result = planned(dangling, known)
    assert codes(result) == {"reference-dropped"}
    known.take(result.comparison)
    person = known.live("users").filter(key="s0")
    sibling = known.live("users").filter(key="s1")["row_id"].item()
    assert person.select("agentSourcedIds", "primaryOrgSourcedId").row(0) == (str(sibling), None)


def test_a_required_reference_to_nobody_is_an_error(known: Snapshot) -> None:
    dangling = lakeside()
    dangling.row("enrollments", "e-s0")["userSourcedId"] = "nobody"
    result = planned(dangling, known)
    assert codes(result) == {"reference-missing"}
    assert actions(result) == {}


def test_a_circle_of_parents_is_left_out_and_its_children_go_with_it(known: Snapshot) -> None:
    circle = lakeside()
    circle.row("academicSessions", "year")["parentSourcedId"] = "fall"
    result = planned(circle, known)
    assert result.checked.findings.filter(code="cycle")["sourcedId"].to_list() == ["year", "fall"]
    assert result.checked.left_out["classes"].to_list() == ["c-elm", "c-oak"]
    assert actions(result) == {}


def test_a_list_with_nothing_in_it_is_a_blank() -> None:
    district = lakeside()
    district.row("classes", "c-elm")["termSourcedIds"] = ","
    assert "value-missing" in codes(planned(district))


def test_a_deletion_needs_nothing_but_its_id(known: Snapshot) -> None:
    gone = {"sourcedId": "s0", "status": "tobedeleted", "dateLastModified": MOMENT, "givenName": "", "userIds": "?"}
    result = planned(District({"users": [gone]}, modes={"users": "delta"}), known)
    assert codes(result) == set()
    assert actions(result)["users"] == {"removed": 1}
    assert reasons(result) == set()


def test_a_username_that_a_leaver_gives_up_is_not_held_twice(known: Snapshot) -> None:
    gone = {"sourcedId": "s0", "status": "tobedeleted", "dateLastModified": MOMENT, "username": "user.s0"}
    new = {**lakeside().row("users", "s1"), "sourcedId": "s9", "username": "user.s0", "identifier": "1"}
    new |= {"status": "active", "dateLastModified": MOMENT}
    result = planned(District({"users": [gone, new]}, modes={"users": "delta"}), known)
    assert codes(result) == set()
