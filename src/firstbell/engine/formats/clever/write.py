"""Canonical tables written as a Clever upload: a folder, or a zip where the path ends in ``.zip``.

A student stands on a row for each school and each contact, a section on one row with its teachers. Passwords are never
written.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from firstbell.engine.formats.clever.layouts import (
    CONTACTS_MOST,
    EXTENSION_PREFIX,
    LAYOUTS,
    SCHOOLS,
    SECTIONS,
    STAFF,
    STUDENTS,
    TEACHER_COLUMNS,
    TEACHERS,
    TEACHERS_MOST,
)
from firstbell.engine.formats.clever.words import FAMILY, GRADES, RACES, ROLES, SEX, STAFF_WITHOUT_ROLE
from firstbell.engine.formats.layout import FileLayout
from firstbell.engine.formats.made import FIRST_DAY, LAST_DAY, WITHOUT_DATES
from firstbell.engine.formats.metadata import of_metadata
from firstbell.engine.formats.note import Written, note_passwords
from firstbell.engine.formats.writing import on_one_line, spread_metadata, table_of, write_package

type Tables = Mapping[str, pl.DataFrame]

MADE = frozenset({"academicSessions", "courses"})
"""Tables that are words on the sections."""
RENUMBERED = frozenset({"roles", "enrollments"})
_TWO_OR_MORE = "demographicRaceTwoOrMoreRaces"


def write(tables: Tables, out: Path) -> Written:
    """Write canonical tables (all columns, live rows) as an upload. An earlier one at ``out`` is replaced."""
    made = {file: make(tables) for file, make in _FILES.items()}
    contents = {file: on_one_line(cells) for file, cells in made.items() if cells.height}
    write_package(contents, out, replaced=LAYOUTS.keys())
    return Written({file: cells.height for file, cells in contents.items()}, tuple(note_passwords(tables)))


def _cells(rows: pl.DataFrame, layout: FileLayout) -> pl.DataFrame:
    """The layout's columns that have to be there or have a value, then extensions."""
    known = [one.name for one in layout.fields if one.name in rows.columns]
    kept = [one.name for one in layout.fields if one.is_metadata and one.name not in rows.columns]
    more = [pl.col("metadata")] if "metadata" in rows.columns else []
    blank = [pl.lit(None, pl.String).alias(name) for name in kept]
    spread = spread_metadata(rows.select(*known, *blank, *more), EXTENSION_PREFIX, own=kept)
    needed = {one.name for one in layout.fields if one.required or one.expected or one.name in layout.known_by}
    order = [one.name for one in layout.fields if one.name in spread.columns]
    filled = [name for name in order if name in needed or spread[name].null_count() < spread.height]
    return spread.select(*filled, *(name for name in spread.columns if name not in order))


def _schools(tables: Tables) -> pl.DataFrame:
    """Schools, and whatever else holds classes; other organizations have no place."""
    holding = table_of(tables, "classes")["schoolSourcedId"].unique()
    orgs = table_of(tables, "orgs").filter((pl.col("type") == "school") | pl.col("sourcedId").is_in(holding.implode()))
    named = orgs.rename({"sourcedId": "School_id", "name": "School_name", "identifier": "School_number"})
    return _cells(named, SCHOOLS)


def _school_ids(tables: Tables) -> pl.Series:
    return _schools(tables)["School_id"]


def _people(tables: Tables, roles: pl.Expr) -> pl.DataFrame:
    """A row for each role of these at a school, with the person."""
    schools = _school_ids(tables)
    at_school = pl.col("orgSourcedId").is_in(schools.implode())
    held = table_of(tables, "roles").filter(roles & at_school)
    held = held.sort((pl.col("roleType") == "secondary").fill_null(value=False), maintain_order=True)
    held = held.select("userSourcedId", "role", "orgSourcedId")
    in_class = table_of(tables, "enrollments").filter(roles & pl.col("role").is_in(["student", "teacher"]))
    in_class = (
        in_class.select("userSourcedId", "role", orgSourcedId="schoolSourcedId")
        .filter(at_school)
        .unique(maintain_order=True)
    )  # who is in a class has to be in the file, also with a role elsewhere or none
    held = pl.concat([held, in_class.join(held, on=["userSourcedId", "role"], how="anti", maintain_order="left")])
    people = table_of(tables, "users").rename({"givenName": "First_name", "familyName": "Last_name"})
    people = people.rename({"middleName": "Middle_name", "username": "Username"})
    return held.select("userSourcedId", "role", School_id="orgSourcedId").join(
        people, left_on="userSourcedId", right_on="sourcedId", maintain_order="left"
    )


