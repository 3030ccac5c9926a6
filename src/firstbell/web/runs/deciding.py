"""What a person decides about a run. A second click, or a second person, finds it decided and is told so."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.access import access_run, ensure_may_undo
from firstbell.domain.imports.actions import apply_others, apply_safe_part, approve_run, discard_run
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.queries import find_run
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.states import NotNow
from firstbell.domain.imports.undoing import undo_run
from firstbell.web.visit import Visit, inside


@require_POST
@inside
def approve(visit: Visit, run_id: int) -> HttpResponse:
    """Let a held run go."""
    return _let_go(visit, run_id, partial(approve_run, rekey="as_new" not in visit.request.POST))


@require_POST
@inside
def let_safe_part_go(visit: Visit, run_id: int) -> HttpResponse:
    """Let go what no reason to wait is about; the rest waits on."""
    return _let_go(visit, run_id, apply_safe_part)


@require_POST
@inside
def let_others_go(visit: Visit, run_id: int) -> HttpResponse:
    """Let all schools go but those that look wrong."""
    return _let_go(visit, run_id, apply_others)


@require_POST
@inside
def discard(visit: Visit, run_id: int) -> HttpResponse:
    """Let a run come to nothing."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.DECIDE_RUNS)
    try:
        discard_run(visit.district, run, by=visit.viewer.actor)
        messages.success(visit.request, f"Run {run.pk} was discarded.")
    except NotNow as late:
        messages.info(visit.request, _calmly(visit, run_id, late))
    return redirect(visit.url("run", run.pk))


@require_POST
@inside
def undo(visit: Visit, run_id: int) -> HttpResponse:
    """Undo an applied run."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may_undo(visit.viewer, run, visit.scope)
    try:
        undone = undo_run(visit.district, run, by=visit.viewer.actor)
    except NotNow as late:
        messages.info(visit.request, _calmly(visit, run_id, late))
        return redirect(visit.url("run", run.pk))
    messages.success(visit.request, f"Run {run.pk} is undone. Its source waits for you before it brings more.")
    return redirect(visit.url("run", undone.pk))


@require_POST
@inside
def try_again(visit: Visit, run_id: int) -> HttpResponse:
    """Carry a run out once more that failed by a fault of ours."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.DECIDE_RUNS)
    if run.state == RunState.FAILED:
        later(CARRY_OUT, visit.district, run)
        messages.success(
            visit.request, f"Firstbell tries run {run.pk} again. Load the page again to see how far it is."
        )
    return redirect(visit.url("run", run.pk))


def _let_go(visit: Visit, run_id: int, decide: Callable[..., object]) -> HttpResponse:
    """Decide for a held run, or for a part of it, and have a worker apply what was let go."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.DECIDE_RUNS)
    try:
        decide(visit.district, run, by=visit.viewer.actor)
        later(CARRY_OUT, visit.district, run)
    except NotNow as late:
        messages.info(visit.request, _calmly(visit, run_id, late))
    return redirect(visit.url("run", run.pk))


def _calmly(visit: Visit, run_id: int, late: NotNow) -> str:
    """What stands now, for who was a moment late."""
    run = find_run(visit.district, run_id)
    if run is None or run.state == RunState.HELD:
        return str(late)
    by = f" by {run.decided_by}" if run.decided_by else ""
    return f"Run {run_id} is {RunState(run.state).label.lower()}{by} already, so nothing more was done."
