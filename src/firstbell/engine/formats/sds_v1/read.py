"""Reads School Data Sync's first CSV format to canonical tables.

Sections carry their course and term; who is in a class stands in two files without ids. Students and teachers are
numbered apart.
"""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.columns import read_files
from firstbell.engine.formats.finding import fits, headers_of
from firstbell.engine.formats.made import as_table, enrollments_of, only_teacher_is_primary, roles_of
from firstbell.engine.formats.people import nobody, people_rows, read_people, word_of
from firstbell.engine.formats.sds_v1.layouts import CORE, DECIDING, LAYOUTS
from firstbell.engine.formats.sds_v1.words import FAMILY
from firstbell.engine.formats.sections import read_sections
from firstbell.engine.package import Package
from firstbell.engine.reading import Mode, Reading

type Files = dict[str, pl.DataFrame]

_PERSON = {
    "First Name": "givenName",
    "Last Name": "familyName",
    "Middle Name": "middleName",
    "Username": "username",
    "Password": "password",
    "Secondary Email": "email",
    "Status": "enabledUser",
    "School SIS ID": "orgSourcedId",
    "metadata.users": "metadata",
}
_SECTION = {
    "School SIS ID": "schoolSourcedId",
    "Section Name": "title",
    "Section Number": "classCode",
    "Periods": "periods",
    "Course Subject": "subjects",
    "Course SIS ID": "courseId",
    "Course Number": "courseCode",
    "Course Name": "courseName",
    "Term SIS ID": "termId",
    "Term Name": "termName",
    "Term StartDate": "termStart",
    "Term EndDate": "termEnd",
    "metadata.classes": "metadata",
}
_CONTACT = {"contact": {"sourcedId": "Email"}}


def detect(package: Package) -> bool:
    """True where a file has the columns by which one of the format's is known."""
    return any(fits(header, layout) for header in headers_of(package) for layout in DECIDING)


def read(package: Package) -> Reading:
    """Every file of the package. What is wrong is in ``findings``; nothing is raised for what a district sent."""
    reading = Reading("School Data Sync", "1", made={"roles", "enrollments"})
    files = read_files(package, reading, LAYOUTS.values(), prefix="")
    for name in CORE:
        if name not in files:
            reading.findings.append(findings.one("file-absent", column=f"{name}.csv"))
    if "School" in files:
        named = files["School"].rename({"Name": "name", "School Number": "identifier", "metadata.orgs": "metadata"})
        named = named.with_columns(sourcedId="SIS ID", type=pl.lit("school"))
        reading.tables["orgs"] = as_table(named, "orgs")
        reading.modes["orgs"] = Mode.BULK
    renamed = _read_people(reading, files)
    _read_classes(reading, files, renamed)
    return reading


def _read_people(reading: Reading, files: Files) -> dict[str, dict[str, str]]:
    if not {"Student", "Teacher"} & files.keys():
        return {}
    kinds = {"student": _students(files), "staff": _teachers(files), "contact": _contacts(files)}
    mode = Mode.BULK if {"Student", "Teacher"} <= files.keys() else Mode.PARTIAL
    renamed = read_people(reading, kinds, _CONTACT, mode)
    if "School" in files:
        _add_principals(reading, files["School"], renamed["staff"])
    if "Student" in files:
        reading.tables["demographics"] = _demographics(files["Student"], renamed["student"])
        reading.modes["demographics"] = Mode.BULK
    return renamed


def _students(files: Files) -> pl.DataFrame:
    if "Student" not in files:
        return nobody()
    students = files["Student"].rename(_PERSON | {"Student Number": "identifier", "Grade": "grades"})
    return people_rows(students.with_columns(role=pl.lit("student")))


def _teachers(files: Files) -> pl.DataFrame:
    if "Teacher" not in files:
        return nobody()
    teachers = files["Teacher"].rename(_PERSON | {"Teacher Number": "identifier"})
    return people_rows(teachers.with_columns(role=pl.lit("teacher")))


