"""The made-up school year: its sessions, and which calendar day a day of the sample is.

Start dates are included and end dates are the first day after, as OneRoster says.
"""

import datetime as dt

import polars as pl

from firstbell.engine.sample.canonical import to_table

SCHOOL_YEAR = 2027
"""The calendar year in which the school year ends."""
DAY_ZERO = dt.date(2026, 9, 8)
YEAR_ID = f"sy-{SCHOOL_YEAR}"
_YEAR_START, _YEAR_END = "2026-08-17", "2027-06-12"
_FIRST_END, _SECOND_START = "2027-01-16", "2027-01-19"

_SESSIONS: tuple[tuple[str, str, str, str, str, str | None], ...] = (
    (YEAR_ID, "2026-2027", "schoolYear", _YEAR_START, _YEAR_END, None),
    ("sem-2027-1", "Semester 1", "semester", _YEAR_START, _FIRST_END, YEAR_ID),
    ("sem-2027-2", "Semester 2", "semester", _SECOND_START, _YEAR_END, YEAR_ID),
    ("trm-2027-1", "Fall trimester", "term", _YEAR_START, "2026-11-14", YEAR_ID),
    ("trm-2027-2", "Winter trimester", "term", "2026-11-16", "2027-03-06", YEAR_ID),
    ("trm-2027-3", "Spring trimester", "term", "2027-03-08", _YEAR_END, YEAR_ID),
    ("gp-2027-1", "Quarter 1", "gradingPeriod", _YEAR_START, "2026-10-17", "sem-2027-1"),
    ("gp-2027-2", "Quarter 2", "gradingPeriod", "2026-10-19", _FIRST_END, "sem-2027-1"),
    ("gp-2027-3", "Quarter 3", "gradingPeriod", _SECOND_START, "2027-03-20", "sem-2027-2"),
    ("gp-2027-4", "Quarter 4", "gradingPeriod", "2027-03-22", _YEAR_END, "sem-2027-2"),
)

SPANS = pl.DataFrame(
    [
        ("trm-2027-1,trm-2027-2,trm-2027-3", _YEAR_START, _YEAR_END, "2027-06-11"),
        ("sem-2027-1,sem-2027-2", _YEAR_START, _YEAR_END, "2027-06-11"),
        ("sem-2027-1", _YEAR_START, _FIRST_END, "2027-01-15"),
        ("sem-2027-2", _SECOND_START, _YEAR_END, "2027-06-11"),
    ],
    schema={"termSourcedIds": pl.String, "begins": pl.String, "ends": pl.String, "last_day": pl.String},
    orient="row",
)
"""How long classes run: three trimesters, both semesters, the first, the second."""
TRIMESTERS, BOTH_SEMESTERS, FIRST_SEMESTER, SECOND_SEMESTER = range(4)


def academic_sessions() -> pl.DataFrame:
    """The canonical table academicSessions."""
    columns = ("sourcedId", "title", "type", "startDate", "endDate", "parentSourcedId")
    sessions = pl.DataFrame(_SESSIONS, schema=dict.fromkeys(columns, pl.String), orient="row")
    return to_table("academicSessions", sessions.with_columns(schoolYear=pl.lit(str(SCHOOL_YEAR))))


def on_day(day: pl.Expr) -> pl.Expr:
    """The date (canonical text) of a day of the sample; of day 0, the first day of school."""
    date = pl.lit(DAY_ZERO) + pl.duration(days=day.cast(pl.Int64))
    return pl.when(day > 0).then(date.dt.to_string("%Y-%m-%d")).otherwise(pl.lit(_YEAR_START))
