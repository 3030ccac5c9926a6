"""The sheets of the templates and their columns, said once for reading, writing and the pages.

Names are those that people use, in any case. Others under which a column is known (the vendor's own templates name many
of them) stand beside it in ``also``.
"""

from firstbell.engine.formats.days import read_day, read_day_or_drop
from firstbell.engine.formats.layout import Field, FileLayout
from firstbell.engine.formats.templates.words import read_grades, read_org_type, read_role, read_yes
from firstbell.engine.tables import Kind

FIRSTBELL_ID = "Firstbell ID"
SEPARATOR = ";"
"""Between several values in one cell."""
INSTRUCTIONS = "Instructions"
"""The sheet that nobody reads but people."""
LISTS = "Choices"
"""The hidden sheet with the words of the drop-downs."""
BY_ID = "#"
"""Before a Firstbell ID that stands in the place of a name, where an export has two rows of one name."""
EXAMPLE = "(example)"
"""How the first cell of a row begins that only shows how to fill in the others."""

_SCHOOL_NAMES = ("school_name", "schools", "school", "organization", "organizations", "SchoolID")
_SCHOOL_NUMBERS = ("OrganizationNumber", "school numbers", "school_number")
_CLASS_NAMES = ("classroom_name", "class", "class name", "class/group", "classes/groups", "group", "groups")
_USERNAMES = ("user name", "login")

ID = Field(FIRSTBELL_ID, "sourcedId")


def _person(number: Field, *more: Field) -> tuple[Field, ...]:
    return (
        Field("First name", "users.givenName", required=True, also=("first",)),
        Field("Last name", "users.familyName", required=True, also=("surname", "last")),
        *more,
        number,
        Field("Username", "users.username", also=_USERNAMES),
        Field("Password", "users.password", secret=True),
        Field("Schools", "roles.orgSourcedId", also=("school name", *_SCHOOL_NAMES)),
        Field("School numbers", "roles.orgSourcedId", also=("school number", *_SCHOOL_NUMBERS)),
        Field("Classes", "enrollments.classSourcedId", also=_CLASS_NAMES),
        Field("Class numbers", "enrollments.classSourcedId", also=("class number", "class id", "ClassNumber")),
        Field("Middle name", "users.middleName"),
        Field("Preferred first name", "users.preferredGivenName"),
        Field("Phone", "users.phone"),
        ID,
    )


SCHOOLS = FileLayout(
    "Schools",
    (
        Field("School name", "orgs.name", required=True, also=("OrganizationName",)),
        Field("School number", "orgs.identifier", also=("OrganizationNumber", "school id", "NCES number")),
        Field("Type", "orgs.type", reader=read_org_type, also=("OrganizationType",)),
        Field("District number", "orgs.parentSourcedId", also=("ParentOrganizationNumber",)),
        ID,
    ),
    known_by=("School name",),
    tables=("orgs",),
    extends="orgs",
    key=FIRSTBELL_ID,
    hand_made=True,
)
CLASSES = FileLayout(
    "Classes",
    (
        Field("Class name", "classes.title", required=True, also=("classroom_name", "class/group name", "ClassName")),
        Field("Class number", "classes.classCode", also=("class id", "ClassNumber")),
        Field("School name", "classes.schoolSourcedId", also=_SCHOOL_NAMES),
        Field("School number", "classes.schoolSourcedId", also=_SCHOOL_NUMBERS),
        Field("Grade", "classes.grades", reader=read_grades, also=("grades", "grade_level", "class grade")),
        Field("Term", "classes.termSourcedIds", also=("terms", "term name")),
        Field("Term begins", "academicSessions.startDate", Kind.DATE, reader=read_day),
        Field("Term ends", "academicSessions.endDate", Kind.DATE, reader=read_day),
        Field("Room", "classes.location"),
        Field("Teachers", "enrollments.userSourcedId", also=("teacher", "educators", "educator_email")),
        ID,
    ),
    known_by=("Class name",),
    tables=("classes", "academicSessions", "courses", "orgs", "enrollments"),
    extends="classes",
    key=FIRSTBELL_ID,
    hand_made=True,
)
STAFF = FileLayout(
    "Teachers and staff",
    _person(
        Field("Staff number", "users.identifier", also=("staff id", "external id", "teacher id", "UserNumber")),
        Field("Role", "roles.role", reader=read_role, also=("account_type", "educator type", "user type")),
        Field("Email", "users.email", Kind.EMAIL, also=("educator_email", "e-mail", "e-mail address")),
    ),
    known_by=("First name", "Last name"),
    tables=("users", "roles", "orgs", "classes", "academicSessions", "courses", "enrollments"),
    extends="users",
    key=FIRSTBELL_ID,
    hand_made=True,
    other_names=("teachers", "staff", "educators", "educator", "users", "user", "teachers_and_staff"),
)
STUDENTS = FileLayout(
    "Students",
    _person(
        Field(
            "Student number",
            "users.identifier",
            also=("district_student_id", "student id", "StudentNumber", "SIN"),
        ),
        Field(
            "State number",
            "users.userMasterIdentifier",
            also=("student_state_id", "state_student_id", "alternate id", "AlternateNumber"),
        ),
        Field("Grade", "users.grades", reader=read_grades, also=("grade_level", "grades", "grade level")),
        Field("Email", "users.email", Kind.EMAIL, also=("e-mail", "e-mail address", "student email")),
        Field("Birth date", "demographics.birthDate", Kind.DATE, reader=read_day_or_drop, also=("date of birth",)),
        Field("May sign in", "users.enabledUser", reader=read_yes),
    ),
    known_by=("First name", "Last name"),
    tables=("users", "roles", "orgs", "classes", "academicSessions", "courses", "enrollments", "demographics"),
    extends="users",
    key=FIRSTBELL_ID,
    hand_made=True,
    other_names=("student", "pupils"),
)
LAYOUTS: dict[str, FileLayout] = {layout.file: layout for layout in (SCHOOLS, CLASSES, STUDENTS, STAFF)}
"""Students before staff: a list of people that could be both is one of students, who have the fewest rights."""
