"""What people decide about runs. Each is one POST; a second click, or a second person, is told calmly."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.actions import approve_run, discard_run
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.states import NotNow
from firstbell.domain.imports.undoing import undo_run
from firstbell.web.runs.pages import run_of
from firstbell.web.visit import Visit, inside


@require_POST
@inside
def approve(visit: Visit, run_id: int) -> HttpResponse:
    """Let a held run go: renumbered rows keep their place, unless they are said to be others."""
    rekey = visit.request.POST.get("rekey", "yes") != "no"

    def act(run: Run) -> str:
        approve_run(visit.district, run, by=visit.viewer.actor, rekey=rekey)
        later(CARRY_OUT, visit.district, run)
        return f"Run {run.pk} is approved in your name. Firstbell applies it now."

    return _decide(visit, run_id, act)


@require_POST
@inside
def discard(visit: Visit, run_id: int) -> HttpResponse:
    """Let a run come to nothing."""

    def act(run: Run) -> str:
        discard_run(visit.district, run, by=visit.viewer.actor)
        if run.safe_part_applied:
            return f"The removals of run {run.pk} are discarded. What it added and updated stays."
        return f"Run {run.pk} is discarded. The roster stays as it was."

    return _decide(visit, run_id, act)


@require_POST
@inside
def undo(visit: Visit, run_id: int) -> HttpResponse:
    """Undo an applied run; the page of the undo tells what it put back."""
    undone: list[Run] = []

    def act(run: Run) -> str:
        undone.append(undo_run(visit.district, run, by=visit.viewer.actor))
        held = f"{run.source.name} is paused: its next run waits for a person."
        return f"Run {run.pk} is undone. {held}"

    response = _decide(visit, run_id, act)
    return redirect(visit.url("run", undone[0].pk)) if undone else response


@require_POST
@inside
def try_again(visit: Visit, run_id: int) -> HttpResponse:
    """Carry out a run once more that failed."""

    def act(run: Run) -> str:
        if run.state != RunState.FAILED:
            raise NotNow("Only a run that failed can be tried again.")
        later(CARRY_OUT, visit.district, run)
        return f"Firstbell tries run {run.pk} again in a moment. Load the page again to see how far it is."

    return _decide(visit, run_id, act)


def _decide(visit: Visit, run_id: int, act: Callable[[Run], str]) -> HttpResponse:
    run = run_of(visit, run_id)
    ensure_may(visit.viewer, Permission.DECIDE_RUNS)
    try:
        messages.success(visit.request, act(run))
    except NotNow as why:
        messages.info(visit.request, _calmly(visit, run_id, why))
    return redirect(visit.url("run", run_id))


def _calmly(visit: Visit, run_id: int, why: NotNow) -> str:
    """What stands now, for who was a moment late."""
    run = find_run(visit.district, run_id)
    if run is None or run.state == RunState.HELD:
        return str(why)
    by = f" by {run.decided_by}" if run.decided_by else ""
    return f"Run {run_id} is {run.get_state_display().lower()}{by} already, so nothing more was done."
