"""Holds that end by themselves: nobody decided, or nobody may any more. The roster stays as it is."""

from datetime import datetime, timedelta

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import expire_run
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.sources import OF_CASES
from firstbell.domain.sources.models import NoticeKind
from firstbell.domain.sources.noticing import note

WAITS_FOR = timedelta(days=14)
"""So long a run may wait. Its roster is of another day by then, and its input lies sealed with all it holds."""


def expire_holds(district: District, now: datetime) -> int:
    """Let runs come to nothing that have waited too long, or of whose source a newer one was applied; tells how many.

    Runs of One-Time Assisted cases wait with their case. What a safe part applied stays.
    """
    with within(district):
        held = Run.objects.filter(district_id=district.pk, state=RunState.HELD).select_related("source")
        waiting = list(held.exclude(source__kind=OF_CASES).order_by("id"))
    return sum(_expire(district, run, now) for run in waiting)


def _expire(district: District, run: Run, now: datetime) -> bool:
    why = _why(district, run, now)
    if not why:
        return False
    try:
        expire_run(district, run, why=why)
    except NotNow:  # somebody decided in this moment
        return False
    return True


def _why(district: District, run: Run, now: datetime) -> str:
    stays = "What of it was applied before stays." if run.safe_part_applied else "The roster stays as it was."
    with within(district):
        newer = Run.objects.filter(
            district_id=district.pk, source_id=run.source_id, kind="import", pk__gt=run.pk, first_stamp__gt=0
        ).exclude(state=RunState.UNDONE)
        applied = newer.filter(state=RunState.APPLIED).order_by("id").first()
        if applied is not None:
            return f"Run {applied.pk}, which is newer, was applied, so this one came to nothing. {stays}"
        if run.created_at > now - WAITS_FOR:
            return ""
        why = f"Nobody decided within {WAITS_FOR.days} days, so this run came to nothing. {stays}"
        body = f"Run {run.pk} of {run.source.name}: {why} The next one is compared with the roster as it is."
        subject = f"Run {run.pk} waited too long"
        note(district, NoticeKind.HELD, f"expired-{run.pk}", subject, body, source=run.source, run=run)
    return why
