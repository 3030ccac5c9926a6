"""Next year, staged beside this one: looked at while this year goes on, and taken from a day on."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from firstbell.connectors.contract import Way
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.next_year import NEXT, next_year_of
from firstbell.domain.roster.sources import change_settings
from firstbell.domain.sources.actions import NotSo, set_scope
from firstbell.domain.sources.models import Sync
from firstbell.domain.sources.queries import find_open_sync, kind_of
from firstbell.domain.sources.queueing import sync_later


def stage_next_year(
    district: District,
    source: Source,
    on: date,
    scope: dict[str, list[str]],
    *,
    by: Actor,
    shown: str | None = None,
) -> None:
    """Have the source take another part from a day on. Raises BadSettings, and ChangedSince (``shown``)."""
    change_settings(district, source, {NEXT: {"on": on.isoformat(), "scope": scope}}, by=by, shown=shown)


def call_off_next_year(district: District, source: Source, *, by: Actor) -> None:
    """Let it stay as it is."""
    change_settings(district, source, {NEXT: None}, by=by)


def look_at_next_year(district: District, source: Source, *, by: Actor) -> Sync:
    """Fetch everything and check it by the scope to come: nothing of it is applied. Raises NotSo."""
    with within(district):
        if kind_of(source).way is not Way.FETCHED:
            raise NotSo(f"{source.name} is not fetched from: its files are brought.")
        if next_year_of(source) is None:
            raise NotSo("Say first what is taken from which day on.")
        Source.objects.select_for_update().get(district_id=district.pk, pk=source.pk)
        if find_open_sync(district, source.pk) is not None:
            raise NotSo(f"{source.name} is just being fetched from. Look when it is done.")
        slot = timezone.now()
        sync = Sync.objects.create(
            district_id=district.pk, source=source, slot=slot, asked_by=by.name, whole=True, staged=True
        )
        record(district.pk, "source.looked_ahead", by=by, subject_kind="source", subject_id=source.pk)
        sync_later(district, sync)
    return sync


def cut_over(district: District, now: datetime) -> int:
    """Give sources the scope that is theirs from today on, and tell how many. The next fetch is whole, and the guard
    looks at what it changes."""
    today, done = now.astimezone(ZoneInfo(district.time_zone)).date(), 0
    with within(district):
        staged = list(Source.objects.select_for_update().filter(district_id=district.pk, settings__has_key=NEXT))
        for source in staged:
            coming = next_year_of(source)
            if coming is None or coming.on > today:
                continue
            call_off_next_year(district, source, by=SYSTEM)
            set_scope(district, source, {part: list(lines) for part, lines in coming.scope.items()}, by=SYSTEM)
            record(district.pk, "source.cut_over", by=SYSTEM, subject_kind="source", subject_id=source.pk)
            done += 1
    return done


def find_last_look(district: District, source: Source) -> Run | None:
    """The last run that looked at next year."""
    with within(district):
        looks = Run.objects.filter(district_id=district.pk, source_id=source.pk, staged=True)
        return looks.order_by("-id").first()