def _teachers(tables: Tables) -> pl.DataFrame:
    named = {"userSourcedId": "Teacher_id", "identifier": "Teacher_number", "email": "Teacher_email"}
    return _cells(_people(tables, pl.col("role") == "teacher").rename(named), TEACHERS)


def _staff(tables: Tables) -> pl.DataFrame:
    others = ~pl.col("role").is_in(["student", "teacher", *FAMILY])
    people = _people(tables, others).rename({"userSourcedId": "Staff_id", "email": "Staff_email"})
    word = pl.when(pl.col("role") != STAFF_WITHOUT_ROLE).then(pl.col("role").replace(ROLES).str.strip_prefix("ext:"))
    return _cells(people.with_columns(Role=word), STAFF)


def _students(tables: Tables) -> pl.DataFrame:
    schools = _people(tables, pl.col("role") == "student").with_columns(
        _row=pl.int_range(pl.len()).over("userSourcedId")
    )
    first = schools.filter(pl.col("_row") == 0)
    contacts = _contacts(tables, first)
    extra = contacts.join(schools, on=["userSourcedId", "_row"], how="anti")
    more = first.drop("_row").join(extra.select("userSourcedId", "_row"), on="userSourcedId")
    rows = pl.concat([schools, more.select(schools.columns)]).sort("userSourcedId", "_row", maintain_order=True)
    rows = rows.join(contacts, on=["userSourcedId", "_row"], how="left", maintain_order="left")
    about = _demographics(tables).rename({"sourcedId": "userSourcedId"})
    rows = rows.join(about, on="userSourcedId", how="left", maintain_order="left")
    named = {"userSourcedId": "Student_id", "identifier": "Student_number", "email": "Student_email"}
    return _cells(rows.rename(named).with_columns(Grade=_grade("grades")), STUDENTS)


def _grade(column: str) -> pl.Expr:
    """One grade in Clever's words; of several none."""
    return pl.when(~pl.col(column).str.contains(",", literal=True)).then(pl.col(column).replace(GRADES))


def _contacts(tables: Tables, students: pl.DataFrame) -> pl.DataFrame:
    """``userSourcedId`` (the student), ``_row`` and the columns of a contact, at most five for each student."""
    people = table_of(tables, "users")
    roles = table_of(tables, "roles").filter(pl.col("role").is_in(list(FAMILY)))
    word = roles.unique("userSourcedId", keep="first", maintain_order=True)
    family = people.join(word.select(sourcedId="userSourcedId", role="role"), on="sourcedId", how="left")
    named = students.filter(pl.col("agentSourcedIds").is_not_null()).select(
        "userSourcedId", agent=pl.col("agentSourcedIds").str.split(",")
    )
    rows = named.explode("agent").join(family, left_on="agent", right_on="sourcedId", maintain_order="left")
    rows = rows.with_columns(_row=pl.int_range(pl.len()).over("userSourcedId"))
    rows = rows.filter(pl.col("_row") < CONTACTS_MOST)
    return rows.select(
        "userSourcedId",
        "_row",
        Contact_sis_id="agent",
        Contact_name=pl.concat_str("givenName", "familyName", separator=" "),
        Contact_relationship=pl.col("role").replace(FAMILY),
        Contact_type=of_metadata(rows, "Contact_type"),
        Contact_phone="phone",
        Contact_phone_type=of_metadata(rows, "Contact_phone_type"),
        Contact_email="email",
    )


