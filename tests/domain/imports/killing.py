"""Lets ``killed`` carry a run out, and looks at the roster after each death."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.db import connections
from tests.domain.imports.rosters import Door, state

from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.recovering import recover_runs

PROGRAM = Path(__file__).with_name("killed.py")
PATIENCE = 10
"""Seconds until PostgreSQL has noticed that a client is gone."""


def kill_at_every_statement(door: Door, run: Run, *, ends: RunState, before: dict[str, str]) -> int:
    """Carry a run out, killed at each statement of the apply step in turn, until it ``ends``. Returns the deaths.

    After each the run has failed and the roster is as ``before``, or all of it is done.
    """
    connections.close_all()
    child = subprocess.Popen(
        [sys.executable, str(PROGRAM), str(door.district.pk), str(run.pk)],
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
            _wait_until_left(door, run)
            if state_of(door, run) == ends:  # killed after the commit
                break
            assert state_of(door, run) == RunState.FAILED
            assert state(door.district) == before, line
            child.stdin.write("go\n")
            child.stdin.flush()
        child.stdin.close()
    assert state_of(door, run) == ends
    return deaths


def state_of(door: Door, run: Run) -> str:
    with within(door.district):
        return Run.objects.get(pk=run.pk).state


def _wait_until_left(door: Door, run: Run) -> None:
    """The server ends the session of a killed client when it next looks at its socket."""
    until = time.monotonic() + PATIENCE
    while state_of(door, run) == RunState.WORKING and not recover_runs(door.district):
        assert time.monotonic() < until, "the run is never found to be left"
        time.sleep(0.02)
