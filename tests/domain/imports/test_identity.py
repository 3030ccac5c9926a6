"""Who is who: one row for life, whatever its sources call it (ARCHITECTURE 5 and 8)."""

from pathlib import Path

import pytest
from tests.domain.imports.rosters import Door, changes, found, open_door, published, reasons, row, row_id, state
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import RunState
from firstbell.domain.roster.models import Record, User
from firstbell.domain.roster.sources import change_settings


@pytest.fixture
def other(district: District, tmp_path: Path) -> Door:
    """A second source of the same district."""
    return open_door(district, tmp_path / "other", "other")


def _renumbered(roster: Roster, prefix: str = "new-") -> Roster:
    """Every person under a new id, with all that hangs on them."""
    after = roster.copy()
    people = {person["sourcedId"] for person in roster["users"]}
    for rows in after.files.values():
        for entry in rows:
            for column, value in entry.items():
                if value in people:
                    entry[column] = prefix + value
    return after


def _people(roster: Roster) -> Roster:
    """The people alone, as a partial list: nobody is removed by it."""
    return roster.only("users")


def _as_other_source(roster: Roster) -> Roster:
    """The same people as another system calls them."""
    return _people(_renumbered(roster, "dir-"))


def test_a_published_id_never_changes(sis: Door) -> None:
    sis.bring(lakeside())
    before = row(sis, "users", row_id(sis, "users", "s0"))
    renamed = lakeside()
    renamed.row("users", "s0").update(familyName="Married", username="other")
    sis.bring(renamed)
    sis.bring(lakeside().without("s0"))
    sis.bring(renamed)
    after = row(sis, "users", row_id(sis, "users", "s0"))
    assert isinstance(before, User)
    assert isinstance(after, User)
    assert (after.id, after.sourced_id) == (before.id, "s0")
    assert after.removed_at is None
    assert after.family_name == "Married"
    assert after.stamp > before.stamp


def test_an_id_that_another_source_has_published_gets_a_suffix(sis: Door, other: Door) -> None:
    sis.bring(lakeside(2))
    theirs = _people(lakeside(2))
    for person in theirs["users"]:
        person.update(givenName="Else", familyName="Where", username="x" + person["username"], identifier="")
    assert other.bring(theirs).state == RunState.APPLIED
    assert {"s0", "s0-2", "s1", "s1-2", "t-elm", "t-elm-2"} <= published(sis.district)["users"].keys()
    assert row_id(sis, "users", "s0") != row_id(other, "users", "s0")


def test_a_suffix_is_not_what_another_new_row_is_called(sis: Door, other: Door) -> None:
    sis.bring(lakeside(1))
    theirs = _people(lakeside(1))
    theirs.files["users"] = [
        {"sourcedId": key, "enabledUser": "true", "username": key, "givenName": "Else", "familyName": key}
        for key in ("s0", "s0-2", "s0-3")
    ]
    assert other.bring(theirs).state == RunState.APPLIED
    assert {"s0", "s0-2", "s0-3", "s0-4"} <= published(sis.district)["users"].keys()


def test_two_sources_for_one_person_are_one_row_and_two_records(sis: Door, other: Door) -> None:
    sis.bring(lakeside())
    people = len(published(sis.district)["users"])
    run = other.bring(_as_other_source(lakeside()))
    assert changes(run) == {}
    assert len(published(sis.district)["users"]) == people
    assert row_id(sis, "users", "s0") == row_id(other, "users", "dir-s0")
    with within(sis.district):
        assert Record.objects.filter(row_id=row_id(sis, "users", "s0"), kind=4).count() == 2


def test_a_second_source_never_writes_on_rows_of_the_first(sis: Door, other: Door) -> None:
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside())
    theirs.row("users", "dir-s0")["email"] = "other@example.org"
    assert changes(other.bring(theirs)) == {}
    assert published(sis.district)["users"]["s0"]["email"] is None


def test_who_lets_go_hands_over_to_the_next_in_rank_and_nobody_is_removed(sis: Door, other: Door) -> None:
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside())
    other.bring(theirs)
    run = sis.bring(lakeside().without("s0"))
    assert "users" not in changes(run)
    assert row(sis, "users", row_id(sis, "users", "s0")).source_id == other.source.pk
    assert "s0" in published(sis.district)["users"]
    theirs.row("users", "dir-s0")["familyName"] = "Theirs"
    other.bring(theirs)
    assert published(sis.district)["users"]["s0"]["familyName"] == "Theirs"


def test_the_heir_says_what_it_always_said_and_it_counts_from_then_on(sis: Door, other: Door) -> None:
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside())
    theirs.row("users", "dir-s0")["email"] = "theirs@example.org"
    other.bring(theirs)
    sis.bring(lakeside().without("s0"))
    other.bring(theirs)
    assert published(sis.district)["users"]["s0"]["email"] == "theirs@example.org"


