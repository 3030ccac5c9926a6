"""What happens in the made-up district from day to day.

Every event of a day depends on the person (or class) and the day alone, so day K is the sum of the events of the days
1 to K and nothing has to be played back row by row. A day touches about ``churn`` of the students: of a hundred
touched, 25 get a new family name, 20 move to another school, 20 drop a class, 15 leave and 20 are new. Few of those who
left come back, under their old id.
"""

from dataclasses import dataclass

import polars as pl

from firstbell.engine.sample.catalogue import ELECTIVE_SLOT
from firstbell.engine.sample.draws import Draws
from firstbell.engine.sample.schools import SLOTS

_JOIN_SHARE = 0.2
_RENAME, _MOVE, _DROP, _LEAVE = 25, 45, 65, 80
_RETURN_SHARE = 0.1
_STAFF_SHARE = 0.3
_CLASS_SHARE = 0.1
_ROOM, _TITLE, _TEACHER = 50, 75, 100


@dataclass(frozen=True, slots=True)
class Passage:
    """How far the district has come: the day, and the share (0 to 1) of students that a day touches."""

    day: int
    churn: float
    draws: Draws


def newcomers(passage: Passage, students: int) -> pl.DataFrame:
    """The students who joined after day 0: ``no`` and ``since``, the day."""
    a_day = passage.churn * _JOIN_SHARE * students
    until = [int(a_day * day) for day in range(passage.day + 1)]
    return (
        pl.DataFrame({"until": until}, schema={"until": pl.Int64})
        .with_row_index("since")
        .with_columns(new=pl.col("until").diff().fill_null(0))
        .select(pl.col("since").cast(pl.Int64).repeat_by("new"))
        .explode("since")
        .drop_nulls()
        .select(no=pl.int_range(pl.len()) + students, since="since")
    )


def follow_students(passage: Passage, students: pl.DataFrame) -> pl.DataFrame:
    """The students who are there on the day.

    Takes ``no, since, school, first_school, schools, homeroom``. Adds ``renamed`` (the day of the last new name, or 0),
    ``reset`` (the day of the last new timetable, or 0) and ``dropped`` (the sum of 2 ** slot of the classes dropped
    since); ``school`` becomes the current one.
    """
    events = _student_events(passage, students)
    gone, returned = _comings(passage, students, events)
    moves = events.filter(pl.col("kind") == "move")
    state = (
        students.join(
            _last_day(events.filter(pl.col("kind") == "rename"), "renamed"), on="no", how="left", maintain_order="left"
        )
        .join(_last_day(moves, "moved"), on="no", how="left", maintain_order="left")
        .join(moves.group_by("no").agg(pl.col("step").sum()), on="no", how="left", maintain_order="left")
        .join(returned, on="no", how="left", maintain_order="left")
        .join(gone, on="no", how="anti", maintain_order="left")
        .with_columns(pl.col("renamed", "moved", "step", "returned").fill_null(0))
        .with_columns(
            school=pl.col("first_school")
            + (pl.col("school") - pl.col("first_school") + pl.col("step")) % pl.col("schools"),
            reset=pl.max_horizontal("since", "moved", "returned"),
        )
    )
    drops = (
        events.filter(pl.col("kind") == "drop")
        .join(state.select("no", "reset"), on="no", how="inner")
        .filter(pl.col("day") > pl.col("reset"))
        .select("no", "slot")
        .unique()
        .group_by("no")
        .agg(dropped=(2 ** pl.col("slot")).sum())
    )
    return state.join(drops, on="no", how="left", maintain_order="left").with_columns(pl.col("dropped").fill_null(0))


