"""A change of method before it happens: whose people are, who is matched, who would have no way in; and when."""

from dataclasses import dataclass

from django import forms
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.advice.answers import METHODS
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.changing.actions import call_off, change_now, change_on
from firstbell.domain.changing.queries import FEW, leaves_sign_on, only_by_sign_on, standing_of
from firstbell.domain.districts.actions import BadDistrict
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.queries import list_runs
from firstbell.domain.roster.queries.person import name_people
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.signon.queries import list_connections
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside

REHEARSED = frozenset({RunState.HELD, RunState.CHECKED})
MOST_RUNS = 20


class DayForm(forms.Form):
    """When a method changes."""

    on = forms.DateField(
        label="From which day on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Blank for now. On its day it comes about within the first hour.",
    )


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A run that shows who would be matched, and was not applied."""

    source: str
    when: object
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def look_at_change(visit: Visit, method: str) -> HttpResponseBase:
    """What the change does; and the form that makes it, now or on a day."""
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    if method not in METHODS:
        raise Http404
    if method == visit.district.method:
        return redirect(visit.url("method"))
    posted = visit.request.method == "POST"
    form = DayForm(visit.request.POST if posted else None)
    if posted and form.is_valid():
        try:
            _change(visit, method, form)
        except BadDistrict as problem:
            form.add_error(None, str(problem))
        else:
            return redirect(visit.url("method"))
    return _show(visit, method, form)


@require_POST
@inside
def call_it_off(visit: Visit) -> HttpResponse:
    """No change is planned any more."""
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    if call_off(visit.district, by=visit.viewer.actor):
        messages.success(visit.request, "It is called off. The method stays as it is.")
    return redirect(visit.url("method"))


def _change(visit: Visit, method: str, form: DayForm) -> None:
    day, by = form.cleaned_data["on"], visit.viewer.actor
    if day is None:
        change_now(visit.district, method, by=by)
        messages.success(visit.request, "The method is changed. No account changed by it.")
    else:
        planned = change_on(visit.district, method, day, by=by)
        messages.success(visit.request, f"It changes on {planned.on:%-d %B %Y}. Until then it can be called off.")


def _show(visit: Visit, method: str, form: DayForm) -> HttpResponse:
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    count, people = only_by_sign_on(visit.district) if leaves_sign_on(visit.district, method) else (0, ())
    names = name_people(visit.district, WHOLE_DISTRICT, people)
    label = settings.say(f"method.{method}")
    context = {
        "method": method,
        "label": label,
        "title": f"Changing to {label}",
        "standing": standing_of(visit.district),
        "rehearsals": _rehearsals(visit) if method == "automated" else [],
        "leaves_sign_on": leaves_sign_on(visit.district, method),
        "connections": list_connections(visit.district),
        "shut_out": count,
        "few": FEW,
        "shut_out_people": [(names.get(one, "Somebody"), visit.url("person", one)) for one in people],
        "form": form,
        "crumbs": [Crumb("Method", visit.url("method"))],
        "sources_url": visit.url("sources"),
        "people_url": visit.url("people"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return show(visit, "method/changing.html", context, room="method", status=status)


def _rehearsals(visit: Visit) -> list[Rehearsal]:
    """Of each source the newest run that was planned and waits."""
    found: dict[int, Rehearsal] = {}
    for run in list_runs(visit.district, limit=MOST_RUNS):
        if run.state in REHEARSED and run.kind == "import":
            found.setdefault(
                run.source_id, Rehearsal(run.source.name, run.created_at, visit.url("run_takeover", run.pk))
            )
    return list(found.values())
