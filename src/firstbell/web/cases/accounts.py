"""What was asked for beside what is there, account by account, and what the district says of each."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.assisted.access import access_case
from firstbell.domain.assisted.answering import Place, confirm, confirm_rest, dispute
from firstbell.domain.assisted.models import CaseState, Verdict
from firstbell.domain.assisted.verifying import OUTCOMES, AccountLine, accounts_as_workbook, list_accounts
from firstbell.web.cases.acting import LATE
from firstbell.web.components.shapes import Crumb, PageLinks, Tab
from firstbell.web.frame import show
from firstbell.web.listing import address, id_in
from firstbell.web.lists.templates import TYPES
from firstbell.web.visit import Visit, inside

PAGE = 50
WRONG, OPEN = "wrong", "open"
type Row = tuple[AccountLine, str, str]


@require_safe
@inside
def show_accounts(visit: Visit, case_id: int) -> HttpResponse:
    """The accounts, of one outcome or all, a page at a time."""
    case = access_case(visit.viewer, visit.district, case_id)
    lines = list_accounts(visit.district, case)
    kind = visit.request.GET.get("kind", "")
    shown = [line for line in lines if is_of(line, kind)]
    offset = id_in(visit.request.GET.get("from", "")) or 0
    path = visit.url("case_accounts", case.pk)
    context = {
        "case": case,
        "crumbs": [
            Crumb("Cases", visit.url("cases")),
            Crumb(f"Case {case.pk}", visit.url("case", case.pk)),
            Crumb("Accounts"),
        ],
        "rows": [(line, place_of(line), _person(visit, line)) for line in shown[offset : offset + PAGE]],
        "total": len(shown),
        "tabs": tabs_of(lines, kind, path),
        "kind": kind,
        "links": _links(path, kind, offset, len(shown)),
        "can_answer": case.state == CaseState.IMPORTED and not visit.viewer.is_read_only,
        "unsaid": sum(line.answer is None for line in lines),
        "wrong": sum(is_of(line, WRONG) for line in lines),
        "urls": {name: visit.url(f"case_accounts_{name}", case.pk) for name in ("confirm", "wrong", "rest", "file")},
    }
    return show(visit, "cases/accounts.html", context, room="cases")


def is_of(line: AccountLine, kind: str) -> bool:
    """Whether a line is of what is asked for: an outcome, or what the district says of it."""
    if kind == WRONG:
        return line.answer is not None and line.answer.verdict == Verdict.WRONG
    if kind == OPEN:
        return line.answer is None
    return line.outcome == kind if kind in OUTCOMES else True


def tabs_of(lines: list[AccountLine], kind: str, path: str) -> list[Tab]:
    """Each outcome that there is, with how many."""
    outcomes = [(str(name), words) for name, words in OUTCOMES.items()]
    kinds = dict([("", "All"), *outcomes, (WRONG, "Marked as wrong")])
    counts = {name: sum(is_of(line, name) for line in lines) for name in kinds}
    return [
        Tab(words, address(path, {"kind": name}), current=name == kind, count=counts[name])
        for name, words in kinds.items()
        if counts[name] or name == kind or not name
    ]


def place_of(line: AccountLine) -> str:
    """An account's place in the files, as forms send it."""
    return f"{line.record} {line.file}"


def place_in(text: str) -> Place | None:
    """The place that a form sent; None for anything else."""
    record, _, file = text.partition(" ")
    number = id_in(record)
    return Place(file, number) if number is not None and file else None


def _person(visit: Visit, line: AccountLine) -> str:
    return visit.url("person", line.person_id) if line.person_id and line.is_on_roster else ""


def _links(path: str, kind: str, offset: int, total: int) -> PageLinks:
    before = address(path, {"kind": kind, "from": max(0, offset - PAGE) or ""}) if offset else ""
    after = address(path, {"kind": kind, "from": offset + PAGE}) if offset + PAGE < total else ""
    told = f"{offset + 1:,} to {min(offset + PAGE, total):,} of {total:,}" if total else ""
    return PageLinks(before, after, told, newer_label="Previous", older_label="Next")


@require_safe
@inside
def download_accounts(visit: Visit, case_id: int) -> HttpResponse:
    """The same as a workbook."""
    case = access_case(visit.viewer, visit.district, case_id)
    body = accounts_as_workbook(list_accounts(visit.district, case))
    headers = {"Content-Disposition": f'attachment; filename="{visit.district.code}-case-{case.pk}-accounts.xlsx"'}
    return HttpResponse(body, content_type=TYPES[".xlsx"], headers=headers)


@require_POST
@inside
def say_right(visit: Visit, case_id: int) -> HttpResponseBase:
    """Confirm the accounts that were ticked."""
    case = access_case(visit.viewer, visit.district, case_id)
    places = [place for text in visit.request.POST.getlist("account") if (place := place_in(text))]
    try:
        count = confirm(visit.district, case, places, by=visit.viewer)
        messages.success(visit.request, f"{count:,} confirmed.")
    except LATE as late:
        messages.info(visit.request, str(late))
    return redirect(visit.url("case_accounts", case.pk))


@require_POST
@inside
def say_wrong(visit: Visit, case_id: int) -> HttpResponseBase:
    """Mark an account as wrong, and say why."""
    case = access_case(visit.viewer, visit.district, case_id)
    place = place_in(visit.request.POST.get("account", ""))
    try:
        if place is None:
            messages.info(visit.request, "Choose an account.")
        else:
            dispute(visit.district, case, place, visit.request.POST.get("note", ""), by=visit.viewer)
            messages.success(visit.request, "Marked. Technical Services answers you here.")
    except LATE as late:
        messages.info(visit.request, str(late))
    return redirect(visit.url("case_accounts", case.pk))


@require_POST
@inside
def say_all_right(visit: Visit, case_id: int) -> HttpResponseBase:
    """Confirm everything that is not marked: log-ins may open."""
    case = access_case(visit.viewer, visit.district, case_id)
    try:
        count = confirm_rest(visit.district, case, now=timezone.now(), by=visit.viewer)
        messages.success(visit.request, f"{count:,} accounts are confirmed. Firstbell opens the log-ins now.")
    except LATE as late:
        messages.info(visit.request, str(late))
        return redirect(visit.url("case_accounts", case.pk))
    return redirect(visit.url("case", case.pk))
