"""Starting a list, or letting it be."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from firstbell.domain.imports.actions import approve_run, discard_run
from firstbell.domain.imports.lists import access_list
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.states import NotNow
from firstbell.web.visit import Visit, inside


@require_POST
@inside
def start(visit: Visit, run_id: int) -> HttpResponse:
    """Let a list do what was shown."""
    run = access_list(visit.viewer, visit.district, run_id, visit.scope)
    try:
        approve_run(visit.district, run, by=visit.viewer.actor)
        later(CARRY_OUT, visit.district, run)
    except NotNow as late:
        messages.info(visit.request, str(late))
    return redirect(visit.url("run", run.pk))


@require_POST
@inside
def discard(visit: Visit, run_id: int) -> HttpResponse:
    """Let a list come to nothing."""
    run = access_list(visit.viewer, visit.district, run_id, visit.scope)
    try:
        discard_run(visit.district, run, by=visit.viewer.actor)
        messages.success(visit.request, "The list was put away. Nothing on the roster changed.")
    except NotNow as late:
        messages.info(visit.request, str(late))
    return redirect(visit.url("lists"))
