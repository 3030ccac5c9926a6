"""The files of a Clever upload and their columns.

Source: Clever's SFTP instructions as districts quote them (staff.csv in part inferred). What tells of a student's
programmes and needs is kept with the demographics, which fewer people and products may see than the rest.
"""

from firstbell.engine.formats.clever.words import read_grade, read_race, read_sex, read_yes
from firstbell.engine.formats.days import read_day, read_day_or_drop
from firstbell.engine.formats.layout import Field, FileLayout
from firstbell.engine.tables import Kind

EXTENSION_PREFIX = "ext."
TEACHERS_MOST = 10
CONTACTS_MOST = 5
LEFT_ALONE = ("attendance", "student_emails", "teacher_emails")
"""Files of Clever that are not a part of the roster."""


def _kept(table: str, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, f"{table}.metadata") for name in names)


def _school(to: str) -> Field:
    return Field("School_id", to, Kind.REF, required=True)


def _names() -> tuple[Field, ...]:
    return (
        Field("Last_name", "users.familyName", required=True),
        Field("First_name", "users.givenName", required=True),
    )


def _sign_in() -> tuple[Field, ...]:
    return (Field("Username", "users.username"), Field("Password", "users.password", secret=True))


SCHOOLS = FileLayout(
    "schools",
    (
        Field("School_id", "orgs.sourcedId", Kind.ID, required=True),
        Field("School_name", "orgs.name", required=True),
        Field("School_number", "orgs.identifier"),
        *_kept(
            "orgs",
            *("State_id", "Low_grade", "High_grade", "Principal", "Principal_email"),
            *("School_address", "School_city", "School_state", "School_zip", "School_phone"),
        ),
    ),
    known_by=("School_id", "School_name"),
    tables=("orgs",),
    extends="orgs",
    key="School_id",
)
STUDENTS = FileLayout(
    "students",
    (
        _school("roles.orgSourcedId"),
        Field("Student_id", "users.sourcedId roles.userSourcedId", Kind.ID, required=True),
        Field("Student_number", "users.identifier"),
        *_names(),
        Field("Middle_name", "users.middleName"),
        Field("Grade", "users.grades", Kind.GRADES, reader=read_grade),
        Field("Gender", "demographics.sex", Kind.ENUM, reader=read_sex),
        Field("DOB", "demographics.birthDate", Kind.DATE, reader=read_day_or_drop),
        Field("Race", "demographics.race", Kind.ENUM, reader=read_race),
        Field("Hispanic_Latino", "demographics.hispanicOrLatinoEthnicity", Kind.BOOLEAN, reader=read_yes),
        Field("Student_email", "users.email", Kind.EMAIL),
        *_sign_in(),
        *_kept(
            "users",
            *("State_id", "Graduation_year", "Student_street", "Student_city", "Student_state", "Student_zip"),
        ),
        *_kept(
            "demographics",
            *("Home_language", "Ell_status", "Frl_status", "IEP_status", "Section_504_status", "Gifted_status"),
            *("Disability_status", "Disability_type", "Disability_code", "Unweighted_gpa", "Weighted_gpa"),
        ),
        Field("Contact_sis_id", "users.sourcedId users.agentSourcedIds"),
        Field("Contact_name", "users.givenName"),
        Field("Contact_relationship", "roles.role"),
        Field("Contact_type", "contacts.metadata"),
        Field("Contact_phone", "users.phone"),
        Field("Contact_phone_type", "contacts.metadata"),
        Field("Contact_email", "users.email", Kind.EMAIL),
    ),
    known_by=("School_id", "Student_id", "Last_name", "First_name"),
    tables=("users", "roles", "demographics"),
    extends="users",
    key="Student_id",
)
TEACHERS = FileLayout(
    "teachers",
    (
        _school("roles.orgSourcedId"),
        Field("Teacher_id", "users.sourcedId roles.userSourcedId", Kind.ID, required=True),
        Field("Teacher_number", "users.identifier"),
        *_names(),
        Field("Middle_name", "users.middleName"),
        Field("Teacher_email", "users.email", Kind.EMAIL),
        *_sign_in(),
        *_kept("users", "State_teacher_id", "Title"),
    ),
    known_by=("School_id", "Teacher_id", "Last_name", "First_name"),
    tables=("users", "roles"),
    extends="users",
    key="Teacher_id",
)
STAFF = FileLayout(
    "staff",
    (
        _school("roles.orgSourcedId"),
        Field("Staff_id", "users.sourcedId roles.userSourcedId", Kind.ID, required=True),
        *_names(),
        Field("Middle_name", "users.middleName"),
        Field("Staff_email", "users.email", Kind.EMAIL),
        Field("Role", "roles.role"),
        Field("Title", "users.metadata"),
        *_sign_in(),
        *_kept("users", "Department"),
    ),
    known_by=("School_id", "Staff_id", "Last_name", "First_name"),
    tables=("users", "roles"),
    extends="users",
    key="Staff_id",
)
ADMINS = FileLayout(
    "admins",
    (
        _school("roles.orgSourcedId"),
        Field("Staff_id", "users.sourcedId roles.userSourcedId", Kind.ID, required=True),
        *_names(),
        Field("Middle_name", "users.middleName"),
        Field("Admin_email", "users.email", Kind.EMAIL),
        Field("Role", "roles.role"),
        Field("Admin_title", "users.metadata"),
        *_sign_in(),
    ),
    known_by=("School_id", "Staff_id", "Admin_email"),
    tables=("users", "roles"),
    extends="users",
    key="Staff_id",
)
TEACHER_COLUMNS = ("Teacher_id", *(f"Teacher_{place}_id" for place in range(2, TEACHERS_MOST + 1)))
SECTIONS = FileLayout(
    "sections",
    (
        _school("classes.schoolSourcedId courses.orgSourcedId"),
        Field("Section_id", "classes.sourcedId enrollments.classSourcedId", Kind.ID, required=True),
        Field("Teacher_id", "enrollments.userSourcedId", Kind.REF, expected=True),
        *(Field(name, "enrollments.userSourcedId", Kind.REF) for name in TEACHER_COLUMNS[1:]),
        Field("Name", "classes.title"),
        Field("Section_number", "classes.classCode"),
        Field("Grade", "classes.grades", Kind.GRADES, reader=read_grade),
        Field("Course_name", "courses.title classes.courseSourcedId"),
        Field("Course_number", "courses.courseCode"),
        Field("Period", "classes.periods", Kind.STRINGS),
        Field("Subject", "classes.subjects"),
        Field("Term_name", "academicSessions.title classes.termSourcedIds"),
        Field("Term_start", "academicSessions.startDate", Kind.DATE, reader=read_day),
        Field("Term_end", "academicSessions.endDate", Kind.DATE, reader=read_day),
        *_kept("classes", "Course_description"),
    ),
    known_by=("School_id", "Section_id", "Teacher_id"),
    tables=("classes", "courses", "academicSessions", "enrollments"),
    extends="classes",
    key="Section_id",
)
ENROLLMENTS = FileLayout(
    "enrollments",
    (
        Field("School_id", "enrollments.schoolSourcedId", Kind.REF),
        Field("Section_id", "enrollments.classSourcedId", Kind.REF, required=True),
        Field("Student_id", "enrollments.userSourcedId", Kind.REF, required=True),
    ),
    known_by=("Section_id", "Student_id"),
    tables=("enrollments",),
    extends="enrollments",
    key="Student_id",
)

LAYOUTS: dict[str, FileLayout] = {
    layout.file: layout for layout in (SCHOOLS, STUDENTS, TEACHERS, STAFF, ADMINS, SECTIONS, ENROLLMENTS)
}
CORE = ("schools", "students", "teachers", "sections", "enrollments")
"""Files that every upload has; without one of them nothing of its kind is removed."""
