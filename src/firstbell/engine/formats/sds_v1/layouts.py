"""The files of School Data Sync's first CSV format and their columns.

Source: the format as Microsoft described it, and its published sample. Headers have blanks in them.
"""

from firstbell.engine.formats.days import read_day, read_day_or_drop
from firstbell.engine.formats.layout import Field, FileLayout
from firstbell.engine.formats.sds_v1.words import read_active, read_grades
from firstbell.engine.tables import Kind


def _kept(table: str, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, f"{table}.metadata") for name in names)


def _person(number: str) -> tuple[Field, ...]:
    return (
        Field("SIS ID", "users.sourcedId roles.userSourcedId", Kind.ID, required=True),
        Field("School SIS ID", "roles.orgSourcedId", Kind.REF, required=True),
        Field("First Name", "users.givenName", required=True),
        Field("Last Name", "users.familyName", required=True),
        Field("Middle Name", "users.middleName"),
        Field("Username", "users.username"),
        Field("Password", "users.password", secret=True),
        Field("Secondary Email", "users.email", Kind.EMAIL),
        Field(number, "users.identifier"),
        Field("Status", "users.enabledUser", Kind.BOOLEAN, reader=read_active),
        *_kept("users", "State ID"),
    )


SCHOOL = FileLayout(
    "School",
    (
        Field("SIS ID", "orgs.sourcedId", Kind.ID, required=True),
        Field("Name", "orgs.name", required=True),
        Field("School Number", "orgs.identifier"),
        Field("Principal SIS ID", "roles.userSourcedId", Kind.REF),
        *_kept(
            "orgs",
            *("School NCES_ID", "State ID", "Grade Low", "Grade High", "Principal Name", "Principal Secondary Email"),
            *("Address", "City", "State", "Country", "Zip", "Phone", "Zone"),
        ),
    ),
    known_by=("SIS ID", "Name", "School Number"),
    tables=("orgs",),
    extends="orgs",
    key="SIS ID",
)
STUDENT = FileLayout(
    "Student",
    (
        *_person("Student Number"),
        Field("Grade", "users.grades", Kind.GRADES, reader=read_grades),
        Field("Birthdate", "demographics.birthDate", Kind.DATE, reader=read_day_or_drop),
        *_kept("users", "Graduation Year", "Mailing Address", "Mailing City", "Mailing State", "Mailing Zip"),
        *_kept("users", "Mailing Latitude", "Mailing Longitude", "Mailing Country", "Residence Address"),
        *_kept("users", "Residence City", "Residence State", "Residence Zip", "Residence Latitude"),
        *_kept("users", "Residence Longitude", "Residence Country"),
        *_kept("demographics", "Gender", "Federal Race", "ELL Status", "Weekday"),
    ),
    known_by=("SIS ID", "School SIS ID", "Username", "Student Number"),
    tables=("users", "roles", "demographics"),
    extends="users",
    key="SIS ID",
)
TEACHER = FileLayout(
    "Teacher",
    (*_person("Teacher Number"), *_kept("users", "Title", "Qualification")),
    known_by=("SIS ID", "School SIS ID", "Username", "Teacher Number"),
    tables=("users", "roles"),
    extends="users",
    key="SIS ID",
)
SECTION = FileLayout(
    "Section",
    (
        Field("SIS ID", "classes.sourcedId", Kind.ID, required=True),
        Field("School SIS ID", "classes.schoolSourcedId courses.orgSourcedId", Kind.REF, required=True),
        Field("Section Name", "classes.title", required=True),
        Field("Section Number", "classes.classCode"),
        Field("Term SIS ID", "classes.termSourcedIds"),
        Field("Term Name", "academicSessions.title"),
        Field("Term StartDate", "academicSessions.startDate", Kind.DATE, reader=read_day),
        Field("Term EndDate", "academicSessions.endDate", Kind.DATE, reader=read_day),
        Field("Course SIS ID", "classes.courseSourcedId"),
        Field("Course Name", "courses.title"),
        Field("Course Number", "courses.courseCode"),
        Field("Course Subject", "classes.subjects"),
        Field("Periods", "classes.periods", Kind.STRINGS),
        *_kept("classes", "Course Description", "Status"),
    ),
    known_by=("SIS ID", "School SIS ID", "Section Name"),
    tables=("classes", "courses", "academicSessions", "enrollments"),
    extends="classes",
    key="SIS ID",
)


def _members(file: str) -> FileLayout:
    return FileLayout(
        file,
        (
            Field("Section SIS ID", "enrollments.classSourcedId", Kind.REF, required=True),
            Field("SIS ID", "enrollments.userSourcedId", Kind.REF, required=True),
        ),
        known_by=("Section SIS ID", "SIS ID"),
        tables=("enrollments",),
        extends="enrollments",
        key="SIS ID",
        named=True,
    )


STUDENT_ENROLLMENT = _members("StudentEnrollment")
TEACHER_ROSTER = _members("TeacherRoster")
USER = FileLayout(
    "User",
    (
        Field("Email", "users.email", Kind.EMAIL, required=True),
        Field("First Name", "users.givenName", required=True),
        Field("Last Name", "users.familyName", required=True),
        Field("Phone", "users.phone"),
        Field("SIS ID", "users.sourcedId"),
    ),
    known_by=("Email", "First Name", "Last Name"),
    tables=("users", "roles"),
    extends="users",
    key="Email",
)
GUARDIAN_RELATIONSHIP = FileLayout(
    "GuardianRelationship",
    (
        Field("SIS ID", "users.agentSourcedIds", Kind.REF, required=True),
        Field("Email", "users.email", required=True),
        Field("Role", "roles.role"),
    ),
    known_by=("SIS ID", "Email", "Role"),
    tables=("roles",),
    extends="roles",
    key="SIS ID",
)

LAYOUTS: dict[str, FileLayout] = {
    layout.file: layout
    for layout in (
        *(SCHOOL, STUDENT, TEACHER, SECTION, STUDENT_ENROLLMENT, TEACHER_ROSTER),
        *(USER, GUARDIAN_RELATIONSHIP),
    )
}
CORE = ("School", "Section", "Student", "Teacher", "StudentEnrollment", "TeacherRoster")
"""Files that every upload has; without one of them nothing of its kind is removed."""
DECIDING = (STUDENT, TEACHER, SECTION, STUDENT_ENROLLMENT)
"""By the header of one of these the format is known."""
