"""Who is in which class of the made-up district."""

import polars as pl

from firstbell.engine.sample.calendar import on_day
from firstbell.engine.sample.canonical import to_table
from firstbell.engine.sample.draws import Draws
from firstbell.engine.sample.schools import SLOTS


def enrollments(classes: pl.DataFrame, staff: pl.DataFrame, learning: pl.DataFrame) -> pl.DataFrame:
    """The canonical table enrollments: teachers first, then ``learning`` (see ``seat_students``)."""
    main = _teaching(classes, staff, "teacher", place=1, primary="true")
    second = _teaching(
        classes.filter(pl.col("co_teacher").is_not_null()), staff, "co_teacher", place=2, primary="false"
    )
    return to_table("enrollments", pl.concat([main, second, learning], how="diagonal"))


def _teaching(classes: pl.DataFrame, staff: pl.DataFrame, column: str, *, place: int, primary: str) -> pl.DataFrame:
    id_at_first = pl.format("enr-{}-{}", "sourcedId", pl.lit(str(place)))
    return classes.with_columns(userSourcedId=staff["sourcedId"].gather(classes[column])).select(
        "schoolSourcedId",
        "userSourcedId",
        sourcedId=pl.when(pl.col("staffed") > 0)
        .then(pl.format("{}-{}", id_at_first, "staffed"))
        .otherwise(id_at_first),
        classSourcedId="sourcedId",
        role=pl.lit("teacher"),
        primary=pl.lit(primary),
        beginDate=_begins(pl.col("staffed"), on_day(pl.col("staffed"))),
        endDate="ends",
    )


def seat_students(students: pl.DataFrame, classes: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """The students' rows of the table enrollments: each in one class of each slot, without those they dropped.

    ``students`` have ``no, sourcedId, reset, dropped, rank`` and their block's ``sections, first_class, homeroom``;
    ``classes`` stand in the order of their number.
    """
    timetables = students.select(
        "no",
        "sourcedId",
        "reset",
        "dropped",
        "rank",
        "sections",
        "first_class",
        "homeroom",
        came=on_day(pl.col("reset")),
    )
    seats = timetables.with_columns(slot=pl.lit(list(range(SLOTS)))).explode("slot")
    kept = seats.filter(pl.col("dropped") // 2 ** pl.col("slot") % 2 == 0)
    numbers = kept.select(pl.col("first_class") + pl.col("slot") * pl.col("sections") + _section(draws)).to_series()
    room = classes.select("begins", "ends", "last_day", "schoolSourcedId", classSourcedId="sourcedId")[numbers]
    seated = pl.concat([kept, room], how="horizontal")
    id_at_first = pl.concat_str(pl.lit("enr-"), pl.col("sourcedId").str.slice(4), pl.lit("-"), pl.col("slot") + 1)
    later = pl.col("reset") > 0
    return seated.select(
        "schoolSourcedId",
        "classSourcedId",
        sourcedId=pl.when(later).then(pl.concat_str(id_at_first, pl.lit("-"), "reset")).otherwise(id_at_first),
        userSourcedId="sourcedId",
        role=pl.lit("student"),
        beginDate=_begins(pl.col("reset"), pl.col("came")),
        endDate="ends",
    )


def _section(draws: Draws) -> pl.Expr:
    """Which section a student sits in. By rank, each run of as many students as there are sections fills every section
    of every slot once; a homeroom stays together and others are mixed from slot to slot."""
    rank, sections = pl.col("rank"), pl.col("sections")
    turned = pl.when("homeroom").then(rank).otherwise(rank + pl.col("slot") * (rank // sections))
    slot = pl.when("homeroom").then(0).otherwise("slot")
    drawn = draws.below(sections, "section", pl.col("no"), pl.col("reset"), slot).cast(pl.Int64)
    return pl.when(pl.col("reset") > 0).then(drawn).otherwise(turned % sections)


def _begins(day: pl.Expr, date: pl.Expr) -> pl.Expr:
    """The first day in the class: of those who came later the date they came, within the dates of the class."""
    early, late = date < pl.col("begins"), date > pl.col("last_day")
    return pl.when((day == 0) | early).then("begins").when(late).then("last_day").otherwise(date)