def _student_events(passage: Passage, students: pl.DataFrame) -> pl.DataFrame:
    """``no, day, kind, step`` (schools to move on by) and ``slot`` (to drop). A move needs a second school."""
    draws, no, day = passage.draws, pl.col("no"), pl.col("day")
    touched = _touched(passage, students, "student", (1 - _JOIN_SHARE) * passage.churn)
    roll = draws.below(_LEAVE, "student kind", no, day)
    can_move = pl.col("schools") > 1
    return touched.with_columns(
        kind=pl.when(roll < _RENAME)
        .then(pl.lit("rename"))
        .when(roll < _MOVE)
        .then(pl.when(can_move).then(pl.lit("move")).otherwise(pl.lit("rename")))
        .when(roll < _DROP)
        .then(pl.lit("drop"))
        .otherwise(pl.lit("leave")),
        step=1 + draws.below((pl.col("schools") - 1).clip(1), "move", no, day).cast(pl.Int64),
        slot=pl.when("homeroom")
        .then(pl.lit(ELECTIVE_SLOT, pl.Int64))
        .otherwise(draws.below(SLOTS, "drop", no, day).cast(pl.Int64)),
    )


def _comings(passage: Passage, students: pl.DataFrame, events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who is away (``no``), and the day (``returned``) on which others last came back."""
    leaves = events.filter(pl.col("kind") == "leave").select("no", "day", back=pl.lit(value=False))
    returns = (
        _touched(passage, students.join(leaves, on="no", how="semi"), "return", _RETURN_SHARE * passage.churn)
        .join(leaves, on=["no", "day"], how="anti")
        .select("no", "day", back=pl.lit(value=True))
    )
    comings = pl.concat([leaves, returns]).sort("no", "day")
    effective = comings.filter("back" & ~pl.col("back").shift(1).over("no").fill_null(value=True))
    gone = comings.group_by("no").agg(pl.col("back").last()).filter(~pl.col("back"))
    return gone.select("no"), _last_day(effective, "returned")


def follow_staff(passage: Passage, staff: pl.DataFrame) -> pl.DataFrame:
    """Staff (``no``) with ``renamed``, the day of the last new family name, or 0."""
    renames = _touched(passage, staff.with_columns(since=pl.lit(0)), "staff", _STAFF_SHARE * passage.churn)
    return staff.join(_last_day(renames, "renamed"), on="no", how="left", maintain_order="left").with_columns(
        pl.col("renamed").fill_null(0)
    )


def follow_classes(passage: Passage, classes: pl.DataFrame) -> pl.DataFrame:
    """Classes (``no``) with ``roomed``, ``titled`` and ``staffed`` (the day of the last new room, title and teacher, or
    0), and ``step``, how many teachers further the class has gone."""
    draws, no, day = passage.draws, pl.col("no"), pl.col("day")
    touched = _touched(passage, classes.with_columns(since=pl.lit(0)), "class", _CLASS_SHARE * passage.churn)
    events = touched.with_columns(
        roll=draws.below(_TEACHER, "class kind", no, day), step=1 + draws.below(5, "class step", no, day).cast(pl.Int64)
    )
    rooms = events.filter(pl.col("roll") < _ROOM)
    titles = events.filter(pl.col("roll").is_between(_ROOM, _TITLE - 1))
    teachers = events.filter(pl.col("roll") >= _TITLE)
    return (
        classes.join(_last_day(rooms, "roomed"), on="no", how="left", maintain_order="left")
        .join(_last_day(titles, "titled"), on="no", how="left", maintain_order="left")
        .join(_last_day(teachers, "staffed"), on="no", how="left", maintain_order="left")
        .join(teachers.group_by("no").agg(pl.col("step").sum()), on="no", how="left", maintain_order="left")
        .with_columns(pl.col("roomed", "titled", "staffed", "step").fill_null(0))
    )


def _touched(passage: Passage, rows: pl.DataFrame, purpose: str, share: float) -> pl.DataFrame:
    """The rows (``no, since``) that a day touches, for each day up to now, with ``day`` (Int64)."""
    numbers = rows.lazy().select("no", "since")
    chosen = (
        numbers.filter(passage.draws.chance(share, purpose, pl.col("no"), day) & (pl.col("since") < day)).select(
            "no", day=pl.lit(day, pl.Int64)
        )
        for day in range(1, passage.day + 1)
    )
    none = pl.LazyFrame(schema={"no": pl.Int64, "day": pl.Int64})
    return pl.concat([none, *chosen]).collect().join(rows, on="no", how="left", maintain_order="left")


def _last_day(events: pl.DataFrame, name: str) -> pl.DataFrame:
    return events.group_by("no").agg(pl.col("day").max().alias(name))
