"""Runs in the strip of the last ones."""

from collections.abc import Sequence
from typing import Final

from firstbell.domain.assisted.models import CaseState
from firstbell.domain.assisted.queries import list_open_cases
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.sources import OF_CASES
from firstbell.web.components.shapes import Counts, RunLine
from firstbell.web.components.states import words_for
from firstbell.web.visit import Visit

OF_A_CASE: Final[dict[str, str]] = {
    CaseState.RECEIVED: "Firstbell checks the files",
    CaseState.CHECKED: "The district looks at what was found",
    CaseState.PLANNED: "Technical Services looks at the plan and imports it",
}
"""Who has the next step of a plan that waits, by the state of its case: nobody approves it as a run."""


def run_lines(visit: Visit, runs: Sequence[Run]) -> list[RunLine]:
    """Runs, each with who has the next step."""
    steps = next_steps(visit, runs)
    return [_line(visit, run, steps[run.pk]) for run in runs]


def next_steps(visit: Visit, runs: Sequence[Run]) -> dict[int, str]:
    """Who does what next, by run; one question where a case's plan is among those that wait."""
    waiting = {run.pk for run in runs if run.state == RunState.HELD and run.source.kind == OF_CASES}
    cases = {case.run_id: case for case in list_open_cases(visit.district)} if waiting else {}
    steps = {}
    for run in runs:
        case = cases.get(run.pk) if run.pk in waiting else None
        said = OF_A_CASE.get(case.state, "") if case else ""
        steps[run.pk] = f"{said}: case {case.pk}" if case and said else words_for(run.state).next_step
    return steps


def _line(visit: Visit, run: Run, next_step: str) -> RunLine:
    """One run: its counts are rows of all tables together."""
    totals = {
        action: sum(int(counts.get(action, 0)) for counts in run.counts.values())
        for action in ("added", "updated", "removed", "restored")
    }
    title = f"Undo of run {run.of_run_id}" if run.kind == "undo" else f"{run.source.name}, run {run.pk}"
    return RunLine(
        url=visit.url("run", run.pk),
        title=title,
        state=run.state,
        started=run.created_at,
        counts=Counts(**totals),
        next_step=next_step,
    )
