"""Rows that a format does not carry, made of those that it does: ids, roles, enrollments, courses and sessions.

An id is made of what the row means, so it is the same in every file that says the same, and never of a row's place.
Names of parts stay readable; a part with other characters than ids have gets a digest, so two never share an id.
"""

import polars as pl
import polars_hash as plh

from firstbell.engine.reading import Reading
from firstbell.engine.tables import TABLES

_PLAIN = r"^[0-9A-Za-z.\-_]+$"
_OTHER = r"[^0-9A-Za-z.\-_]+"
_LONGEST = 60
WITHOUT_DATES = "made/without-dates"
"""The session of classes whose file names no term: it is open, since such a class is taught as long as it is listed."""
FIRST_DAY, LAST_DAY = "2000-01-01", "2100-01-01"
_SCHOOL_YEAR_BEGINS = 7
_YEAR_LONG = 240
"""Days from which a term is a school year."""


def made_id(*parts: pl.Expr) -> pl.Expr:
    """The parts joined by ``/``; null where one is."""
    return pl.concat_str([_part(part) for part in parts], separator="/")


def _part(part: pl.Expr) -> pl.Expr:
    plain = part.str.contains(_PLAIN) & (part.str.len_chars() <= _LONGEST)
    digest = plh.concat_str(part).nchash.xxh3_64().cast(pl.String)
    readable = part.str.replace_all(_OTHER, "-").str.slice(0, _LONGEST)
    return pl.when(plain).then(part).when(part.is_not_null()).then(pl.concat_str(readable, pl.lit("@"), digest))


