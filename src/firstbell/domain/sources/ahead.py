"""What people should know in time: days off that begin tomorrow, holds that nobody answers, and how the week went."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.queries.leaving import take_unwarned
from firstbell.domain.sources.models import Connection, Notice, NoticeKind
from firstbell.domain.sources.newcomers import tell_of_newcomers
from firstbell.domain.sources.noticing import note, tell_later
from firstbell.domain.sources.queries import list_connections, timetable_of

ANSWER_WITHIN = timedelta(days=2)
"""So long may a hold wait before everybody who may decide is told of it."""
LEAVING_WITHIN = timedelta(days=7)
"""So long before the last day of people who were added by hand somebody is told."""
MONDAY, MORNING = 0, 7


def look_ahead(district: District, now: datetime) -> None:
    """Tell what is due; looking again tells nothing twice."""
    local = now.astimezone(ZoneInfo(district.time_zone))
    with within(district):
        if not district.is_practice:
            _tell_of_leaving(district, local)
            tell_of_newcomers(district, now)
        connections = list_connections(district)
        if not connections:
            return
        for connection in connections:
            _tell_of_pause(district, connection, local)
        _escalate(district, now)
        if local.weekday() == MONDAY and local.hour >= MORNING:
            _tell_of_week(district, connections, local)


def _tell_of_pause(district: District, connection: Connection, local: datetime) -> None:
    tomorrow = local.date() + timedelta(days=1)
    pause = timetable_of(district, connection).pause_on(tomorrow)
    if pause is None or pause.first != tomorrow or connection.paused:
        return
    source = connection.source
    why = f" ({pause.why})" if pause.why else ""
    body = (
        f"From tomorrow until {pause.last:%B} {pause.last.day}{why} nothing is fetched from {source.name}: who comes"
        " or leaves meanwhile is not seen here. The first time afterwards everything is fetched."
    )
    key = f"{source.pk}/{pause.first.isoformat()}"
    note(district, NoticeKind.PAUSE, key, f"{source.name} pauses from tomorrow", body, source=source)


def _tell_of_leaving(district: District, local: datetime) -> None:
    """People who were added by hand and whose last day comes: a week before, or as soon as it is nearer than that."""
    days = take_unwarned(district, local.date() + LEAVING_WITHIN)
    if not days:
        return
    people = sum(count for _, count in days)
    said = "\n".join(f"- {day:%B} {day.day}, {day.year}: {count:,}" for day, count in days)
    body = (
        f"People who were added by hand leave the roster after their last day:\n\n{said}\n\nThey can be restored for"
        f" {district.retention_days} days. Who stays longer needs a later day, or none."
    )
    key = f"{days[0][0].isoformat()}/{local.isoformat()}"
    subject = f"{people:,} {'person leaves' if people == 1 else 'people leave'} the roster soon"
    note(district, NoticeKind.LEAVING, key, subject, body, path="people/?state=leaving")


def _escalate(district: District, now: datetime) -> None:
    """Tell everybody who may decide of a hold that nobody has answered."""
    late = Notice.objects.filter(
        district_id=district.pk, kind=NoticeKind.HELD, escalated_at=None, created_at__lte=now - ANSWER_WITHIN
    )
    held = Run.objects.filter(district_id=district.pk, state=RunState.HELD).values_list("pk", flat=True)
    for notice in late.filter(run_id__in=list(held)):
        notice.escalated_at = now
        notice.told = []
        notice.subject = f"Nobody has answered: {notice.subject}"[:200]
        notice.save()
        record(district.pk, "notices.escalated", by=SYSTEM, subject_kind="run", subject_id=notice.run_id)
        tell_later(district, notice)


def _tell_of_week(district: District, connections: list[Connection], local: datetime) -> None:
    runs = list(
        Run.objects.filter(
            district_id=district.pk, created_at__gte=local - timedelta(days=7), dry_run=False, kind="import"
        )
    )
    lines = [
        _line(connection, [run for run in runs if run.source_id == connection.source_id]) for connection in connections
    ]
    body = "The last seven days:\n\n" + "\n".join(lines)
    key = local.date().isoformat()
    note(district, NoticeKind.DIGEST, key, "How the week went", body, source=connections[0].source)


def _line(connection: Connection, runs: list[Run]) -> str:
    applied = sum(run.state == RunState.APPLIED for run in runs)
    held = sum(run.state == RunState.HELD for run in runs)
    failed = sum(run.state in {RunState.FAILED, RunState.REFUSED} for run in runs)
    said = f"- {connection.source.name}: {applied} applied, {held} waiting, {failed} not usable"
    return f"{said}. In the way now: {connection.trouble}" if connection.trouble else f"{said}."
