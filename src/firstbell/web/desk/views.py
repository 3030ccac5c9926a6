"""The queue, and a case as Technical Services sees it."""

from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.seats import list_too_many
from firstbell.domain.assisted.access import NotYours, access_case_at_desk, access_own_case_at_desk, view_at_desk
from firstbell.domain.assisted.actions import import_clean_plans
from firstbell.domain.assisted.models import Case, CaseState, Form, Line, Side, Verdict
from firstbell.domain.assisted.queries import (
    Asked,
    Queue,
    count_queue,
    list_answers,
    list_lines,
    list_replies,
    list_uploads,
)
from firstbell.domain.assisted.staffing import list_desk
from firstbell.domain.assisted.states import SET_BACK
from firstbell.domain.districts.models import District
from firstbell.domain.imports.access import hidden_from
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run, summarize_findings
from firstbell.engine.tables import DEMOGRAPHICS, TABLES
from firstbell.web.cases.forms import SayForm
from firstbell.web.cases.showing import TONES, facts_of, file_lines, finding_note, own_reasons
from firstbell.web.cases.versions import versions_of
from firstbell.web.components.shapes import Counts, Crumb, Tab
from firstbell.web.components.tones import Tone
from firstbell.web.desk.door import at_desk
from firstbell.web.listing import address, id_in
from firstbell.web.runs.describing import counts_of
from firstbell.web.runs.views import AT_WORK
from firstbell.web.staff.views import actor_of
from firstbell.web.words import count_in_words

MOST = 100
LONGEST_WORDS = 100
CAUSES = 20
PARTS = {
    "": "Waits for us",
    "mine": "Mine",
    "clean": "Clean plans",
    "district": "Waits for districts",
    "open": "All open",
    "closed": "Closed",
}


