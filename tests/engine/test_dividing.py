"""The safe part of a run: what no reason to wait is about, with records that let the rest be found again."""

from tests.engine.district import District, lakeside, planned, reasons, roster_of

from firstbell.engine.dividing import safe_part
from firstbell.engine.pipeline import Plan
from firstbell.engine.plan import TablePlan

STUDENTS = 40


def _part(result: Plan) -> dict[str, TablePlan]:
    return safe_part(result.comparison, result.verdict.reasons)


def _actions(plan: TablePlan) -> dict[str, int]:
    return {action: n for action in ("added", "updated", "removed") if (n := plan.count(action))}


def _with_staff(students: int) -> District:
    """Five students who become teachers, and somebody new who is one."""
    roster = lakeside(students)
    for person in ("s1", "s2", "s3", "s4", "s5", "s40"):
        roster["roles"].append(
            {"sourcedId": f"staff-{person}", "userSourcedId": person, "roleType": "secondary", "role": "teacher"}
            | {"orgSourcedId": "elm"}
        )
    return roster


def test_removals_wait_and_so_do_the_records_of_who_would_go() -> None:
    night = lakeside(STUDENTS + 1).without(*(f"s{number}" for number in range(10)))
    part = _part(planned(night, roster_of(lakeside(STUDENTS))))
    assert _actions(part["users"]) == {"added": 1}
    assert part["users"].records["present"].all()


def test_staff_roles_of_who_is_known_wait_and_those_of_new_people_go() -> None:
    result = planned(_with_staff(STUDENTS + 1), roster_of(lakeside(STUDENTS)))
    assert reasons(result) == {"role-gains"}
    roles = _part(result)["roles"]
    assert set(roles.changes["key"]) == {"r-s40", "staff-s40"}
    assert not [key for key in roles.records["key"] if key in {f"staff-s{number}" for number in range(1, 6)}]


def test_a_few_staff_roles_that_are_no_reason_go() -> None:
    night = lakeside(STUDENTS).without(*(f"s{number}" for number in range(10, 20)))
    night["roles"].append({**night.row("roles", "r-s1"), "sourcedId": "aide", "role": "aide", "roleType": "secondary"})
    result = planned(night, roster_of(lakeside(STUDENTS)))
    assert reasons(result) == {"too-many-removals"}
    assert _part(result)["roles"].changes["key"].to_list() == ["aide"]


def test_of_a_table_with_too_many_updates_only_the_others_go() -> None:
    night = lakeside(STUDENTS + 1)
    for person in night["users"]:
        person["middleName"] = "Maria"
    night.row("classes", "c-elm")["location"] = "R12"
    part = _part(planned(night, roster_of(lakeside(STUDENTS))))
    assert _actions(part["users"]) == {"added": 1}
    assert _actions(part["classes"]) == {"updated": 1}
    assert part["users"].records["key"].to_list() == ["s40"]


def test_a_run_that_looks_renumbered_has_no_part() -> None:
    after = lakeside(STUDENTS)
    people = {person["sourcedId"] for person in after["users"]}
    for rows in after.files.values():
        for row in rows:
            row.update({column: f"new-{value}" for column, value in row.items() if value in people})
    result = planned(after, roster_of(lakeside(STUDENTS)))
    assert "renumbered" in reasons(result)
    assert _part(result) == {}
