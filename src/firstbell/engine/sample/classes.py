"""The classes of the made-up district, and which teacher has which class."""

import polars as pl

from firstbell.engine.sample.calendar import BOTH_SEMESTERS, FIRST_SEMESTER, SECOND_SEMESTER, SPANS, TRIMESTERS
from firstbell.engine.sample.canonical import to_table
from firstbell.engine.sample.catalogue import COURSES_PER_BAND, ELECTIVE_SLOT, ELECTIVES
from firstbell.engine.sample.days import Passage, follow_classes
from firstbell.engine.sample.draws import Draws
from firstbell.engine.sample.schools import SLOTS, school_id

_CLASSES_OF_A_TEACHER = 5
_CO_TEACHER_SHARE = 0.08
_TITLE_TAGS = ("Honors", "Team A", "Team B", "Bilingual", "Inclusion", "Project Lab")


def open_classes(blocks: pl.DataFrame, courses: pl.DataFrame, passage: Passage) -> pl.DataFrame:
    """One row for each class, in the order of its number ``no``, as of the day.

    Columns: ``no, sourcedId, school, slot, section, teacher`` (number), ``co_teacher`` (number, mostly blank),
    ``staffed`` (the day of the last new teacher, or 0), ``begins, ends, last_day``, and those of the table classes.
    """
    classes = _sections(blocks, passage.draws)
    classes = follow_classes(passage, _give_teachers(classes))
    return _describe(_pass_on(classes, passage.draws), courses, passage.draws)


def _sections(blocks: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    place, sections = pl.col("place"), pl.col("sections")
    slot = place // sections
    section = place % sections
    placed = (
        blocks.with_columns(place=pl.int_ranges(0, sections * SLOTS))
        .explode("place")
        .with_columns(no=pl.col("first_class") + place, slot=slot, section=section)
    )
    elective = pl.col("slot") == ELECTIVE_SLOT
    option = (pl.col("section") + pl.col("school")) % ELECTIVES
    span = (
        pl.when("homeroom")
        .then(pl.lit(TRIMESTERS))
        .when(elective)
        .then(
            draws.below(3, "span", pl.col("no")).replace_strict(
                [0, 1, 2], [BOTH_SEMESTERS, FIRST_SEMESTER, SECOND_SEMESTER]
            )
        )
        .otherwise(pl.lit(BOTH_SEMESTERS))
    )
    course = pl.col("band") * COURSES_PER_BAND + pl.col("slot") + pl.when(elective).then(option).otherwise(0)
    return placed.with_columns(course=course, span=span).drop("place")


def _give_teachers(classes: pl.DataFrame) -> pl.DataFrame:
    """Adds ``teacher`` (numbered through the district), and of the school ``first_teacher`` and how many ``teachers``.

    A homeroom's teacher has all its slots but the elective; everyone else has up to five classes of one slot.
    """
    homeroom = pl.col("homeroom") & (pl.col("slot") != ELECTIVE_SLOT)
    rank = pl.int_range(pl.len()).over("school", "slot")
    # The numbers only have to keep loads apart: homerooms below ten million, the rest by slot above.
    load = (
        pl.when(homeroom)
        .then(pl.col("band") * 100_000 + pl.col("section"))
        .otherwise((100 + pl.col("slot")) * 100_000 + rank // _CLASSES_OF_A_TEACHER)
    )
    taught = classes.with_columns(teacher=(pl.col("school") * 100_000_000 + load).rank("dense").cast(pl.Int64) - 1)
    return taught.with_columns(
        first_teacher=pl.col("teacher").min().over("school"),
        teachers=pl.col("teacher").n_unique().over("school").cast(pl.Int64),
    )


def _pass_on(classes: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    first, teachers = pl.col("first_teacher"), pl.col("teachers")
    shared = draws.chance(_CO_TEACHER_SHARE, "co-teacher", pl.col("no")) & (teachers > 1)
    current = classes.with_columns(teacher=first + (pl.col("teacher") - first + pl.col("step")) % teachers)
    return current.with_columns(co_teacher=pl.when(shared).then(first + (pl.col("teacher") - first + 1) % teachers))


def _describe(classes: pl.DataFrame, courses: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    no, section = pl.col("no"), (pl.col("section") + 1).cast(pl.String)
    course = courses.select(
        "grades", "subjects", "subjectCodes", "courseCode", courseTitle="title", courseSourcedId="sourcedId"
    )
    tag = draws.below(len(_TITLE_TAGS), "title", no, pl.col("titled")).replace_strict(
        range(len(_TITLE_TAGS)), _TITLE_TAGS, return_dtype=pl.String
    )
    title = pl.when(pl.col("titled") > 0).then(pl.format("{} ({}), section {}", "courseTitle", tag, section))
    gathered = pl.concat(
        [classes, course[classes["course"]], SPANS[classes["span"]]],
        how="horizontal",
    )
    return gathered.with_columns(
        sourcedId=pl.format("cls-{}", no.cast(pl.String).str.zfill(6)),
        title=title.otherwise(pl.format("{}, section {}", "courseTitle", section)),
        classCode=pl.format("{}-{}", "courseCode", section.str.zfill(2)),
        classType=pl.when(pl.col("homeroom") & (pl.col("slot") == 0))
        .then(pl.lit("homeroom"))
        .otherwise(pl.lit("scheduled")),
        location=pl.format("Room {}", draws.below(180, "room", no, pl.col("roomed")) + 101),
        schoolSourcedId=school_id(pl.col("school")),
        periods=(pl.col("slot") + 1).cast(pl.String),
    )


def classes_table(classes: pl.DataFrame) -> pl.DataFrame:
    """The canonical table classes."""
    return to_table("classes", classes)
