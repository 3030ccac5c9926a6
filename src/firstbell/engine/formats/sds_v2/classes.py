"""Academic sessions, classes and enrollments; what a class comes without is made."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.made import (
    WITHOUT_DATES,
    as_table,
    courses_of,
    enrollments_of,
    first_sound,
    note_unsaid,
    only_teacher_is_primary,
    without_dates,
)
from firstbell.engine.formats.metadata import as_objects
from firstbell.engine.formats.sds_v2.words import ENROLLMENT_ROLES, SESSION_TYPES
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.vocabulary import fold

type Files = dict[str, pl.DataFrame]


def other_word(rows: pl.DataFrame, column: str, plain: dict[str, str]) -> pl.Series:
    """The file's own word where it says more than ours does: a professor is a teacher of ours."""
    spelled = rows[f"spelled.{column}"]
    kept = [
        said
        for said, ours in rows.select(f"spelled.{column}", column).drop_nulls().unique().rows()
        if not ours.startswith("ext:") and fold(plain.get(ours, "")) != fold(said)
    ]
    return pl.select(pl.when(spelled.is_in(kept)).then(spelled)).to_series().alias(column)


def read_sessions(reading: Reading, sessions: pl.DataFrame) -> None:
    """The sessions, with the school year by the year in which it ends.

    Many files name a school year by the year in which it begins; that is so where a session ends after the year named.
    """
    ends = pl.col("endDate").str.slice(0, 4).cast(pl.Int32, strict=False)
    year = pl.col("schoolYear").cast(pl.Int32, strict=False)
    begins = (ends > year).fill_null(value=False).any().over("schoolYear")
    read = sessions.with_columns(_ends=pl.when(begins).then((year + 1).cast(pl.String)).otherwise("schoolYear"))
    changed = read.filter(pl.col("_ends") != pl.col("schoolYear"))
    reading.findings.append(
        findings.of(changed, "year-repaired", column="schoolYear", value=pl.col("schoolYear"), detail=pl.col("_ends"))
    )
    words = {"type": other_word(sessions, "type", SESSION_TYPES)}
    metadata = _with(sessions, "metadata.academicSessions", words)
    reading.tables["academicSessions"] = as_table(
        read.with_columns(schoolYear="_ends", metadata=metadata), "academicSessions"
    )
    reading.modes["academicSessions"] = Mode.BULK


def _with(rows: pl.DataFrame, metadata: str, words: dict[str, pl.Series]) -> pl.Series:
    """The metadata of the rows with these words beside what is there."""
    made = as_objects(words, rows.height)
    inner = pl.concat_str(
        [rows[metadata].str.slice(1).str.head(-1), made.str.slice(1).str.head(-1)], separator=",", ignore_nulls=True
    )
    return pl.select(pl.when(inner != "").then(pl.concat_str(pl.lit("{"), inner, pl.lit("}")))).to_series()


def read_classes(reading: Reading, files: Files) -> None:
    """Classes and enrollments. A class without a course gets one of its own, one without a session the open one."""
    if "classes" not in files:
        return
    classes = files["classes"].rename(
        {"orgSourcedId": "schoolSourcedId", "sessionSourcedIds": "termSourcedIds", "code": "classCode"}
    )
    note_unsaid(reading, classes)
    classes = _with_course(reading, _with_session(reading, classes))
    made = classes.with_columns(metadata=pl.col("metadata.classes"), classType=pl.lit("scheduled"))
    reading.tables["classes"] = as_table(made, "classes")
    reading.modes["classes"] = Mode.BULK
    if "enrollments" in files:
        _read_enrollments(reading, files["enrollments"])


def _with_session(reading: Reading, classes: pl.DataFrame) -> pl.DataFrame:
    without = classes.filter(pl.col("termSourcedIds").is_null() & ~pl.col("_faulty"))
    _join(reading, "academicSessions", as_table(without_dates(without), "academicSessions"), classes["termSourcedIds"])
    if without.height:
        count = f"{without.height:,}"
        reading.findings.append(findings.one("class-without-term", file=without["_file"][0], detail=count))
    return classes.with_columns(pl.col("termSourcedIds").fill_null(WITHOUT_DATES))


def _with_course(reading: Reading, classes: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    without = classes.filter(pl.col("courseSourcedId").is_null() & pl.col("sourcedId").is_not_null())
    courses = courses_of(without.with_columns(courseId=nothing, courseCode=nothing, courseName=nothing))
    _join(reading, "courses", as_table(first_sound(courses), "courses"), classes["courseSourcedId"])
    own = courses.select(sourcedId="class", _own="sourcedId").unique("sourcedId")
    joined = classes.join(own, on="sourcedId", how="left", maintain_order="left")
    return joined.with_columns(courseSourcedId=pl.coalesce("courseSourcedId", "_own")).drop("_own")


def _join(reading: Reading, table: str, made: pl.DataFrame, named: pl.Series) -> None:
    """Made rows beside those of the file. Together they are a full list, unless classes name some that did not come."""
    stated = reading.tables.get(table)
    if stated is None and not made.height:
        return
    whole = stated is not None or named.null_count() == named.len()
    reading.tables[table] = made if stated is None else pl.concat([stated, made])
    reading.modes[table] = Mode.BULK if whole else Mode.PARTIAL


def _read_enrollments(reading: Reading, rows: pl.DataFrame) -> None:
    schools = reading.tables["classes"].select("schoolSourcedId", classSourcedId="sourcedId")
    schools = schools.unique("classSourcedId", keep="first", maintain_order=True)
    metadata = _with(rows, "metadata.enrollments", {"role": other_word(rows, "role", ENROLLMENT_ROLES)})
    members = rows.with_columns(metadata=metadata).join(schools, on="classSourcedId", how="left", maintain_order="left")
    reading.tables["enrollments"] = only_teacher_is_primary(enrollments_of(members))
    reading.modes["enrollments"] = Mode.BULK
