"""What a source does not send is made by the district's rules: the same every night, and nobody's twice."""

import polars as pl
import pytest
from tests.engine.district import District, actions, lakeside, planned, roster_of

from firstbell.engine.deriving_rules import BadRule, ensure_good_rules
from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot

RULES: dict[str, tuple[str, ...]] = {
    "student.username": ("{given:1}{family}", "{given}{family}"),
    "student.email": ("{username}@students.example.org",),
}
POLICY = Policy(derives=RULES)


def nameless(students: int = 4) -> District:
    district = lakeside(students)
    for person in district["users"]:
        if person["sourcedId"].startswith("s"):
            person["username"] = ""
    return district


def usernames(known: Snapshot) -> dict[str, str]:
    rows = known.live("users")
    return dict(zip(rows["key"].to_list(), rows["username"].to_list(), strict=True))


def after(district: District, known: Snapshot | None = None, policy: Policy = POLICY) -> Snapshot:
    made = known or Snapshot()
    made.take(planned(district, made, policy).comparison)
    return made


def test_names_are_made_in_plain_letters_and_others_stay() -> None:
    district = nameless()
    district.row("users", "s0").update(givenName="Zoë", familyName="O'Neil")
    known = after(district)
    assert usernames(known)["s0"] == "zoneil"
    assert usernames(known)["s1"] == "bfamily1"
    assert usernames(known)["t-elm"] == "teacher.elm"
    emails = known.live("users").filter(pl.col("key") == "s0")["email"].to_list()
    assert emails == ["zoneil@students.example.org"]


def test_who_is_called_alike_gets_the_next_pattern_and_then_a_number() -> None:
    district = nameless(6)
    for number in range(6):
        district.row("users", f"s{number}").update(givenName="Ada", familyName="Lee")
    assert sorted(usernames(after(district))[f"s{number}"] for number in range(6)) == [
        "adalee",
        "alee",
        "alee2",
        "alee3",
        "alee4",
        "alee5",
    ]


def test_nothing_changes_the_next_night_or_when_somebody_is_called_otherwise() -> None:
    district = nameless()
    known = after(district)
    assert actions(planned(district, known, POLICY)) == {}
    before = usernames(known)
    district.row("users", "s0")["familyName"] = "Married"
    district["users"].insert(0, {**district.row("users", "s1"), "sourcedId": "a-new", "identifier": "new"})
    district["roles"].append({**district.row("roles", "r-s1"), "sourcedId": "r-a-new", "userSourcedId": "a-new"})
    night = planned(district, known, POLICY)
    assert actions(night)["users"] == {"added": 1, "updated": 1}
    known.take(night.comparison)
    assert {key: name for key, name in usernames(known).items() if key != "a-new"} == before
    assert usernames(known)["a-new"] == "benfamily1"


def test_somebody_else_s_username_is_not_taken_and_who_returns_has_their_own() -> None:
    known = after(nameless())
    without = nameless().without("s0")
    known.take(planned(without, known, Policy(derives=RULES, removed_share=100)).comparison)
    assert usernames(after(nameless(), known))["s0"] == "afamily0"


def test_first_passwords_are_for_newcomers_who_come_without_one() -> None:
    district = nameless()
    district.row("users", "s1")["password"] = "of-their-own"
    policy = Policy(derives={"student.password": ("{family:3}{birth:4}{number:-2}",)})
    made = planned(district, policy=policy)
    passwords = dict(made.passwords.select("sourcedId", "password").rows())
    assert passwords == {"s1": "of-their-own", "s0": "fam201500", "s2": "fam201502", "s3": "fam201503"}
    assert planned(district, roster_of(nameless()), policy).passwords["sourcedId"].to_list() == ["s1"]


def test_what_cannot_be_filled_stays_blank_and_that_it_was_blank_is_told_of_it_alone() -> None:
    district = nameless()
    district.row("users", "s0")["identifier"] = ""
    result = planned(district, policy=Policy(derives={"student.username": ("{number}",)}))
    told = result.checked.findings.filter(pl.col("code") == "value-missing-tolerated", pl.col("column") == "username")
    assert told["sourcedId"].to_list() in (["s0"], [None])
    assert told.height == 1


@pytest.mark.parametrize(
    "rules",
    [
        {"student.shoe": ["{given}"]},
        {"staff.password": ["{given}"]},
        {"student.username": ["same"]},
        {"student.username": ["{birth}"]},
        {"student.username": ["{given"]},
        {"student.username": ["{given} {family}"]},
        {"student.username": ["{given}@x"]},
        {"student.email": ["{username}"]},
        {"student.email": ["{username}@nowhere"]},
        {"student.username": ["{given}"] * 6},
        {"student.username": ["{given}" * 20]},
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(rules: dict[str, list[str]]) -> None:
    with pytest.raises(BadRule):
        ensure_good_rules(rules)
