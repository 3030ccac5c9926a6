"""The list of runs, and a run: its steps, findings and changes."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.access import access_run, access_runs, hidden_from, may_have_input, may_undo
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.progress import find_progress
from firstbell.domain.imports.queries import (
    Place,
    has_found_at,
    has_kept_input,
    list_known,
    page_changes,
    page_findings,
    summarize_findings,
)
from firstbell.domain.imports.queries.places import SCHOOL_COLUMNS
from firstbell.domain.imports.queueing import has_worker
from firstbell.domain.roster.queries.schools import list_school_names
from firstbell.domain.roster.queries.scope import Scope
from firstbell.engine.tables import TABLES
from firstbell.web.components.shapes import Crumb, PageLinks
from firstbell.web.frame import show, show_part
from firstbell.web.home.runs import next_steps, run_lines
from firstbell.web.listing import address, id_in
from firstbell.web.runs import describing
from firstbell.web.runs.first_log_ins import first_log_ins_of
from firstbell.web.runs.mended import mended_before
from firstbell.web.runs.weighing import weigh
from firstbell.web.visit import Visit, inside

PAGE = 25
CAUSES = 10
MINE = "mine"
AT_WORK = frozenset({RunState.RECEIVED, RunState.WORKING, RunState.APPROVED})


@require_safe
@inside
def show_runs(visit: Visit) -> HttpResponse:
    """All runs, the newest first."""
    before = id_in(visit.request.GET.get("before", ""))
    runs = access_runs(visit.viewer, visit.district, limit=PAGE + 1, before=before)
    path = visit.url("runs")
    older = address(path, {"before": runs[PAGE - 1].pk}) if len(runs) > PAGE else ""
    context = {
        "runs": run_lines(visit, runs[:PAGE]),
        "links": PageLinks(path if before else "", older, newer_label="Newest"),
        "upload_url": visit.url("upload") if visit.may_change(Permission.START_RUNS) else "",
        "letters_url": "" if visit.viewer.may(Permission.MANAGE_SOURCES) else visit.url("notices"),
    }
    return show(visit, "runs/list.html", context, room="runs")


@require_safe
@inside
def show_run(visit: Visit, run_id: int) -> HttpResponse:
    """One run."""
    run = access_run(visit.viewer, visit.district, run_id)
    acknowledged = list_known(visit.district, run, today=visit.today)
    found = summarize_findings(
        visit.district, run, hidden=hidden_from(visit.viewer, run, visit.scope), known=acknowledged
    )
    context = {
        **progress_of(visit, run, known=found.known_count),
        "crumbs": [Crumb("Runs", visit.url("runs")), Crumb(f"Run {run.pk}")],
        "title": _title(run),
        "next_step": next_steps(visit, [run])[run.pk],
        "reasons": describing.reasons_of(visit, run) if run.state == RunState.HELD else [],
        "renumbered": any(reason["code"] == "renumbered" for reason in run.reasons),
        "may_undo": may_undo(visit.viewer, run, visit.scope) and not visit.viewer.is_read_only,
        "may_decide": visit.may_change(Permission.DECIDE_RUNS),
        "findings": [describing.cause_note(visit, run, cause) for cause in found.causes[:CAUSES]],
        "more_causes": max(0, len(found.causes) - CAUSES),
        "found": found,
        "known": [describing.cause_note(visit, run, each.cause, known=each.acknowledgement) for each in found.known],
        "tables": visible_tables(visit, describing.tables_of(visit, run)),
        "conflicts": run.conflicts,
        "mended": mended_before(visit, run),
        "first_log_ins": first_log_ins_of(visit, run),
        "urls": {
            name: visit.url(f"run_{name}", run.pk)
            for name in ("approve", "safe_part", "others", "ask", "discard", "undo", "again", "findings", "input")
        },
        "who_url": visit.url("run_takeover", run.pk) if visit.viewer.may(Permission.MANAGE_SOURCES) else "",
        "weighed": weigh(visit, run) if run.state == RunState.HELD else None,
        "divided": describing.divided(run) if run.has_safe_part else None,
        "reports": report_links(visit, run),
        "own_findings_url": own_findings_url(visit, run),
        "has_input": may_have_input(visit.viewer, run) and has_kept_input(visit.district, run),
    }
    return show(visit, "runs/run.html", context, room="runs")


@require_safe
@inside
def show_progress(visit: Visit, run_id: int) -> HttpResponse:
    """The steps while a worker is at them; when the run has ended, the page is loaded anew."""
    run = access_run(visit.viewer, visit.district, run_id)
    response = show_part(visit, "runs/progress.html", progress_of(visit, run))
    if run.state not in AT_WORK:
        response["HX-Refresh"] = "true"
    return response


def report_links(visit: Visit, run: Run) -> list[tuple[str, str]]:
    """All findings to take along: labels and addresses."""
    labels = {".xlsx": "Workbook to fix from", ".csv": "List as CSV", ".json": "JSON"}
    return [(label, visit.url("run_report", run.pk, ending)) for ending, label in labels.items()]


def own_findings_url(visit: Visit, run: Run) -> str:
    """Where people of a school see what was found in the records of their school; blank for who sees all anyway."""
    known = visit.scope.schools is not None and has_found_at(visit.district, run)
    return address(visit.url("run_findings", run.pk), {"at": MINE}) if known else ""


def progress_of(visit: Visit, run: Run, *, known: int = 0) -> dict[str, object]:
    """What ``runs/progress.html`` shows of a run. ``known``: findings that are acknowledged."""
    at_work = run.state in AT_WORK
    progress = find_progress(visit.district, run) if run.state == RunState.WORKING else None
    return {
        "run": run,
        "at_work": at_work,
        "steps": describing.steps_of(run, progress, known=known),
        "nobody_works": at_work and run.state != RunState.WORKING and not has_worker(),
        "progress_url": visit.url("run_progress", run.pk),
    }


def _title(run: Run) -> str:
    return f"Run {run.pk}: undo of run {run.of_run_id}" if run.kind == "undo" else f"Run {run.pk}: {run.package_name}"


def visible_tables[T: tuple[object, ...]](visit: Visit, tables: list[T]) -> list[T]:
    """Demographics are for those with their permission."""
    sees = visit.viewer.may(Permission.VIEW_DEMOGRAPHICS)
    return [table for table in tables if sees or table[0] != "demographics"]


@require_safe
@inside
def show_findings(visit: Visit, run_id: int) -> HttpResponse:
    """Every finding of a run, or of one kind."""
    run = access_run(visit.viewer, visit.district, run_id)
    wanted = {name: visit.request.GET.get(name, "") for name in ("code", "file", "column")}
    offset = id_in(visit.request.GET.get("from", "")) or 0
    own = visit.scope.schools if visit.request.GET.get("at") == MINE else None
    page = page_findings(
        visit.district,
        run,
        wanted=Place(**wanted),
        schools=own,
        hidden=hidden_from(visit.viewer, run, visit.scope),
        known=list_known(visit.district, run, today=visit.today),
        offset=offset,
        limit=PAGE,
    )
    path = visit.url("run_findings", run.pk)
    context = {
        "run": run,
        "crumbs": [Crumb("Runs", visit.url("runs")), Crumb(f"Run {run.pk}", visit.url("run", run.pk))],
        "findings": [describing.finding_note(visit, run, row) for row in page.rows],
        "total": page.total,
        "reports": report_links(visit, run),
        "of_mine": own is not None,
        "own_findings_url": own_findings_url(visit, run),
        "all_url": path,
        "links": _links(path, wanted | ({"at": MINE} if own is not None else {}), offset, page.total),
    }
    return show(visit, "runs/findings.html", context, room="runs")


@require_safe
@inside
def show_changes(visit: Visit, run_id: int, table: str) -> HttpResponse:
    """What a run changes in one table, before and after."""
    run = access_run(visit.viewer, visit.district, run_id)
    shown = [entry for entry in visible_tables(visit, describing.tables_of(visit, run)) if entry[0] == table]
    if not shown:
        raise Http404
    action = visit.request.GET.get("action")
    action = action if action in describing.ACTIONS else None
    offset = id_in(visit.request.GET.get("from", "")) or 0
    school, scope = _school(visit)
    page = page_changes(visit.district, run, table, action=action, scope=scope, offset=offset, limit=PAGE)
    path = visit.url("run_changes", run.pk, table)
    context = {
        "run": run,
        "crumbs": [Crumb("Runs", visit.url("runs")), Crumb(f"Run {run.pk}", visit.url("run", run.pk))],
        "title": f"{TABLES[table].nouns.capitalize()} in run {run.pk}",
        "counts": shown[0][2],
        "changes": [describing.row_change(visit, run, table, row) for row in page.rows],
        "total": page.total,
        "action": action,
        "actions": [(name, address(path, {"action": name, "school": school})) for name in describing.ACTIONS],
        "all_url": address(path, {"school": school}),
        "school": school,
        "schools": _schools(visit) if table in SCHOOL_COLUMNS else [],
        "path": path,
        "links": _links(path, {"action": action or "", "school": school}, offset, page.total),
    }
    return show(visit, "runs/changes.html", context, room="runs")


def _school(visit: Visit) -> tuple[str, Scope]:
    """The school that the address asks for, if the viewer may see it; else all that the viewer may see."""
    chosen = id_in(visit.request.GET.get("school", ""))
    if chosen is None or (visit.scope.schools is not None and chosen not in visit.scope.schools):
        return "", visit.scope
    return str(chosen), Scope(frozenset({chosen}))


def _schools(visit: Visit) -> list[tuple[str, str]]:
    return [(str(org_id), name) for org_id, name in list_school_names(visit.district, visit.scope)]


def _links(path: str, parameters: dict[str, str], offset: int, total: int) -> PageLinks:
    before = address(path, {**parameters, "from": offset - PAGE}) if offset >= PAGE else ""
    after = address(path, {**parameters, "from": offset + PAGE}) if offset + PAGE < total else ""
    shown = f"{offset + 1:,} to {min(offset + PAGE, total):,} of {total:,}" if total else ""
    return PageLinks(before, after, shown, newer_label="Previous", older_label="Next")