def _demographics(tables: Tables) -> pl.DataFrame:
    rows = table_of(tables, "demographics")
    several = pl.sum_horizontal((pl.col(race) == "true").fill_null(value=False).cast(pl.Int8) for race in RACES) > 1
    single = [pl.when(pl.col(ours) == "true").then(pl.lit(theirs)) for ours, theirs in RACES.items()]
    said = pl.any_horizontal(pl.col(list(RACES)).is_not_null())
    race = pl.coalesce(
        pl.when(several).then(pl.lit(RACES[_TWO_OR_MORE])), *single, pl.when(said).then(pl.lit("Unknown"))
    )
    kept = [one.name for one in STUDENTS.fields if one.to == "demographics.metadata"]
    return rows.select(
        "sourcedId",
        Gender=pl.col("sex").replace_strict(SEX, default=None, return_dtype=pl.String),
        DOB=month_first("birthDate"),
        Race=race,
        Hispanic_Latino=pl.col("hispanicOrLatinoEthnicity").replace({"true": "Y", "false": "N"}),
        **{name: of_metadata(rows, name) for name in kept},
    )


def month_first(column: str) -> pl.Expr:
    """A day as Clever writes it."""
    return pl.col(column).str.to_date("%Y-%m-%d", strict=False).dt.strftime("%m/%d/%Y")


def _sections(tables: Tables) -> pl.DataFrame:
    classes = table_of(tables, "classes")
    courses = table_of(tables, "courses").select(
        courseSourcedId="sourcedId", Course_name="title", Course_number="courseCode"
    )
    rows = (
        classes.join(courses, on="courseSourcedId", how="left", maintain_order="left")
        .join(_terms(tables), on="sourcedId", how="left", maintain_order="left")
        .join(_teaching(tables), on="sourcedId", how="left", maintain_order="left")
    )
    named = {
        "sourcedId": "Section_id",
        "schoolSourcedId": "School_id",
        "title": "Name",
        "classCode": "Section_number",
        "periods": "Period",
        "subjects": "Subject",
    }
    return _cells(rows.rename(named).with_columns(Grade=_grade("grades")), SECTIONS)


def _terms(tables: Tables) -> pl.DataFrame:
    """One term for each class: of several the names joined, from the first day to the last."""
    held = table_of(tables, "classes").select("sourcedId", term=pl.col("termSourcedIds").str.split(",")).explode("term")
    sessions = table_of(tables, "academicSessions").filter(pl.col("sourcedId") != WITHOUT_DATES)
    named = held.join(sessions, left_on="term", right_on="sourcedId", maintain_order="left")
    terms = named.group_by("sourcedId", maintain_order=True).agg(
        Term_name=pl.col("title").unique(maintain_order=True).str.join(" / "),
        startDate=pl.col("startDate").min(),
        endDate=pl.col("endDate").max(),
    )
    return terms.select(
        "sourcedId",
        "Term_name",
        Term_start=pl.when(pl.col("startDate") != FIRST_DAY).then(month_first("startDate")),
        Term_end=pl.when(pl.col("endDate") != LAST_DAY).then(month_first("endDate")),
    )


def _teaching(tables: Tables) -> pl.DataFrame:
    """The teachers of each class in their columns, the main one first."""
    teach = table_of(tables, "enrollments").filter(pl.col("role") == "teacher")
    teach = teach.sort((pl.col("primary") == "true").fill_null(value=False), descending=True, maintain_order=True)
    lists = teach.group_by("classSourcedId", maintain_order=True).agg(
        pl.col("userSourcedId").unique(maintain_order=True)
    )
    person = pl.col("userSourcedId").list
    return lists.select(
        sourcedId="classSourcedId",
        **{column: person.get(place, null_on_oob=True) for place, column in enumerate(TEACHER_COLUMNS[:TEACHERS_MOST])},
    )


def _enrollments(tables: Tables) -> pl.DataFrame:
    students = table_of(tables, "enrollments").filter(pl.col("role") == "student")
    return students.select(School_id="schoolSourcedId", Section_id="classSourcedId", Student_id="userSourcedId").unique(
        maintain_order=True
    )


_FILES: dict[str, Callable[[Tables], pl.DataFrame]] = {
    "schools": _schools,
    "students": _students,
    "teachers": _teachers,
    "staff": _staff,
    "sections": _sections,
    "enrollments": _enrollments,
}
