"""What one program reads: looked at before it holds, asked about where it takes many people away, and kept."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.imports.models import Run
from firstbell.domain.sharing.access import find_client
from firstbell.domain.sharing.exporting import DELTAS, FORMATS, list_applied
from firstbell.domain.sharing.granting import BadGrant, TakesMany, find_grant, list_grants, set_grant, weigh
from firstbell.domain.sharing.models import ApiClient, Grant
from firstbell.domain.sharing.presets import MEANINGS, Preset, Wish
from firstbell.domain.sharing.preview import Preview, choices_of, preview_of
from firstbell.domain.sharing.showing import wish_of
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sharing.forms import GrantForm, as_filled
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words, grades_in_words

NAMES = {
    "users": ("person", "people"),
    "classes": ("class", "classes"),
    "enrollments": ("place in a class", "places in classes"),
    "orgs": ("organization", "organizations"),
    "academicSessions": ("session", "sessions"),
    "courses": ("course", "courses"),
    "demographics": ("person’s demographics", "people’s demographics"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def grant(visit: Visit, client_id: int) -> HttpResponseBase:
    """The grant; with ``look`` a preview of another, with ``save`` that one holds from the next question on."""
    client = find_client(visit.viewer, client_id)
    held = find_grant(client)
    wish = wish_of(held) if held else Wish()
    posted = visit.request.method == "POST"
    filled = visit.request.POST if posted else None
    form = GrantForm(filled, initial=as_filled(wish), choices=choices_of(visit.district))
    asks: TakesMany | None = None
    looked = False
    if posted and form.is_valid():
        try:
            if "save" in visit.request.POST:
                set_grant(client, form.wish(), by=visit.viewer.actor, is_sure="sure" in visit.request.POST)
                messages.success(visit.request, f"From now on {client.name} reads what you see here.")
                return redirect(visit.url("program_grant", client.pk))
            weigh(client, form.wish())
            wish, looked = form.wish(), True
        except TakesMany as question:
            wish, asks = form.wish(), question
        except BadGrant as problem:
            form.add_error(None, str(problem))
    context = {
        "client": client,
        "crumbs": (Crumb("Programs", visit.url("programs")), Crumb(client.name)),
        "form": form,
        "asks": asks,
        "looked": looked,
        "held": held,
        "files": [(target, f"{visit.url('program_files', client.pk)}?to={target}") for target in FORMATS],
        "outlet_url": visit.url("program_outlet", client.pk),
        "runs": [(one.pk, _run(one, ZoneInfo(visit.district.time_zone))) for one in list_applied(visit.district)],
        "deltas": list(DELTAS),
        "files_url": visit.url("program_files", client.pk),
        "versions": [_version(one) for one in list_grants(client)],
        **_seen(client, wish),
    }
    status = 422 if posted and form.errors else 200
    return show(visit, "sharing/grant.html", context, room="programs", status=status)


def _seen(client: ApiClient, wish: Wish) -> dict[str, object]:
    preview: Preview = preview_of(client, wish)
    return {
        "counts": [count_in_words(preview.counts[table], *words) for table, words in NAMES.items()],
        "people": [
            ", ".join(
                [
                    seen.name,
                    *([f"grade {grades_in_words(seen.grade.split(', '))}"] if seen.grade else []),
                    count_in_words(seen.classes, "class", "classes"),
                ]
            )
            for seen in preview.people
        ],
    }


def _run(run: Run, zone: ZoneInfo) -> str:
    at = run.finished_at.astimezone(zone) if run.finished_at else None
    return f"{run.pk}, {at:%B} {at.day}, {at:%H:%M}" if at else str(run.pk)


def _version(one: Grant) -> dict[str, object]:
    return {"grant": one, "preset": MEANINGS[Preset(one.preset)]}
