"""Days on which people work: Monday to Friday, in the district's time zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def after_working_days(moment: datetime, days: int, *, time_zone: str) -> datetime:
    """The same hour so many working days later. What comes at a weekend counts from Monday's first minute."""
    local = moment.astimezone(ZoneInfo(time_zone))
    if local.weekday() >= SATURDAY:
        local = datetime.combine(local.date() + timedelta(days=7 - local.weekday()), time(), tzinfo=local.tzinfo)
    left = days
    while left:
        local += timedelta(days=1)  # the wall's clock: summer time does not move the hour
        left -= local.weekday() < SATURDAY
    return local
