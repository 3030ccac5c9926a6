"""The guard: what goes by itself, and what waits for a person, told in terms of people and schools."""

import polars as pl
import pytest
from tests.engine.district import District, actions, lakeside, planned, reasons, roster_of

from firstbell.engine.guard import Reason
from firstbell.engine.pipeline import Plan
from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot


def _ids(count: int, *, step: int = 1) -> list[str]:
    return [f"s{number}" for number in range(0, count * step, step)]


def _people_alone(count: int) -> District:
    """People without schools, so that only the share in the district counts."""
    district = lakeside(count - 2)
    return district.only("users")


def _reason(result: Plan, code: str, *, table: str = "users") -> Reason:
    return next(reason for reason in result.verdict.reasons if reason.code == code and reason.table == table)


@pytest.mark.parametrize(("gone", "holds"), [(100, False), (101, True)])
def test_ten_per_cent_of_the_people_may_leave_and_a_tenth_of_a_per_cent_more_waits(gone: int, *, holds: bool) -> None:
    district = _people_alone(1000)
    known = roster_of(district)
    result = planned(district.without(*_ids(gone)), known, Policy(removed_people=10_000))
    assert result.verdict.holds is holds


@pytest.mark.parametrize(("gone", "holds"), [(100, False), (101, True)])
def test_a_hundred_people_may_leave_and_one_more_waits(gone: int, *, holds: bool) -> None:
    district = _people_alone(2000)
    known = roster_of(district)
    result = planned(district.without(*_ids(gone)), known)
    assert result.verdict.holds is holds


@pytest.mark.parametrize(("people", "holds"), [(19, False), (20, True)])
def test_shares_count_from_twenty_on(people: int, *, holds: bool) -> None:
    district = _people_alone(people)
    known = roster_of(district)
    assert planned(district.without(*_ids(5)), known).verdict.holds is holds


@pytest.mark.parametrize(("changed", "holds"), [(75, False), (76, True)])
def test_three_quarters_may_change_at_once_and_more_waits(changed: int, *, holds: bool) -> None:
    district = _people_alone(100)
    known = roster_of(district)
    for person in _ids(changed):
        district.row("users", person)["phone"] = "555 0100"
    result = planned(district, known)
    assert result.verdict.holds is holds
    if holds:
        assert _reason(result, "too-many-updates").says == "76 of 100 people would change at once."
        assert not result.verdict.safe_part


@pytest.fixture
def known() -> Snapshot:
    return roster_of(lakeside(400))


def test_one_school_that_empties_waits_although_the_district_hardly_notices(known: Snapshot) -> None:
    fewer = lakeside(400).without(*_ids(30, step=2))
    result = planned(fewer, known)
    of_elm = _reason(result, "too-many-removals")
    assert of_elm.says == "30 of 201 people at Elm would leave."
    assert (of_elm.count, of_elm.known, of_elm.removals) == (30, 201, True)
    assert all(reason.school is not None for reason in result.verdict.reasons)


def test_when_only_removals_are_too_many_the_rest_may_go(known: Snapshot) -> None:
    fewer = lakeside(400).without(*_ids(150))
    result = planned(fewer, known)
    assert reasons(result) == {"too-many-removals"}
    assert result.verdict.safe_part
    assert not planned(fewer, known, Policy(safe_part_goes=False)).verdict.safe_part


def test_an_empty_file_waits() -> None:
    district = lakeside(4)
    known = roster_of(district)
    empty = district.copy()
    empty.files["enrollments"] = []
    result = planned(empty, known, Policy(expects=("users", "enrollments")))
    assert _reason(result, "file-empty", table="enrollments").says == (
        "The list of enrollments is empty. It held 6 until now."
    )
    assert not result.verdict.safe_part


def test_a_file_that_used_to_come_and_is_missing_waits() -> None:
    district = lakeside(4)
    known = roster_of(district)
    expects = planned(district).expects
    assert set(expects) == set(district.files)
    without = planned(district.only("orgs", "users", "roles"), known, Policy(expects=expects))
    assert {reason.table for reason in without.verdict.reasons} == {
        "academicSessions",
        "courses",
        "classes",
        "enrollments",
        "demographics",
    }
    assert reasons(without) == {"file-missing"}