def _contacts(files: Files) -> pl.DataFrame:
    """A row for each relationship, with the school of the student; the e-mail address is the contact's key."""
    if "User" not in files or "GuardianRelationship" not in files or "Student" not in files:
        return nobody()
    users = files["User"].with_columns(key=pl.col("Email").str.to_lowercase())
    users = users.unique("key", keep="first", maintain_order=True)
    schools = files["Student"].select(students="sourcedId", orgSourcedId="School SIS ID").drop_nulls().unique()
    related = files["GuardianRelationship"].select(
        students="SIS ID",
        key=pl.col("Email").str.to_lowercase(),
        role=word_of(files["GuardianRelationship"]["Role"].str.to_lowercase(), FAMILY, "guardian"),
    )
    related = related.with_columns(
        role=pl.when(pl.col("role").is_in(list(FAMILY))).then("role").otherwise(pl.lit("guardian"))
    )
    joined = (
        users.drop("sourcedId")
        .join(related, on="key", how="left", maintain_order="left")
        .join(schools, on="students", how="left", maintain_order="left")
    )
    return people_rows(
        joined.with_columns(
            sourcedId=pl.coalesce("SIS ID", "key"),
            givenName="First Name",
            familyName="Last Name",
            email="Email",
            phone="Phone",
            metadata="metadata.users",
        )
    )


def _add_principals(reading: Reading, schools: pl.DataFrame, renamed: dict[str, str]) -> None:
    """The principal that School.csv names, where the person is among the teachers."""
    named = schools.filter(pl.col("Principal SIS ID").is_not_null())
    principals = named.select(
        "_file",
        "_record",
        userSourcedId=pl.col("Principal SIS ID").replace(renamed) if renamed else pl.col("Principal SIS ID"),
        orgSourcedId="sourcedId",
        role=pl.lit("principal"),
    ).join(reading.tables["users"], left_on="userSourcedId", right_on="sourcedId", how="semi")
    held = reading.tables["roles"].select("userSourcedId", "orgSourcedId", "role", "_file", "_record")
    reading.tables["roles"] = roles_of(pl.concat([held, principals.select(held.columns)]))


def _demographics(students: pl.DataFrame, renamed: dict[str, str]) -> pl.DataFrame:
    said = students.rename({"Birthdate": "birthDate", "metadata.demographics": "metadata"})
    filled = said.filter(
        pl.any_horizontal(pl.col("birthDate", "metadata").is_not_null()) & pl.col("sourcedId").is_not_null()
    )
    once = filled.sort("_faulty", maintain_order=True).unique("sourcedId", keep="first", maintain_order=True)
    return as_table(once.with_columns(pl.col("sourcedId").replace(renamed)) if renamed else once, "demographics")


def _read_classes(reading: Reading, files: Files, renamed: dict[str, dict[str, str]]) -> None:
    if "Section" in files:
        shown = {ours: theirs for theirs, ours in _SECTION.items()} | {"sourcedId": "SIS ID"}
        read_sections(reading, files["Section"].rename(_SECTION), shown, "Section")
    members = [
        _members(files[file], role, renamed.get(kind, {}))
        for file, role, kind in (("TeacherRoster", "teacher", "staff"), ("StudentEnrollment", "student", "student"))
        if file in files
    ]
    if not members or "classes" not in reading.tables:
        return
    schools = reading.tables["classes"].select("schoolSourcedId", classSourcedId="sourcedId")
    everyone = pl.concat(members).join(schools, on="classSourcedId", how="left", maintain_order="left")
    reading.tables["enrollments"] = only_teacher_is_primary(enrollments_of(everyone))
    whole = {"Section", "TeacherRoster", "StudentEnrollment"} <= files.keys()
    reading.modes["enrollments"] = Mode.BULK if whole else Mode.PARTIAL


def _members(rows: pl.DataFrame, role: str, renamed: dict[str, str]) -> pl.DataFrame:
    return rows.select(
        "_file",
        "_record",
        classSourcedId="Section SIS ID",
        userSourcedId=pl.col("SIS ID").replace(renamed) if renamed else pl.col("SIS ID"),
        role=pl.lit(role),
    )
