"""Files of a run to take along: its findings as a report, and the input as it is kept."""

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from firstbell.domain.imports.access import (
    NoSuchRun,
    access_run,
    hidden_from,
    may_have_input,
)
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import (
    findings_as_text,
    has_kept_input,
    list_known,
    open_kept_input,
    open_workbook,
)
from firstbell.web.visit import Visit, inside

WORKBOOK = ".xlsx"
KINDS = {
    WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
}


@require_safe
@inside
def download_findings(visit: Visit, run_id: int, ending: str) -> HttpResponseBase:
    """All findings: the workbook with the faulty rows, CSV or JSON."""
    run = access_run(visit.viewer, visit.district, run_id)
    if ending not in KINDS:
        raise Http404
    name = f"{visit.district.code}-run-{run.pk}-findings{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(_report(visit, run, ending), content_type=KINDS[ending], headers=headers)


def _report(visit: Visit, run: Run, ending: str) -> bytes | str:
    hidden, known = hidden_from(visit.viewer, run, visit.scope), list_known(visit.district, run, today=visit.today)
    if ending != WORKBOOK:
        return findings_as_text(visit.district, run, ending=ending, hidden=hidden, known=known)
    with open_workbook(visit.district, run, hidden=hidden, known=known) as book:
        return book.read()


@require_safe
@inside
def download_input(visit: Visit, run_id: int) -> HttpResponseBase:
    """The package as it is kept, without its passwords."""
    run = access_run(visit.viewer, visit.district, run_id)
    if not may_have_input(visit.viewer, run) or not has_kept_input(visit.district, run):
        raise NoSuchRun(run_id)
    with open_kept_input(visit.district, run) as (name, content):
        body = content.read()
    response = FileResponse(iter([body]), as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    return response
