"""Cells of a case's files that the district puts right in the page."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from firstbell.domain.assisted.access import access_case
from firstbell.domain.assisted.bringing import change_cells
from firstbell.domain.assisted.states import NotNow
from firstbell.domain.imports.access import hidden_from
from firstbell.domain.imports.mending import BadCells
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.queries import find_run
from firstbell.web.components.shapes import Crumb
from firstbell.web.lists.cells import cells_in, cells_page
from firstbell.web.visit import Visit, inside


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def mend_case(visit: Visit, case_id: int) -> HttpResponseBase:
    """Put cells right, and have the files checked again."""
    case = access_case(visit.viewer, visit.district, case_id)
    run = find_run(visit.district, case.run_id or 0)
    if run is None or run.state != RunState.HELD:
        return redirect(visit.url("case", case.pk))
    crumbs = [
        Crumb("Cases", visit.url("cases")),
        Crumb(f"Case {case.pk}", visit.url("case", case.pk)),
        Crumb("Put cells right"),
    ]
    if visit.request.method != "POST":
        return cells_page(visit, run, crumbs, room="cases")
    cells = cells_in(visit.request.POST)
    try:
        change_cells(
            visit.district,
            case,
            run,
            cells,
            now=timezone.now(),
            hidden=hidden_from(visit.viewer, run),
            by=visit.viewer.actor,
        )
    except BadCells as problem:
        return cells_page(visit, run, crumbs, room="cases", written=cells, problem=str(problem))
    except NotNow as late:
        messages.warning(visit.request, str(late))
    else:
        messages.success(visit.request, "The cells are changed, and the files are checked again.")
    return redirect(visit.url("case", case.pk))
