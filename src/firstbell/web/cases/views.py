"""The cases of a district: their list, asking for one, and one."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.advice.advising import FOLLOWS
from firstbell.domain.advice.queries import list_licensed, list_products
from firstbell.domain.advice.seats import list_too_many
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.assisted.access import access_case, access_cases
from firstbell.domain.assisted.bringing import TAKES_FILES
from firstbell.domain.assisted.models import Case, CaseState, Form
from firstbell.domain.assisted.opening import BadCase, find_pattern, list_contacts_here, request_case
from firstbell.domain.assisted.queries import list_uploads
from firstbell.domain.assisted.states import waits_for
from firstbell.domain.assisted.thread import BadText
from firstbell.domain.assisted.verifying import OUTCOMES
from firstbell.domain.imports.access import hidden_from
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run, summarize_findings
from firstbell.domain.roster.exporting import CSV, WORKBOOK, make_template
from firstbell.web.cases.forms import FilesForm, SayForm, WishForm
from firstbell.web.cases.showing import TONES, facts_of, file_lines, own_reasons
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.lists.cells import can_mend
from firstbell.web.lists.mapping import unused_columns
from firstbell.web.lists.templates import TYPES
from firstbell.web.runs import describing
from firstbell.web.runs.mended import mended_before
from firstbell.web.runs.views import AT_WORK, progress_of, report_links, visible_tables
from firstbell.web.visit import Visit, inside

CAUSES = 10
KINDS = {Form.SIMPLE: "people", Form.FULL: "all", Form.UNSURE: "all"}


@require_safe
@inside
def show_cases(visit: Visit) -> HttpResponse:
    """All cases, the newest first."""
    cases = access_cases(visit.viewer, visit.district)
    context = {
        "cases": [
            (case, visit.url("case", case.pk), TONES.get(case.state, "wait"), waits_for(case).label) for case in cases
        ],
        "add_url": visit.url("case_add"),
        "may_ask": not visit.viewer.is_read_only,
        "method": visit.district.method,
    }
    return show(visit, "cases/cases.html", context, room="cases")


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def add_case(visit: Visit) -> HttpResponseBase:
    """Ask for a case. Another one in the same year begins with what the last one said."""
    ensure_may(visit.viewer, Permission.MANAGE_CASES)
    now = timezone.now()
    before = find_pattern(visit.district, now=now)
    form = wish_form(visit, before)
    if visit.request.method == "POST" and form.is_valid():
        origin = visit.request.build_absolute_uri("/").rstrip("/")
        try:
            case = request_case(visit.district, form.wish(origin), now=now, by=visit.viewer)
        except BadCase as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        except BadText as problem:
            form.add_error("message", str(problem))
        else:
            messages.success(visit.request, f"Case {case.pk} is open.")
            return redirect(visit.url("case", case.pk))
    context = {"form": form, "before": before, "crumbs": [Crumb("Cases", visit.url("cases")), Crumb("Ask for a case")]}
    status = 422 if visit.request.method == "POST" else 200
    return show(visit, "cases/add.html", context, room="cases", status=status)


def wish_form(visit: Visit, before: Case | None) -> WishForm:
    """The form of a case, with what is known in it."""
    licensed = [one.product for one in list_licensed(visit.district)]
    initial: dict[str, object] = {"contact": str(visit.viewer.account_id)}
    if before is not None:
        initial |= {
            "schools": "\n".join(before.schools),
            "products": before.products,
            "form": before.form,
            "contact": str(before.contact_id),
        }
    return WishForm(
        visit.request.POST if visit.request.method == "POST" else None,
        contacts=list_contacts_here(visit.district),
        products=licensed or list_products(),
        today=visit.today,
        initial=initial,
    )


@require_safe
@inside
def show_case(visit: Visit, case_id: int) -> HttpResponse:
    """One case."""
    return page_of(visit, access_case(visit.viewer, visit.district, case_id))


def page_of(
    visit: Visit, case: Case, *, files: FilesForm | None = None, say: SayForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a case, with a form that was filled in wrongly."""
    district = visit.district
    uploads = list_uploads(district, case)
    runs = {one.run_id: run for one in uploads if (run := find_run(district, one.run_id))}
    run = runs.get(case.run_id or 0)
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    context = {
        **facts_of(district, case, of_district=True),
        "title": f"Case {case.pk}",
        "before_url": visit.url("case", case.before_id) if case.before_id else "",
        "afterwards": [
            (settings.say(f"heading.{one}"), settings.say(f"follows.{one}.assisted"))
            for one in FOLLOWS
            if one != "first_roster"
        ],
        "receipt": [(words, case.receipt[name]) for name, words in OUTCOMES.items() if case.receipt.get(name)],
        "crumbs": [Crumb("Cases", visit.url("cases")), Crumb(f"Case {case.pk}")],
        "takes_files": case.state in TAKES_FILES,
        "files_form": files or FilesForm(),
        "say_form": say or SayForm(),
        "files": file_lines(district, case, runs, {pk: visit.url("run", pk) for pk in runs}),
        "versions_url": visit.url("case_versions", case.pk),
        "urls": {
            name: visit.url(f"case_{name}", case.pk)
            for name in (
                *("files", "columns", "cells", "send", "say"),
                *("accounts", "logins", "sign_off", "cancel", "template"),
            )
        },
        "may_change": not visit.viewer.is_read_only,
        "may_cancel": case.is_open and case.state not in {CaseState.IMPORTED, CaseState.VERIFIED},
        "is_contact": visit.viewer.account_id == case.contact_id,
        "has_roster": district.last_stamp > 0,
        **_plan(visit, case, run),
    }
    return show(visit, "cases/case.html", context, room="cases", status=status)


def _plan(visit: Visit, case: Case, run: Run | None) -> dict[str, object]:
    """What the files say, and what they would do."""
    if run is None:
        return {"run": None}
    strange = run.state == RunState.RECEIVED and case.state == CaseState.CHECKED
    at_work = run.state in AT_WORK and not strange
    causes = summarize_findings(visit.district, run, hidden=hidden_from(visit.viewer, run)).causes
    return {
        **progress_of(visit, run),
        "at_work": at_work,
        "strange": strange,
        "usable": run.state == RunState.HELD,
        "reasons": own_reasons(run),
        "too_many": list_too_many(visit.district, run),
        "contact_url": visit.url("contact"),
        "findings": [describing.cause_note(visit, run, cause) for cause in causes[:CAUSES]],
        "more_causes": max(0, len(causes) - CAUSES),
        "findings_url": visit.url("run_findings", run.pk),
        "tables": visible_tables(visit, describing.tables_of(visit, run)),
        "reports": report_links(visit, run),
        "unused": unused_columns(visit.district, run),
        "to_mend": can_mend(visit, run) if case.state in TAKES_FILES else 0,
        "mended": mended_before(visit, run),
    }


@require_safe
@inside
def download_template(visit: Visit, case_id: int) -> HttpResponse:
    """The templates of a case, with its schools in them, or (``filled``) with all that is on the roster."""
    case = access_case(visit.viewer, visit.district, case_id)
    asked = visit.request.GET
    kind = KINDS[Form(case.form)]
    ending = CSV if asked.get("ending") == CSV else WORKBOOK
    made = make_template(
        visit.district,
        kind,
        columns={},
        ending=ending,
        filled="filled" in asked,
        sees_demographics=visit.viewer.may(Permission.VIEW_DEMOGRAPHICS),
        schools=case.schools,
    )
    name = f"{visit.district.code}-case-{case.pk}{made.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made.content, content_type=TYPES[made.ending], headers=headers)