def test_who_comes_back_under_a_second_source_belongs_to_it(sis: Door, other: Door) -> None:
    sis.bring(lakeside())
    sis.bring(lakeside().without("s0"))
    theirs = _as_other_source(lakeside())
    theirs.row("users", "dir-s0")["email"] = "theirs@example.org"
    run = other.bring(theirs)
    assert changes(run) == {"users": {"restored": 1}}
    back = row(other, "users", row_id(other, "users", "dir-s0"))
    assert back.source_id == other.source.pk
    assert published(sis.district)["users"]["s0"]["email"] == "theirs@example.org"


def test_a_contributor_changes_its_fields_only_and_the_owner_leaves_them_alone(sis: Door, other: Door) -> None:
    change_settings(sis.district, other.source, {"contributes": {"users": ["email", "username"]}}, by=OPERATOR)
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside())
    theirs.row("users", "dir-s0").update(email="ada@example.org", phone="555")
    assert changes(other.bring(theirs)) == {"users": {"updated": 1}}
    mine = lakeside()
    mine.row("users", "s0").update(email="old@example.org", middleName="Maria", username="mine")
    assert changes(sis.bring(mine)) == {"users": {"updated": 1}}
    person = published(sis.district)["users"]["s0"]
    assert person["email"] == "ada@example.org"
    assert person["username"] == "user.s0"
    assert person["middleName"] == "Maria"
    assert person["phone"] is None


def test_a_contributor_makes_nobody_and_says_whom_it_did_not_find(sis: Door, other: Door) -> None:
    change_settings(sis.district, other.source, {"contributes": {"users": ["email"]}}, by=OPERATOR)
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside())
    theirs["users"].append({**theirs["users"][0], "sourcedId": "dir-9", "identifier": "77", "givenName": "Zed"})
    run = other.bring(theirs)
    assert "added" not in changes(run).get("users", {})
    assert "contributor-unmatched" in found(sis.district, run)


def test_a_contributor_brings_nobody_back(sis: Door, other: Door) -> None:
    change_settings(sis.district, other.source, {"contributes": {"users": ["email"]}}, by=OPERATOR)
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside())
    other.bring(theirs)
    sis.bring(lakeside().without("s0"))
    theirs.row("users", "dir-s0")["email"] = "ghost@example.org"
    assert changes(other.bring(theirs)) == {}
    assert "s0" not in published(sis.district)["users"]


def _unowned(door: Door, **content: str) -> int:
    """A person made in the product."""
    from django.utils import timezone

    with within(door.district):
        stamp = take_stamps(door.district, 1)
        User.objects.create(
            district_id=door.district.pk,
            id=stamp,
            sourced_id="made-here",
            stamp=stamp,
            created_stamp=stamp,
            date_last_modified=timezone.now(),
            **content,
        )
    return stamp


def test_a_row_of_nobody_is_adopted_by_a_declared_key(sis: Door) -> None:
    made = _unowned(sis, given_name="Ada", family_name="Family0", identifier="900000")
    run = sis.bring(lakeside())
    assert run.state == RunState.APPLIED
    assert row_id(sis, "users", "s0") == made
    assert row(sis, "users", made).source_id == sis.source.pk
    assert published(sis.district)["users"]["made-here"]["username"] == "user.s0"


def test_a_row_of_nobody_is_not_adopted_by_a_key_that_was_not_declared(sis: Door) -> None:
    made = _unowned(sis, given_name="Ada", family_name="Family0", username="user.s0")
    sis.bring(lakeside())
    assert row_id(sis, "users", "s0") != made
    assert row(sis, "users", made).source_id is None


def test_a_key_whose_name_is_another_keeps_two_people_apart_and_says_so(sis: Door, other: Door) -> None:
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside())
    theirs.row("users", "dir-s0").update(givenName="Zoe", familyName="Else")
    run = other.bring(theirs)
    assert changes(run) == {"users": {"added": 1}}
    assert "key-not-corroborated" in found(sis.district, run)
    assert row_id(sis, "users", "s0") != row_id(other, "users", "dir-s0")


def test_two_records_that_claim_one_key_are_not_merged(sis: Door, other: Door) -> None:
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside())
    theirs["users"].append({**theirs.row("users", "dir-s0"), "sourcedId": "dir-twin", "username": "twin"})
    run = other.bring(theirs)
    assert "key-claimed-twice" in found(sis.district, run)
    assert changes(run) == {"users": {"added": 2}}
    assert len({row_id(sis, "users", "s0"), row_id(other, "users", "dir-s0"), row_id(other, "users", "dir-twin")}) == 3


def test_renumbered_people_wait_and_change_nothing(sis: Door) -> None:
    sis.bring(lakeside())
    before = state(sis.district)
    run = sis.bring(_renumbered(lakeside()))
    assert run.state == RunState.HELD
    assert "renumbered" in reasons(run)
    assert not run.safe_part_applied
    assert state(sis.district) == before


