"""What the district does on a case. Who is a moment late finds it done, and is told so."""

from collections.abc import Callable
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from firstbell.domain.assisted.access import NotYours, access_case
from firstbell.domain.assisted.actions import cancel, send_as_it_is
from firstbell.domain.assisted.answering import sign_off
from firstbell.domain.assisted.bringing import bring_files, look_again, put_right
from firstbell.domain.assisted.handing import hand_over_logins
from firstbell.domain.assisted.models import Case
from firstbell.domain.assisted.states import NotNow
from firstbell.domain.assisted.thread import BadText, Said, say_for_district
from firstbell.domain.imports.queries import find_run
from firstbell.engine.corrections.kinds import RenameColumn
from firstbell.web.cases.forms import FilesForm, SayForm
from firstbell.web.cases.views import page_of
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.lists.mapping import unused_columns
from firstbell.web.runs.upload_limit import TOO_LARGE
from firstbell.web.visit import Visit, inside

LATE = (NotNow, NotYours, BadText)


@require_POST
@inside
def bring(visit: Visit, case_id: int) -> HttpResponseBase:
    """Take the files."""
    case = access_case(visit.viewer, visit.district, case_id)
    form = FilesForm(visit.request.POST, visit.request.FILES, too_large=getattr(visit.request, TOO_LARGE, False))
    if not form.is_valid():
        return page_of(visit, case, files=form, status=422)
    files = [(file.name or "files.csv", cast("BinaryIO", file)) for file in form.cleaned_data["package"]]
    done = "Your files are here. Firstbell checks them now."
    return _done(
        visit, case, lambda: bring_files(visit.district, case, files, now=timezone.now(), by=visit.viewer), done
    )


@require_POST
@inside
def map_columns(visit: Visit, case_id: int) -> HttpResponseBase:
    """Take what was chosen for each column that goes by another name, and look at the files again."""
    case = access_case(visit.viewer, visit.district, case_id)
    run = find_run(visit.district, case.run_id or 0)
    unused = unused_columns(visit.district, run) if run is not None else []
    chosen = [
        RenameColumn(one.file, one.column, to)
        for place, one in enumerate(unused)
        if (to := visit.request.POST.get(f"column-{place}", "")) in one.choices
    ]
    if not chosen or len({(one.file, one.to) for one in chosen}) < len(chosen):
        messages.warning(
            visit.request, "Choose for each column one that no other has." if chosen else "Nothing chosen."
        )
        return redirect(visit.url("case", case.pk))

    def act() -> None:
        put_right(visit.district, case, chosen, by=visit.viewer.actor)
        why = "Columns that go by other names"
        look_again(visit.district, case, now=timezone.now(), by=visit.viewer.actor, why=why)

    return _done(visit, case, act, "The columns are remembered for all files to come.")


@require_POST
@inside
def send(visit: Visit, case_id: int) -> HttpResponseBase:
    """Let Technical Services go on with the files as they are."""
    case = access_case(visit.viewer, visit.district, case_id)
    done = "Technical Services has the next step."
    return _done(visit, case, lambda: send_as_it_is(visit.district, case, now=timezone.now(), by=visit.viewer), done)


@require_POST
@inside
def say(visit: Visit, case_id: int) -> HttpResponseBase:
    """Write to Technical Services."""
    case = access_case(visit.viewer, visit.district, case_id)
    form = SayForm(visit.request.POST)
    if not form.is_valid():
        return page_of(visit, case, say=form, status=422)
    said = Said(**form.cleaned_data)
    done = "Sent. Technical Services answers here."
    return _done(visit, case, lambda: say_for_district(visit.district, case, said, by=visit.viewer), done)


@require_POST
@inside
def end(visit: Visit, case_id: int) -> HttpResponseBase:
    """Cancel a case."""
    case = access_case(visit.viewer, visit.district, case_id)
    done = f"Case {case.pk} is cancelled. Nothing on the roster changed."
    return _done(visit, case, lambda: cancel(visit.district, case, now=timezone.now(), by=visit.viewer.actor), done)


@require_POST
@inside
def close(visit: Visit, case_id: int) -> HttpResponseBase:
    """Sign a case off."""
    case = access_case(visit.viewer, visit.district, case_id)
    done = f"Case {case.pk} is signed off. Its receipt stands here."
    return _done(visit, case, lambda: sign_off(visit.district, case, now=timezone.now(), by=visit.viewer), done)


@require_POST
@inside
def take_logins(visit: Visit, case_id: int) -> HttpResponseBase:
    """Show the log-ins to the contact person, this once."""
    case = access_case(visit.viewer, visit.district, case_id)
    try:
        logins = hand_over_logins(visit.district, case, now=timezone.now(), by=visit.viewer)
    except LATE as late:
        messages.info(visit.request, str(late))
        return redirect(visit.url("case", case.pk))
    context = {
        "case": case,
        "logins": logins,
        "site_code": visit.district.code,
        "case_url": visit.url("case", case.pk),
        "crumbs": [
            Crumb("Cases", visit.url("cases")),
            Crumb(f"Case {case.pk}", visit.url("case", case.pk)),
            Crumb("Log-ins"),
        ],
    }
    return show(visit, "cases/logins.html", context, room="cases")


def _done(visit: Visit, case: Case, act: Callable[[], object], told: str, name: str = "case") -> HttpResponse:
    """Do it, tell that it is done or why it could not be, and go back to the page."""
    try:
        act()
    except LATE as late:
        messages.info(visit.request, str(late))
    else:
        messages.success(visit.request, told)
    return redirect(visit.url(name, case.pk))
