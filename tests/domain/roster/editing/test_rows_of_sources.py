"""Rows that a source owns are changed there; what the district keeps for itself stays as it says."""

import pytest
from tests.domain.imports.conftest import copies_of_records, sis
from tests.domain.imports.rosters import Door, changes, row, row_id
from tests.domain.roster.editing.conftest import BY, person, role
from tests.engine.district import lakeside

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.classes import remove_class
from firstbell.domain.roster.editing.ownership import locked_columns
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person, restore_person
from firstbell.domain.roster.editing.places import add_members, remove_places
from firstbell.domain.roster.editing.refusals import Locked, Refused
from firstbell.domain.roster.models import Enrollment, User

__all__ = ["copies_of_records", "sis"]


def _person(door: Door, key: str) -> User:
    found = row(door, "users", row_id(door, "users", key))
    assert isinstance(found, User)
    return found


def test_a_sources_person_is_locked_but_for_what_the_district_keeps(sis: Door) -> None:
    sis.bring(lakeside())
    whom = _person(sis, "s1")
    with within(sis.district):
        locked = locked_columns(sis.district, "users", whom)
    assert locked["familyName"] == "sis"
    assert "preferredGivenName" not in locked
    with pytest.raises(Locked) as refused:
        edit_person(sis.district, whom.id, {"familyName": "Other"}, seen=whom.stamp, by=BY)
    assert (refused.value.column, refused.value.source) == ("familyName", "sis")
    for verb in (remove_person, restore_person):
        with pytest.raises(Exception, match=r"come from sis|comes from sis|^\d+$"):
            verb(sis.district, whom.id, by=BY)


def test_a_preferred_name_that_the_district_gave_outlives_every_night(sis: Door) -> None:
    sis.bring(lakeside())
    whom = _person(sis, "s1")
    edit_person(sis.district, whom.id, {"preferredGivenName": "Countess"}, seen=whom.stamp, by=BY)
    again = lakeside()
    again.row("users", "s1")["familyName"] = "King"
    again.row("users", "s1")["preferredGivenName"] = "Adeline"
    run = sis.bring(again)
    assert changes(run)["users"]["updated"] == 1
    now = _person(sis, "s1")
    assert (now.family_name, now.preferred_given_name) == ("King", "Countess")


def test_a_run_leaves_what_was_made_by_hand_and_its_copies_of_records_stay_right(sis: Door) -> None:
    sis.bring(lakeside())
    school, group = row_id(sis, "orgs", "elm"), row_id(sis, "classes", _a_class(sis))
    aide = add_person(sis.district, person("Sub", "Stitute"), [role("teacher", school)], by=BY)
    add_members(sis.district, group, [aide], {"role": "teacher", "endDate": "2027-01-01"}, by=BY)
    run = sis.bring(lakeside())
    assert changes(run) == {}
    with within(sis.district):
        assert Enrollment.objects.get(user_id=aide).removed_at is None
        place = Enrollment.objects.filter(class_id=group).exclude(user_id=aide).first()
    assert place is not None
    with pytest.raises(Refused, match="sis"):
        remove_places(sis.district, group, [place.id], by=BY)
    with pytest.raises(Refused, match="sis"):
        remove_class(sis.district, group, by=BY)


def test_a_source_that_declares_the_same_key_adopts_who_was_made_by_hand_and_keeps_the_published_id(sis: Door) -> None:
    roster = lakeside()
    sis.bring(roster.without("s3"))
    key = roster.row("users", "s3")["identifier"] or "4711"
    school = row_id(sis, "orgs", "elm")
    by_hand = add_person(
        sis.district,
        person(roster.row("users", "s3")["givenName"], roster.row("users", "s3")["familyName"], identifier=key),
        [role("student", school)],
        by=BY,
    )
    roster.row("users", "s3")["identifier"] = key
    sis.bring(roster)
    assert row_id(sis, "users", "s3") == by_hand
    assert _person(sis, "s3").sourced_id == f"fb-{by_hand}"


def _a_class(door: Door) -> str:
    return lakeside()["classes"][0]["sourcedId"]
