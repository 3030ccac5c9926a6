"""Runs in the strip of the last ones."""

from firstbell.domain.imports.models import Run
from firstbell.web.components.shapes import Counts, RunLine
from firstbell.web.visit import Visit


def run_line(visit: Visit, run: Run) -> RunLine:
    """One run: its counts are rows of all tables together."""
    totals = {
        action: sum(int(counts.get(action, 0)) for counts in run.counts.values())
        for action in ("added", "updated", "removed", "restored")
    }
    title = f"Undo of run {run.of_run_id}" if run.kind == "undo" else f"{run.source.name}, run {run.pk}"
    return RunLine(
        url=visit.url("run", run.pk), title=title, state=run.state, started=run.created_at, counts=Counts(**totals)
    )
