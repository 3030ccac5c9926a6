"""Files of what a program sees, left on an SFTP server by a timetable."""

from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.connectors.contract import Setting
from firstbell.connectors.sftp_pull.leaving import SETTINGS
from firstbell.domain.sharing.access import find_client
from firstbell.domain.sharing.exporting import DELTAS, FORMATS
from firstbell.domain.sharing.outlets import NoDelta, When, end_outlet, find_outlet, leave_soon, set_outlet
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sources.connection_forms import TimetableForm, ValuesForm, as_lines
from firstbell.web.visit import Visit, inside

EVERY_DAY = list(range(7))


class Server(NamedTuple):
    """What is entered about the server."""

    settings: tuple[Setting, ...] = SETTINGS


class FormatForm(forms.Form):
    """What is left."""

    target = forms.ChoiceField(label="Format", choices=[(target, target) for target in FORMATS])
    delta = forms.BooleanField(
        label="After the first time only what has changed",
        required=False,
        help_text=f"For {' and '.join(DELTAS)}. All of it is roster.zip, changes are files of their own.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def outlet(visit: Visit, client_id: int) -> HttpResponseBase:
    """Where, what and when; how it went the last time."""
    client = find_client(visit.viewer, client_id)
    kept = find_outlet(client)
    posted = visit.request.POST if visit.request.method == "POST" else None
    plain = {"times": "03:05", "weekdays": EVERY_DAY, "pauses": ""}
    said = {"times": ", ".join(kept.times), "weekdays": kept.weekdays, "pauses": as_lines(kept.pauses)} if kept else {}
    what = FormatForm(posted, initial={"target": kept.target, "delta": kept.delta} if kept else {})
    where = ValuesForm(Server(), posted, connection=kept)
    when = TimetableForm(posted, initial=plain | said)
    when.fields["pauses"].help_text = "One a line, both days included: 2027-06-10 to 2027-08-02 Summer."
    if posted is not None and all([what.is_valid(), where.is_valid(), when.is_valid()]):
        wanted, timetable = what.cleaned_data, When(**when.cleaned_data)
        try:
            set_outlet(
                client, wanted["target"], where.values(), timetable, delta=wanted["delta"], by=visit.viewer.actor
            )
        except NoDelta:
            what.add_error("delta", "This format has no way of saying what has changed: choose another, or all of it.")
        else:
            messages.success(visit.request, "Saved. Leave them now to see whether it works.")
            return redirect(visit.url("program_outlet", client.pk))
    context = {
        "client": client,
        "crumbs": (
            Crumb("Programs", visit.url("programs")),
            Crumb(client.name, visit.url("program_grant", client.pk)),
            Crumb("Files by timetable"),
        ),
        "outlet": kept,
        "forms": (what, where, when),
        "now_url": visit.url("program_outlet_now", client.pk),
        "end_url": visit.url("program_outlet_end", client.pk),
    }
    return show(visit, "sharing/outlet.html", context, room="programs", status=422 if posted is not None else 200)


@require_POST
@inside
def now(visit: Visit, client_id: int) -> HttpResponse:
    """Leave them without waiting for the timetable."""
    client = find_client(visit.viewer, client_id)
    if leave_soon(client, by=visit.viewer.actor):
        messages.success(visit.request, "A worker leaves the files now. Look at this page again in a minute.")
    else:
        messages.error(visit.request, "Say first where they are left.")
    return redirect(visit.url("program_outlet", client.pk))


@require_POST
@inside
def end(visit: Visit, client_id: int) -> HttpResponse:
    """Leave nothing any more."""
    client = find_client(visit.viewer, client_id)
    end_outlet(client, by=visit.viewer.actor)
    messages.success(visit.request, "No files are left any more, and the log-in is forgotten.")
    return redirect(visit.url("program_outlet", client.pk))
