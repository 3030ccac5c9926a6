"""kill -9 at any statement leaves the roster before or after, never between; and the run can be carried out again."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from tests.domain.imports.rosters import Door, changes, published, state
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.recovering import recover_runs, worked_on
from firstbell.domain.imports.states import NotNow, move

PROGRAM = Path(__file__).with_name("killed.py")
PATIENCE = 10
"""Seconds until PostgreSQL has noticed that a client is gone."""


def _night() -> Roster:
    roster = lakeside(5).without("s1")
    roster.row("users", "s0")["familyName"] = "Renamed"
    roster["enrollments"].append({**roster.row("enrollments", "e-s2"), "sourcedId": "extra", "role": "proctor"})
    return roster


def _fresh(run: Run) -> Run:
    return Run.objects.select_related("source").get(pk=run.pk)


def _state(door: Door, run: Run) -> str:
    with within(door.district):
        return _fresh(run).state


def _wait_until_left(door: Door, run: Run) -> None:
    """The server ends the session of a killed client when it next looks at its socket."""
    until = time.monotonic() + PATIENCE
    while _state(door, run) == RunState.WORKING and not recover_runs(door.district):
        assert time.monotonic() < until, "the run is never found to be left"
        time.sleep(0.02)


@pytest.mark.slow
def test_killed_at_any_statement_the_roster_is_before_or_after(sis: Door) -> None:
    sis.bring(lakeside())
    before, before_content = state(sis.district), published(sis.district)
    run = sis.receive(_night())
    connections.close_all()
    child = subprocess.Popen(
        [sys.executable, str(PROGRAM), str(sis.district.pk), str(run.pk)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert child.stdin
    assert child.stdout
    deaths = 0
    with child:
        for line in child.stdout:
            if line.startswith("done"):
                assert line == "done 0\n"
                break
            deaths += 1
            _wait_until_left(sis, run)
            if _state(sis, run) == RunState.APPLIED:  # killed after the commit
                break
            assert _state(sis, run) == RunState.FAILED
            assert state(sis.district) == before, line
            child.stdin.write("go\n")
            child.stdin.flush()
        child.stdin.close()
    assert deaths > 40
    assert _state(sis, run) == RunState.APPLIED
    assert state(sis.district) != before
    assert published(sis.district) != before_content
    with within(sis.district):
        done = _fresh(run)
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
