"""Schools, classes and terms of a template: those on their own sheets, and those that others only name."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.made import FIRST_DAY, LAST_DAY, WITHOUT_DATES, as_table, courses_of, made_id, with_kind
from firstbell.engine.formats.templates.cells import by_id, folded, items_of
from firstbell.engine.formats.templates.layouts import FIRSTBELL_ID

_MADE = pl.lit("made")
_NAMED = {"key": pl.String, "name": pl.String, "number": pl.String, "_file": pl.String}


@dataclass(frozen=True, slots=True)
class Schools:
    """The schools that a template names. ``named`` are those that have no row of their own."""

    rows: pl.DataFrame
    named: pl.DataFrame

    @property
    def keys(self) -> pl.Series:
        return pl.concat([self.rows["sourcedId"], self.named["key"]]).drop_nulls().unique(maintain_order=True)


def school_rows(stated: pl.DataFrame) -> pl.DataFrame:
    """The Schools sheet with keys. Names and numbers tell, where no Firstbell ID does."""
    parents = stated.select(
        pl.col("School number").alias("District number"),
        pl.coalesce(FIRSTBELL_ID, _by_number("School number")).alias("parent"),
    ).drop_nulls()
    rows = stated.with_columns(
        sourcedId=pl.coalesce(FIRSTBELL_ID, _by_number("School number"), _by_name("School name")),
        type=pl.col("Type").fill_null("school"),
    )
    return rows.join(
        parents.unique("District number", keep="first"), on="District number", how="left", maintain_order="left"
    )


def _by_number(column: str) -> pl.Expr:
    return made_id(_MADE, pl.lit("school-number"), pl.col(column).str.to_lowercase())


def _by_name(column: str) -> pl.Expr:
    return made_id(_MADE, pl.lit("school"), folded(column))


def schools_of(rows: pl.DataFrame, stated: pl.DataFrame, names: str, numbers: str) -> pl.DataFrame:
    """``_row, key, name, number`` of the schools that rows refer to.

    ``stated``: ``school_rows``. By number, else by name.
    """
    items = items_of(rows, names, numbers)
    items = items.with_columns(_number=pl.col("number").str.to_lowercase(), _name=folded("name"))
    by_number = _lookup(stated, pl.col("School number").str.to_lowercase(), "_number")
    by_name = _lookup(stated, folded("School name"), "_name")
    found = items.join(by_number, on="_number", how="left", maintain_order="left").join(
        by_name, on="_name", how="left", maintain_order="left", suffix="_by_name"
    )
    by_its_name = pl.when(pl.col("number").is_null()).then("key_by_name")
    key = pl.coalesce(by_id("name"), "key", by_its_name, _by_number("number"), _by_name("name"))
    return found.select("_row", key.alias("key"), "name", "number")


def _lookup(stated: pl.DataFrame, of: pl.Expr, called: str) -> pl.DataFrame:
    keys = stated.select(of.alias(called), key=pl.col("sourcedId")).drop_nulls()
    return keys.filter(~pl.col(called).is_duplicated())


def one_key_a_name(parts: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
    """References in which a school by name alone is the one that another row names with its number too."""
    parts = list(parts)
    pairs = pl.concat([part.select(_name=folded("name"), key="key", number="number") for part in parts])
    pairs = pairs.filter(pl.col("number").is_not_null()).drop_nulls().unique(["_name", "key"])
    single = pairs.filter(~pl.col("_name").is_duplicated()).select("_name", _key="key")
    by_name = pl.col("number").is_null() & pl.col("key").str.starts_with("made/school/")
    return [
        part.with_columns(_name=folded("name"))
        .join(single, on="_name", how="left", maintain_order="left")
        .with_columns(key=pl.when(by_name).then(pl.coalesce("_key", "key")).otherwise("key"))
        .select("_row", "key", "name", "number")
        for part in parts
    ]


def named_schools(stated: pl.DataFrame, references: pl.DataFrame) -> pl.DataFrame:
    """Schools that are only referred to (``key, name, number, _file``), each once."""
    others = references.filter(by_id("name").is_null()).join(stated.select(key="sourcedId"), on="key", how="anti")
    return others.group_by("key", maintain_order=True).agg(
        pl.col("name").drop_nulls().first(), pl.col("number").drop_nulls().first(), pl.col("_file").first()
    )


def org_tables(schools: Schools) -> pl.DataFrame:
    """Rows of ``orgs``. What is only named has no record of its own: an error in one row takes no school along."""
    stated = schools.rows.select(
        *("sourcedId", "type", "_file", "_record"),
        name="School name",
        identifier="School number",
        parentSourcedId="parent",
    )
    named = schools.named.select(
        "_file",
        sourcedId="key",
        name=pl.coalesce("name", "number"),
        identifier="number",
        type=pl.lit("school"),
        _record=pl.lit(None, pl.UInt32),
    )
    return pl.concat([as_table(stated, "orgs"), as_table(named, "orgs")])


def class_key(school: str, number: str, name: str) -> pl.Expr:
    """The key of a class by its number in the school, else by its name."""
    return pl.coalesce(
        made_id(_MADE, pl.lit("class-number"), pl.col(school), pl.col(number).str.to_lowercase()),
        made_id(_MADE, pl.lit("class"), pl.col(school), folded(name)),
    )


def classes_of(
    references: pl.DataFrame, schools: pl.DataFrame, stated: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The classes that people are in, and the references that are not clear.

    ``references``: ``_row, name, number``; ``schools``: ``_row, key`` of each person's schools; ``stated``: classes
    with ``sourcedId, school, Class name, Class number``. Returns ``_row, key, school, name, number`` and the same of
    those that several schools of a person could mean.
    """
    asked = references.with_row_index("_ask").join(
        schools.select("_row", school="key").unique(maintain_order=True), on="_row", how="left", maintain_order="left"
    )
    asked = asked.with_columns(_number=pl.col("number").str.to_lowercase(), _name=folded("name"))
    by_number = _in_school(stated, pl.col("Class number").str.to_lowercase(), "_number")
    by_name = _in_school(stated, folded("Class name"), "_name")
    met = asked.join(by_number, on=["school", "_number"], how="left", maintain_order="left").join(
        by_name, on=["school", "_name"], how="left", maintain_order="left", suffix="_by_name"
    )
    its_name = pl.when(pl.col("number").is_null()).then("key_by_name")
    met = met.with_columns(_stated=pl.coalesce(by_id("name"), "key", its_name))
    met = met.filter(by_id("name").is_null() | (pl.int_range(pl.len()).over("_ask") == 0))
    has_stated = pl.col("_stated").is_not_null().any().over("_ask")
    met = met.filter(~has_stated | pl.col("_stated").is_not_null())
    unclear = met.filter(pl.len().over("_ask") > 1).unique("_ask", keep="first", maintain_order=True)
    clear = met.join(unclear, on="_ask", how="anti", maintain_order="left")
    homes = stated.select(_stated="sourcedId", _home="school").drop_nulls().unique("_stated")
    clear = clear.join(homes, on="_stated", how="left", maintain_order="left")
    clear = clear.with_columns(school=pl.coalesce("_home", "school"))
    made = class_key("school", "number", "name")
    return (
        clear.select("_row", pl.coalesce("_stated", made).alias("key"), "school", "name", "number"),
        unclear.select("_row", "name", "number"),
    )


