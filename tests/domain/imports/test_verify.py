"""What was written is read back: a database that does something else is an alarm, and nothing stays of the run."""

from collections.abc import Iterator

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.domain.imports.rosters import Door, published, state
from tests.engine.district import lakeside

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.verifying import Mismatch


@pytest.fixture
def sabotage(owner: BaseDatabaseWrapper, sis: Door) -> Iterator[None]:
    """From here on the database gives everyone of this district another e-mail address."""
    with owner.cursor() as cursor:
        cursor.execute(
            "create function sabotage() returns trigger language plpgsql as"
            f" $$ begin if new.district_id = {sis.district.pk} then new.email := 'x@example.org'; end if;"
            " return new; end $$"
        )
        cursor.execute(
            "create trigger sabotage before insert or update on roster_user for each row execute function sabotage()"
        )
    yield
    with owner.cursor() as cursor:
        cursor.execute("drop trigger sabotage on roster_user")
        cursor.execute("drop function sabotage()")


@pytest.fixture
def forgetful(owner: BaseDatabaseWrapper, sis: Door) -> Iterator[None]:
    """From here on the database swallows enrollments of this district."""
    with owner.cursor() as cursor:
        cursor.execute(
            "create function forget() returns trigger language plpgsql as"
            f" $$ begin if new.district_id = {sis.district.pk} then return null; end if; return new; end $$"
        )
        cursor.execute(
            "create trigger forget before insert or update on roster_enrollment for each row execute function forget()"
        )
    yield
    with owner.cursor() as cursor:
        cursor.execute("drop trigger forget on roster_enrollment")
        cursor.execute("drop function forget()")


def _assert_failed_without_a_trace(door: Door, run: Run, before: dict[str, str]) -> None:
    with within(door.district):
        run.refresh_from_db()
        events = [event.verb for event in list_events(door.district.pk, subject_kind="run", subject_id=run.pk)]
    assert run.state == RunState.FAILED
    assert run.first_stamp == 0
    assert events[0] == "run.failed"
    assert state(door.district) == before


def test_a_row_that_is_stored_otherwise_than_planned_stops_the_run(sis: Door, sabotage: None) -> None:
    before = state(sis.district)
    run = sis.receive(lakeside())
    with pytest.raises(Mismatch, match="users: 0 stored, 6 planned"):
        carry_out(sis.district, run)
    _assert_failed_without_a_trace(sis, run, before)


def test_a_row_that_is_changed_otherwise_than_planned_stops_the_run(sis: Door, request: pytest.FixtureRequest) -> None:
    sis.bring(lakeside())
    before = state(sis.district)
    request.getfixturevalue("sabotage")
    renamed = lakeside()
    renamed.row("users", "s0")["familyName"] = "Renamed"
    run = sis.receive(renamed)
    with pytest.raises(Mismatch, match="users: 0 stored, 1 planned"):
        carry_out(sis.district, run)
    _assert_failed_without_a_trace(sis, run, before)


def test_a_row_that_is_not_stored_stops_the_run(sis: Door, forgetful: None) -> None:
    before = state(sis.district)
    run = sis.receive(lakeside())
    with pytest.raises(Mismatch, match="enrollments: 0 stored, 6 planned"):
        carry_out(sis.district, run)
    _assert_failed_without_a_trace(sis, run, before)


def test_a_row_that_is_not_removed_stops_the_run(sis: Door, request: pytest.FixtureRequest) -> None:
    sis.bring(lakeside())
    before = state(sis.district)
    request.getfixturevalue("forgetful")
    run = sis.receive(lakeside().without("e-s0"))
    with pytest.raises(Mismatch, match="enrollments: 0 removed, 1 planned"):
        carry_out(sis.district, run)
    _assert_failed_without_a_trace(sis, run, before)


def test_a_failed_run_is_carried_out_again_once_the_fault_is_gone(
    sis: Door, owner: BaseDatabaseWrapper, request: pytest.FixtureRequest
) -> None:
    run = sis.receive(lakeside())
    request.getfixturevalue("sabotage")
    with pytest.raises(Mismatch):
        carry_out(sis.district, run)
    with owner.cursor() as cursor:
        cursor.execute("alter table roster_user disable trigger sabotage")
    assert carry_out(sis.district, run).state == RunState.APPLIED
    assert len(published(sis.district)["users"]) == 6
