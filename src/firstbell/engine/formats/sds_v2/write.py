"""Canonical tables written as School Data Sync 2.1: a folder, or a zip where the path ends in ``.zip``.

Passwords are never written. Parents stand in relationships.csv, as words on a student.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from firstbell.engine.formats.made import WITHOUT_DATES
from firstbell.engine.formats.metadata import of_metadata
from firstbell.engine.formats.note import Note, Written, column_of, note_passwords
from firstbell.engine.formats.sds_v2.layouts import LAYOUTS
from firstbell.engine.formats.sds_v2.words import (
    ENROLLMENT_ROLES,
    FAMILY,
    HISPANIC,
    ORG_TYPES,
    RACES,
    ROLES,
    SESSION_TYPES,
    SEX,
    read_enrollment_role,
    read_role,
    read_session_type,
)
from firstbell.engine.formats.writing import on_one_line, table_of, write_package
from firstbell.engine.values import Reader

type Tables = Mapping[str, pl.DataFrame]

RENUMBERED = frozenset({"roles", "enrollments"})
"""Tables whose ids the format has no column for."""
MADE = frozenset[str]()


def write(tables: Tables, out: Path) -> Written:
    """Write canonical tables (all columns, live rows) as a package. An earlier package at ``out`` is replaced."""
    contents: dict[str, pl.DataFrame] = {}
    for file, make in _FILES.items():
        cells = make(tables)
        if cells.height:
            contents[file] = on_one_line(cells)
    notes = list(note_passwords(tables))
    nameless = table_of(tables, "users")["username"].null_count()
    if nameless:
        notes.append(Note("convert-required", column_of("users", "username"), nameless))
    write_package(contents, out, replaced=LAYOUTS.keys())
    return Written({file: cells.height for file, cells in contents.items()}, tuple(notes))


def _word(rows: pl.DataFrame, column: str, words: Mapping[str, str], reader: Reader | None = None) -> pl.Series:
    """Their word for ours: the one that came from such a file, else the plain one; a private word without ``ext:``."""
    ours = rows[column]
    plain = ours.replace(words).str.strip_prefix("ext:")
    if reader is None:
        return plain
    said = of_metadata(rows, column)
    pairs = pl.DataFrame({"said": said, "ours": ours}).drop_nulls().unique()
    good = [word for word, meant in pairs.rows() if reader(word).text == meant]
    return pl.select(pl.when(said.is_in(good)).then(said).otherwise(plain)).to_series()


def _orgs(tables: Tables) -> pl.DataFrame:
    orgs = table_of(tables, "orgs")
    return orgs.select("sourcedId", "name", _word(orgs, "type", ORG_TYPES).alias("type"), "parentSourcedId")


def _users(tables: Tables) -> pl.DataFrame:
    users = table_of(tables, "users")
    match = of_metadata(users, "activeDirectoryMatchId").alias("activeDirectoryMatchId")
    return users.select("sourcedId", "username", "givenName", "familyName", match, "email", "phone", "sms")


def _roles(tables: Tables) -> pl.DataFrame:
    roles = table_of(tables, "roles").filter(~pl.col("role").is_in(list(FAMILY)))
    grades = table_of(tables, "users").select(userSourcedId="sourcedId", _grade="grades")
    joined = roles.join(grades, on="userSourcedId", how="left", maintain_order="left")
    student = pl.col("role") == "student"
    return joined.select(
        "userSourcedId",
        "orgSourcedId",
        role=_word(joined, "role", ROLES, read_role),
        sessionSourcedId=of_metadata(joined, "sessionSourcedId"),
        grade=pl.when(student).then("_grade").otherwise(of_metadata(joined, "grade")),
        isPrimary=(pl.col("roleType") == "primary").cast(pl.String),
        roleStartDate="beginDate",
        roleEndDate="endDate",
    )


def _classes(tables: Tables) -> pl.DataFrame:
    open_end = pl.col("termSourcedIds") == WITHOUT_DATES
    return table_of(tables, "classes").select(
        "sourcedId",
        "title",
        "courseSourcedId",
        orgSourcedId="schoolSourcedId",
        sessionSourcedIds=pl.when(~open_end).then("termSourcedIds"),
        code="classCode",
    )


def _enrollments(tables: Tables) -> pl.DataFrame:
    enrollments = table_of(tables, "enrollments")
    role = _word(enrollments, "role", ENROLLMENT_ROLES, read_enrollment_role).alias("role")
    return enrollments.select("classSourcedId", "userSourcedId", role)


def _sessions(tables: Tables) -> pl.DataFrame:
    sessions = table_of(tables, "academicSessions").filter(pl.col("sourcedId") != WITHOUT_DATES)
    kind = _word(sessions, "type", SESSION_TYPES, read_session_type).alias("type")
    year = pl.coalesce("schoolYear", pl.col("endDate").str.slice(0, 4)).alias("schoolYear")
    return sessions.select("sourcedId", "title", kind, year, "startDate", "endDate")


def _courses(tables: Tables) -> pl.DataFrame:
    return table_of(tables, "courses").select(
        "sourcedId",
        "orgSourcedId",
        "title",
        "schoolYearSourcedId",
        code="courseCode",
        subject="subjects",
        grade="grades",
    )


def _demographics(tables: Tables) -> pl.DataFrame:
    rows = table_of(tables, "demographics")
    races = [pl.when(pl.col(race) == "true").then(pl.lit(race)) for race in RACES]
    return rows.select(
        userSourcedId="sourcedId",
        sex=pl.col("sex").replace_strict(SEX, default=None, return_dtype=pl.String),
        birthDate="birthDate",
        birthCity="cityOfBirth",
        birthState="stateOfBirthAbbreviation",
        birthCountry="countryOfBirthCode",
        ethnicityCodes=pl.when(pl.col(HISPANIC) == "true").then(pl.lit(HISPANIC)),
        raceCodes=pl.concat_str(races, separator=",", ignore_nulls=True).replace("", None),
    )


def _flags(tables: Tables) -> pl.DataFrame:
    rows = table_of(tables, "demographics")
    flags = rows.select(userSourcedId="sourcedId", flag=of_metadata(rows, "flags").str.split(","))
    return flags.drop_nulls("flag").explode("flag")


def _relationships(tables: Tables) -> pl.DataFrame:
    """A row for each agent of a user, by the word of the agent's role."""
    roles = table_of(tables, "roles").unique("userSourcedId", keep="first", maintain_order=True)
    related = table_of(tables, "users").filter(pl.col("agentSourcedIds").is_not_null())
    rows = related.select(userSourcedId="sourcedId", agent=pl.col("agentSourcedIds").str.split(",")).explode("agent")
    joined = rows.join(roles.select(agent="userSourcedId", role="role"), on="agent", how="left", maintain_order="left")
    family = pl.col("role").is_in(list(FAMILY)) | pl.col("role").str.starts_with("ext:")
    word = pl.when(family).then(pl.col("role").str.strip_prefix("ext:")).otherwise(pl.lit("other"))
    return joined.select("userSourcedId", relationshipUserSourcedId="agent", relationshipRole=word)


_FILES: dict[str, Callable[[Tables], pl.DataFrame]] = {
    "orgs": _orgs,
    "users": _users,
    "roles": _roles,
    "classes": _classes,
    "enrollments": _enrollments,
    "academicSessions": _sessions,
    "courses": _courses,
    "demographics": _demographics,
    "userFlags": _flags,
    "relationships": _relationships,
}
