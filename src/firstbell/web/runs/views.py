"""Looking at runs: all of them, and one."""

import shutil
import tempfile

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.access import NoSuchRun, access_runs, may_have_input
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.progress import find_progress
from firstbell.domain.imports.queries import has_kept_input, open_kept_input
from firstbell.domain.imports.queueing import has_worker
from firstbell.web.components.shapes import HoldReason, PageLinks
from firstbell.web.frame import show, show_part
from firstbell.web.home.runs import run_line
from firstbell.web.listing import address, id_in
from firstbell.web.runs.pages import frame_of, run_of
from firstbell.web.runs.steps import MOVING, steps_of
from firstbell.web.runs.tables import may_see, tables_of
from firstbell.web.visit import Visit, inside

AT_ONCE = 20
MOST_CONFLICTS = 20


@require_safe
@inside
def show_runs(visit: Visit) -> HttpResponse:
    """The runs, the newest first."""
    before = id_in(visit.request.GET.get("before", ""))
    runs = access_runs(visit.viewer, visit.district, limit=AT_ONCE + 1, before=before)
    path = visit.url("runs")
    older = address(path, {"before": runs[AT_ONCE - 1].pk}) if len(runs) > AT_ONCE else ""
    context = {
        "runs": [run_line(visit, run) for run in runs[:AT_ONCE]],
        "links": PageLinks(path if before else "", older, newer_label="Newest") if before or older else None,
        "may_start": visit.viewer.may(Permission.START_RUNS),
        "upload_url": visit.url("upload"),
    }
    return show(visit, "runs/runs.html", context, room="runs")


@require_safe
@inside
def show_run(visit: Visit, run_id: int) -> HttpResponse:
    """One run: where it stands, why it waits, what it changes. Asked for in part, only how far it is."""
    run = run_of(visit, run_id)
    context = _standing(visit, run)
    if visit.is_partial:
        response = show_part(visit, "runs/standing.html", context)
        if run.state not in MOVING:
            response["HX-Refresh"] = "true"
        return response
    may_decide = visit.viewer.may(Permission.DECIDE_RUNS)
    may_keep = may_have_input(visit.viewer, run)
    context |= {
        **frame_of(visit, run, "run"),
        "reasons": _reasons(visit, run),
        "is_renumbered": any(reason["code"] == "renumbered" for reason in run.reasons),
        "only_removals_wait": run.state == RunState.HELD and run.safe_part_applied,
        "tables": tables_of(visit, run),
        "conflicts": run.conflicts[:MOST_CONFLICTS],
        "more_conflicts": max(0, len(run.conflicts) - MOST_CONFLICTS),
        "may_decide": may_decide,
        "input_url": visit.url("run_input", run.pk) if may_keep and has_kept_input(visit.district, run) else "",
        "undone_url": visit.url("run", run.of_run_id) if run.of_run_id else "",
        "upload_url": visit.url("upload") if visit.viewer.may(Permission.START_RUNS) else "",
        "urls": {name: visit.url(f"run_{name}", run.pk) for name in ("approve", "discard", "undo", "again")},
    }
    return show(visit, "runs/run.html", context, room="runs")


@require_safe
@inside
def download_input(visit: Visit, run_id: int) -> HttpResponseBase:
    """The files as they came, without their passwords."""
    run = run_of(visit, run_id)
    if not may_have_input(visit.viewer, run):
        raise NotAllowed(Permission.START_RUNS)
    try:
        with open_kept_input(visit.district, run) as (name, content):
            kept = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
            shutil.copyfileobj(content, kept)
            kept.seek(0)
            return FileResponse(kept, as_attachment=True, filename=name)
    except FileNotFoundError:
        raise NoSuchRun(run_id) from None


def _standing(visit: Visit, run: Run) -> dict[str, object]:
    moving = run.state in MOVING
    progress = find_progress(visit.district, run) if run.state == RunState.WORKING else None
    return {
        "run": run,
        "is_moving": moving,
        "lacks_worker": moving and run.state != RunState.WORKING and not has_worker(),
        "steps": steps_of(run, progress),
        "url": visit.url("run", run.pk),
    }


def _reasons(visit: Visit, run: Run) -> list[HoldReason]:
    path = visit.url("run_changes", run.pk)
    return [HoldReason(str(reason["says"]), url=_rows_of(visit, path, reason)) for reason in run.reasons]


def _rows_of(visit: Visit, path: str, reason: dict[str, object]) -> str:
    """Where to see whom a reason is about."""
    table, school = str(reason["table"]), reason.get("school") or ""
    action = {"too-many-removals": "removed", "too-many-updates": "updated"}.get(str(reason["code"]))
    if action is None or not may_see(visit, table):
        return ""
    return address(path, {"table": table, "action": action, "school": str(school)})
