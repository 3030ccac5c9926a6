"""Reads a Clever upload to canonical tables.

A pupil stands on a row for each contact and each school, a teacher on a row for each school; a section names up to ten
teachers. Courses and terms are words on the section, and become rows of their own.
"""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.clever.contacts import contacts_of
from firstbell.engine.formats.clever.layouts import (
    CORE,
    EXTENSION_PREFIX,
    LAYOUTS,
    LEFT_ALONE,
    SECTIONS,
    TEACHER_COLUMNS,
)
from firstbell.engine.formats.clever.words import RACES, ROLES_READ, STAFF_WITHOUT_ROLE
from firstbell.engine.formats.columns import read_files
from firstbell.engine.formats.finding import fits, headers_of
from firstbell.engine.formats.made import as_table, enrollments_of
from firstbell.engine.formats.people import nobody, people_rows, read_people, word_of
from firstbell.engine.formats.sections import Sections, read_sections
from firstbell.engine.package import Package
from firstbell.engine.reading import Mode, Reading

type Files = dict[str, pl.DataFrame]

_PERSON = {"Last_name": "familyName", "First_name": "givenName", "Middle_name": "middleName"} | {
    "Username": "username",
    "Password": "password",
    "metadata.users": "metadata",
    "School_id": "orgSourcedId",
}
_STUDENT = {"Student_number": "identifier", "Student_email": "email", "Grade": "grades"}
_TEACHER = {"Teacher_number": "identifier", "Teacher_email": "email"}
_SHOWN = {
    "contact": {
        "sourcedId": "Contact_sis_id",
        "email": "Contact_email",
        "phone": "Contact_phone",
        "metadata": "Contact_type",
    }
}
"""Columns of students.csv that tell of the contact and not of the pupil."""
_SECTION = {
    "School_id": "schoolSourcedId",
    "Name": "title",
    "Section_number": "classCode",
    "Grade": "grades",
    "Period": "periods",
    "Subject": "subjects",
    "Course_number": "courseCode",
    "Course_name": "courseName",
    "Term_name": "termName",
    "Term_start": "termStart",
    "Term_end": "termEnd",
    "metadata.classes": "metadata",
}


def detect(package: Package) -> bool:
    """True where a file has the columns by which one of Clever's is known."""
    return any(fits(header, layout) for header in headers_of(package) for layout in LAYOUTS.values())


def read(package: Package) -> Reading:
    """Every file of the package. What is wrong is in ``findings``; nothing is raised for what a district sent."""
    reading = Reading("Clever", "", made={"roles", "enrollments"})
    files = read_files(package, reading, LAYOUTS.values(), prefix=EXTENSION_PREFIX, left_alone=LEFT_ALONE)
    for name in CORE:
        if name not in files:
            reading.findings.append(findings.one("file-absent", column=f"{name}.csv"))
    if "schools" in files:
        reading.tables["orgs"] = _schools(files["schools"])
        reading.modes["orgs"] = Mode.BULK
    renamed = _read_people(reading, files)
    _read_classes(reading, files, renamed)
    return reading


def _schools(schools: pl.DataFrame) -> pl.DataFrame:
    named = schools.rename({"School_name": "name", "School_number": "identifier", "metadata.orgs": "metadata"})
    return as_table(named.with_columns(type=pl.lit("school")), "orgs")


def _read_people(reading: Reading, files: Files) -> dict[str, dict[str, str]]:
    """Users, roles and demographics; returns the ids that were told apart, by kind."""
    if not {"students", "teachers", "staff", "admins"} & files.keys():
        return {}
    kinds = {"student": _students(files), "staff": _staff(files), "contact": contacts_of(reading, files)}
    mode = Mode.BULK if {"students", "teachers"} <= files.keys() else Mode.PARTIAL
    renamed = read_people(reading, kinds, _SHOWN, mode)
    if "students" in files:
        reading.tables["demographics"] = _demographics(files["students"], renamed["student"])
        reading.modes["demographics"] = Mode.BULK
    return renamed


def _students(files: Files) -> pl.DataFrame:
    students = files.get("students")
    if students is None:
        return nobody()
    return people_rows(students.rename(_PERSON | _STUDENT).with_columns(role=pl.lit("student")))


