"""One person and the programs: which were told of them, and from which they are withheld. And the log of all reads."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.roster.access import access_person
from firstbell.domain.sharing.access import NoSuchClient, NotGranted, find_client, list_clients
from firstbell.domain.sharing.disclosing import all_disclosures, received_of
from firstbell.domain.sharing.exporting import DELTAS, FORMATS, export_roster, stamp_of_run
from firstbell.domain.sharing.granting import BadGrant, find_withheld, list_withheld, tell_again, withhold
from firstbell.web.components.shapes import Crumb
from firstbell.web.exporting import export
from firstbell.web.frame import show
from firstbell.web.sharing.forms import WithholdForm
from firstbell.web.visit import Visit, inside
from firstbell.web.words import field_in_words

HEADS = ("at", "program", "grantVersion", "table", "asked", "records", "rowIds")


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def person(visit: Visit, person_id: int) -> HttpResponseBase:
    """Who received this person's data; and telling a program nothing of them from now on."""
    programs = [client for client in list_clients(visit.viewer) if client.revoked_at is None]
    found = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    posted = visit.request.method == "POST"
    form = WithholdForm(visit.request.POST if posted else None, programs=programs)
    if posted and form.is_valid():
        chosen = form.cleaned_data["program"]
        try:
            withhold(visit.district, person_id, chosen, form.cleaned_data["reason"], by=visit.viewer.actor)
        except BadGrant as problem:
            form.add_error("reason", str(problem))
        else:
            whom = chosen.name if chosen else "No program"
            says = "is told nothing" if chosen else "is told anything"
            messages.success(visit.request, f"{whom} {says} of {found.name} any more.")
            return redirect(visit.url("program_person", person_id))
    received = [(one, field_in_words(one.table)) for one in received_of(visit.district, person_id)]
    context = {
        "person": found,
        "crumbs": (
            Crumb("People", visit.url("people")),
            Crumb(found.name, visit.url("person", person_id)),
            Crumb("Programs"),
        ),
        "form": form,
        "received": received,
        "withheld": [
            (one, visit.url("program_tell", person_id, one.pk)) for one in list_withheld(visit.district, person_id)
        ],
    }
    return show(visit, "sharing/person.html", context, room="people", status=422 if form.errors else 200)


@require_POST
@inside
def tell(visit: Visit, person_id: int, withheld_id: int) -> HttpResponseBase:
    """Let programs know of the person again."""
    list_clients(visit.viewer)  # may they?
    found = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    one = find_withheld(visit.district, person_id, withheld_id)
    tell_again(visit.district, person_id, one.client, by=visit.viewer.actor)
    messages.success(visit.request, f"{found.name} is shown again where a grant has them.")
    return redirect(visit.url("program_person", person_id))


@require_safe
@inside
def export_log(visit: Visit) -> FileResponse:
    """Every answer that a program got, as a CSV file."""
    rows = (
        (one.at.isoformat(), one.program, str(one.grant_version), one.table, one.asked, str(one.records), one.row_ids)
        for one in all_disclosures(visit.viewer, visit.district)
    )
    return export(visit, "disclosures", HEADS, rows, HEADS)


@require_safe
@inside
def export_files(visit: Visit, client_id: int) -> HttpResponseBase:
    """What a program sees now, as a package in the format of ``to``; with ``since``, what changed after that run."""
    client = find_client(visit.viewer, client_id)
    if visit.viewer.is_read_only:
        raise NotAllowed("an export is written down, and who only looks writes nothing")
    target, after = visit.request.GET.get("to", FORMATS[0]), visit.request.GET.get("since", "")
    if target not in FORMATS or (after and (target not in DELTAS or not after.isdecimal() or len(after) > 18)):
        raise NoSuchClient(target)
    since = stamp_of_run(visit.district, int(after)) if after else None
    with tempfile.TemporaryDirectory(prefix="firstbell-") as folder:  # gone before it is sent: the open file stays
        package = Path(folder, "roster.zip")
        try:
            export_roster(client, target, package, by=visit.viewer.actor, since=since)
        except NotGranted as problem:
            messages.error(visit.request, str(problem))
            return redirect(visit.url("program_grant", client.pk))
        content = package.open("rb")
    return FileResponse(content, as_attachment=True, filename=f"{target}{'-delta' if after else ''}.zip")
