"""What is done with a connection: test it, sync now, pause, when it is fetched, who may bring files."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.sources.access import access_connection
from firstbell.domain.sources.actions import (
    NotSo,
    ask_for_sync,
    pause_connection,
    renew_password,
    revoke_password,
    set_public_keys,
    set_timetable,
)
from firstbell.domain.sources.bringing import SFTP, user_name
from firstbell.domain.sources.models import Connection
from firstbell.domain.sources.testing import try_connection
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sources.connection_forms import KeysForm, TimetableForm, as_lines
from firstbell.web.visit import Visit, inside


@require_POST
@inside
def try_it(visit: Visit, source_id: int) -> HttpResponse:
    """Test the connection, and tell what was found. Nothing is changed."""
    connection = access_connection(visit.viewer, visit.district, source_id)
    context = {
        "tested": try_connection(visit.district, connection),
        "source": connection.source,
        "crumbs": _crumbs(visit, connection),
        "change_url": visit.url("source_values", source_id),
        "sync_url": visit.url("source_sync", source_id),
    }
    return show(visit, "sources/tested.html", context, room="sources")


@require_POST
@inside
def sync_now(visit: Visit, source_id: int) -> HttpResponse:
    """Fetch as soon as a worker is free; ``whole`` asks for everything."""
    connection = access_connection(visit.viewer, visit.district, source_id)
    ensure_may(visit.viewer, Permission.START_RUNS)
    try:
        ask_for_sync(
            visit.district, connection.source, by=visit.viewer.actor, whole=bool(visit.request.POST.get("whole"))
        )
        messages.success(visit.request, "A worker fetches it as soon as it can. The run appears below.")
    except NotSo as problem:
        messages.info(visit.request, str(problem))
    return redirect(visit.url("source", source_id))


@require_POST
@inside
def pause(visit: Visit, source_id: int) -> HttpResponse:
    """Pause with a reason, or go on where none is given."""
    connection = access_connection(visit.viewer, visit.district, source_id)
    why = " ".join(visit.request.POST.get("why", "").split())[:200]
    if "pause" in visit.request.POST and not why:
        why = f"by {visit.viewer.name}"
    pause_connection(visit.district, connection, why, by=visit.viewer.actor)
    messages.success(visit.request, "It is paused." if why else "It goes on.")
    return redirect(visit.url("source", source_id))


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def change_timetable(visit: Visit, source_id: int) -> HttpResponseBase:
    """When it is fetched from."""
    connection = access_connection(visit.viewer, visit.district, source_id)
    posted = visit.request.method == "POST"
    initial = {
        "times": ", ".join(connection.times),
        "weekdays": connection.weekdays,
        "pauses": as_lines(connection.pauses),
    }
    form = TimetableForm(visit.request.POST if posted else None, initial=initial)
    if posted and form.is_valid():
        set_timetable(visit.district, connection, **form.cleaned_data, by=visit.viewer.actor)
        messages.success(visit.request, "The timetable is set.")
        return redirect(visit.url("source", source_id))
    context = {"form": form, "source": connection.source, "crumbs": _crumbs(visit, connection)}
    return show(visit, "sources/timetable.html", context, room="sources", status=422 if posted else 200)


@require_POST
@inside
def new_password(visit: Visit, source_id: int) -> HttpResponse:
    """A new password or token, shown on this page and never again; ``revoke`` ends the old one without a new one."""
    connection = access_connection(visit.viewer, visit.district, source_id)
    if "revoke" in visit.request.POST:
        revoke_password(visit.district, connection, by=visit.viewer.actor)
        messages.success(visit.request, "Nobody gets in by the old one any more.")
        return redirect(visit.url("source", source_id))
    secret = renew_password(visit.district, connection, by=visit.viewer.actor)
    name = user_name(visit.district, connection)
    is_sftp = connection.source.kind == SFTP
    context = {
        "source": connection.source,
        "is_sftp": is_sftp,
        "username": name,
        "secret": secret if is_sftp else f"{name}.{secret}",
        "drop_url": visit.request.build_absolute_uri(reverse("drop_unnamed")),
        "crumbs": _crumbs(visit, connection),
        "back_url": visit.url("source", source_id),
    }
    return show(visit, "sources/password.html", context, room="sources")


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def change_keys(visit: Visit, source_id: int) -> HttpResponseBase:
    """Public keys that may sign in to the drop."""
    connection = access_connection(visit.viewer, visit.district, source_id)
    posted = visit.request.method == "POST"
    form = KeysForm(visit.request.POST if posted else None, initial={"keys": connection.public_keys})
    if posted and form.is_valid():
        set_public_keys(visit.district, connection, form.cleaned_data["keys"], by=visit.viewer.actor)
        messages.success(visit.request, "The keys are saved.")
        return redirect(visit.url("source", source_id))
    context = {"form": form, "source": connection.source, "crumbs": _crumbs(visit, connection)}
    return show(visit, "sources/keys.html", context, room="sources", status=422 if posted else 200)


def _crumbs(visit: Visit, connection: Connection) -> list[Crumb]:
    source = connection.source
    return [Crumb("Sources", visit.url("sources")), Crumb(source.name, visit.url("source", source.pk))]
