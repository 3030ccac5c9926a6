"""When a source is due: times of the day in the district's zone, each once, also when clocks change.

A time that a clock change leaves out (2:30 in March) is due at the same moment as half past the hour that comes instead
(3:30); one that comes twice (1:30 in November) is due the first time only. Nothing here reads a clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days, both included, on which nothing is fetched."""

    first: date
    last: date
    why: str = ""

    def covers(self, day: date) -> bool:
        """Whether nothing is fetched on this day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Timetable:
    """Times of the day, on some weekdays (Monday is 0), outside pauses. Without times nothing is ever due."""

    zone: ZoneInfo
    times: tuple[time, ...]
    weekdays: frozenset[int]
    pauses: tuple[Pause, ...] = ()

    def next_after(self, moment: datetime) -> datetime | None:
        """The first moment (in UTC) after this one, or None where none comes within a year."""
        if not self.times:
            return None
        first = moment.astimezone(self.zone).date() - timedelta(days=1)
        days = (first + timedelta(days=count) for count in range(LOOK_AHEAD.days))
        return next((due for day in days for due in self._of(day) if due > moment), None)

    def returns_from_pause(self, last: datetime | None, moment: datetime) -> bool:
        """Whether a pause ended between the last time and this one: then everything is fetched."""
        if last is None:
            return False
        then, now = last.astimezone(self.zone).date(), moment.astimezone(self.zone).date()
        return any(then <= pause.last < now for pause in self.pauses)

    def pause_on(self, day: date) -> Pause | None:
        """The pause that a day is in."""
        return next((pause for pause in self.pauses if pause.covers(day)), None)

    def _of(self, day: date) -> Iterator[datetime]:
        if day.weekday() not in self.weekdays or self.pause_on(day):
            return
        # Without a fold, a time that comes twice is its first; one that never comes has the offset from before the gap.
        yield from sorted({datetime.combine(day, at, self.zone).astimezone(UTC) for at in self.times})


def pauses_of(kept: Sequence[dict[str, str]]) -> tuple[Pause, ...]:
    """Pauses as they stand in ``Connection.pauses``."""
    return tuple(
        Pause(date.fromisoformat(one["first"]), date.fromisoformat(one["last"]), one.get("why", "")) for one in kept
    )
