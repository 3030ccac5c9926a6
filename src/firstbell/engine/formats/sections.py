"""Sections of formats that have their course and term as words on them: classes, courses and sessions are made here."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.made import as_table, courses_of, first_sound, note_unsaid, terms_of
from firstbell.engine.reading import Mode, Reading

_OF_RECORD = frozenset({"_file", "_record", "_faulty", "sourcedId"})
_MAY_DIFFER = frozenset({"termId", "termName", "termStart", "termEnd", "periods", "metadata"})
"""A section that is held in two terms or periods may stand on two rows."""


@dataclass(frozen=True, slots=True)
class Sections:
    """What was made of the sections. ``repeated``: ids of those that stand on several rows."""

    repeated: pl.Series

    def with_one_main_teacher(self, teachers: pl.DataFrame) -> pl.DataFrame:
        """The first row of a section that stands on several says who its main teacher is."""
        main = pl.col("primary") == "true"
        person = pl.col("userSourcedId")
        first = person.filter(main & person.is_not_null()).first().over("classSourcedId")
        again = pl.col("classSourcedId").is_in(self.repeated.implode()) & main & (person != first)
        return teachers.with_columns(primary=pl.when(again).then(pl.lit("false")).otherwise("primary"))


def read_sections(reading: Reading, sections: pl.DataFrame, shown: Mapping[str, str], file: str) -> Sections:
    """Classes, courses and academic sessions of the sections go to the reading, all as full lists.

    ``sections``: ``schoolSourcedId, title, classCode, grades, periods, subjects, courseCode, courseName, termName,
    termStart, termEnd, metadata`` beside ``sourcedId`` and where each came from. ``shown``: those -> the file's.
    """
    rows = sections.filter(pl.col("sourcedId").is_not_null()).sort("_faulty", maintain_order=True)
    _note_differences(reading, rows, shown)
    rows = rows.with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("courseId", "termId") if name not in rows.columns
    )
    rows = rows.with_columns(title=pl.coalesce("title", "courseName", "courseCode", "classCode", "sourcedId"))
    repeated = rows.filter(pl.col("sourcedId").is_duplicated())["sourcedId"].unique()
    terms = terms_of(rows)
    courses = courses_of(rows.unique("sourcedId", keep="first", maintain_order=True))
    reading.tables["academicSessions"] = as_table(first_sound(terms), "academicSessions")
    reading.tables["courses"] = as_table(first_sound(courses), "courses")
    reading.tables["classes"] = _classes(rows, terms, courses)
    note_unsaid(reading, rows)
    reading.modes |= dict.fromkeys(("academicSessions", "courses", "classes"), Mode.BULK)
    _note_without_term(reading, rows, file)
    return Sections(repeated)


def _classes(rows: pl.DataFrame, terms: pl.DataFrame, courses: pl.DataFrame) -> pl.DataFrame:
    held = (
        terms.group_by("class", maintain_order=True)
        .agg(termSourcedIds=pl.col("sourcedId").unique(maintain_order=True).str.join(","))
        .rename({"class": "sourcedId"})
    )
    taught = courses.select(sourcedId="class", courseSourcedId="sourcedId")
    periods = rows.group_by("sourcedId", maintain_order=True).agg(
        periods=pl.col("periods").drop_nulls().unique(maintain_order=True).str.join(",").replace("", None)
    )
    once = rows.unique("sourcedId", keep="first", maintain_order=True).drop("periods")
    joined = (
        once.join(held, on="sourcedId", how="left", maintain_order="left")
        .join(taught, on="sourcedId", how="left", maintain_order="left")
        .join(periods, on="sourcedId", how="left", maintain_order="left")
    )
    return as_table(joined.with_columns(classType=pl.lit("scheduled")), "classes")


def _note_differences(reading: Reading, rows: pl.DataFrame, shown: Mapping[str, str]) -> None:
    """Rows of one section that say different things of what it can have once only."""
    repeated = rows.filter(pl.col("sourcedId").is_duplicated())
    if not repeated.height:
        return
    for name in [name for name in shown if name in rows.columns and name not in _OF_RECORD | _MAY_DIFFER]:
        differ = repeated.filter(pl.col(name).drop_nulls().n_unique().over("sourcedId") > 1)
        first = differ.unique("sourcedId", keep="first", maintain_order=True)
        reading.findings.append(
            findings.of(first, "rows-differ", column=shown[name], value=pl.col("sourcedId"), detail=pl.col(name))
        )


def _note_without_term(reading: Reading, rows: pl.DataFrame, file: str) -> None:
    without = rows.filter(pl.all_horizontal(pl.col("termId", "termName", "termStart", "termEnd").is_null()))
    count = without["sourcedId"].n_unique()
    if count:
        reading.findings.append(findings.one("class-without-term", file=without["_file"][0], detail=f"{count:,}"))
