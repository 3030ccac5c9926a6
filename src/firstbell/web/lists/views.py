"""Bringing lists, and looking at what one would do before it is started."""

from typing import BinaryIO, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from firstbell.domain.imports.access import hidden_from
from firstbell.domain.imports.lists import (
    access_list,
    ensure_may_bring_lists,
    knows_columns,
    last_lists,
    own_reasons,
    receive_lists,
)
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import summarize_findings
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.web.components.shapes import Crumb, HoldReason
from firstbell.web.frame import show
from firstbell.web.home.runs import run_lines
from firstbell.web.lists.cells import can_mend
from firstbell.web.lists.forms import REPLACE, ListForm
from firstbell.web.lists.mapping import unused_columns
from firstbell.web.runs import describing
from firstbell.web.runs.mended import mended_before
from firstbell.web.runs.upload_limit import TOO_LARGE
from firstbell.web.runs.views import AT_WORK, CAUSES, progress_of, report_links, visible_tables
from firstbell.web.visit import Visit, inside


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def bring_lists(visit: Visit) -> HttpResponseBase:
    """Where lists begin: a template to take, files to bring, names to paste."""
    ensure_may_bring_lists(visit.viewer)
    posted = visit.request.method == "POST"
    entered = (visit.request.POST, visit.request.FILES) if posted else ()
    form = ListForm(*entered, too_large=getattr(visit.request, TOO_LARGE, False))
    if posted and form.is_valid():
        files = [(file.name or "list.csv", cast("BinaryIO", file)) for file in form.cleaned_data["lists"]]
        replaces = form.cleaned_data["mode"] == REPLACE
        run = receive_lists(visit.district, files, replaces=replaces, scope=visit.scope, by=visit.viewer.actor)
        if knows_columns(visit.district, run):
            later(CARRY_OUT, visit.district, run)
        return redirect(visit.url("list", run.pk))
    context = {
        "form": form,
        "template_url": visit.url("list_template"),
        "names_url": visit.url("list_names"),
        "export_url": f"{visit.url('list_template_file')}?kind=all&filled=1",
        "runs": run_lines(visit, last_lists(visit.viewer, visit.district, visit.scope)),
    }
    return show(visit, "lists/lists.html", context, room="lists", status=422 if posted else 200)


@require_safe
@inside
def show_list(visit: Visit, run_id: int) -> HttpResponse:
    """What a list would do, and what is wrong with it, before anything changes."""
    run = access_list(visit.viewer, visit.district, run_id, visit.scope)
    if run.state not in {RunState.RECEIVED, RunState.WORKING, RunState.HELD, RunState.REFUSED}:
        return redirect(visit.url("run", run.pk))
    causes = summarize_findings(visit.district, run, hidden=hidden_from(visit.viewer, run, visit.scope)).causes
    strange = run.state == RunState.RECEIVED and not knows_columns(visit.district, run)
    waits = run.state == RunState.HELD or strange
    context = {
        **progress_of(visit, run),
        "at_work": run.state in AT_WORK and not strange,
        "strange": strange,
        "crumbs": [Crumb("Lists", visit.url("lists")), Crumb("Verify")],
        "mode": "Replace the roster of these schools" if run.replaces else "Add and update",
        "reasons": _reasons(visit, run),
        "findings": [describing.cause_note(visit, run, cause) for cause in causes[:CAUSES]],
        "more_causes": max(0, len(causes) - CAUSES),
        "errors": int(run.found.get("error", 0)),
        "tables": visible_tables(visit, describing.tables_of(visit, run)),
        "reports": report_links(visit, run),
        "unused": unused_columns(visit.district, run) if waits else [],
        "urls": {name: visit.url(f"list_{name}", run.pk) for name in ("start", "discard", "columns", "cells")},
        "to_mend": can_mend(visit, run),
        "mended": mended_before(visit, run),
        "findings_url": visit.url("run_findings", run.pk),
        "lists_url": visit.url("lists"),
    }
    return show(visit, "lists/verify.html", context, room="lists")


def _reasons(visit: Visit, run: Run) -> list[HoldReason]:
    if run.state != RunState.HELD:
        return []
    told = {str(reason["says"]) for reason in own_reasons(run)}
    return [reason for reason in describing.reasons_of(visit, run) if reason.sentence in told]
