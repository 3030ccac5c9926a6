"""One school looks wrong: it waits, and the removals of the others go."""

from tests.engine.district import District, actions, lakeside, planned, reasons, roster_of

from firstbell.engine.allowing import smallest_limits
from firstbell.engine.other_schools import Others, others_part
from firstbell.engine.pipeline import Plan
from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot

STUDENTS = 120
ELM = [f"s{number}" for number in range(0, STUDENTS, 2)]
OAK = [f"s{number}" for number in range(1, STUDENTS, 2)]


def night(*gone: str) -> District:
    return lakeside(STUDENTS).without(*gone)


def others(result: Plan) -> Others | None:
    return others_part(result.comparison, result.verdict.reasons)


def known() -> Snapshot:
    return roster_of(lakeside(STUDENTS))


def test_all_that_hangs_on_the_school_waits_and_all_of_the_others_goes() -> None:
    before = known()
    result = planned(night(*ELM, *OAK[:3]), before)
    part = others(result)
    assert part is not None
    assert len(part.schools) == 1
    removed = {
        name: set(plan.changes.filter(plan.changes["action"] == "removed")["key"].to_list())
        for name, plan in part.plans.items()
    }
    assert removed["users"] == set(OAK[:3])
    assert removed["roles"] == {f"r-{person}" for person in OAK[:3]}
    assert removed["enrollments"] == {f"e-{person}" for person in OAK[:3]}
    assert removed["demographics"] == set(OAK[:3])
    result.comparison.plans = part.plans
    before.take(result.comparison)
    again = planned(night(*ELM, *OAK[:3]), before)
    assert actions(again)["users"] == {"removed": len(ELM)}
    assert actions(again)["enrollments"] == {"removed": len(ELM)}
    assert actions(planned(lakeside(STUDENTS), before))["users"] == {"restored": 3}


def test_somebody_of_both_schools_waits_with_the_one_that_looks_wrong() -> None:
    both = lakeside(STUDENTS)
    both["roles"].append({**both.row("roles", "r-s1"), "sourcedId": "r-s1-elm", "orgSourcedId": "elm"})
    result = planned(night(*ELM, "s1", "s3", "r-s1-elm"), roster_of(both))
    part = others(result)
    assert part is not None
    for name in ("users", "roles", "enrollments"):
        keys = part.plans[name].changes["key"].to_list()
        assert not [key for key in keys if key.removeprefix("r-").removeprefix("e-").startswith("s1")], name


def with_ash() -> District:
    """Half of Oak's students are at a third school."""
    district = lakeside(STUDENTS)
    district["orgs"].append({**district.row("orgs", "oak"), "sourcedId": "ash", "name": "Ash"})
    for person in OAK[30:]:
        district.row("roles", f"r-{person}")["orgSourcedId"] = "ash"
    return district


def test_there_is_no_part_where_the_rest_is_too_much_by_itself() -> None:
    assert others(planned(night(*ELM, *OAK[:20]), known())) is None
    policy = Policy(removed_people=8, removed_share=30)
    few, many = (with_ash().without(*ELM, *OAK[:count], *OAK[30 : 30 + count]) for count in (3, 6))
    assert others(planned(few, roster_of(with_ash()), policy)) is not None
    assert others(planned(many, roster_of(with_ash()), policy)) is None  # six at each school, twelve in all


def test_there_is_none_where_no_school_is_named_or_only_it_loses_anybody() -> None:
    assert others(planned(night(*ELM), known())) is None
    held = planned(night(*OAK[:3]), known(), Policy(held="Look first."))
    assert others(held) is None


def test_the_smallest_limits_let_it_pass_and_smaller_ones_do_not() -> None:
    before, gone = known(), ELM[:20]
    result = planned(night(*gone), before, Policy(removed_people=15))
    limits = smallest_limits(result.verdict.reasons, Policy(removed_people=15)).limits
    assert limits["removed_people"] == 20
    enough = Policy(removed_share=limits["removed_share"], removed_people=20)
    assert reasons(planned(night(*gone), before, enough)) == set()
    for small in (
        Policy(removed_share=limits["removed_share"] - 0.1, removed_people=20),
        Policy(removed_share=limits["removed_share"], removed_people=19),
    ):
        assert reasons(planned(night(*gone), before, small)) == {"too-many-removals"}


def test_no_limit_helps_against_a_list_that_is_missing() -> None:
    result = planned(lakeside().only("orgs", "users"), roster_of(lakeside()), Policy(expects=("classes",)))
    assert "file-missing" in smallest_limits(result.verdict.reasons, Policy()).others


def test_with_additions_only_nobody_is_removed_and_everybody_is_missing_again_afterwards() -> None:
    before = known()
    after = night(*ELM)
    after["users"].append({**after["users"][0], "sourcedId": "new", "username": "new", "identifier": "new"})
    result = planned(after, before, Policy(additions_only=True))
    assert reasons(result) == set()
    assert result.put_off["users"] == len(ELM)
    assert actions(result)["users"] == {"added": 1}
    before.take(result.comparison)
    assert "too-many-removals" in reasons(planned(after, before))
