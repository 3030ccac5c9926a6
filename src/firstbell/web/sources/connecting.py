"""Making a connection: choose a kind, enter its values; and changing them later."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.contract import Kind
from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.roster.access import access_source
from firstbell.domain.sources.access import access_connection
from firstbell.domain.sources.actions import NotSo, add_connection, change_connection, connect
from firstbell.domain.sources.queries import kind_of
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sources.connection_forms import NameForm, ValuesForm
from firstbell.web.visit import Visit, inside

CHOICES = tuple(kind for kind in KINDS.values() if kind.code != "upload")


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def add_source(visit: Visit) -> HttpResponseBase:
    """A new source whose roster comes by itself."""
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    kind = _chosen(visit)
    if kind is None:
        return _choose(visit, "Add a source", [Crumb("Sources", visit.url("sources"))])
    posted = visit.request.POST if visit.request.method == "POST" else None
    name, values = NameForm(posted), ValuesForm(kind, posted)
    if posted is not None and name.is_valid() and values.is_valid():
        try:
            made = add_connection(
                visit.district, name.cleaned_data["name"].strip(), kind, values.values(), by=visit.viewer.actor
            )
        except NotSo as problem:
            name.add_error("name", str(problem))
        else:
            return _made(visit, kind, made.source_id)
    crumbs = [Crumb("Sources", visit.url("sources")), Crumb("Add a source", visit.url("source_add"))]
    return _enter(visit, kind, [name, values], crumbs, posted=posted is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def connect_source(visit: Visit, source_id: int) -> HttpResponseBase:
    """Let the roster of a source that took uploads come by itself."""
    source = access_source(visit.viewer, visit.district, source_id)
    crumbs = [Crumb("Sources", visit.url("sources")), Crumb(source.name, visit.url("source", source.pk))]
    kind = _chosen(visit)
    if kind is None:
        return _choose(visit, f"Connect {source.name}", crumbs)
    posted = visit.request.POST if visit.request.method == "POST" else None
    values = ValuesForm(kind, posted)
    if posted is not None and values.is_valid():
        try:
            connect(visit.district, source, kind, values.values(), by=visit.viewer.actor)
        except NotSo as problem:
            messages.info(visit.request, str(problem))
            return redirect(visit.url("source", source.pk))
        return _made(visit, kind, source.pk)
    return _enter(visit, kind, [values], crumbs, posted=posted is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def change_values(visit: Visit, source_id: int) -> HttpResponseBase:
    """Change what a connection was given."""
    connection = access_connection(visit.viewer, visit.district, source_id)
    kind = kind_of(connection.source)
    posted = visit.request.POST if visit.request.method == "POST" else None
    values = ValuesForm(kind, posted, connection=connection)
    if posted is not None and values.is_valid():
        change_connection(visit.district, connection, values.values(), by=visit.viewer.actor)
        messages.success(visit.request, "Saved. Test the connection to see whether it works.")
        return redirect(visit.url("source", source_id))
    crumbs = [Crumb("Sources", visit.url("sources")), Crumb(connection.source.name, visit.url("source", source_id))]
    return _enter(visit, kind, [values], crumbs, posted=posted is not None)


def _chosen(visit: Visit) -> Kind | None:
    code = visit.request.POST.get("kind") or visit.request.GET.get("kind", "")
    return next((kind for kind in CHOICES if kind.code == code), None)


def _choose(visit: Visit, title: str, crumbs: list[Crumb]) -> HttpResponseBase:
    context = {"title": title, "kinds": CHOICES, "crumbs": crumbs, "upload_url": visit.url("upload")}
    return show(visit, "sources/kinds.html", context, room="sources")


def _enter(
    visit: Visit, kind: Kind, entered: list[forms.Form], crumbs: list[Crumb], *, posted: bool
) -> HttpResponseBase:
    context: dict[str, Any] = {"kind": kind, "forms": entered, "crumbs": crumbs}
    return show(visit, "sources/values.html", context, room="sources", status=422 if posted else 200)


def _made(visit: Visit, kind: Kind, source_id: int) -> HttpResponseBase:
    says = "Test the connection next." if kind.connector else "What is needed to send files stands below."
    messages.success(visit.request, f"The source is there. {says}")
    return redirect(visit.url("source", source_id))
