"""The sources of a district: their guard, and whether one is held."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.queries import last_applied_by_source
from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.letting_go import let_go
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import NotHeld, change_settings, policy_of, release_source
from firstbell.domain.sources.models import Due
from firstbell.domain.sources.queries import list_connections
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.sources.acknowledged import known_lines
from firstbell.web.sources.linked import linked
from firstbell.web.sources.saving import is_saved, shown_by, status_of
from firstbell.web.sources.scoping import scope_in_words
from firstbell.web.sources.seasons import season_now
from firstbell.web.sources.standing import line_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words


class GuardForm(forms.Form):
    """When a run of the source waits for a person."""

    removed_share = forms.FloatField(
        label="Removals, per cent of a kind", min_value=0, max_value=100, help_text="In the district or in one school."
    )
    removed_people = forms.IntegerField(label="People who leave at once", min_value=0)
    updated_share = forms.FloatField(label="Changed records, per cent of a kind", min_value=0, max_value=100)
    role_gains = forms.IntegerField(
        label="People who become staff or administrators at once", min_value=0, help_text="More than so many wait."
    )
    safe_part_goes = forms.BooleanField(label="When only removals are too many, apply the rest at once", required=False)


@require_safe
@inside
def show_sources(visit: Visit) -> HttpResponse:
    """All sources, in the order in which they inherit."""
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    connections = {connection.source_id: connection for connection in list_connections(visit.district)}
    next_at = dict(Due.objects.filter(district_id=visit.district.pk).values_list("source_id", "at"))
    applied_at = last_applied_by_source(visit.district)
    lines = [
        line_of(
            source,
            visit.url("source", source.pk),
            connections.get(source.pk),
            next_at.get(source.pk),
            applied_at.get(source.pk),
        )
        for source in Source.objects.filter(district_id=visit.district.pk).order_by("rank")
    ]
    context = {
        "lines": lines,
        "upload_url": visit.url("upload"),
        "add_url": visit.url("source_add"),
        "notices_url": visit.url("notices"),
    }
    return show(visit, "sources/list.html", context, room="sources")


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_source(visit: Visit, source_id: int) -> HttpResponseBase:
    """One source and its guard."""
    source = access_source(visit.viewer, visit.district, source_id)
    posted = visit.request.method == "POST"
    form = GuardForm(visit.request.POST if posted else None, initial=_guard_of(source))
    if posted and form.is_valid() and is_saved(form, partial(_save_guard, visit, source, form)):
        messages.success(visit.request, f"The guard of {source.name} is set.")
        return redirect(visit.url("source", source.pk))
    context = {
        "source": source,
        "form": form,
        "shown": shown_by(form, source, GuardForm.base_fields),
        "crumbs": [Crumb("Sources", visit.url("sources"))],
        "release_url": visit.url("source_release", source.pk),
        "let_go_url": visit.url("source_let_go", source.pk),
        "known": known_lines(visit, source),
        "corrections_url": visit.url("source_corrections", source.pk),
        "not_wanted_url": visit.url("source_not_wanted", source.pk),
        "seasons_url": visit.url("source_seasons", source.pk),
        "season": season_now(source, visit.today),
        "made_url": visit.url("source_made", source.pk),
        "scope_url": visit.url("source_scope", source.pk),
        "scope_says": scope_in_words(policy_of(source).scope),
        "linked": linked(visit, source),
        "new_ids_url": visit.url("source_new_ids", source.pk),
        "connect_url": visit.url("source_connect", source.pk),
    }
    return show(visit, "sources/source.html", context, room="sources", status=status_of(form) if posted else 200)


@require_POST
@inside
def release(visit: Visit, source_id: int) -> HttpResponse:
    """Let a held source go on. For who clicks twice it goes on already."""
    source = access_source(visit.viewer, visit.district, source_id)
    try:
        release_source(visit.district, source, by=visit.viewer.actor)
        messages.success(visit.request, f"{source.name} is no longer held.")
    except NotHeld as calm:
        messages.info(visit.request, str(calm))
    return redirect(visit.url("source", source.pk))


@require_POST
@inside
def give_up_rows(visit: Visit, source_id: int) -> HttpResponse:
    """Let a source own nothing any more."""
    source = access_source(visit.viewer, visit.district, source_id)
    gone = let_go(visit.district, source, by=visit.viewer.actor)
    rows = sum(sum(counts.values()) for counts in gone.values())
    messages.success(visit.request, f"{source.name} has let go of {count_in_words(rows, 'row', 'rows')}.")
    return redirect(visit.url("source", source.pk))


def _save_guard(visit: Visit, source: Source, form: GuardForm, shown: str | None) -> None:
    change_settings(visit.district, source, form.cleaned_data, by=visit.viewer.actor, shown=shown)


def _guard_of(source: Source) -> dict[str, Any]:
    policy = policy_of(source)
    return {name: getattr(policy, name) for name in GuardForm.base_fields}
