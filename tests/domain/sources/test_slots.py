"""When a source is due, over both changes of the clock: each time exactly once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from firstbell.domain.sources.slots import Pause, Timetable

DENVER = ZoneInfo("America/Denver")
DAILY = frozenset(range(7))
ZONES = (
    "America/Denver",
    "America/New_York",
    "America/Phoenix",
    "Europe/Dublin",
    "Pacific/Honolulu",
    "Australia/Lord_Howe",
)


def _all(timetable: Timetable, first: datetime, last: datetime) -> list[datetime]:
    found, moment = [], first
    while (due := timetable.next_after(moment)) is not None and due <= last:
        found.append(due)
        moment = due
    return found


def _days(
    *times: str, zone: ZoneInfo = DENVER, weekdays: frozenset[int] = DAILY, pauses: tuple[Pause, ...] = ()
) -> Timetable:
    return Timetable(zone, tuple(time.fromisoformat(text) for text in times), weekdays, pauses)


def test_a_time_that_the_clock_leaves_out_is_due_once_an_hour_later() -> None:
    due = _all(_days("02:30"), datetime(2027, 3, 13, 12, tzinfo=UTC), datetime(2027, 3, 15, 12, tzinfo=UTC))
    assert [moment.astimezone(DENVER).strftime("%d %H:%M") for moment in due] == ["14 03:30", "15 02:30"]


def test_a_time_that_comes_twice_is_due_the_first_time_only() -> None:
    due = _all(_days("01:30"), datetime(2026, 10, 31, 12, tzinfo=UTC), datetime(2026, 11, 2, 12, tzinfo=UTC))
    assert due == [datetime(2026, 11, 1, 7, 30, tzinfo=UTC), datetime(2026, 11, 2, 8, 30, tzinfo=UTC)]


def test_two_times_that_fall_together_in_the_gap_are_one() -> None:
    due = _all(_days("02:30", "03:30"), datetime(2027, 3, 14, 6, tzinfo=UTC), datetime(2027, 3, 14, 20, tzinfo=UTC))
    assert due == [datetime(2027, 3, 14, 9, 30, tzinfo=UTC)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "23:59"])
def test_every_day_of_two_years_has_its_time_exactly_once(zone: str, at: str) -> None:
    first, last = datetime(2027, 1, 1, 13, tzinfo=UTC), datetime(2028, 12, 31, 13, tzinfo=UTC)
    due = _all(_days(at, zone=ZoneInfo(zone)), first, last)
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in due]
    assert len(days) == (last - first).days
    assert days == [days[0] + timedelta(days=count) for count in range(len(days))]


def test_a_source_without_times_or_days_is_never_due() -> None:
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    assert _days().next_after(moment) is None
    assert _days("02:05", weekdays=frozenset()).next_after(moment) is None


def test_several_times_on_some_days() -> None:
    weekdays = frozenset({0, 4})
    due = _all(
        _days("12:00", "02:05", weekdays=weekdays),
        datetime(2027, 1, 4, tzinfo=DENVER),
        datetime(2027, 1, 10, tzinfo=DENVER),
    )
    said = [moment.astimezone(DENVER).strftime("%a %H:%M") for moment in due]
    assert said == ["Mon 02:05", "Mon 12:00", "Fri 02:05", "Fri 12:00"]


def test_in_a_pause_nothing_is_due_and_then_everything_is_fetched() -> None:
    summer = Pause(date(2027, 6, 10), date(2027, 8, 2), "Summer")
    timetable = _days("02:05", pauses=(summer,))
    back = timetable.next_after(datetime(2027, 6, 9, 12, tzinfo=UTC))
    assert back == datetime(2027, 8, 3, 2, 5, tzinfo=DENVER)
    assert timetable.returns_from_pause(datetime(2027, 6, 9, 8, 5, tzinfo=UTC), back)
    assert not timetable.returns_from_pause(back, back + timedelta(days=1))
    assert not timetable.returns_from_pause(None, back)


@pytest.mark.parametrize(
    ("pause", "moment", "back"),
    [
        (Pause(date(2027, 3, 13), date(2027, 3, 14)), datetime(2027, 3, 12, 20, tzinfo=UTC), "2027-03-15 02:30 MDT"),
        (Pause(date(2027, 3, 10), date(2027, 3, 13)), datetime(2027, 3, 9, 20, tzinfo=UTC), "2027-03-14 03:30 MDT"),
        (Pause(date(2027, 11, 6), date(2027, 11, 7)), datetime(2027, 11, 5, 20, tzinfo=UTC), "2027-11-08 02:30 MST"),
        (Pause(date(2027, 11, 1), date(2027, 11, 6)), datetime(2027, 10, 31, 20, tzinfo=UTC), "2027-11-07 02:30 MST"),
    ],
)
def test_days_off_over_a_change_of_the_clock_end_at_the_districts_midnight(
    pause: Pause, moment: datetime, back: str
) -> None:
    timetable = _days("02:30", pauses=(pause,))
    due = timetable.next_after(moment)
    assert due is not None
    assert due.astimezone(DENVER).strftime("%Y-%m-%d %H:%M %Z") == back
    assert timetable.returns_from_pause(moment, due)
    following = timetable.next_after(due)
    assert following is not None
    assert (following.astimezone(DENVER).date() - due.astimezone(DENVER).date()).days == 1


def test_a_pause_longer_than_a_year_ends_in_nothing_due() -> None:
    forever = Pause(date(2027, 1, 1), date(2030, 1, 1))
    assert _days("02:05", pauses=(forever,)).next_after(datetime(2027, 2, 1, tzinfo=UTC)) is None
