"""Days as American systems write them: month first, years often in two digits."""

import re
from datetime import date

from firstbell.engine.dates import read_dates
from firstbell.engine.values import Said, read_iso_date

_MONTH_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[ T].*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_THIS_CENTURY_TO = 49


def read_day(spelling: str) -> Said:
    """``M/D/YYYY``, ``YYYY-MM-DD`` or ``YYYYMMDD`` as ``YYYY-MM-DD``. Two digits are 1950 to 2049, and told."""
    found = _MONTH_FIRST.fullmatch(spelling)
    if found:
        month, day, year = found.groups()
        full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) <= _THIS_CENTURY_TO else 1900)
        text = _iso(full, int(month), int(day))
        if text is None:
            return Said(None, "date-bad")
        return Said(text) if len(year) == 4 else Said(text, "year-in-two-digits", text)
    if compact := _COMPACT.fullmatch(spelling):
        year, month, day = (int(part) for part in compact.groups())
        text = _iso(year, month, day)
        return Said(text) if text else Said(None, "date-bad")
    plain = read_iso_date(spelling)
    if plain.text is not None:
        return plain
    other = read_dates([spelling], of_birth=False)[spelling].day
    return Said(other.isoformat(), "date-repaired", other.isoformat()) if other else plain


def read_day_or_drop(spelling: str) -> Said:
    """The same of a day that a record can do without: an unreadable one is left blank."""
    said = read_day(spelling)
    return Said(None, "date-dropped") if said.code == "date-bad" else said


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
