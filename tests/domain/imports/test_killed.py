"""kill -9 at any statement leaves the roster before or after, never between; and the run can be carried out again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from tests.domain.imports.killing import PATIENCE, kill_at_every_statement
from tests.domain.imports.rosters import Door, changes, published, state
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.recovering import recover_runs, worked_on
from firstbell.domain.imports.states import NotNow, move


def _night() -> Roster:
    roster = lakeside(5).without("s1")
    roster.row("users", "s0")["familyName"] = "Renamed"
    roster["enrollments"].append({**roster.row("enrollments", "e-s2"), "sourcedId": "extra", "role": "proctor"})
    return roster


@pytest.mark.slow
def test_killed_at_any_statement_the_roster_is_before_or_after(sis: Door) -> None:
    sis.bring(lakeside())
    before, before_content = state(sis.district), published(sis.district)
    run = sis.receive(_night())
    assert kill_at_every_statement(sis, run, ends=RunState.APPLIED, before=before) > 40
    assert state(sis.district) != before
    assert published(sis.district) != before_content
    with within(sis.district):
        done = Run.objects.get(pk=run.pk)
    assert changes(done)["users"] == {"added": 1, "updated": 1, "removed": 1}
    assert changes(sis.bring(_night())) == {}


def test_a_run_that_is_worked_on_is_not_taken_for_left(sis: Door) -> None:
    run = sis.receive(lakeside())
    connections.close_all()

    def look() -> list[Run]:
        try:
            return recover_runs(sis.district)
        finally:
            connections.close_all()

    with worked_on(run):
        with within(sis.district):
            move(run, RunState.WORKING, by=SYSTEM)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(look).result(PATIENCE) == []
    assert [left.pk for left in recover_runs(sis.district)] == [run.pk]
    assert recover_runs(sis.district) == []


def test_a_run_that_was_left_is_carried_out_again(sis: Door) -> None:
    run = sis.receive(lakeside())
    with within(sis.district):
        move(run, RunState.WORKING, by=SYSTEM)
    assert carry_out(sis.district, run).state == RunState.APPLIED
    assert run.message == ""


def test_two_workers_never_have_one_run(sis: Door) -> None:
    run = sis.receive(lakeside())

    def work() -> str:
        try:
            return carry_out(sis.district, run).state
        finally:
            connections.close_all()

    with worked_on(run), ThreadPoolExecutor(1) as pool, pytest.raises(NotNow, match="already"):
        pool.submit(work).result(PATIENCE)
