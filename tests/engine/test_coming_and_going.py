"""Who comes, goes, comes back, or comes under another id, and what goes with them."""

import polars as pl
import pytest
from tests.engine.district import (
    MOMENT,
    District,
    actions,
    codes,
    found_in_comparing,
    lakeside,
    planned,
    reasons,
    roster_of,
)

from firstbell.engine.pipeline import Plan
from firstbell.engine.plan import TablePlan
from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot


@pytest.fixture
def known() -> Snapshot:
    return roster_of(lakeside())


def _rows(known: Snapshot, table: str) -> dict[str, int]:
    live = known.live(table)
    return dict(zip(live["key"].to_list(), live["row_id"].to_list(), strict=True))


def _assert_once(of_table: TablePlan) -> None:
    """No row is removed twice, and no record is written twice."""
    removed = of_table.changes.filter(action="removed")["row_id"]
    assert removed.is_unique().all()
    assert of_table.records["key"].is_unique().all()


def test_whoever_leaves_takes_their_roles_enrollments_and_demographics_along(known: Snapshot) -> None:
    gone = {"sourcedId": "s0", "status": "tobedeleted", "dateLastModified": MOMENT}
    result = planned(District({"users": [gone]}, modes={"users": "delta"}), known)
    one = {"removed": 1}
    assert actions(result) == {"users": one, "roles": one, "enrollments": one, "demographics": one}


def test_whoever_comes_back_has_the_same_row(known: Snapshot) -> None:
    before = _rows(known, "users")
    known.take(planned(lakeside().without("s0"), known).comparison)
    back = planned(lakeside(), known)
    one = {"restored": 1}
    assert actions(back) == {"users": one, "roles": one, "enrollments": one, "demographics": one}
    known.take(back.comparison)
    assert _rows(known, "users") == before


def test_a_class_that_moves_to_another_course_stays_when_the_old_course_goes(known: Snapshot) -> None:
    moved = lakeside()
    moved["courses"][0] = {"sourcedId": "sci", "title": "Science", "courseCode": "S5", "orgSourcedId": "elm"}
    moved.row("classes", "c-elm")["courseSourcedId"] = "sci"
    result = planned(moved, known)
    assert actions(result) == {"courses": {"added": 1, "removed": 1}, "classes": {"updated": 1}}


def test_an_enrollment_that_changes_its_person_stays_when_the_old_person_goes(known: Snapshot) -> None:
    moved = lakeside().without("s0")
    moved["enrollments"].append({**lakeside().row("enrollments", "e-s0"), "userSourcedId": "s2", "role": "proctor"})
    result = planned(moved, known)
    assert actions(result)["enrollments"] == {"updated": 1}


def test_a_row_of_a_delta_falls_with_what_it_needs() -> None:
    known = roster_of(lakeside())
    gone = {"sourcedId": "m-elm", "status": "tobedeleted", "dateLastModified": MOMENT}
    late = {**lakeside().row("enrollments", "e-s0"), "sourcedId": "late", "userSourcedId": "s1", "status": "active"}
    late["dateLastModified"] = MOMENT
    delta = District({"courses": [gone], "enrollments": [late]}, modes={"courses": "delta", "enrollments": "delta"})
    result = planned(delta, known)
    assert actions(result) == {"courses": {"removed": 1}, "classes": {"removed": 1}, "enrollments": {"removed": 3}}
    found = pl.concat(result.comparison.findings)
    assert found.filter(code="reference-missing")["sourcedId"].to_list() == ["late"]


def test_an_id_that_carries_another_person_is_a_new_person_and_waits(known: Snapshot) -> None:
    district = lakeside()
    district.row("users", "s0").update(givenName="Zoe", familyName="Other", username="zoe", identifier="1")
    result = planned(district, known)
    both = {"added": 1, "removed": 1}
    assert actions(result) == {"users": both, "roles": both, "enrollments": both, "demographics": both}
    assert reasons(result) == {"id-recycled"}
    assert not result.verdict.safe_part
    for of_table in result.comparison.plans.values():
        _assert_once(of_table)
    before = _rows(known, "users")
    known.take(result.comparison)
    after = _rows(known, "users")
    assert after["s0"] not in before.values()
    assert known.live("enrollments").filter(key="e-s0")["userSourcedId"].item() == after["s0"]
    assert actions(planned(district, known)) == {}


def test_a_new_name_alone_is_the_same_person(known: Snapshot) -> None:
    married = lakeside()
    married.row("users", "t-elm")["familyName"] = "Newname"
    assert actions(planned(married, known)) == {"users": {"updated": 1}}
    corrected = lakeside()
    corrected.row("users", "s0").update(givenName="Adah", familyName="Familia")
    assert actions(planned(corrected, known)) == {"users": {"updated": 1}}, "the identifier still agrees"


def test_a_class_id_that_comes_back_for_another_class_is_a_new_class_and_waits(known: Snapshot) -> None:
    reused = lakeside()
    reused["courses"].append({"sourcedId": "art", "title": "Art", "courseCode": "A5", "orgSourcedId": "elm"})
    reused.row("classes", "c-elm").update(title="Art", courseSourcedId="art", classCode="A5-1")
    result = planned(reused, known)
    assert actions(result)["classes"] == {"added": 1, "removed": 1}
    assert actions(result)["enrollments"] == {"added": 3, "removed": 3}
    assert reasons(result) == {"id-recycled"}
    for of_table in result.comparison.plans.values():
        _assert_once(of_table)