def as_table(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """The rows with all columns of a canonical table (null where they have none) and where each came from."""
    present = set(rows.columns)
    columns = [
        pl.col(column.name).cast(pl.String) if column.name in present else pl.lit(None, pl.String).alias(column.name)
        for column in TABLES[table].columns
    ]
    return rows.select(*columns, pl.lit("active").alias("_status"), "_file", pl.col("_record").cast(pl.UInt32))


def roles_of(people: pl.DataFrame) -> pl.DataFrame:
    """``userSourcedId, orgSourcedId, role`` (and more) as roles. The first role of a person in a school is primary.

    Where ``roleType`` is given it stands.
    """
    stated = people.filter(pl.all_horizontal(pl.col("userSourcedId", "orgSourcedId", "role").is_not_null()))
    first = pl.int_range(pl.len()).over("userSourcedId", "orgSourcedId") == 0
    roles = stated.with_columns(
        sourcedId=made_id(pl.col("userSourcedId"), pl.col("orgSourcedId"), pl.col("role"))
    ).unique("sourcedId", keep="first", maintain_order=True)
    made_type = pl.when(first).then(pl.lit("primary")).otherwise(pl.lit("secondary"))
    given = pl.col("roleType") if "roleType" in roles.columns else pl.lit(None, pl.String)
    return as_table(roles.with_columns(roleType=pl.coalesce(given, made_type)), "roles")


def enrollments_of(members: pl.DataFrame) -> pl.DataFrame:
    """``classSourcedId, schoolSourcedId, userSourcedId, role`` (and more) as enrollments, each once."""
    stated = members.filter(pl.all_horizontal(pl.col("classSourcedId", "userSourcedId", "role").is_not_null()))
    made = made_id(pl.col("classSourcedId"), pl.col("userSourcedId"), pl.col("role"))
    once = stated.with_columns(sourcedId=made).unique("sourcedId", keep="first", maintain_order=True)
    return as_table(once, "enrollments")


def only_teacher_is_primary(enrollments: pl.DataFrame) -> pl.DataFrame:
    """Where a class has one teacher, that is the main one; of several a file without a word on it does not say."""
    teaches = pl.col("role") == "teacher"
    alone = teaches.sum().over("classSourcedId") == 1
    return enrollments.with_columns(primary=pl.when(teaches & alone).then(pl.lit("true")).otherwise("primary"))


def courses_of(classes: pl.DataFrame) -> pl.DataFrame:
    """A course for each id in a school, or each code, or each name, or (without all of them) each class.

    ``classes``: ``sourcedId, title, schoolSourcedId, courseId, courseCode, courseName, _faulty`` and where each came
    from. Returns
    the courses with ``class`` (the class's id), one row a class.
    """
    school, code, name = pl.col("schoolSourcedId"), pl.col("courseCode"), pl.col("courseName")
    made = pl.coalesce(
        made_id(pl.lit("made"), school, pl.lit("course-id"), pl.col("courseId")),
        made_id(pl.lit("made"), school, pl.lit("course"), code),
        made_id(pl.lit("made"), school, pl.lit("course-name"), name),
        made_id(pl.lit("made"), school, pl.lit("class"), pl.col("sourcedId")),
    )
    called = pl.coalesce(name, code, pl.col("title"))
    return classes.select(
        "_faulty",
        "_file",
        "_record",
        courseCode=code,
        title=called.min().over(made),  # the first in the alphabet, so the order of a file does not matter
        orgSourcedId=school,
        sourcedId=made,
        **{"class": pl.col("sourcedId")},
    )


def first_sound(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each ``sourcedId``, of a record without an error: a fault of one record takes no others along."""
    sound = rows.filter(~pl.col("_faulty") & pl.col("sourcedId").is_not_null())
    return sound.unique("sourcedId", keep="first", maintain_order=True)


def note_unsaid(reading: Reading, classes: pl.DataFrame) -> None:
    """Of a class with an error the course and session are not known, and they must not go because of it."""
    faulty = int(classes["_faulty"].sum())
    if faulty:
        reading.unsaid |= {"courses": faulty, "academicSessions": faulty}


def terms_of(classes: pl.DataFrame) -> pl.DataFrame:
    """The session of each class, made of the name and days of its term. One row a class, with ``class`` (its id).

    ``classes``: ``sourcedId, termId, termName, termStart, termEnd, _faulty`` and where each came from. A term is known
    by its id, or else its name and first day, so a corrected last day is a change and not another term; several of
    which that is true are told apart by all of it.
    """
    named = pl.any_horizontal(pl.col("termId", "termName", "termStart", "termEnd").is_not_null())
    start, end = pl.col("termStart").fill_null(FIRST_DAY), pl.col("termEnd").fill_null(LAST_DAY)
    title = pl.coalesce("termName", "termId", pl.lit("Term"))
    terms = classes.select(
        *("_faulty", "_file", "_record", "termId"),
        named=named,
        title=title,
        startDate=start,
        endDate=end,
        **{"class": "sourcedId"},
    )
    by_name = made_id(pl.lit("made"), pl.lit("term"), pl.col("title"), pl.col("startDate"))
    by_id = made_id(pl.lit("made"), pl.lit("term-id"), pl.col("termId"))
    terms = terms.with_columns(_known=pl.coalesce(by_id, by_name))
    several = pl.struct("title", "startDate", "endDate").n_unique().over("_known") > 1
    all_of_it = [pl.col(name) for name in ("_known", "title", "startDate", "endDate")]
    exact = pl.concat_str(all_of_it[0], made_id(*all_of_it[1:]), separator="/")
    made = pl.when("named").then(pl.when(several).then(exact).otherwise("_known")).otherwise(pl.lit(WITHOUT_DATES))
    named_title = pl.when("named").then("title").otherwise(pl.lit("Without dates"))
    return with_kind(terms.with_columns(sourcedId=made, title=named_title))


def with_kind(sessions: pl.DataFrame) -> pl.DataFrame:
    """Sessions with ``type`` and ``schoolYear`` by their days: a school year is long and begins in July or later."""
    start, end = pl.col("startDate").str.to_date(strict=False), pl.col("endDate").str.to_date(strict=False)
    year = start.dt.year() + (start.dt.month() >= _SCHOOL_YEAR_BEGINS).cast(pl.Int32)
    dated = (pl.col("startDate") != FIRST_DAY) & (pl.col("endDate") != LAST_DAY)
    long = ((end - start).dt.total_days() >= _YEAR_LONG).fill_null(value=False)
    return sessions.with_columns(
        type=pl.when(long).then(pl.lit("schoolYear")).otherwise(pl.lit("term")),
        schoolYear=pl.when(dated).then(year.cast(pl.String)),
    )


def without_dates(rows: pl.DataFrame) -> pl.DataFrame:
    """The one session for the classes (``_file, _record`` of the first of them) whose file names no term."""
    return rows.head(1).select(
        "_file",
        "_record",
        sourcedId=pl.lit(WITHOUT_DATES),
        title=pl.lit("Without dates"),
        type=pl.lit("schoolYear"),
        startDate=pl.lit(FIRST_DAY),
        endDate=pl.lit(LAST_DAY),
    )
