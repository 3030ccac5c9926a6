"""Rules about enrollments."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.rules.others import others_in
from firstbell.engine.rules.rule import Rule, Tables

# Student information systems write a no-show as an enrollment that ends before it begins.
ends_after_it_begins = pl.col("endDate") >= pl.col("beginDate")
only_teachers_are_primary = ~((pl.col("primary") == "true") & (pl.col("role") == "student"))

RULES = (Rule("primary-not-a-teacher", only_teachers_are_primary, column="primary", value=pl.col("role")),)


def ends_before_it_begins(tables: Tables) -> None:
    """An enrollment that ends before it begins: whether the person's others go on tells a no-show from a slip."""
    enrollments = tables["enrollments"]
    turned = enrollments.filter(~ends_after_it_begins)
    if not turned.height:
        return
    who = pl.col("userSourcedId")
    of_them = enrollments.filter(who.is_in(turned["userSourcedId"].implode()))
    going_on = of_them.group_by("userSourcedId").agg(
        ends_after_it_begins.fill_null(value=True).sum().alias("_on"), pl.len().alias("_all")
    )
    told = turned.join(going_on, on="userSourcedId", how="left", maintain_order="left")
    others = pl.format("{} of the person's {} enrollments go on.", "_on", "_all")
    none = pl.format("None of the person's {} enrollments goes on.", "_all")
    tables.note(
        findings.of(
            told,
            "enrollment-ends-before-it-begins",
            column="endDate",
            value=pl.col("endDate"),
            detail=pl.col("beginDate"),
            hint=pl.when(pl.col("_on") > 0).then(others).when(pl.col("_all") > 1).then(none),
        )
    )


def nobody_is_enrolled_twice(tables: Tables) -> None:
    """One enrollment for a person, class, role and first day."""
    key = ["userSourcedId", "classSourcedId", "role", "beginDate"]
    enrollments = tables["enrollments"]
    blended = pl.sum_horizontal(pl.col(name).hash(seed=place) for place, name in enumerate(key))
    if enrollments.select(blended.n_unique()).item() == enrollments.height:
        return
    twice = enrollments.filter(pl.struct(key).is_duplicated())
    which = pl.col("classSourcedId")
    places = pl.format("{} say so.", others_in(key))
    tables.note(findings.of(twice, "enrollment-twice", column="classSourcedId", value=which, hint=places))


def school_is_the_school_of_the_class(tables: Tables) -> None:
    """enrollments.schoolSourcedId is the school of the class. Where most of a class say otherwise, it is the class."""
    schools = tables["classes"].select(classSourcedId="sourcedId", _school="schoolSourcedId").drop_nulls()
    pairs = schools.rename({"_school": "schoolSourcedId"})
    unlike = tables["enrollments"].join(pairs, on=["classSourcedId", "schoolSourcedId"], how="anti")
    elsewhere = unlike.join(schools, on="classSourcedId", maintain_order="left")
    if not elsewhere.height:
        return
    moved = _moved_classes(tables, elsewhere)
    single = elsewhere.join(moved, on="classSourcedId", how="anti", maintain_order="left")
    names = pl.format("The class is in {}.", "_school")
    value = pl.col("schoolSourcedId")
    tables.note(findings.of(single, "enrollment-school-differs", column="schoolSourcedId", value=value, hint=names))
    classes = tables["classes"].join(moved, left_on="sourcedId", right_on="classSourcedId", maintain_order="left")
    told = pl.format("{} of its {} enrollments name {}", "_times", "_all", "_by")
    tables.note(findings.of(classes, "class-school-differs", column="schoolSourcedId", value=value, detail=told))


def _moved_classes(tables: Tables, elsewhere: pl.DataFrame) -> pl.DataFrame:
    """``classSourcedId, _by, _times, _all``: classes of which most enrollments, and several, name one other school."""
    by_school = elsewhere.group_by("classSourcedId", _by="schoolSourcedId").agg(pl.len().alias("_times"))
    of_class = tables["enrollments"].filter(pl.col("classSourcedId").is_in(by_school["classSourcedId"].implode()))
    sizes = of_class.group_by("classSourcedId").agg(pl.len().alias("_all"))
    most = (pl.col("_times") > 1) & (2 * pl.col("_times") > pl.col("_all"))
    return by_school.join(sizes, on="classSourcedId").filter(most)


def one_primary_teacher(tables: Tables) -> None:
    """A class has at most one primary teacher at a time."""
    primary = tables["enrollments"].filter((pl.col("primary") == "true") & (pl.col("role") == "teacher"))
    if primary["classSourcedId"].n_unique() == primary.height:
        return
    at_a_time = ("classSourcedId", "beginDate", "endDate")
    teachers = pl.col("userSourcedId").n_unique().over(at_a_time)
    twice = primary.with_columns(_teachers=teachers).filter(pl.col("_teachers") > 1)
    tables.note(
        findings.of(
            twice,
            "primary-teacher-twice",
            column="primary",
            value=pl.col("classSourcedId"),
            detail=pl.col("_teachers"),
            hint=pl.format("{} are primary.", others_in(at_a_time)),
        )
    )
