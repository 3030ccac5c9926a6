"""What a person decides about a run. A second click, or a second person, finds it decided and is told so."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.access import access_run
from firstbell.domain.imports.actions import approve_run, discard_run
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.states import NotNow
from firstbell.domain.imports.undoing import undo_run
from firstbell.web.visit import Visit, inside


@require_POST
@inside
def approve(visit: Visit, run_id: int) -> HttpResponse:
    """Let a held run go."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.DECIDE_RUNS)
    try:
        approve_run(visit.district, run, by=visit.viewer.actor, rekey="as_new" not in visit.request.POST)
        later(CARRY_OUT, visit.district, run)
    except NotNow as late:
        messages.info(visit.request, str(late))
    return redirect(visit.url("run", run.pk))


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
        messages.info(visit.request, str(late))
    return redirect(visit.url("run", run.pk))


@require_POST
@inside
def undo(visit: Visit, run_id: int) -> HttpResponse:
    """Undo an applied run."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.DECIDE_RUNS)
    try:
        undone = undo_run(visit.district, run, by=visit.viewer.actor)
    except NotNow as late:
        messages.info(visit.request, str(late))
        return redirect(visit.url("run", run.pk))
    messages.success(visit.request, f"Run {run.pk} is undone. Its source waits for you before it brings more.")
    return redirect(visit.url("run", undone.pk))
