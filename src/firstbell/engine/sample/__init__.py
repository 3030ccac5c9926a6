"""A made-up district of any size, valid by construction, and how it changes from day to day.

The same seed gives the same district on every machine. Nothing here is about real people: names are drawn from lists,
and addresses are of a domain reserved for examples.
"""

import polars as pl

from firstbell.engine.sample import people, schools
from firstbell.engine.sample.calendar import academic_sessions
from firstbell.engine.sample.canonical import to_table
from firstbell.engine.sample.catalogue import courses
from firstbell.engine.sample.classes import classes_table, open_classes
from firstbell.engine.sample.days import Passage, follow_students, newcomers
from firstbell.engine.sample.draws import Draws
from firstbell.engine.sample.enrollments import enrollments, seat_students

__all__ = ["sample"]


def sample(students: int, *, seed: int = 1, day: int = 0, churn: float = 0.01) -> dict[str, pl.DataFrame]:
    """All canonical tables of a district that begins with so many students, as of a day.

    Day K is day K-1 and what happened on day K, which touches the share ``churn`` (0 to 1) of the students. A student
    has six classes of about 25. ``userProfiles`` is empty. Raises ValueError for numbers that make no district.
    """
    _ensure_possible(students, day, churn)
    draws = Draws(seed)
    passage = Passage(day, churn, draws)
    plan = schools.plan_district(students)
    catalogue = courses(plan.bands)

    first = schools.place_students(pl.select(no=pl.int_range(students), since=pl.lit(0, pl.Int64)), plan, draws)
    later = schools.place_students(newcomers(passage, students), plan, draws)
    blocks = schools.blocks(plan, first)
    ranked = first.with_columns(rank=pl.int_range(pl.len()).over("school", "band"))
    present = follow_students(passage, pl.concat([ranked, later], how="diagonal", rechunk=True))

    classes = open_classes(blocks, catalogue, passage)
    staff = people.hire_staff(classes, plan, passage)
    named = people.name_students(present, draws)
    timetabled = named.join(
        blocks.select("school", "band", "sections", "first_class"),
        on=["school", "band"],
        how="left",
        maintain_order="left",
    )
    return {
        "orgs": schools.orgs(plan),
        "academicSessions": academic_sessions(),
        "courses": catalogue,
        "classes": classes_table(classes),
        "users": people.users(named, staff, draws),
        "userProfiles": to_table("userProfiles", pl.DataFrame({"sourcedId": []}, schema={"sourcedId": pl.String})),
        "roles": people.roles(named, staff),
        "enrollments": enrollments(classes, staff, seat_students(timetabled, classes, draws)),
        "demographics": people.demographics(named, draws),
    }


def _ensure_possible(students: int, day: int, churn: float) -> None:
    if students < 1:
        raise ValueError("a district needs at least one student")
    if day < 0:
        raise ValueError("the first day is day 0")
    if not 0 <= churn <= 1:
        raise ValueError("churn is a share from 0 to 1")
    if students * (1 + churn * day) > people.MOST_STUDENTS:
        raise ValueError(f"student numbers have seven digits, which is too few for {students} students on day {day}")
