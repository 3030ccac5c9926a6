"""What is due becomes one sync: whoever looks, however often, and however late."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.domain.sources.conftest import Fetching
from tests.logged import lines_of

from firstbell.connectors.catalogue import KINDS
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.sources.actions import add_connection, note_due, pause_connection, set_timetable
from firstbell.domain.sources.models import Connection, Due
from firstbell.domain.sources.queries import list_syncs
from firstbell.domain.sources.syncing import carry_on
from firstbell.domain.sources.ticking import begin_due

BEGIN = datetime(2026, 10, 31, 12, tzinfo=UTC)


def _set(fetching: Fetching, *times: str, moment: datetime = BEGIN) -> None:
    """Have it due from a moment on. Others' sources of the test session are not due then."""
    connection = fetching.connection
    set_timetable(fetching.district, connection, times=list(times), weekdays=list(range(7)), pauses=[], by=OPERATOR)
    note_due(fetching.district, connection, moment)


def _tick_through(fetching: Fetching, hours: int) -> list[datetime]:
    """Each minute twice, as two schedulers would, with a worker that is done at once."""
    seen = []
    for minute in range(hours * 60):
        for _ in range(2):
            begin_due(BEGIN + timedelta(minutes=minute))
        for sync in list_syncs(fetching.district, fetching.source_id, limit=1):
            if sync.is_open:
                seen.append(sync.slot)
                carry_on(fetching.district, sync.pk)
    return seen


def test_each_moment_is_one_sync_also_when_an_hour_comes_twice(fetching: Fetching) -> None:
    _set(fetching, "01:30")
    seen = _tick_through(fetching, 26)
    assert seen == [datetime(2026, 11, 1, 6, 30, tzinfo=UTC)]  # 1:30 in Chicago, the first of the two


def test_what_was_missed_is_caught_up_once(fetching: Fetching) -> None:
    _set(fetching, "02:00", "03:00", "04:00")
    begin_due(BEGIN + timedelta(days=9))
    begin_due(BEGIN + timedelta(days=9, minutes=1))
    assert len(list_syncs(fetching.district, fetching.source_id)) == 1
    assert Due.objects.get(source_id=fetching.source_id).at > BEGIN + timedelta(days=9)


def test_what_was_missed_before_days_off_is_not_caught_up_within_them(fetching: Fetching) -> None:
    """The worker was down on the last night before the holidays, and comes back in them."""
    pause = {"first": "2026-11-02", "last": "2026-11-08", "why": "Holidays"}
    days = list(range(7))
    set_timetable(fetching.district, fetching.connection, times=["02:00"], weekdays=days, pauses=[pause], by=OPERATOR)
    note_due(fetching.district, fetching.connection, BEGIN)
    assert Due.objects.get(source_id=fetching.source_id).at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    for day in (2, 5, 8):
        begin_due(datetime(2026, 11, day, 18, tzinfo=UTC))
    assert list_syncs(fetching.district, fetching.source_id) == []
    back = datetime(2026, 11, 9, 8, tzinfo=UTC)
    assert Due.objects.get(source_id=fetching.source_id).at == back
    for _ in range(2):
        begin_due(back)
    assert [sync.slot for sync in list_syncs(fetching.district, fetching.source_id)] == [back]


def test_a_sync_that_still_goes_on_takes_the_next_moment_with_it(fetching: Fetching) -> None:
    _set(fetching, "02:00", "02:01")
    begin_due(BEGIN + timedelta(hours=20, seconds=30))
    begin_due(BEGIN + timedelta(hours=20, minutes=2))
    assert len(list_syncs(fetching.district, fetching.source_id)) == 1


def test_two_schedulers_at_once_begin_one_sync(fetching: Fetching) -> None:
    _set(fetching, "02:00")
    connections.close_all()

    def tick(_: int) -> None:
        try:
            begin_due(BEGIN + timedelta(days=1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(tick, range(8)))
    syncs = list_syncs(fetching.district, fetching.source_id)
    assert len(syncs) == 1
    assert ProcrastinateJob.objects.filter(args__sync_id=syncs[0].pk).count() == 1


def test_a_moment_that_is_written_down_again_is_not_begun_again(fetching: Fetching) -> None:
    """Somebody saves the timetable on a machine whose clock lags: the moment that was just begun seems to come yet."""
    _set(fetching, "02:00")
    begun_at = Due.objects.get(source_id=fetching.source_id).at
    begin_due(begun_at)
    (sync,) = list_syncs(fetching.district, fetching.source_id)
    carry_on(fetching.district, sync.pk)
    note_due(fetching.district, fetching.connection, begun_at - timedelta(minutes=1))
    assert Due.objects.get(source_id=fetching.source_id).at == begun_at
    begin_due(begun_at + timedelta(seconds=5))
    assert [one.pk for one in list_syncs(fetching.district, fetching.source_id)] == [sync.pk]
    assert ProcrastinateJob.objects.filter(args__sync_id=sync.pk).count() == 1
    assert Due.objects.get(source_id=fetching.source_id).at > begun_at


def test_what_another_scheduler_has_in_hand_is_left_to_it_and_taken_when_it_dies(fetching: Fetching) -> None:
    _set(fetching, "02:00")
    moment = Due.objects.get(source_id=fetching.source_id).at
    connections.close_all()
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with suppress(ZeroDivisionError), transaction.atomic():
                Due.objects.select_for_update().get(source_id=fetching.source_id)
                held.set()
                let_go.wait(20)
                raise ZeroDivisionError  # it dies
        finally:
            connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(20)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        begin_due(moment)
        assert list_syncs(fetching.district, fetching.source_id) == []
    finally:
        let_go.set()
        other.join(20)
        connections.close_all()
    begin_due(moment)
    assert len(list_syncs(fetching.district, fetching.source_id)) == 1


def test_nothing_is_due_in_a_practice_space(fetching: Fetching, other_district: District) -> None:
    _set(fetching, "02:00")
    fetching.district.practice_of = other_district
    fetching.district.save()
    begin_due(BEGIN + timedelta(days=1))
    assert list_syncs(fetching.district, fetching.source_id) == []
    assert not Due.objects.filter(source_id=fetching.source_id).exists()


def test_a_paused_source_is_never_due_and_is_again_when_it_goes_on(fetching: Fetching) -> None:
    _set(fetching, "02:00")
    pause_connection(fetching.district, fetching.connection, "Summer.", by=OPERATOR)
    assert not Due.objects.filter(source_id=fetching.source_id).exists()
    pause_connection(fetching.district, fetching.connection, "", by=OPERATOR)
    assert Due.objects.filter(source_id=fetching.source_id).exists()


def test_a_source_that_cannot_begin_keeps_nobody_behind_it(
    fetching: Fetching, caplog: pytest.LogCaptureFixture
) -> None:
    _set(fetching, "02:00")
    broken = add_connection(fetching.district, "Directory", KINDS["web_drop"], {}, by=OPERATOR)
    with within(fetching.district):
        Connection.objects.filter(source_id=broken.source_id).update(times=["25:99"])  # as no form lets it be
    Due.objects.create(source_id=broken.source_id, district_id=fetching.district.pk, at=BEGIN - timedelta(days=1))
    try:
        begin_due(BEGIN + timedelta(days=1))
        assert ("due.failed", broken.source_id) in [(line["event"], line.get("source_id")) for line in lines_of(caplog)]
        assert len(list_syncs(fetching.district, fetching.source_id)) == 1
        assert Due.objects.filter(source_id=broken.source_id).exists(), "it is tried again"
    finally:
        Due.objects.filter(source_id=broken.source_id).delete()