@require_safe
@at_desk
def show_queue(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """The cases that are asked for, the first that is due first."""
    now = timezone.now()
    part = request.GET.get("part", "")
    part = part if part in PARTS else ""
    words = request.GET.get("q", "")[:LONGEST_WORDS]
    lines = list_lines(replace(_asked(part, staff), words=words), limit=MOST)
    context = {
        "lead": _lead(count_queue(staff.account_id, now=now)),
        "tabs": [
            Tab(label, address(reverse("web:desk"), {"part": name, "q": words}), current=name == part)
            for name, label in PARTS.items()
        ],
        "words": words,
        "part": part,
        "lines": [_shown(line, now) for line in lines],
        "has_clean": any(line.is_clean for line in lines),
        "is_cut": len(lines) == MOST,
        "urls": {
            "clean": reverse("web:desk_clean"),
            "findings": reverse("web:desk_findings"),
            "replies": reverse("web:desk_replies"),
        },
    }
    return render(request, "desk/desk.html", context)


def _asked(part: str, staff: StaffMembership) -> Asked:
    wanted = {
        "": Asked(waits_for=Side.SERVICES),
        "mine": Asked(account_id=staff.account_id),
        "clean": Asked(clean=True),
        "district": Asked(waits_for=Side.DISTRICT),
        "closed": Asked(closed=True),
    }
    return wanted.get(part, Asked())


def _lead(queue: Queue) -> str:
    waiting = count_in_words(queue.waiting, "case waits", "cases wait")
    return f"{waiting} for Technical Services: {queue.mine:,} yours, {queue.unclaimed:,} nobody’s, {queue.late:,} late."


def _shown(line: Line, now: datetime) -> tuple[Line, str, Tone, bool]:
    url = reverse("web:desk_case", args=[line.district.code, line.case_id])
    return line, url, TONES.get(line.state, "wait"), line.due_at is not None and line.due_at < now


@require_POST
@at_desk
def import_clean(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """Let the chosen clean plans go."""
    wanted = [case_id for text in request.POST.getlist("case") if (case_id := id_in(text))]
    went, not_now = import_clean_plans(wanted, staff, by=actor_of(staff))
    if went:
        messages.success(request, f"{count_in_words(len(went), 'plan is', 'plans are')} being imported.")
    for why in not_now:
        messages.info(request, why)
    if not wanted:
        messages.info(request, "Choose at least one plan.")
    return redirect(address(reverse("web:desk"), {"part": "clean"}))


@require_safe
@at_desk
def show_case(request: HttpRequest, staff: StaffMembership, code: str, case_id: int) -> HttpResponse:
    """One case: where it stands for everybody at the desk, all of it for who has it."""
    district, case = access_case_at_desk(staff, code, case_id)
    is_mine = case.claimed_id == staff.account_id
    with timezone.override(district.time_zone):
        context = {
            **facts_of(district, case, of_district=False),
            "district": district,
            "title": f"Case {case.pk} of {district.name}",
            "before_url": reverse("web:desk_case", args=[code, case.before_id]) if case.before_id else "",
            "crumbs": [Crumb("Cases", reverse("web:desk")), Crumb(f"Case {case.pk}")],
            "is_mine": is_mine,
            "me": staff.pk,
            "urls": _urls(district, case),
        }
        context |= _own(staff, district, case) if is_mine else {"messages_of_case": []}
        return render(request, "desk/case.html", context)


@require_safe
@at_desk
def show_versions(request: HttpRequest, staff: StaffMembership, code: str, case_id: int) -> HttpResponse:
    """What changed between two versions of the files, for who has the case."""
    access_case_at_desk(staff, code, case_id)
    try:
        district, case = access_own_case_at_desk(staff, code, case_id)
    except NotYours as why:
        messages.info(request, str(why))
        return redirect("web:desk_case", code, case_id)
    back = reverse("web:desk_case", args=[code, case_id])
    with timezone.override(district.time_zone):
        context = {
            **versions_of(request, view_at_desk(staff, district), district, case),
            "crumbs": [Crumb("Cases", reverse("web:desk")), Crumb(f"Case {case.pk}", back), Crumb("Versions")],
        }
        return render(request, "desk/versions.html", context)


def _urls(district: District, case: Case) -> dict[str, str]:
    verbs = ("claim", "hand_over", "templates", "return", "back", "cancel", "import", "undo", "say", "answer")
    urls = {verb: reverse(f"web:desk_{verb}", args=[district.code, case.pk]) for verb in verbs}
    return urls | {"visit": reverse("web:staff_visit", args=[district.code])}


def _own(staff: StaffMembership, district: District, case: Case) -> dict[str, object]:
    """What is for who has the case."""
    runs = {one.run_id: run for one in list_uploads(district, case) if (run := find_run(district, one.run_id))}
    run = runs.get(case.run_id or 0)
    back = SET_BACK.get(CaseState(case.state))
    return {
        "forms": [(value, words) for value, words in Form.choices if value != Form.UNSURE],
        "files": file_lines(district, case, runs, {}),
        "versions_url": reverse("web:desk_versions", args=[district.code, case.pk]),
        "disputes": [one for one in list_answers(district, case) if one.verdict == Verdict.WRONG],
        "say_form": SayForm(),
        "replies": list_replies(),
        "desk": [one for one in list_desk() if one.account_id != staff.account_id],
        "may_return": case.state in {CaseState.RECEIVED, CaseState.CHECKED, CaseState.PLANNED},
        "may_cancel": case.state not in {CaseState.IMPORTED, CaseState.VERIFIED},
        "set_back_to": back.label if back else "",
        **_plan(staff, district, case, run),
    }


def _plan(staff: StaffMembership, district: District, case: Case, run: Run | None) -> dict[str, object]:
    if run is None:
        return {"run": None}
    viewer = view_at_desk(staff, district)
    causes = summarize_findings(district, run, hidden=hidden_from(viewer, run)).causes[:CAUSES]
    corrects = case.state in {CaseState.CHECKED, CaseState.PLANNED} and run.state == RunState.HELD
    path = reverse("web:desk_correct", args=[district.code, case.pk])
    return {
        "run": run,
        "at_work": run.state in AT_WORK and case.state != CaseState.CHECKED,
        "reasons": own_reasons(run),
        "too_many": list_too_many(district, run),
        "of_vendor": True,
        "tables": _tables(run),
        "findings": [
            (
                finding_note(cause),
                address(path, {"file": cause.file, "column": cause.column})
                if corrects and cause.file and cause.column
                else "",
            )
            for cause in causes
        ],
    }


def _tables(run: Run) -> list[tuple[str, Counts]]:
    counted = [(name, counts_of(run, name)) for name in TABLES if name != DEMOGRAPHICS.name]
    return [(TABLES[name].nouns.capitalize(), counts) for name, counts in counted if counts != Counts()]
