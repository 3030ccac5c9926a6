"""Rules about enrollments."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.rules.rule import Rule, Tables

# Student information systems write a no-show as an enrollment that ends before it begins.
ends_after_it_begins = pl.col("endDate") >= pl.col("beginDate")
only_teachers_are_primary = ~((pl.col("primary") == "true") & (pl.col("role") == "student"))

RULES = (
    Rule(
        "enrollment-ends-before-it-begins",
        ends_after_it_begins,
        column="endDate",
        value=pl.col("endDate"),
        detail=pl.col("beginDate"),
    ),
    Rule("primary-not-a-teacher", only_teachers_are_primary, column="primary", value=pl.col("role")),
)


def nobody_is_enrolled_twice(tables: Tables) -> None:
    """One enrollment for a person, class, role and first day."""
    key = ["userSourcedId", "classSourcedId", "role", "beginDate"]
    enrollments = tables["enrollments"]
    blended = pl.sum_horizontal(pl.col(name).hash(seed=place) for place, name in enumerate(key))
    if enrollments.select(blended.n_unique()).item() == enrollments.height:
        return
    twice = enrollments.filter(pl.struct(key).is_duplicated())
    tables.note(findings.of(twice, "enrollment-twice", column="classSourcedId", value=pl.col("classSourcedId")))


def school_is_the_school_of_the_class(tables: Tables) -> None:
    """enrollments.schoolSourcedId is the school of the class."""
    classes = tables["classes"].select("schoolSourcedId", classSourcedId="sourcedId")
    unlike = tables["enrollments"].join(classes, on=["classSourcedId", "schoolSourcedId"], how="anti")
    elsewhere = unlike.join(classes.drop_nulls(), on="classSourcedId", how="semi", maintain_order="left")
    tables.note(
        findings.of(elsewhere, "enrollment-school-differs", column="schoolSourcedId", value=pl.col("schoolSourcedId"))
    )


def one_primary_teacher(tables: Tables) -> None:
    """A class has at most one primary teacher at a time."""
    primary = tables["enrollments"].filter((pl.col("primary") == "true") & (pl.col("role") == "teacher"))
    if primary["classSourcedId"].n_unique() == primary.height:
        return
    at_a_time = ("classSourcedId", "beginDate", "endDate")
    twice = primary.with_columns(_teachers=pl.len().over(at_a_time)).filter(pl.col("_teachers") > 1)
    tables.note(
        findings.of(
            twice, "primary-teacher-twice", column="primary", value=pl.col("classSourcedId"), detail=pl.col("_teachers")
        )
    )
