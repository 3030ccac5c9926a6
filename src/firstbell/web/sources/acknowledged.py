"""What is acknowledged of a source's findings: shown with the source, and taken back."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from firstbell.domain.imports.access import NoSuchRun, access_acknowledgement
from firstbell.domain.imports.acknowledging import take_back
from firstbell.domain.imports.queries import Place, Standing, list_standing
from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.models import Source
from firstbell.web.components.tones import Tone
from firstbell.web.runs.describing import acknowledge_url, may_name
from firstbell.web.visit import Visit, inside

GONE = "Nobody has acknowledged this any more: it was taken back already."


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One line of the list. ``state``: in words. ``renew_url``: blank where nothing is found any more."""

    code: str
    where: str
    reason: str
    given_by: str
    given_on: date
    until: date
    state: str
    tone: Tone
    renew_url: str
    take_back_url: str


def known_lines(visit: Visit, source: Source) -> list[KnownLine]:
    """All of a source, the first to end first."""
    return [_line(visit, source, each) for each in list_standing(visit.district, source, today=visit.today)]


def _line(visit: Visit, source: Source, standing: Standing) -> KnownLine:
    given = standing.given
    place = Place(given.code, given.file, given.column, given.sourced_id)
    state, tone = _state(standing)
    named = may_name(visit, place)
    return KnownLine(
        code=given.code,
        where=_where(place, named=named),
        reason=given.reason,
        given_by=given.given_by,
        given_on=timezone.localdate(given.given_at),
        until=given.until,
        state=state,
        tone=tone,
        renew_url=acknowledge_url(visit, standing.last_run, place) if standing.last_run and named else "",
        take_back_url=visit.url("source_take_back", source.pk, given.pk),
    )


def _where(place: Place, *, named: bool) -> str:
    """File, column and record."""
    record = ""
    if place.sourced_id:
        record = f"the record {place.sourced_id} only" if named else "one record only"
    said = [place.file, f"column {place.column}" if place.column else "", record]
    return ", ".join(part for part in said if part) or "the package"


def _state(standing: Standing) -> tuple[str, Tone]:
    if standing.is_over:
        return "Over: it is told again", "wait"
    if standing.last_run is None:
        return "Not seen in the last run", "neutral"
    return ("Ends soon", "wait") if standing.ends_soon else ("Holds", "good")


@require_POST
@inside
def take_back_known(visit: Visit, source_id: int, given_id: int) -> HttpResponse:
    """Let it be told like all others again. For who clicks twice, it is."""
    source = access_source(visit.viewer, visit.district, source_id)
    try:
        given = access_acknowledgement(visit.viewer, visit.district, source, given_id)
        gone = take_back(visit.district, given, by=visit.viewer.actor)
    except NoSuchRun:
        gone = False
    if gone:
        messages.success(visit.request, f"Taken back: {given.code} is told like all others again.")
    else:
        messages.info(visit.request, GONE)
    return redirect(visit.url("source", source.pk))
