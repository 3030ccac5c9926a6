"""New students who wait for their cards: told once for each run, where the source's rule says that they get some."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import ensure_within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.newcomers import came_with, count_without_sign_in
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.roster.sources import CARDS
from firstbell.domain.sources.models import Notice, NoticeKind
from firstbell.domain.sources.noticing import note

WITHIN, AFTER = timedelta(days=2), timedelta(minutes=10)
"""So long after a run it is told, and not before its own first passwords have opened log-ins."""


def tell_of_newcomers(district: District, now: datetime) -> None:
    """Tell of the runs of the last days whose new students still have no way to sign in. Twice tells nothing twice."""
    ensure_within(district)
    ended = Run.objects.filter(
        district_id=district.pk,
        kind="import",
        state=RunState.APPLIED,
        source__settings__has_key=CARDS,
        finished_at__range=(now - WITHIN, now - AFTER),
    )
    for run in ended.select_related("source").order_by("id"):
        if not Notice.objects.filter(district_id=district.pk, key=f"{NoticeKind.NEWCOMERS}/run-{run.pk}").exists():
            _tell(district, run, now)


def _tell(district: District, run: Run, now: datetime) -> None:
    came, today = came_with(run), now.astimezone(ZoneInfo(district.time_zone)).date()
    count = count_without_sign_in(district, WHOLE_DISTRICT, came, today=today) if came else 0
    if not count:
        return
    said = "1 new student has" if count == 1 else f"{count:,} new students have"
    body = f"{said} no way to sign in yet. The page of run {run.pk} prints their cards."
    subject = f"{count:,} new student{'' if count == 1 else 's'} of {run.source.name} without a card"
    note(district, NoticeKind.NEWCOMERS, f"run-{run.pk}", subject, body, source=run.source, run=run)
