"""Who is kept by hand until a day: there on it, gone after it, restorable; whom a source sends by then stays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.domain.imports.rosters import PRINCIPAL, open_door
from tests.domain.roster.editing.conftest import BY, Small, person, role
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.leaving import let_leave, set_last_day
from firstbell.domain.roster.editing.merging import merge_people
from firstbell.domain.roster.editing.people import add_person, restore_person
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.undoing import undo_act
from firstbell.domain.roster.letting_go import let_go
from firstbell.domain.roster.models import Leaving, User
from firstbell.domain.roster.queries.leaving import find_last_days


def _days(small: Small) -> dict[int, date]:
    with within(small.district):
        return find_last_days(small.district, [small.student, small.teacher])


def _soon(small: Small) -> date:
    return today_of(small.district) + timedelta(days=30)


def test_somebody_is_there_on_the_last_day_gone_after_it_and_comes_back_whole(small: Small) -> None:
    day = _soon(small)
    assert set_last_day(small.district, [small.student], day, by=BY).done == ["Ada Byron"]
    assert let_leave(small.district, day) == 0
    assert small.row("users", small.student).removed_at is None
    assert [let_leave(small.district, day + timedelta(days=1)) for _ in range(2)] == [1, 0]
    assert small.row("users", small.student).removed_at is not None
    assert small.live("enrollments") == 1
    assert small.row("users", small.teacher).removed_at is None
    restore_person(small.district, small.student, by=BY)
    assert small.live("enrollments") == 2
    assert let_leave(small.district, day + timedelta(days=2)) == 0, "who is brought back stays"


def test_the_act_names_firstbell_and_is_undone_as_one(small: Small) -> None:
    day = _soon(small)
    set_last_day(small.district, [small.student, small.teacher], day, by=BY)
    let_leave(small.district, day + timedelta(days=9))
    with within(small.district):
        left = list_events(small.district.pk)[0]
    assert (left.verb, left.actor_name, left.subject_id) == ("people.left", "Firstbell", "2")
    undo_act(small.district, left.pk, by=BY)
    assert (small.live("users"), small.live("enrollments")) == (2, 2)


def test_a_day_is_changed_and_taken_back_and_each_time_written_down(small: Small) -> None:
    day = _soon(small)
    for wanted in (day, day + timedelta(days=1), None):
        set_last_day(small.district, [small.student], wanted, by=small.registrar())
        assert _days(small) == ({small.student: wanted} if wanted else {})
    assert let_leave(small.district, day + timedelta(days=99)) == 0
    with within(small.district):
        events = list_events(small.district.pk, subject_kind="user", subject_id=small.student)[:3]
    assert [event.detail["last_day"] for event in events] == [None, str(day + timedelta(days=1)), str(day)]
    assert {event.actor_name for event in events} == {"Rita Registrar"}


def test_a_look_writes_nothing_and_a_day_that_is_gone_or_of_another_century_is_refused(small: Small) -> None:
    assert set_last_day(small.district, [small.student], _soon(small), by=BY, only_look=True).done == ["Ada Byron"]
    assert _days(small) == {}
    for wrong in (date(2001, 1, 1), date(2206, 1, 1)):
        with pytest.raises(Refused):
            set_last_day(small.district, [small.student], wrong, by=BY)


def test_a_registrar_sets_it_for_those_of_her_school_only(small: Small) -> None:
    roles = [role("teacher", school) for school in (small.school, small.other_school)]
    both = add_person(small.district, person("Bo", "Both"), roles, by=BY)
    outcome = set_last_day(small.district, [small.student, both], _soon(small), by=small.registrar())
    assert outcome.done == ["Ada Byron"]
    assert [name for name, _ in outcome.left] == ["Bo Both"]
    with pytest.raises(NotThere):
        set_last_day(small.district, [small.teacher], _soon(small), by=small.registrar(small.other_school))


def _sis(small: Small) -> Roster:
    """A source that has begun to send Ada, by the number that she has here."""
    roster = lakeside(2)
    roster.row("users", "s0").update(identifier="1001", givenName="Ada", familyName="Byron")
    return roster


def test_whom_a_source_sends_before_the_day_stays_and_the_day_is_forgotten(small: Small, tmp_path: Path) -> None:
    day = _soon(small)
    set_last_day(small.district, [small.student, small.teacher], day, by=BY)
    door = open_door(small.district, tmp_path / "sis")
    assert door.bring(_sis(small)).state == "applied"
    assert small.row("users", small.student).source_id == door.source.pk
    left = set_last_day(small.district, [small.student], day, by=BY).left
    assert left == [("Ada Byron", "comes from sis, which says itself who leaves")]
    assert let_leave(small.district, day + timedelta(days=1)) == 1, "the teacher alone: nobody sent her"
    assert small.row("users", small.student).removed_at is None


def test_the_day_does_not_come_back_when_the_source_lets_go(small: Small, tmp_path: Path) -> None:
    day = _soon(small)
    set_last_day(small.district, [small.student], day, by=BY)
    door = open_door(small.district, tmp_path / "sis")
    assert door.bring(_sis(small)).state == "applied"
    assert let_leave(small.district, day) == 0
    let_go(small.district, door.source, by=PRINCIPAL)
    assert let_leave(small.district, day + timedelta(days=1)) == 0
    assert small.row("users", small.student).removed_at is None


def test_a_day_goes_with_the_row_that_was_merged_away(small: Small) -> None:
    twin = add_person(small.district, person("Ada", "Byron"), [role("student", small.school)], by=BY)
    set_last_day(small.district, [twin], _soon(small), by=BY)
    merge_people(small.district, small.student, twin, by=BY)
    with within(small.district):
        assert not Leaving.objects.filter(district_id=small.district.pk).exists()
    assert let_leave(small.district, _soon(small) + timedelta(days=1)) == 0
    with within(small.district):
        assert User.objects.get(id=small.student).removed_at is None
