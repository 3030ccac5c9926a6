"""Seasons of a source: days on which its guard has other limits, or on which nothing is removed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.seasons import SEASONS, BadSeason, Season, as_setting, read_seasons, seasons_of
from firstbell.domain.roster.sources import Rework, change_settings
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside

_DAY = {"type": "date"}


class SeasonForm(forms.Form):
    """One more season; a blank limit is that of the rest of the year."""

    first = forms.DateField(label="First day", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    last = forms.DateField(label="Last day", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    why = forms.CharField(label="What it is", max_length=100, required=False, help_text="Such as “Roll-over”.")
    removed_share = forms.FloatField(label="Removals, per cent of a kind", min_value=0, max_value=100, required=False)
    removed_people = forms.IntegerField(label="People who leave at once", min_value=0, required=False)
    updated_share = forms.FloatField(
        label="Changed records, per cent of a kind", min_value=0, max_value=100, required=False
    )
    additions_only = forms.BooleanField(
        label="Remove nobody and nothing",
        required=False,
        help_text="Who is missing stays until the season is over. Then the next file is a full one, and the guard looks"
        " at all of it.",
    )

    def season(self) -> Season:
        """What was entered."""
        return Season(**self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        """A season that can be."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                read_seasons(as_setting([Season(**cleaned)]))
            except BadSeason as problem:
                self.add_error(None, str(problem))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_seasons(visit: Visit, source_id: int) -> HttpResponseBase:
    """The seasons of a source; one is added, or taken away by its first day."""
    source = access_source(visit.viewer, visit.district, source_id)
    posted = visit.request.method == "POST"
    gone = visit.request.POST.get("remove", "")
    if posted and gone:
        change_settings(visit.district, source, _without(gone), by=visit.viewer.actor)
        messages.success(visit.request, "The season is taken away.")
        return redirect(visit.url("source_seasons", source.pk))
    form = SeasonForm(visit.request.POST if posted else None)
    if posted and form.is_valid():
        try:
            change_settings(visit.district, source, _with(form.season()), by=visit.viewer.actor)
        except BadSeason as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(visit.request, "The season is saved.")
            return redirect(visit.url("source_seasons", source.pk))
    context = {
        "source": source,
        "form": form,
        "lines": [(one, season_in_words(one)) for one in seasons_of(source)],
        "crumbs": [Crumb("Sources", visit.url("sources")), Crumb(source.name, visit.url("source", source.pk))],
    }
    return show(visit, "sources/seasons.html", context, room="sources", status=422 if posted else 200)


def season_in_words(season: Season) -> str:
    """“Nobody is removed; at most 2,000 people leave at once”."""
    parts = []
    if season.additions_only:
        parts.append("nobody and nothing is removed")
    if season.removed_share is not None:
        parts.append(f"removals up to {season.removed_share:g} per cent")
    if season.removed_people is not None:
        parts.append(f"up to {season.removed_people:,} people leave at once")
    if season.updated_share is not None:
        parts.append(f"changes up to {season.updated_share:g} per cent")
    return ", ".join(parts).capitalize()


def season_now(source: Source, today: date) -> str:
    """What holds today, in words; blank where no season is on."""
    on = next((one for one in seasons_of(source) if one.covers(today)), None)
    if on is None:
        return ""
    name = f"{on.why}, until" if on.why else "Until"
    return f"{name} {on.last:%B} {on.last.day}: {season_in_words(on).lower()}."


def _with(season: Season) -> Rework:
    """One more. Raises BadSeason where a day would be in two."""

    def added(settings: Mapping[str, Any]) -> dict[str, object]:
        return {SEASONS: as_setting(read_seasons([*settings.get(SEASONS, []), *as_setting([season])]))}

    return added


def _without(first: str) -> Rework:
    """One less: that with this first day."""

    def taken(settings: Mapping[str, Any]) -> dict[str, object]:
        kept = [one for one in read_seasons(settings.get(SEASONS, [])) if one.first.isoformat() != first]
        return {SEASONS: as_setting(kept)}

    return taken
