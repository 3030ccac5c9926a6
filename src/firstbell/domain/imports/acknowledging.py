"""Acknowledging findings: who knows of one says why and until when, and it is told below the others till then.

Nothing else changes: an error still leaves its record out, and a run is held for the same reasons.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.imports.queries.acknowledged import COVERED, Place, at_place
from firstbell.domain.imports.queries.found import NOTHING_HIDDEN, Hidden, find_findings
from firstbell.engine.findings import CAUSE
from firstbell.engine.report import Cause, by_cause

USUAL_DAYS, MOST_DAYS = 90, 365
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Words:
    """Why, and until when (that day too). ``instead_of``: what the person saw there before, and means to replace."""

    reason: str
    until: date
    instead_of: int | None = None


class NothingToAcknowledge(Exception):
    """The run found nothing there, or nothing that this person may see, or something that stops the run."""


class BadAcknowledgement(ValueError):
    """A reason or a day (``field``) that will not do; the text says why, for people."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class AcknowledgedAlready(Exception):
    """Somebody was faster, or changed it meanwhile; the text says who, for people."""


def find_place(district: District, run: Run, place: Place, *, hidden: Hidden = NOTHING_HIDDEN) -> Cause:
    """What a run found at a place, summed up. Raises NothingToAcknowledge."""
    found = find_findings(district, run, hidden=hidden)
    there = None if found is None else at_place(found, place)
    if there is None or not there.height or not there["severity"].is_in(COVERED).all():
        raise NothingToAcknowledge
    return by_cause(there.with_columns(pl.lit(None, pl.String).alias(name) for name in CAUSE))[0]


def find_acknowledged(district: District, run: Run, place: Place) -> Acknowledgement | None:
    """What stands at a place of the run's source, also where it is over."""
    with within(district):
        return Acknowledgement.objects.filter(**_key(district, run, place)).first()


def acknowledge(
    district: District,
    run: Run,
    place: Place,
    words: Words,
    *,
    today: date,
    by: Actor,
    hidden: Hidden = NOTHING_HIDDEN,
) -> Acknowledgement:
    """Acknowledge what a run found at a place, for its source. Twice the same is once; what is over is replaced.

    Raises NothingToAcknowledge, BadAcknowledgement, AcknowledgedAlready.
    """
    reason, until = words.reason.strip(), words.until
    _ensure_good(reason, until, today)
    find_place(district, run, place, hidden=hidden)
    with within(district):
        key = _key(district, run, place)
        there = Acknowledgement.objects.filter(**key)
        there.filter(until__lt=today).delete()
        if words.instead_of is not None:
            there.filter(pk=words.instead_of).exclude(reason=reason, until=until).delete()
        said = {"reason": reason, "until": until, "given_by": by.name}
        given, is_new = Acknowledgement.objects.get_or_create(**key, defaults=said)
        if is_new:
            _record(district, "finding.acknowledged", given, by=by)
    if not is_new and any(getattr(given, name) != value for name, value in said.items()):
        raise AcknowledgedAlready(f"{given.given_by} has acknowledged this already, until {given.until:%-d %B %Y}.")
    return given


def take_back(district: District, given: Acknowledgement, *, by: Actor) -> bool:
    """Let it be told like all others again. False where somebody has taken it back already."""
    with within(district):
        gone, _ = Acknowledgement.objects.filter(district_id=district.pk, pk=given.pk).delete()
        if gone:
            _record(district, "finding.acknowledgement_taken_back", given, by=by)
    return bool(gone)


def _ensure_good(reason: str, until: date, today: date) -> None:
    if not reason:
        raise BadAcknowledgement("reason", "Say why this is all right for now.")
    if len(reason) > LONGEST_REASON:
        raise BadAcknowledgement("reason", f"Say it in at most {LONGEST_REASON} characters.")
    if until < today:
        raise BadAcknowledgement("until", "Choose a day that is not over.")
    if until > today + timedelta(days=MOST_DAYS):
        raise BadAcknowledgement("until", "Choose a day within a year: after that, somebody should look again.")


def _key(district: District, run: Run, place: Place) -> dict[str, Any]:
    return {"district_id": district.pk, "source_id": run.source_id, **asdict(place)}


def _record(district: District, verb: str, given: Acknowledgement, *, by: Actor) -> None:
    names = ("code", "file", "column", "sourced_id", "reason")
    detail = {name: getattr(given, name) for name in names} | {"until": given.until.isoformat()}
    record(district.pk, verb, by=by, subject_kind="source", subject_id=given.source_id, detail=detail)
