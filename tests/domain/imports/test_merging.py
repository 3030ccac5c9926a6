"""People who were merged stay so through every night: sources go on calling them as they did, and change nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.domain.imports.rosters import Door, changes, open_door, row_id, state
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.erasing import erase_due
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.merging import merge_people, offers
from firstbell.domain.roster.editing.people import add_person, remove_person
from firstbell.domain.roster.editing.undoing import undo_act
from firstbell.domain.roster.models import Demographics, Enrollment, Merge, Record, Role, User

RECORDS_AND_ROWS = ("roster_user", "roster_role", "roster_enrollment", "roster_demographics", "roster_record")


def _other(sis: Door, folder: Path) -> tuple[Door, Roster]:
    """A second source, which has s1 under an id of its own, in the class at oak."""
    door = open_door(sis.district, folder / "after-school", "after-school", match_keys={})
    roster = lakeside(2).without("s0", "t-elm", "t-oak")
    for rows in roster.files.values():
        for row in rows:
            for column, text in row.items():
                row[column] = ",".join(f"x-{part}" if _is_id(column) else part for part in text.split(","))
    roster.row("users", "x-s1").update(username="after.s1", identifier="X1", email="after@example.org")
    return door, roster


def _is_id(column: str) -> bool:
    return column == "sourcedId" or column.endswith(("SourcedId", "SourcedIds"))


def _live(door: Door, person_id: int) -> dict[str, int]:
    with within(door.district):
        return {
            model.__name__: model._default_manager.filter(user_id=person_id, removed_at=None).count()
            for model in (Role, Enrollment)
        }


def _user(door: Door, person_id: int) -> User:
    with within(door.district):
        return User.objects.get(id=person_id)


def _goes(door: Door, roster: Roster) -> Run:
    """Apply it, whatever the guard of so small a district says."""
    run = door.bring(roster)
    return door.approve(run) if run.state == "held" else run


def _without_stamps(door: Door) -> dict[str, str]:
    told = state(door.district)
    return {table: told[table] for table in ("roster_record", "roster_source")}


def test_two_sources_go_on_with_one_row_and_nothing_changes_at_night(sis: Door, tmp_path: Path) -> None:
    sis.bring(lakeside())
    other, roster = _other(sis, tmp_path)
    assert other.bring(roster).state == "applied"
    kept, gone = row_id(sis, "users", "s1"), row_id(other, "users", "x-s1")
    merge_people(sis.district, kept, gone, by=BY)
    assert row_id(other, "users", "x-s1") == kept
    assert row_id(other, "demographics", "x-s1") == kept
    assert _live(sis, kept) == {"Role": 2, "Enrollment": 2}, "the after-school class is another one"
    for door, file in ((sis, lakeside()), (other, roster), (sis, lakeside()), (other, roster)):
        run = door.bring(file)
        assert (run.state, changes(run)) == ("applied", {})
    again = roster.copy()
    again.row("users", "x-s1")["email"] = "later@example.org"
    assert changes(other.bring(again)) == {}, "the row is the first source's"
    assert _user(sis, kept).email is None


def test_when_the_owner_lets_go_the_other_source_inherits_the_merged_person(sis: Door, tmp_path: Path) -> None:
    sis.bring(lakeside())
    other, roster = _other(sis, tmp_path)
    other.bring(roster)
    kept = row_id(sis, "users", "s1")
    merge_people(sis.district, kept, row_id(other, "users", "x-s1"), by=BY)
    sis.bring(lakeside().without("s1"))
    person = _user(sis, kept)
    assert (person.removed_at, person.source_id) == (None, other.source.pk)
    other.bring(roster)
    assert _user(sis, kept).email == "after@example.org"
    _goes(other, roster.without("x-s1"))
    assert _user(sis, kept).removed_at is not None


def test_a_row_made_by_hand_that_stays_becomes_the_sources(sis: Door) -> None:
    sis.bring(lakeside())
    school, gone = row_id(sis, "orgs", "elm"), row_id(sis, "users", "s0")
    said = {"givenName": "Ada", "familyName": "Family0", "email": "hand@example.org"}
    kept = add_person(sis.district, said, [{"role": "student", "orgSourcedId": str(school)}], by=BY)
    with within(sis.district):
        told = {offer.column: offer for offer in offers(sis.district, _user(sis, kept), _user(sis, gone))}
    assert {offer.source for offer in told.values()} == {"sis"}
    published = _user(sis, kept).sourced_id
    event_id = merge_people(sis.district, kept, gone, from_gone=[], by=BY)
    person = _user(sis, kept)
    assert (person.source_id, person.username, person.email) == (sis.source.pk, "user.s0", None)
    assert person.sourced_id == published
    assert changes(sis.bring(lakeside())) == {}
    assert _live(sis, kept) == {"Role": 1, "Enrollment": 1}
    changed = lakeside()
    changed.row("users", "s0")["email"] = "new@example.org"
    _goes(sis, changed)
    assert _user(sis, kept).email == "new@example.org"
    assert len(undo_act(sis.district, event_id, by=BY)) == 1, "the address came since"
    assert (_user(sis, kept).source_id, _user(sis, gone).source_id) == (None, sis.source.pk)
    assert _user(sis, gone).removed_at is None
    assert row_id(sis, "users", "s0") == gone
    assert changes(_goes(sis, changed)) == {"users": {"updated": 1}}


def test_one_source_that_has_somebody_twice_is_believed_by_the_row_that_stays(sis: Door) -> None:
    sis.bring(lakeside())
    kept, gone = row_id(sis, "users", "s0"), row_id(sis, "users", "s2")
    before = _without_stamps(sis)
    event_id = merge_people(sis.district, kept, gone, by=BY)
    assert changes(sis.bring(lakeside())) == {}
    assert _live(sis, kept) == {"Role": 1, "Enrollment": 1}, "both were in one class"
    second = lakeside()
    second.row("users", "s2")["email"] = "second@example.org"
    second.row("enrollments", "e-s2")["beginDate"] = "2026-09-01"
    _goes(sis, second)
    assert _user(sis, kept).family_name == "Family0", "the second record does not speak for the row"
    assert _user(sis, kept).email is None
    first = second.copy()
    first.row("users", "s0")["email"] = "first@example.org"
    _goes(sis, first)
    assert _user(sis, kept).email == "first@example.org"
    undo_act(sis.district, event_id, by=BY)
    _goes(sis, first)
    assert _user(sis, gone).email == "second@example.org"
    assert before.keys() == _without_stamps(sis).keys()


def test_a_source_that_mends_its_double_keeps_the_person_whichever_id_it_keeps(sis: Door) -> None:
    sis.bring(lakeside())
    kept, gone = row_id(sis, "users", "s0"), row_id(sis, "users", "s2")
    merge_people(sis.district, kept, gone, by=BY)
    _goes(sis, lakeside().without("s0"))
    assert _user(sis, kept).removed_at is None
    assert _live(sis, kept) == {"Role": 1, "Enrollment": 1}
    assert _user(sis, kept).family_name == "Family2", "the id that is left speaks for the row"
    _goes(sis, lakeside().without("s0", "s2"))
    assert _user(sis, kept).removed_at is not None


def test_undoing_leads_the_records_back_with_their_hashes(sis: Door, tmp_path: Path) -> None:
    sis.bring(lakeside())
    other, roster = _other(sis, tmp_path)
    other.bring(roster)
    before = _without_stamps(sis)
    kept, gone = row_id(sis, "users", "s1"), row_id(other, "users", "x-s1")
    event_id = merge_people(sis.district, kept, gone, by=BY)
    assert _without_stamps(sis) != before
    assert undo_act(sis.district, event_id, by=BY) == []
    assert _without_stamps(sis) == before
    assert (_live(sis, kept), _live(sis, gone)) == ({"Role": 1, "Enrollment": 1},) * 2
    for door, file in ((sis, lakeside()), (other, roster)):
        assert changes(door.bring(file)) == {}


def test_undone_after_the_source_let_go_the_row_is_the_districts_own(sis: Door, tmp_path: Path) -> None:
    sis.bring(lakeside())
    other, roster = _other(sis, tmp_path)
    other.bring(roster)
    gone = row_id(other, "users", "x-s1")
    event_id = merge_people(sis.district, row_id(sis, "users", "s1"), gone, by=BY)
    _goes(other, roster.without("x-s1"))
    conflicts = undo_act(sis.district, event_id, by=BY)
    assert any("the district’s own now" in sentence for sentence in conflicts)
    assert _user(sis, gone).source_id is None


def test_a_new_source_finds_the_row_that_stays_by_its_declared_keys(sis: Door, tmp_path: Path) -> None:
    sis.bring(lakeside())
    school = row_id(sis, "orgs", "elm")
    said = {"givenName": "Ada", "familyName": "Family0", "identifier": "X-0"}
    gone = add_person(sis.district, said, [{"role": "student", "orgSourcedId": str(school)}], by=BY)
    with within(sis.district):
        User.objects.filter(id=gone).update(identifier="900000")
    kept = row_id(sis, "users", "s0")
    merge_people(sis.district, kept, gone, by=BY)
    other = open_door(sis.district, tmp_path / "other", "other", match_keys={"users": ["identifier"]})
    roster = lakeside().only("orgs", "users", "roles")
    roster.row("users", "s0")["sourcedId"] = "y0"
    roster.row("roles", "r-s0")["userSourcedId"] = "y0"
    _goes(other, roster)
    assert row_id(other, "users", "y0") == kept


def test_erasing_somebody_erases_the_rows_that_were_merged_into_theirs_and_not_before(
    sis: Door, tmp_path: Path
) -> None:
    sis.bring(lakeside())
    other, roster = _other(sis, tmp_path)
    other.bring(roster)
    kept, gone = row_id(sis, "users", "s1"), row_id(other, "users", "x-s1")
    for person_id in (kept, gone):
        set_credential(sis.district, person_id, f"log-in {person_id}", "river-otter-42", by=OPERATOR)
    merge_people(sis.district, kept, gone, by=BY)
    later = timezone.now() + timedelta(days=91)
    assert erase_due(sis.district, at=later).people == 0, "a merged row waits for the one that stands for it"
    accounts = Account.objects.count()
    _goes(sis, lakeside().without("s1"))
    _goes(other, roster.without("x-s1"))
    assert erase_due(sis.district, at=later).people == 1
    with within(sis.district):
        assert not User.objects.filter(id__in=[kept, gone]).exists()
        assert not Demographics.objects.filter(id__in=[kept, gone]).exists()
        assert not Role.objects.filter(user_id__in=[kept, gone]).exists()
        assert not Record.objects.filter(row_id__in=[kept, gone]).exists()
        assert not Merge.objects.exists()
    assert Account.objects.count() == accounts - 2


def test_a_merged_person_who_is_removed_by_hand_is_erased_whole(sis: Door) -> None:
    sis.bring(lakeside())
    school = row_id(sis, "orgs", "elm")
    role = [{"role": "student", "orgSourcedId": str(school)}]
    kept, gone = (add_person(sis.district, {"givenName": "Zoe", "familyName": "Doe"}, role, by=BY) for _ in range(2))
    merge_people(sis.district, kept, gone, by=BY)
    remove_person(sis.district, kept, by=BY)
    assert erase_due(sis.district, at=timezone.now() + timedelta(days=91)).people == 1
    with within(sis.district):
        assert not User.objects.filter(family_name="Doe").exists()


@pytest.mark.parametrize("mode", ["bulk", "delta"])
def test_a_merged_row_never_comes_back_with_a_file(sis: Door, mode: str) -> None:
    sis.bring(lakeside())
    kept, gone = row_id(sis, "users", "s0"), row_id(sis, "users", "s2")
    merge_people(sis.district, kept, gone, by=BY)
    changed = lakeside()
    for number, key in enumerate(("s0", "s2")):
        changed.row("users", key)["email"] = f"{number}@example.org"
    if mode == "delta":
        changed.modes = dict.fromkeys(changed.files, "delta")
        for rows in changed.files.values():
            for row in rows:
                row |= {"status": "active", "dateLastModified": "2026-09-01T00:00:00.000Z"}
    assert _goes(sis, changed).state == "applied"
    assert _user(sis, gone).removed_at is not None
    assert _user(sis, kept).email == "0@example.org"
