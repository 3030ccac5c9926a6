"""A date is read where it can mean one day only, and the whole column is asked which of two numbers is the month."""

import pytest
from tests.engine.district import codes, lakeside, planned, roster_of

from firstbell.engine.dates import read_dates


def _read(*spellings: str, of_birth: bool = False) -> list[str | None]:
    said = read_dates(spellings, of_birth=of_birth)
    return [said[spelling].day.isoformat() if said[spelling].day else None for spelling in spellings]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "spelling",
    [
        *("2026/08/15", "2026.8.15", "2026-8-15", "20260815", "15.08.2026", "15.8.2026", "08/15/2026", "15/08/2026"),
        *("8-15-2026", "15 Aug 2026", "15-Aug-2026", "15-AUG-26", "August 15, 2026", "Aug 15 2026", "15th August 2026"),
        *("8/15/26", "2026-08-15T00:00:00.000Z", "2026-08-15 00:00", "8/15/2026 12:00:00 AM"),
        *("2026-08-15T00:00:00+02:00", "Sept 15, 2026", "08/08/2026"),
    ],
)
def test_a_date_that_can_mean_one_day_is_read(spelling: str) -> None:
    day = "2026-09-15" if spelling.startswith("Sept") else "2026-08-15"
    assert _read(spelling) == ["2026-08-08" if spelling == "08/08/2026" else day]


@pytest.mark.parametrize(
    "spelling",
    [
        *(
            "03/04/2026",
            "3-4-2026",
            "3/4/26",
            "2026-02-30",
            "2026-13-01",
            "13/13/2026",
            "46249",
            "tomorrow",
            "08152026",
        ),
        *(
            "12122026",
            "1/1",
            "15/08",
            "15 Foo 2026",
            "8/15/0026",
            "12/31/9999",
            "26/08/15",
            "15/8/26",
            "15.8.26",
            "",
            "２０２６/08/15",
            "1/2-2026",
        ),
    ],
)
def test_a_date_that_could_mean_two_days_or_none_is_not_read(spelling: str) -> None:
    assert _read(spelling) == [None]


def test_one_value_with_a_part_over_twelve_settles_the_column() -> None:
    assert _read("03/04/2026", "03/14/2026") == ["2026-03-04", "2026-03-14"]
    assert _read("03/04/2026", "14/03/2026") == ["2026-04-03", "2026-03-14"]
    assert _read("3/4/26", "3/14/26") == ["2026-03-04", "2026-03-14"]


def test_values_that_are_written_otherwise_settle_nothing() -> None:
    assert _read("03/04/2026", "14-03-2026") == [None, "2026-03-14"]
    assert _read("03/04/2026", "99/99/2026") == [None, None]


def test_a_column_in_two_orders_is_read_only_where_each_value_is_certain_by_itself() -> None:
    assert _read("03/14/2026", "14/03/2026", "03/04/2026", "05/05/2026") == [
        *("2026-03-14", "2026-03-14", None, "2026-05-05")
    ]


def test_two_digits_are_a_year_of_birth_or_of_a_term() -> None:
    assert _read("8/15/09", "8/15/75", "8/15/35", of_birth=True) == ["2009-08-15", "1975-08-15", None]
    assert _read("8/15/35", "8/15/75") == ["2035-08-15", None]


def test_it_is_said_what_an_unread_date_could_be() -> None:
    assert read_dates(["03/04/2026"], of_birth=False)["03/04/2026"].why == (
        ": it could be 4 March 2026 or 3 April 2026, and no other value of the column tells"
    )


def test_a_term_whose_dates_are_written_the_american_way_is_read() -> None:
    district = lakeside()
    for session in district["academicSessions"]:
        for column in ("startDate", "endDate"):
            year, month, day = session[column].split("-")
            session[column] = f"{int(month)}/{int(day)}/{year}"
    result = planned(district)
    assert codes(result) == {"date-repaired"}
    sessions = result.checked.tables["academicSessions"]
    assert sessions["startDate"].to_list() == ["2026-08-15", "2026-08-15", "2027-01-10"]


def test_a_term_with_a_doubtful_date_is_left_out() -> None:
    district = lakeside()
    district.row("academicSessions", "spring")["startDate"] = "01/10/2027"
    assert "date-bad" in codes(planned(district))


@pytest.mark.parametrize(
    ("file", "record", "column"),
    [
        ("demographics", "s0", "birthDate"),
        ("enrollments", "e-s0", "beginDate"),
        ("enrollments", "e-s0", "endDate"),
        ("roles", "r-s0", "beginDate"),
    ],
)
def test_a_doubtful_date_that_may_be_blank_costs_its_value_and_not_its_record(
    file: str, record: str, column: str
) -> None:
    district = lakeside()
    district.row(file, record)[column] = "03/04/2026"
    result = planned(district, roster_of(lakeside()))
    assert codes(result) == {"date-dropped"}
    rows = result.checked.tables[file]
    assert rows.filter(sourcedId=record)[column].to_list() == [None]
    assert not result.checked.left_out.get(file, rows["sourcedId"].clear()).len()
