"""Looks at a district and writes down where it stands. Safe to repeat; what is costly is counted on a change."""

from datetime import datetime, timedelta
from typing import Final

from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import last_applied_by_source
from firstbell.domain.portfolio.models import Stage, Standing
from firstbell.domain.roster.queries.readiness import Lack, count_readiness
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.roster.sources import OF_CASES
from firstbell.domain.sources.models import Connection
from firstbell.domain.sources.queries import list_connections

COUNTED_FOR: Final = timedelta(hours=20)
"""Who can sign in changes without the roster, so the counts are made anew each day."""
TOLD: Final = frozenset(Lack) - {Lack.VISIT, Lack.CARD}
"""What has to be there before the first bell; cards and first visits are the schools' own."""

WRITTEN: Final = (
    *("stage", "since", "looked_at", "schools", "ready_schools", "students", "lacks", "counted_stamp", "counted_at"),
    *("in_step_at", "is_paused"),
)


def look_at(district: District, *, now: datetime) -> Standing:
    """Where the district stands now."""
    before = Standing.objects.filter(pk=district.pk).first()
    standing = before or Standing(district=district, stage=Stage.NO_ROSTER, since=district.created_at)
    with within(district):
        if _is_old(standing, district, now=now):
            _count(standing, district, now=now)
        stage, since = _stage_of(standing, district)
        standing.in_step_at, standing.is_paused = _freshness_of(district)
    if since is None:
        since = before.since if before is not None and before.stage == stage else now
    standing.stage, standing.since, standing.looked_at = stage, since, now
    values = {name: getattr(standing, name) for name in WRITTEN}
    kept, _ = Standing.objects.update_or_create(district=district, defaults=values)  # two may look at once
    return kept


def _is_old(standing: Standing, district: District, *, now: datetime) -> bool:
    if standing.counted_stamp != district.last_stamp or standing.counted_at is None:
        return True
    return standing.counted_at < now - COUNTED_FOR


def _count(standing: Standing, district: District, *, now: datetime) -> None:
    schools = count_readiness(district, WHOLE_DISTRICT, today=today_of(district)) if district.last_stamp else []
    there = [school for school in schools if school.students or school.classes]
    standing.schools, standing.ready_schools = len(there), sum(school.is_ready for school in there)
    standing.students = sum(school.students for school in there)
    counted = {lack: sum(school.lacks.get(lack, 0) for school in there) for lack in TOLD}
    standing.lacks = {lack.value: count for lack, count in counted.items() if count}
    standing.counted_stamp, standing.counted_at = district.last_stamp, now


def _freshness_of(district: District) -> tuple[datetime | None, bool]:
    """When all that comes by itself was last in step (the one that is behind the others counts), and whether somebody
    has paused a source."""
    connections = list_connections(district)
    going = [one.last_good_at for one in connections if not one.paused]
    is_paused = len(going) < len(connections)
    known = [moment for moment in going if moment is not None]
    if going:
        return (min(known) if len(known) == len(going) else None), is_paused
    return max(last_applied_by_source(district).values(), default=None), is_paused


def _stage_of(standing: Standing, district: District) -> tuple[Stage, datetime | None]:
    """The most urgent first, with since when, where that is known."""
    broken = Connection.objects.filter(district_id=district.pk, trouble_since__isnull=False, paused="")
    trouble = broken.order_by("trouble_since").first()
    if trouble is not None:
        return Stage.TROUBLE, trouble.trouble_since
    waiting = Run.objects.filter(district_id=district.pk, state=RunState.HELD).exclude(source__kind=OF_CASES)
    held = waiting.order_by("id").first()
    if held is not None:
        return Stage.HELD, held.created_at
    if not standing.students:
        return Stage.NO_ROSTER, None if district.last_stamp else district.created_at
    return (Stage.READY if standing.ready_schools == standing.schools else Stage.GETTING_READY), None
