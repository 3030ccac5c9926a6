"""The district's rule for students' passwords holds for files too."""

from pathlib import Path

import pytest
from tests.engine.formats.lists import STAFF, STUDENTS, sheet, write_lists

from firstbell.engine.findings import explain
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import Plan, plan
from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot

RULE = {"": 8, "KG": 4, "03": 6}
LISTS = {
    STUDENTS: sheet(
        "First name,Last name,Student number,Grade,Username,Password,Schools",
        "Ana,Lopez,1,3,ana.l,short,Elm",
        "Bo,Lee,2,K,bo.lee,four,Elm",
        "Cy,Ng,3,,cy.ng,sevenxx,Elm",
        "Di,Oh,4,3,di.oh,sixsix,Elm",
        "Ed,Po,5,9,ed.po,,Elm",
    ),
    STAFF: sheet("First name,Last name,Role,Email,Schools,Password", "Tia,Teach,Teacher,tia@example.org,Elm,abc"),
}


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return write_lists(tmp_path / "lists", LISTS)


def _planned(lists: Path, rule: dict[str, int]) -> Plan:
    planned = plan(open_package(lists), Snapshot(), Policy(password_lengths=rule))
    assert isinstance(planned, Plan)
    return planned


def test_a_password_that_is_too_short_is_told_and_opens_nothing(lists: Path) -> None:
    planned = _planned(lists, RULE)
    told = explain(planned.checked.findings.filter(code="password-short"))
    assert told.select("file", "record", "column", "detail").rows() == [
        ("Students.csv", 1, "Password", "6"),
        ("Students.csv", 3, "Password", "8"),
    ]
    assert set(told["value"].to_list()) == {None}
    assert "short" not in " ".join([*told["message"], *told["remedy"]])
    assert sorted(planned.passwords["password"]) == ["abc", "four", "sixsix"]


def test_without_a_rule_passwords_are_taken_as_they_are(lists: Path) -> None:
    planned = _planned(lists, {})
    assert planned.passwords.height == 5
    assert not planned.checked.findings.filter(code="password-short").height
