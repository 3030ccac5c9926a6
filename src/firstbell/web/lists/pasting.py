"""Pasting the names of a class."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.imports.lists import ensure_may_bring_lists, receive_names
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.roster.queries.class_choices import list_class_choices
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.lists.forms import NamesForm
from firstbell.web.visit import Visit, inside


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def paste_names(visit: Visit) -> HttpResponse:
    """A class, and a name a line."""
    ensure_may_bring_lists(visit.viewer)
    choices = list_class_choices(visit.district, visit.scope)
    named = [(str(choice.row_id), f"{choice.title} ({choice.school})") for choice in choices]
    posted = visit.request.method == "POST"
    form = NamesForm(named, visit.request.POST) if posted else NamesForm(named)
    if posted and form.is_valid():
        chosen = next(one for one in choices if str(one.row_id) == form.cleaned_data["group"])
        run = receive_names(
            visit.district,
            form.cleaned_data["names"],
            school=chosen.school_reference,
            group=chosen.reference,
            scope=visit.scope,
            by=visit.viewer.actor,
        )
        later(CARRY_OUT, visit.district, run)
        return redirect(visit.url("list", run.pk))
    crumbs = [Crumb("Lists", visit.url("lists")), Crumb("Paste names")]
    context = {"form": form, "crumbs": crumbs, "has_classes": bool(choices), "lists_url": visit.url("lists")}
    return show(visit, "lists/names.html", context, room="lists", status=422 if posted else 200)