def test_a_class_id_of_last_year_with_other_people_is_a_new_class() -> None:
    district = lakeside(8)
    known = roster_of(district)
    next_year = district.copy()
    next_year["academicSessions"].append({**district.row("academicSessions", "fall"), "sourcedId": "fall27"})
    next_year.row("classes", "c-elm")["termSourcedIds"] = "fall27"
    stays_same = planned(next_year, known)
    assert actions(stays_same)["classes"] == {"updated": 1}, "the same people in the next year stay the same class"
    for pupil, other in zip(("s0", "s2", "s4", "s6"), ("s1", "s3", "s5", "s7"), strict=True):
        next_year.row("enrollments", f"e-{pupil}").update(userSourcedId=other)
    assert "class-id-recycled" in {
        code for part in planned(next_year, known).comparison.findings for code in part["code"]
    }


def _renumbered(district: District) -> District:
    new = district.copy()
    for user in new["users"]:
        user["sourcedId"] = f"new-{user['sourcedId']}"
    for file in ("roles", "enrollments"):
        for row in new[file]:
            row["userSourcedId"] = f"new-{row['userSourcedId']}"
    for row in new["demographics"]:
        row["sourcedId"] = f"new-{row['sourcedId']}"
    return new


def test_renumbered_people_keep_their_rows_and_the_run_waits(known: Snapshot) -> None:
    before = _rows(known, "users")
    result = planned(_renumbered(lakeside()), known)
    assert reasons(result) == {"renumbered"}
    assert not result.verdict.safe_part
    assert actions(result) == {}
    known.take(result.comparison)
    assert _rows(known, "users") == {f"new-{key}": row for key, row in before.items()}
    assert actions(planned(_renumbered(lakeside()), known)) == {}


def test_renumbered_people_can_be_taken_as_new_ones(known: Snapshot) -> None:
    result = _renumbered(lakeside()).plan(known, rekey=False)
    assert isinstance(result, Plan)
    assert actions(result)["users"] == {"added": 6, "removed": 6}


def test_enrollments_and_roles_are_renumbered_quietly(known: Snapshot) -> None:
    new = lakeside()
    for file in ("enrollments", "roles"):
        for row in new[file]:
            row["sourcedId"] = f"tonight-{row['sourcedId']}"
    before = _rows(known, "enrollments")
    result = planned(new, known)
    assert actions(result) == {}
    assert not result.verdict.holds
    known.take(result.comparison)
    assert _rows(known, "enrollments") == {f"tonight-{key}": row for key, row in before.items()}


@pytest.mark.parametrize("key", ["username", "identifier"])
def test_a_key_given_to_the_next_person_is_not_a_renumbering(known: Snapshot, key: str) -> None:
    other = lakeside().without("s0")
    new = {"enabledUser": "true", "username": "zoe", "givenName": "Zoe", "familyName": "Other"}
    other["users"].append({"sourcedId": "s9", **new, key: lakeside().row("users", "s0")[key]})
    assert actions(planned(other, known))["users"] == {"added": 1, "removed": 1}


def test_a_contributor_neither_adds_nor_removes(known: Snapshot) -> None:
    directory = District({"users": [{**lakeside().row("users", "s0"), "email": "ada@example.org"}]})
    policy = Policy(contributes={"users": ("email",)})
    result = planned(directory, Snapshot(), policy)
    assert actions(result) == {}
    assert "contributor-unmatched" in found_in_comparing(result)
    assert codes(result) == set()


def _merged(known: Snapshot, one: str, other: str) -> int:
    """Two people of the source are one row from now on: the records change, nothing else."""
    rows = _rows(known, "users")
    called = pl.when(pl.col("key") == other).then(rows[one]).otherwise("row_id").alias("row_id")
    known._records["users"] = known._records["users"].with_columns(called)
    return rows[one]


def test_merged_people_stay_one_row_and_the_same_package_changes_nothing(known: Snapshot) -> None:
    row = _merged(known, "s0", "s2")
    assert actions(planned(lakeside(), known)) == {}
    assert _rows(known, "users")["s2"] == row


def test_merged_people_stay_while_one_of_their_ids_still_comes(known: Snapshot) -> None:
    row = _merged(known, "s0", "s2")
    result = planned(lakeside().without("s2"), known)
    assert "users" not in actions(result)
    known.take(result.comparison)
    assert _rows(known, "users")["s0"] == row
    assert "s2" not in _rows(known, "users")
    assert actions(planned(lakeside().without("s0", "s2"), known))["users"] == {"removed": 1}


def test_merged_people_leave_once_with_both_of_their_ids(known: Snapshot) -> None:
    _merged(known, "s0", "s2")
    result = planned(lakeside().without("s0", "s2"), known)
    assert actions(result)["users"] == {"removed": 1}
    assert result.comparison.plans["users"].records.select("key", "present").sort("key").rows() == [
        ("s0", False),
        ("s2", False),
    ]


def test_merged_people_of_whom_both_records_change_are_written_once(known: Snapshot) -> None:
    _merged(known, "s0", "s2")
    district = lakeside()
    for person in ("s0", "s2"):
        district.row("users", person).update(givenName="Ada", familyName="Family0", phone="555 0100")
    result = planned(district, known)
    assert actions(result) == {"users": {"updated": 1}}
    known.take(result.comparison)
    assert actions(planned(district, known)) == {}
