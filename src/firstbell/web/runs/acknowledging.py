"""Acknowledging what a run found: why it is all right for now, and until when."""

from dataclasses import replace
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.access import access_run, hidden_from
from firstbell.domain.imports.acknowledging import (
    LONGEST_REASON,
    MOST_DAYS,
    USUAL_DAYS,
    AcknowledgedAlready,
    BadAcknowledgement,
    NothingToAcknowledge,
    Words,
    acknowledge,
    find_acknowledged,
    find_place,
)
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.imports.queries import Place
from firstbell.engine.report import Cause
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.runs import describing
from firstbell.web.visit import Visit, inside


class AcknowledgeForm(forms.Form):
    """Why, and until when. ``instead_of`` is what stood there when the page was made."""

    reason = forms.CharField(
        label="Why is this all right for now?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever reads the run sees it, with your name.",
    )
    until = forms.DateField(
        label="Until when?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day. Afterwards it is told like all others again. A year at most.",
    )
    instead_of = forms.IntegerField(required=False, widget=forms.HiddenInput())
    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_acknowledge(visit: Visit, run_id: int) -> HttpResponseBase:
    """One cause of a run's findings, or one record of it, and the form."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    asked = visit.request.GET
    place = Place(*(asked.get(name, "") for name in ("code", "file", "column", "record")))
    try:
        cause = find_place(visit.district, run, place, hidden=hidden_from(visit.viewer, run, visit.scope))
    except NothingToAcknowledge:
        raise Http404 from None
    there = find_acknowledged(visit.district, run, place)
    if visit.request.method != "POST":
        return _page(visit, run, place, cause, AcknowledgeForm(initial=_initial(visit, there)))
    form = AcknowledgeForm(visit.request.POST)
    if not form.is_valid():
        return _page(visit, run, place, cause, form)
    return _acknowledge(visit, run, place, cause, form)


def _acknowledge(visit: Visit, run: Run, place: Place, cause: Cause, form: AcknowledgeForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        given = acknowledge(
            visit.district,
            run,
            place,
            Words(said["reason"], said["until"], said["instead_of"]),
            today=visit.today,
            by=visit.viewer.actor,
            hidden=hidden_from(visit.viewer, run, visit.scope),
        )
    except BadAcknowledgement as wrong:
        form.add_error(wrong.field, str(wrong))
        return _page(visit, run, place, cause, form)
    except AcknowledgedAlready as calm:
        messages.info(visit.request, str(calm))
    else:
        messages.success(visit.request, f"Acknowledged until {given.until:%-d %B %Y}.")
    return redirect(visit.url("run", run.pk))


def _initial(visit: Visit, there: Acknowledgement | None) -> dict[str, object]:
    if there is None:
        return {"until": visit.today + timedelta(days=USUAL_DAYS)}
    until = there.until if there.until >= visit.today else visit.today + timedelta(days=USUAL_DAYS)
    return {"reason": there.reason, "until": until, "instead_of": there.pk}


def _page(visit: Visit, run: Run, place: Place, cause: Cause, form: AcknowledgeForm) -> HttpResponse:
    form.fields["until"].widget.attrs |= {
        "min": visit.today.isoformat(),
        "max": (visit.today + timedelta(days=MOST_DAYS)).isoformat(),
    }
    context = {
        "run": run,
        "crumbs": [
            Crumb("Runs", visit.url("runs")),
            Crumb(f"Run {run.pk}", visit.url("run", run.pk)),
            Crumb("Acknowledge"),
        ],
        "note": replace(describing.cause_note(visit, run, cause), acknowledge_url=""),
        "record": place.sourced_id,
        "form": form,
        "here": describing.acknowledge_url(visit, run.pk, place),
        "back_url": visit.url("run", run.pk),
    }
    return show(visit, "runs/acknowledge.html", context, room="runs", status=422 if form.errors else 200)