def _staff(files: Files) -> pl.DataFrame:
    """Teachers first, then staff and administrators: one person where they have one id."""
    parts = [nobody()]
    if "teachers" in files:
        parts.append(people_rows(files["teachers"].rename(_PERSON | _TEACHER).with_columns(role=pl.lit("teacher"))))
    if "staff" in files:
        staff = files["staff"]
        title = word_of(staff["Title"], ROLES_READ)
        by_title = pl.when(title.is_in(list(ROLES_READ.values()))).then(title)
        held = pl.coalesce(word_of(staff["Role"], ROLES_READ), by_title, pl.lit(STAFF_WITHOUT_ROLE))
        parts.append(people_rows(staff.rename(_PERSON | {"Staff_email": "email"}).with_columns(role=held)))
    if "admins" in files:
        admins = files["admins"]
        role = word_of(admins["Role"], ROLES_READ, "siteAdministrator")
        parts.append(people_rows(admins.rename(_PERSON | {"Admin_email": "email"}).with_columns(role=role)))
    return pl.concat(parts)


def _demographics(students: pl.DataFrame, renamed: dict[str, str]) -> pl.DataFrame:
    """One row a pupil about whom something is said. A named race is true and the others are false."""
    said = students.rename({"DOB": "birthDate", "Gender": "sex", "Hispanic_Latino": "hispanicOrLatinoEthnicity"})
    races = [
        pl.when(pl.col("Race").is_not_null()).then((pl.col("Race") == race).cast(pl.String)).alias(race)
        for race in RACES
    ]
    said = said.with_columns(*races, metadata=pl.col("metadata.demographics"))
    content = ("birthDate", "sex", "hispanicOrLatinoEthnicity", *RACES, "metadata")
    filled = said.filter(pl.any_horizontal(pl.col(content).is_not_null()) & pl.col("sourcedId").is_not_null()).sort(
        "_faulty", maintain_order=True
    )
    once = filled
    if filled["sourcedId"].is_duplicated().any():
        once = filled.group_by("sourcedId", maintain_order=True).agg(
            *(pl.col(name).drop_nulls().first() for name in content), pl.col("_file", "_record").first()
        )
    ids = pl.col("sourcedId").replace(renamed) if renamed else pl.col("sourcedId")
    return as_table(once.with_columns(ids), "demographics")


def _read_classes(reading: Reading, files: Files, renamed: dict[str, dict[str, str]]) -> None:
    members = []
    if "sections" in files:
        sections = files["sections"]
        shown = {ours: theirs for theirs, ours in _SECTION.items()} | {"sourcedId": "Section_id"}
        made = read_sections(reading, sections.rename(_SECTION), shown, SECTIONS.file)
        members.append(_teachers(sections, made, renamed.get("staff", {})))
        _name_teacher_columns(reading, sections)
    if "enrollments" in files:
        members.append(_pupils(reading, files, renamed.get("student", {})))
    if members:
        reading.tables["enrollments"] = enrollments_of(pl.concat(members, how="diagonal"))
        whole = {"sections", "enrollments"} <= files.keys()
        reading.modes["enrollments"] = Mode.BULK if whole else Mode.PARTIAL


def _teachers(sections: pl.DataFrame, made: Sections, renamed: dict[str, str]) -> pl.DataFrame:
    """An enrollment for each teacher of a section; the one in Teacher_id is the main one."""
    named = [
        sections.select(
            "_file",
            "_record",
            classSourcedId="sourcedId",
            schoolSourcedId="School_id",
            userSourcedId=pl.col(column).replace(renamed) if renamed else pl.col(column),
            role=pl.lit("teacher"),
            primary=pl.lit("true" if column == TEACHER_COLUMNS[0] else "false"),
        )
        for column in TEACHER_COLUMNS
        if column == TEACHER_COLUMNS[0] or sections[column].null_count() < sections.height
    ]
    return made.with_one_main_teacher(pl.concat(named))


def _name_teacher_columns(reading: Reading, sections: pl.DataFrame) -> None:
    """A finding on a teacher may be about any of the columns that name one."""
    filled = [name for name in TEACHER_COLUMNS if sections[name].null_count() < sections.height]
    shown = " to ".join(dict.fromkeys((*filled[:1], *filled[-1:]))) or TEACHER_COLUMNS[0]
    for file in sections["_file"].unique().to_list():
        reading.columns_of[file]["userSourcedId"] = shown


def _pupils(reading: Reading, files: Files, renamed: dict[str, str]) -> pl.DataFrame:
    rows = files["enrollments"]
    pupils = rows.select(
        "_file",
        "_record",
        classSourcedId="Section_id",
        schoolSourcedId="School_id",
        userSourcedId=pl.col("Student_id").replace(renamed) if renamed else pl.col("Student_id"),
        role=pl.lit("student"),
    )
    if "classes" not in reading.tables:
        return pupils
    schools = reading.tables["classes"].select(classSourcedId="sourcedId", _school="schoolSourcedId")
    joined = pupils.join(schools, on="classSourcedId", how="left", maintain_order="left")
    return joined.with_columns(schoolSourcedId=pl.coalesce("schoolSourcedId", "_school")).drop("_school")
