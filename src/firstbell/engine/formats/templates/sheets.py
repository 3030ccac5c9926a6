"""A roster as the sheets of the templates, so that it can be edited and come back: each row with its Firstbell ID."""

from collections.abc import Mapping

import polars as pl

from firstbell.engine.formats.templates.layouts import (
    BY_ID,
    CLASSES,
    FIRSTBELL_ID,
    LAYOUTS,
    SCHOOLS,
    SEPARATOR,
    STAFF,
    STUDENTS,
)
from firstbell.engine.formats.templates.people import enrolled_as
from firstbell.engine.formats.templates.words import GRADES, ROLES

type Rows = Mapping[str, pl.DataFrame]
"""Live rows by table: ``row_id``, ``sourcedId`` (the published id), and content with references as row ids."""

_AND = f"{SEPARATOR} "
_GRADE_WORDS = {code: word for word, code in GRADES.items()}
_ROLE_WORDS = {role: word for word, role in ROLES.items()}
_ORG_WORDS = {"school": "School", "district": "District"}
_PERSON = {
    "First name": "givenName",
    "Last name": "familyName",
    "Middle name": "middleName",
    "Preferred first name": "preferredGivenName",
    "Username": "username",
    "Email": "email",
    "Phone": "phone",
    "State number": "userMasterIdentifier",
    FIRSTBELL_ID: "sourcedId",
}
NOT_EXPORTED = frozenset({"Password", "School numbers", "Class numbers", "District number", "Teachers"})
_ELSEWHERE = {(CLASSES.file, name) for name in ("School number", "Term begins", "Term ends")}
"""Said by name alone in an export, or of a term, which lists do not change."""


def exported(sheet: str) -> tuple[str, ...]:
    """The columns of a sheet that an export has: all that can come back as they went."""
    names = (one.name for one in LAYOUTS[sheet].fields)
    return tuple(name for name in names if name not in NOT_EXPORTED and (sheet, name) not in _ELSEWHERE)


def sheets_of(rows: Rows) -> dict[str, pl.DataFrame]:
    """The four sheets of a roster, people and classes by name."""
    schools = rows["orgs"].select("row_id", label=_label("name", "sourcedId"))
    sheets = {
        SCHOOLS.file: _schools(rows["orgs"]),
        CLASSES.file: _classes(rows, schools),
        STUDENTS.file: _people(rows, schools, "student"),
        STAFF.file: _people(rows, schools, "staff"),
    }
    return {sheet: sheets[sheet].select(exported(sheet)) for sheet in sheets}


def _label(name: str, otherwise: str, *within: str) -> pl.Expr:
    """The name where it means one row only and can stand in a list, else the published id, marked as one."""
    folded = pl.col(name).str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    listed = pl.col(name).str.contains(SEPARATOR, literal=True) | pl.col(name).str.starts_with(BY_ID)
    plain = ~listed & ~pl.struct(folded, *within).is_duplicated()
    return pl.when(plain).then(name).otherwise(_marked(otherwise))


def _marked(column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(BY_ID), column)


def _schools(orgs: pl.DataFrame) -> pl.DataFrame:
    wanted = orgs.filter(pl.col("type").is_in(list(_ORG_WORDS))).sort("name", "row_id")
    return wanted.select(
        pl.col("name").alias("School name"),
        pl.col("identifier").alias("School number"),
        pl.col("type").replace(_ORG_WORDS).alias("Type"),
        pl.col("sourcedId").alias(FIRSTBELL_ID),
    )


def _classes(rows: Rows, schools: pl.DataFrame) -> pl.DataFrame:
    terms = rows["academicSessions"].select("row_id", label=_label("title", "sourcedId"))
    named = rows["classes"].join(schools, left_on="schoolSourcedId", right_on="row_id", how="left")
    held = _joined(named, "termSourcedIds", terms)
    full = named.join(held, on="row_id", how="left").sort("label", "title", "row_id")
    return full.select(
        pl.col("title").alias("Class name"),
        pl.col("classCode").alias("Class number"),
        pl.col("label").alias("School name"),
        _grade_words("grades").alias("Grade"),
        pl.col("termSourcedIds_labels").alias("Term"),
        pl.col("location").alias("Room"),
        pl.col("sourcedId").alias(FIRSTBELL_ID),
    )


def _joined(rows: pl.DataFrame, column: str, labels: pl.DataFrame) -> pl.DataFrame:
    """``row_id`` and the labels of a list of row ids."""
    items = rows.select("row_id", pl.col(column).str.split(",").alias("_item")).explode("_item")
    met = items.with_columns(pl.col("_item").cast(pl.Int64)).join(labels, left_on="_item", right_on="row_id")
    return met.group_by("row_id").agg(pl.col("label").sort().str.join(_AND).alias(f"{column}_labels"))


def _grade_words(column: str) -> pl.Expr:
    words = pl.col(column).str.split(",").list.eval(pl.element().replace(_GRADE_WORDS))
    return words.list.join(_AND).replace("", None)


def _people(rows: Rows, schools: pl.DataFrame, kind: str) -> pl.DataFrame:
    """One row a person, and of staff one for each role that they have."""
    words = pl.col("role") == "student" if kind == "student" else pl.col("role").is_in(list(_ROLE_WORDS))
    roles = rows["roles"].filter(words).select("orgSourcedId", "role", person="userSourcedId")
    placed = roles.unique().join(schools, left_on="orgSourcedId", right_on="row_id")
    listed = placed.group_by("person", "role").agg(pl.col("label").sort().str.join(_AND).alias("Schools"))
    people = rows["users"].join(listed, left_on="row_id", right_on="person")
    people = people.with_columns(_enrolled=enrolled_as())
    classes = _class_labels(rows, placed)
    people = people.join(classes, left_on=["row_id", "_enrolled"], right_on=["person", "role"], how="left")
    born = rows["demographics"].select("row_id", pl.col("birthDate").alias("Birth date"))
    people = people.join(born, on="row_id", how="left").sort("familyName", "givenName", "row_id", "role")
    number = "Student number" if kind == "student" else "Staff number"
    return people.with_columns(
        *(pl.col(column).alias(name) for name, column in _PERSON.items()),
        pl.col("identifier").alias(number),
        _grade_words("grades").alias("Grade"),
        pl.col("role").replace(_ROLE_WORDS).alias("Role"),
        pl.col("enabledUser").replace({"true": "Yes", "false": "No"}).alias("May sign in"),
    )


def _class_labels(rows: Rows, placed: pl.DataFrame) -> pl.DataFrame:
    """``person, role`` (in the class) and their ``Classes``. A title that a person's schools share is no label."""
    classes = rows["classes"].select(
        pl.col("row_id").alias("classSourcedId"),
        "sourcedId",
        school="schoolSourcedId",
        in_school=_label("title", "sourcedId", "schoolSourcedId"),
    )
    of_person = placed.group_by("person").agg(_schools=pl.col("orgSourcedId").unique())
    members = rows["enrollments"].select("classSourcedId", "role", person="userSourcedId").unique()
    met = members.join(classes, on="classSourcedId").join(of_person, on="person", how="left")
    at_home = (pl.col("_schools").list.len() == 1) & (pl.col("_schools").list.first() == pl.col("school"))
    label = pl.when(at_home).then("in_school").otherwise(_marked("sourcedId"))
    return met.group_by("person", "role").agg(label.sort().str.join(_AND).alias("Classes"))