def test_a_package_that_says_nothing_changed_goes() -> None:
    district = lakeside(4)
    known = roster_of(district)
    result = planned(District({}), known, Policy(expects=planned(district).expects))
    assert actions(result) == {}
    assert not result.verdict.holds


def _promoted(people: int, role: str) -> District:
    district = lakeside(400)
    for person in _ids(people):
        district.row("roles", f"r-{person}")["role"] = role
    return district


@pytest.mark.parametrize(("people", "holds"), [(3, False), (4, True)])
def test_students_who_become_staff_in_bulk_wait(known: Snapshot, people: int, *, holds: bool) -> None:
    result = planned(_promoted(people, "teacher"), known)
    assert result.verdict.holds is holds
    if holds:
        says = "4 people who are known as students or family would become staff."
        assert _reason(result, "role-gains", table="roles").says == says


def test_administrators_in_bulk_wait_even_when_they_are_new(known: Snapshot) -> None:
    district = lakeside(400)
    for number in range(4):
        person = {"sourcedId": f"a{number}", "enabledUser": "true", "username": f"admin{number}"}
        district["users"].append({**person, "givenName": "Amy", "familyName": f"Admin{number}"})
        role = {"sourcedId": f"r-a{number}", "userSourcedId": f"a{number}", "roleType": "primary"}
        district["roles"].append({**role, "role": "siteAdministrator", "orgSourcedId": "elm"})
    assert reasons(planned(district, known)) == {"role-gains"}


def test_the_first_roster_has_teachers_and_administrators_and_goes() -> None:
    assert not planned(_promoted(50, "principal")).verdict.holds


def test_teachers_who_come_back_after_the_summer_gain_nothing() -> None:
    school_year = _promoted(50, "teacher")
    known = roster_of(school_year, school_year.without(*_ids(50)))
    back = planned(school_year, known)
    assert actions(back)["roles"] == {"restored": 50}
    assert not back.verdict.holds


def test_three_people_under_new_ids_among_many_are_no_renumbering(known: Snapshot) -> None:
    district = lakeside(400)
    for person in _ids(3):
        district.row("users", person)["sourcedId"] = f"new-{person}"
        for file in ("roles", "enrollments"):
            for row in district[file]:
                if row["userSourcedId"] == person:
                    row["userSourcedId"] = f"new-{person}"
        district.row("demographics", person)["sourcedId"] = f"new-{person}"
    result = planned(district, known)
    assert actions(result) == {}
    assert result.comparison.plans["users"].rekeyed == 3
    assert not result.verdict.holds


def test_every_run_of_a_held_source_waits(known: Snapshot) -> None:
    result = planned(lakeside(400), known, Policy(held="Run 7 was undone."))
    assert [reason.says for reason in result.verdict.reasons] == ["Run 7 was undone."]
    assert not result.verdict.safe_part


def test_records_that_are_left_out_are_no_removals(known: Snapshot) -> None:
    broken = lakeside(400)
    for person in _ids(399):
        broken.row("users", person)["givenName"] = ""
    result = planned(broken, known)
    assert actions(result) == {}
    assert not result.verdict.holds


class _Counting(Snapshot):
    """A roster that notes when its schools are counted in full."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[str] = []

    def members_by_school(self, table: str) -> pl.DataFrame:
        self.counted.append(table)
        return super().members_by_school(table)


def _counting(district: District) -> _Counting:
    known = _Counting()
    known.take(planned(district, known).comparison)
    return known


def test_an_ordinary_night_does_not_count_the_schools_again() -> None:
    known = _counting(lakeside(400))
    assert not planned(lakeside(400).without("s3", "s4"), known).verdict.holds
    assert known.counted == []


def test_a_school_whose_other_rows_change_the_same_night_is_counted_and_held() -> None:
    """Of Elm's 25 enrollments 4 end and the others change: what stays unchanged says little, and the school waits."""
    known = _counting(lakeside(48))
    tonight = lakeside(48).without(*_ids(6, step=2))
    for row in tonight.files["enrollments"]:
        row["beginDate"] = "2026-09-02"
    result = planned(tonight, known, Policy(updated_share=100))
    assert "enrollments" in known.counted
    assert any(reason.code == "too-many-removals" and reason.school for reason in result.verdict.reasons)