def _in_school(stated: pl.DataFrame, of: pl.Expr, called: str) -> pl.DataFrame:
    keys = stated.select("school", of.alias(called), key=pl.col("sourcedId")).drop_nulls()
    return keys.unique(["school", called], keep="none")


def twice_in_a_school(stated: pl.DataFrame) -> pl.DataFrame:
    """Findings of classes of one name and school, without numbers to tell them apart."""
    unnumbered = stated.filter(pl.all_horizontal(pl.col(FIRSTBELL_ID, "Class number").is_null()))
    same = unnumbered.filter(pl.struct("school", folded("Class name")).is_duplicated())
    return findings.of(same, "name-without-number", column="Class name", value=pl.col("Class name"))


def session_table(classes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The terms of classes (``sourcedId, Term, Term begins, Term ends``) as sessions, and ``sourcedId, terms``.

    A class without a term is in the current school year: which one that is, the roster knows.
    """
    rows = classes.with_row_index("_row")
    items = items_of(rows.with_columns(_none=pl.lit(None, pl.String)), "Term", "_none").select("_row", title="name")
    held = rows.select("_row", "sourcedId", "_file", startDate=pl.col("Term begins"), endDate=pl.col("Term ends")).join(
        items, on="_row", how="left", maintain_order="left"
    )
    key = pl.coalesce(by_id("title"), made_id(_MADE, pl.lit("term"), folded("title")))
    held = held.with_columns(_key=key.fill_null(WITHOUT_DATES), title=pl.col("title").fill_null("Without dates"))
    sessions = (
        held.filter(by_id("title").is_null())
        .group_by("_key", maintain_order=True)
        .agg(
            pl.col("title").first(),
            pl.col("startDate").drop_nulls().first().fill_null(FIRST_DAY),
            pl.col("endDate").drop_nulls().first().fill_null(LAST_DAY),
            pl.col("_file").first(),
        )
    )
    dated = with_kind(sessions.rename({"_key": "sourcedId"}).with_columns(_record=pl.lit(None, pl.UInt32)))
    year = pl.when(pl.col("sourcedId") == WITHOUT_DATES).then(pl.lit("schoolYear")).otherwise("type")
    terms = held.group_by("sourcedId", maintain_order=True).agg(terms=pl.col("_key").unique(maintain_order=True))
    terms = terms.with_columns(pl.col("terms").list.join(","))
    return as_table(dated.with_columns(type=year), "academicSessions"), terms


def class_tables(classes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Classes (the sheet's columns, ``sourcedId, school``) with their sessions and courses."""
    sessions, terms = session_table(classes)
    rows = classes.join(terms, on="sourcedId", how="left", maintain_order="left")
    named = rows.select(
        "sourcedId",
        "_file",
        "_record",
        title="Class name",
        classCode="Class number",
        schoolSourcedId="school",
        grades="Grade",
        location="Room",
        termSourcedIds="terms",
    )
    blank = [pl.lit(None, pl.String).alias(name) for name in ("courseId", "courseCode", "courseName")]
    faulty = pl.lit(value=False).alias("_faulty")
    courses = courses_of(named.with_columns(*blank, faulty)).filter(pl.col("sourcedId").is_not_null())
    taught = courses.select(courseSourcedId="sourcedId", sourcedId="class")
    named = named.join(taught.unique("sourcedId"), on="sourcedId", how="left", maintain_order="left")
    courses = courses.with_columns(_record=pl.lit(None, pl.UInt32))
    courses = courses.unique("sourcedId", keep="first", maintain_order=True)
    return {
        "academicSessions": sessions,
        "courses": as_table(courses, "courses"),
        "classes": as_table(named.with_columns(classType=pl.lit("scheduled")), "classes"),
    }
