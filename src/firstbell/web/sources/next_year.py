"""Next year, staged beside this one: what is taken from which day on, and a look at it before."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.next_year import NEXT, next_year_of
from firstbell.domain.roster.sources import policy_of
from firstbell.domain.sources.actions import NotSo
from firstbell.domain.sources.cutting_over import (
    call_off_next_year,
    find_last_look,
    look_at_next_year,
    stage_next_year,
)
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sources.saving import is_saved, shown_by, status_of
from firstbell.web.sources.scoping import ScopeForm, entered, scope_in_words
from firstbell.web.sources.standing import is_fetched
from firstbell.web.visit import Visit, inside


class NextYearForm(ScopeForm):
    """A day, and what is taken from then on."""

    field_order = ("on",)

    on = forms.DateField(
        label="From this day on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="In the district’s time zone. The first fetch then is a full one, and the guard looks at it.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_next_year(visit: Visit, source_id: int) -> HttpResponseBase:
    """What is staged: saved, called off, or looked at; this year goes on meanwhile."""
    source = access_source(visit.viewer, visit.district, source_id)
    posted, here = visit.request.method == "POST", visit.url("source_next_year", source.pk)
    coming = next_year_of(source)
    if posted and "look" in visit.request.POST:
        try:
            look_at_next_year(visit.district, source, by=visit.viewer.actor)
            messages.success(visit.request, "Everything is being fetched and checked. Nothing of it is applied.")
        except NotSo as reason:
            messages.info(visit.request, str(reason))
        return redirect(here)
    if posted and "call_off" in visit.request.POST:
        call_off_next_year(visit.district, source, by=visit.viewer.actor)
        messages.success(visit.request, "Called off: what is taken stays as it is.")
        return redirect(here)
    shown = {"on": coming.on, **entered(coming.scope)} if coming else entered(policy_of(source).scope)
    form = NextYearForm(visit.request.POST if posted else None, initial=shown)
    if posted and form.is_valid() and is_saved(form, partial(_save, visit, source, form)):
        messages.success(visit.request, "Saved. Until that day everything goes on as it is.")
        return redirect(here)
    look = find_last_look(visit.district, source)
    scope_url = visit.url("source_scope", source.pk)
    context = {
        "source": source,
        "form": form,
        "shown": shown_by(form, source, [NEXT]),
        "coming": next_year_of(source),
        "says": scope_in_words(coming.scope) if coming else "",
        "look": look,
        "look_url": visit.url("run", look.pk) if look else "",
        "may_look": coming is not None and is_fetched(source),
        "crumbs": [
            Crumb("Sources", visit.url("sources")),
            Crumb(source.name, visit.url("source", source.pk)),
            Crumb("What is taken", scope_url),
        ],
    }
    return show(visit, "sources/next_year.html", context, room="sources", status=status_of(form) if posted else 200)


def _save(visit: Visit, source: Source, form: NextYearForm, shown: str | None) -> None:
    day, scope = form.cleaned_data["on"], form.scope()
    stage_next_year(visit.district, source, day, scope, by=visit.viewer.actor, shown=shown)
