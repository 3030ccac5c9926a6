"""What is due: each moment of a timetable becomes one sync, whoever looks and however often."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.sources.actions import note_due
from firstbell.domain.sources.models import Connection, Due, Sync
from firstbell.domain.sources.queries import find_open_sync, timetable_of
from firstbell.domain.sources.queueing import sync_later

log = structlog.get_logger(__name__)


def begin_due(moment: datetime) -> int:
    """Begin a sync for every source that is due, and tell how many. What was missed is caught up once.

    The sync, its job and the next moment are one transaction, and two who look at once never see the same source. One
    that cannot begin is logged and tried again with the next look: it does not keep those behind it.
    """
    begun, failed = 0, list[int]()
    while (tried := _try_one(moment, but=failed)) is not None:
        begun += tried
    return begun


def _try_one(moment: datetime, *, but: list[int]) -> bool | None:
    """Begin the first that is due; whether it began, or None for none. One that fails is put among ``but``."""
    due: Due | None = None
    try:
        with transaction.atomic():
            waiting = Due.objects.select_for_update(skip_locked=True).filter(at__lte=moment).exclude(pk__in=but)
            due = waiting.order_by("at").first()
            if due is None:
                return None
            _begin_in_its_district(due, moment)
    except Exception as fault:
        if due is None:
            raise
        log.error("due.failed", district_id=due.district_id, source_id=due.source_id, exc_info=fault)
        but.append(due.source_id)
        return False
    return True


def _begin_in_its_district(due: Due, moment: datetime) -> None:
    district = District.objects.filter(pk=due.district_id).first()
    if district is None:
        due.delete()
        return
    with within(district):
        _begin(district, due, moment)


def _begin(district: District, due: Due, moment: datetime) -> None:
    connection = Connection.objects.select_related("source").filter(source_id=due.source_id).first()
    if connection is None or connection.paused or district.is_practice:
        due.delete()
        return
    note_due(district, connection, moment)
    if timetable_of(district, connection).pause_on(moment.astimezone(ZoneInfo(district.time_zone)).date()):
        return  # missed before days off: not caught up within them, and everything is fetched on the return
    if find_open_sync(district, due.source_id):
        return  # the last one is still at it: its fetch is as good as a new one
    sync, is_new = Sync.objects.get_or_create(district_id=district.pk, source=connection.source, slot=due.at)
    if is_new:
        sync_later(district, sync)
