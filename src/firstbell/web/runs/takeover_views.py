"""Who is who in a run: whom the source takes over and by what, who is new, who is only here."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.access import access_run
from firstbell.domain.imports.queries.takeover import MOST, find_class_takeover, find_takeover
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside


@require_safe
@inside
def show_takeover(visit: Visit, run_id: int) -> HttpResponse:
    """Every person with the evidence; of many the first."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    found = find_takeover(visit.district, run)
    classes = find_class_takeover(visit.district, run)
    context = {
        "run": run,
        "found": found,
        "most": MOST,
        "classes": classes,
        "matched_classes": [(one, visit.url("class", one.row_id)) for one in classes.matched_classes],
        "matched": [(one, visit.url("person", one.row_id)) for one in found.matched_people],
        "only_here": [(name, visit.url("person", row_id)) for row_id, name in found.only_here_people],
        "crumbs": [Crumb("Runs", visit.url("runs")), Crumb(f"Run {run.pk}", visit.url("run", run.pk))],
    }
    return show(visit, "runs/takeover.html", context, room="runs")
