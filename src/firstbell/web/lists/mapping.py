"""Columns that go by other names: what each is, remembered for the next list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from firstbell.domain.districts.models import District
from firstbell.domain.imports.lists import access_list, map_columns, unmapped_columns
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.engine.formats.templates.mapping import Unmapped
from firstbell.web.visit import Visit, inside


def unused_columns(district: District, run: Run) -> list[Unmapped]:
    """The columns of a list that nobody reads; none where a worker is still at it."""
    return unmapped_columns(district, run) if run.state in {RunState.HELD, RunState.RECEIVED} else []


@require_POST
@inside
def map_list_columns(visit: Visit, run_id: int) -> HttpResponse:
    """Take what was chosen for each column, and look at the list again."""
    run = access_list(visit.viewer, visit.district, run_id, visit.scope)
    chosen = [
        (one.file, one.column, to)
        for place, one in enumerate(unused_columns(visit.district, run))
        if (to := visit.request.POST.get(f"column-{place}", "")) in one.choices
    ]
    targets = [(file, to) for file, _, to in chosen]
    if not chosen or len(set(targets)) < len(targets):
        messages.warning(
            visit.request, "Choose for each column one that no other has." if chosen else "Nothing chosen."
        )
        return redirect(visit.url("list", run.pk))
    again = map_columns(visit.district, run, chosen, by=visit.viewer.actor)
    later(CARRY_OUT, visit.district, again)
    messages.success(visit.request, "The columns are remembered for the next list as well.")
    return redirect(visit.url("list", again.pk))
