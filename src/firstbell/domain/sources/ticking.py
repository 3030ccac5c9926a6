"""What is due: each moment of a timetable becomes one sync, whoever looks and however often."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.sources.actions import note_due
from firstbell.domain.sources.models import Connection, Due, Sync
from firstbell.domain.sources.queries import find_open_sync, timetable_of
from firstbell.domain.sources.queueing import sync_later


def begin_due(moment: datetime) -> int:
    """Begin a sync for every source that is due, and tell how many. What was missed is caught up once.

    The sync, its job and the next moment are one transaction, and two who look at once never see the same source.
    """
    begun = 0
    while _begin_one(moment):
        begun += 1
    return begun


def _begin_one(moment: datetime) -> bool:
    with transaction.atomic():
        due = Due.objects.select_for_update(skip_locked=True).filter(at__lte=moment).order_by("at").first()
        if due is None:
            return False
        district = District.objects.filter(pk=due.district_id).first()
        if district is None:
            due.delete()
            return True
        with within(district):
            _begin(district, due, moment)
    return True


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