def test_renumbered_people_keep_their_rows_and_published_ids(sis: Door) -> None:
    sis.bring(lakeside())
    before, s0 = published(sis.district), row_id(sis, "users", "s0")
    run = sis.approve(sis.bring(_renumbered(lakeside())))
    assert run.state == RunState.APPLIED
    assert changes(run) == {}
    assert published(sis.district) == before
    assert row_id(sis, "users", "new-s0") == s0
    with within(sis.district):
        assert not Record.objects.filter(source_key="s0").exists()
    assert sis.bring(_renumbered(lakeside())).state == RunState.APPLIED


def test_renumbered_people_that_are_not_the_same_go_and_others_come(sis: Door) -> None:
    sis.bring(lakeside())
    s0 = row_id(sis, "users", "s0")
    run = sis.approve(sis.bring(_renumbered(lakeside())), rekey=False)
    assert run.state == RunState.APPLIED
    assert changes(run)["users"] == {"added": 6, "removed": 6}
    after = published(sis.district)
    assert {"new-s0", "new-t-elm"} <= after["users"].keys()
    assert "s0" not in after["users"]
    assert row_id(sis, "users", "new-s0") != s0
    assert {enrollment["userSourcedId"] for enrollment in after["enrollments"].values()} == after["users"].keys()


def test_renumbered_people_of_a_large_school_that_are_not_the_same_go_and_others_come(sis: Door) -> None:
    sis.bring(lakeside(60))
    run = sis.approve(sis.bring(_renumbered(lakeside(60))), rekey=False)
    assert run.state == RunState.APPLIED, run.reasons
    assert changes(run)["users"] == {"added": 62, "removed": 62}


def _recycled() -> Roster:
    roster = lakeside()
    roster.row("users", "s0").update(givenName="Zoe", familyName="Other", username="zoe", identifier="1")
    return roster


def test_an_id_that_carries_another_person_waits_and_then_gives_a_new_row(sis: Door) -> None:
    sis.bring(lakeside())
    before, old = state(sis.district), row_id(sis, "users", "s0")
    old_enrollment = row_id(sis, "enrollments", "e-s0")
    run = sis.bring(_recycled())
    assert (run.state, reasons(run)) == (RunState.HELD, {"id-recycled"})
    assert state(sis.district) == before
    assert sis.approve(run).state == RunState.APPLIED
    after = published(sis.district)
    assert row_id(sis, "users", "s0") != old
    assert "s0" not in after["users"]
    assert after["users"]["s0-2"]["familyName"] == "Other"
    assert after["enrollments"]["e-s0-2"]["userSourcedId"] == "s0-2"
    assert "e-s0" not in after["enrollments"]
    assert row(sis, "enrollments", old_enrollment).user_id == old  # type: ignore[attr-defined]
    assert row(sis, "users", old).removed_at is not None
    assert changes(sis.bring(_recycled())) == {}


def test_an_id_that_carries_another_person_and_is_discarded_leaves_the_first(sis: Door) -> None:
    from firstbell.domain.imports.actions import discard_run

    sis.bring(lakeside())
    before = published(sis.district)
    run = sis.bring(_recycled())
    discard_run(sis.district, run, by=OPERATOR)
    assert run.state == RunState.DISCARDED
    assert published(sis.district) == before


def test_a_class_id_with_other_people_in_another_year_is_another_class(sis: Door) -> None:
    roster = lakeside(6)
    sis.bring(roster)
    old = row_id(sis, "classes", "c-elm")
    following = lakeside(6).without("e-s0", "e-s2", "e-s4")
    years = (("next", "schoolYear", ""), ("next-fall", "term", "next"))
    following.files["academicSessions"] += [
        {"sourcedId": key, "title": key, "type": kind, "startDate": "2027-08-15", "endDate": "2028-06-15"}
        | {"parentSourcedId": parent, "schoolYear": "2028"}
        for key, kind, parent in years
    ]
    following.row("classes", "c-elm")["termSourcedIds"] = "next-fall"
    for number in (1, 3, 5):
        moved = following.row("enrollments", f"e-s{number}")
        moved.update(sourcedId=f"f-s{number}", classSourcedId="c-elm", schoolSourcedId="elm")
    run = sis.bring(following)
    assert (run.state, reasons(run)) == (RunState.HELD, {"id-recycled"})
    sis.approve(run)
    after = published(sis.district)
    assert row_id(sis, "classes", "c-elm") != old
    members = {one["userSourcedId"] for one in after["enrollments"].values() if one["classSourcedId"] == "c-elm-2"}
    assert members == {"s1", "s3", "s5", "t-elm"}
    assert not any(one["classSourcedId"] == "c-elm" for one in after["enrollments"].values())
