"""The last day of somebody who is kept by hand."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.roster.access import NotThere, access_person
from firstbell.domain.roster.editing.leaving import set_last_day
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.queries.leaving import find_last_days
from firstbell.web.editing.pages import editor_of
from firstbell.web.frame import show
from firstbell.web.people.person_views import crumbs_of
from firstbell.web.visit import Visit, inside


class LastDayForm(forms.Form):
    """A day, or none."""

    last_day = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="In the district’s time zone. Blank: no last day, the person stays.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def set_day(visit: Visit, person_id: int) -> HttpResponse:
    """Until when somebody is on the roster. Raises NotThere for who is not, and for who comes from a source."""
    editor = editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    if person.owner or person.row.removed_at is not None:
        raise NotThere(person_id)
    posted = visit.request.method == "POST"
    before = find_last_days(visit.district, [person.row.id]).get(person.row.id)
    form = LastDayForm(visit.request.POST if posted else None, initial={"last_day": before})
    if posted and form.is_valid():
        try:
            outcome = set_last_day(visit.district, [person.row.id], form.cleaned_data["last_day"], by=editor)
        except Refused as refused:
            form.add_error("last_day", str(refused))
        else:
            why = outcome.left[0][1] if outcome.left else ""
            messages.success(visit.request, f"{person.name} {why}." if why else "Saved.")
            return redirect(visit.url("person", person.row.id))
    context = {
        "form": form,
        "person": person,
        "days": visit.district.retention_days,
        "crumbs": crumbs_of(visit, person, "Last day"),
        "back": visit.url("person", person.row.id),
    }
    return show(visit, "people/last_day.html", context, room="people", status=422 if form.errors else 200)


def day_in(text: str) -> date | None:
    """A day as a form sends it; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
