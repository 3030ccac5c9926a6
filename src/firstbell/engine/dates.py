"""Dates as people write them, read only where they can mean one day.

Which of two numbers is the month is asked of the whole column: one value with a part over 12 settles it for all that
are written alike. Where nothing settles it, a date stays unread; a guess would move a birthday or the end of a term.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?Z?)?"
_NUMBERS = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_YEAR_FIRST = re.compile(rf"(\d{{4}})(?:([/.-])(\d{{1,2}})\2(\d{{1,2}})|(\d\d)(\d\d)){_TIME}", re.ASCII)
_DAY_NAMED_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ ./-]*([A-Za-z]{{3,9}})[ .,/-]*(\d{{4}}|\d{{2}}){_TIME}")
_NAMED_MONTH_DAY = re.compile(rf"([A-Za-z]{{3,9}})[ ./-]*(\d{{1,2}})(?:st|nd|rd|th)?[ ,/-]+(\d{{4}}|\d{{2}}){_TIME}")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT = {"sept": 9, **{name[:3]: place for place, name in enumerate(_MONTHS, start=1)}}
_MONTH_OF = {**_SHORT, **{name: place for place, name in enumerate(_MONTHS, start=1)}}
# Two-digit years, without asking what year it is: nobody on a roster was born in the 1930s, and a school year that a
# system still exports lies in this century.
_BORN_IN_2000S = range(31)
_BORN_IN_1900S = range(40, 100)
_TERMS_IN_2000S = range(70)
PLAUSIBLE_YEARS = range(1900, 2101)

Parts = tuple[int, int, str]
Order = Callable[[Parts, bool], date | None]


@dataclass(frozen=True, slots=True)
class DateSaid:
    """The date that a spelling means, or why it means none (a half-sentence that goes on after ``a date``)."""

    day: date | None
    why: str = ""


def read_dates(spellings: Iterable[str], *, of_birth: bool) -> dict[str, DateSaid]:
    """What each spelling of one column means. ``of_birth`` tells the century of two-digit years."""
    said: dict[str, DateSaid] = {}
    alike: dict[tuple[str, int], dict[str, Parts]] = {}
    for spelling in spellings:
        numbers = _NUMBERS.fullmatch(spelling)
        if numbers:
            first, separator, second, year = numbers.groups()
            alike.setdefault((separator, len(year)), {})[spelling] = (int(first), int(second), year)
        else:
            said[spelling] = DateSaid(_plain(spelling, of_birth=of_birth))
    for (separator, digits), group in alike.items():
        said |= _in_order(group, _orders(separator, digits), of_birth=of_birth)
    return said


def _orders(separator: str, digits: int) -> tuple[Order, ...]:
    """Dots stand between day and month; two digits at the end may be a day after all."""
    with_year_last: tuple[Order, ...] = (_day_first,) if separator == "." else (_month_first, _day_first)
    return with_year_last if digits == 4 else (*with_year_last, _year_first)


def _in_order(group: dict[str, Parts], orders: tuple[Order, ...], *, of_birth: bool) -> dict[str, DateSaid]:
    """Read the values that are written alike in the one order that fits all of them, if there is one."""
    read = {spelling: [order(parts, of_birth) for order in orders] for spelling, parts in group.items()}
    sound = [days for days in read.values() if any(days)]
    fitting = [place for place in range(len(orders)) if all(days[place] for days in sound)]
    said = {}
    for spelling, days in read.items():
        meant = {day for place, day in enumerate(days) if day and (place in fitting or not fitting)}
        said[spelling] = DateSaid(meant.pop()) if len(meant) == 1 else DateSaid(None, _doubt(meant))
    return said


def _doubt(meant: set[date]) -> str:
    if not meant:
        return ""
    told = [f"{day.day} {_MONTHS[day.month - 1].title()} {day.year}" for day in sorted(meant)]
    return f": it could be {' or '.join(told)}, and no other value of the column tells"


def _month_first(parts: Parts, of_birth: bool) -> date | None:  # noqa: FBT001
    return _day(_year(parts[2], of_birth=of_birth), parts[0], parts[1])


def _day_first(parts: Parts, of_birth: bool) -> date | None:  # noqa: FBT001
    return _day(_year(parts[2], of_birth=of_birth), parts[1], parts[0])


def _year_first(parts: Parts, of_birth: bool) -> date | None:  # noqa: FBT001
    return _day(_year(f"{parts[0]:02d}", of_birth=of_birth), parts[1], int(parts[2]))


def _plain(spelling: str, *, of_birth: bool) -> date | None:
    """A date with its year first or its month in words, or as ISO 8601 has it."""
    if found := _YEAR_FIRST.fullmatch(spelling):
        year, _, month, day, close_month, close_day = found.groups()
        return _day(int(year), int(month or close_month), int(day or close_day))
    if found := _DAY_NAMED_MONTH.fullmatch(spelling):
        day, name, year = found.groups()
        return _day(_year(year, of_birth=of_birth), _MONTH_OF.get(name.lower()), int(day))
    if found := _NAMED_MONTH_DAY.fullmatch(spelling):
        name, day, year = found.groups()
        return _day(_year(year, of_birth=of_birth), _MONTH_OF.get(name.lower()), int(day))
    try:
        moment = datetime.fromisoformat(spelling)
    except ValueError:
        return None
    return _day(moment.year, moment.month, moment.day)


def _year(text: str, *, of_birth: bool) -> int | None:
    year = int(text)
    if len(text) == 4:
        return year
    if year in (_BORN_IN_2000S if of_birth else _TERMS_IN_2000S):
        return 2000 + year
    return 1900 + year if of_birth and year in _BORN_IN_1900S else None


def _day(year: int | None, month: int | None, day: int) -> date | None:
    """The day, unless it is none or so far off that the numbers mean something else."""
    if year is None or month is None or year not in PLAUSIBLE_YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
