"""The files of School Data Sync's CSV formats 2 and 2.1 and their columns.

Format 2 has four files, and roles and grades stand with the users; 2.1 has roles, sessions, courses and more in files
of their own. Source: Microsoft's description of the formats and its published samples.
"""

from firstbell.engine.formats.layout import Field, FileLayout
from firstbell.engine.formats.sds_v2.words import (
    read_enrollment_role,
    read_grades,
    read_org_type,
    read_relationship,
    read_role,
    read_session_type,
    read_sex,
    read_truth,
)
from firstbell.engine.tables import Kind

ORGS = FileLayout(
    "orgs",
    (
        Field("sourcedId", "orgs.sourcedId", Kind.ID, required=True),
        Field("name", "orgs.name", required=True),
        Field("type", "orgs.type", Kind.ENUM, required=True, reader=read_org_type),
        Field("parentSourcedId", "orgs.parentSourcedId", Kind.REF),
    ),
    known_by=("sourcedId", "name", "type"),
    tables=("orgs",),
    extends="orgs",
    key="sourcedId",
)
USERS = FileLayout(
    "users",
    (
        Field("sourcedId", "users.sourcedId", Kind.ID, required=True),
        Field("orgSourcedIds", "roles.orgSourcedId", Kind.REFS),
        Field("username", "users.username", expected=True),
        Field("givenName", "users.givenName", required=True),
        Field("familyName", "users.familyName", required=True),
        Field("password", "users.password", secret=True),
        Field("activeDirectoryMatchId", "users.metadata"),
        Field("email", "users.email", Kind.EMAIL),
        Field("phone", "users.phone"),
        Field("sms", "users.sms"),
        Field("role", "roles.role", Kind.ENUM, reader=read_role, spelled=True),
        Field("grade", "users.grades", Kind.GRADES, reader=read_grades),
    ),
    known_by=("sourcedId", "username", "givenName", "familyName"),
    tables=("users", "roles"),
    extends="users",
    key="sourcedId",
)
ROLES = FileLayout(
    "roles",
    (
        Field("userSourcedId", "roles.userSourcedId", Kind.REF, required=True),
        Field("orgSourcedId", "roles.orgSourcedId", Kind.REF, required=True),
        Field("role", "roles.role", Kind.ENUM, required=True, reader=read_role, spelled=True),
        Field("sessionSourcedId", "roles.metadata", Kind.REF),
        Field("grade", "users.grades", Kind.GRADES, reader=read_grades),
        Field("isPrimary", "roles.roleType users.primaryOrgSourcedId", Kind.BOOLEAN, reader=read_truth),
        Field("roleStartDate", "roles.beginDate", Kind.DATE),
        Field("roleEndDate", "roles.endDate", Kind.DATE),
    ),
    known_by=("userSourcedId", "orgSourcedId", "role"),
    tables=("roles",),
    extends="roles",
    key="userSourcedId",
)
CLASSES = FileLayout(
    "classes",
    (
        Field("sourcedId", "classes.sourcedId", Kind.ID, required=True),
        Field("orgSourcedId", "classes.schoolSourcedId", Kind.REF, required=True),
        Field("title", "classes.title", required=True),
        Field("sessionSourcedIds", "classes.termSourcedIds", Kind.REFS),
        Field("courseSourcedId", "classes.courseSourcedId", Kind.REF),
        Field("code", "classes.classCode"),
    ),
    known_by=("sourcedId", "orgSourcedId", "title"),
    tables=("classes",),
    extends="classes",
    key="sourcedId",
)
ENROLLMENTS = FileLayout(
    "enrollments",
    (
        Field("classSourcedId", "enrollments.classSourcedId", Kind.REF, required=True),
        Field("userSourcedId", "enrollments.userSourcedId", Kind.REF, required=True),
        Field("role", "enrollments.role", Kind.ENUM, required=True, reader=read_enrollment_role, spelled=True),
    ),
    known_by=("classSourcedId", "userSourcedId", "role"),
    tables=("enrollments",),
    extends="enrollments",
    key="userSourcedId",
)
ACADEMIC_SESSIONS = FileLayout(
    "academicSessions",
    (
        Field("sourcedId", "academicSessions.sourcedId", Kind.ID, required=True),
        Field("title", "academicSessions.title", required=True),
        Field("type", "academicSessions.type", Kind.ENUM, required=True, reader=read_session_type, spelled=True),
        Field("schoolYear", "academicSessions.schoolYear", Kind.YEAR, required=True),
        Field("startDate", "academicSessions.startDate", Kind.DATE, required=True),
        Field("endDate", "academicSessions.endDate", Kind.DATE, required=True),
    ),
    known_by=("sourcedId", "title", "type", "startDate", "endDate"),
    tables=("academicSessions",),
    extends="academicSessions",
    key="sourcedId",
)
COURSES = FileLayout(
    "courses",
    (
        Field("sourcedId", "courses.sourcedId", Kind.ID, required=True),
        Field("orgSourcedId", "courses.orgSourcedId", Kind.REF, required=True),
        Field("title", "courses.title", required=True),
        Field("code", "courses.courseCode"),
        Field("schoolYearSourcedId", "courses.schoolYearSourcedId", Kind.REF),
        Field("subject", "courses.subjects", Kind.STRINGS),
        Field("grade", "courses.grades", Kind.GRADES, reader=read_grades),
    ),
    known_by=("sourcedId", "orgSourcedId", "title", "code"),
    tables=("courses",),
    extends="courses",
    key="sourcedId",
)
DEMOGRAPHICS = FileLayout(
    "demographics",
    (
        Field("userSourcedId", "demographics.sourcedId", Kind.ID, required=True),
        Field("sex", "demographics.sex", Kind.ENUM, reader=read_sex),
        Field("birthDate", "demographics.birthDate", Kind.DATE),
        Field("birthCity", "demographics.cityOfBirth"),
        Field("birthState", "demographics.stateOfBirthAbbreviation"),
        Field("birthCountry", "demographics.countryOfBirthCode"),
        Field("ethnicityCodes", "demographics.hispanicOrLatinoEthnicity", Kind.STRINGS),
        Field("raceCodes", "demographics.race", Kind.STRINGS),
    ),
    known_by=("userSourcedId", "sex", "birthDate"),
    tables=("demographics",),
    extends="demographics",
    key="userSourcedId",
)
USER_FLAGS = FileLayout(
    "userFlags",
    (
        Field("userSourcedId", "demographics.sourcedId", Kind.REF, required=True),
        Field("flag", "flags.flag", required=True),
    ),
    known_by=("userSourcedId", "flag"),
    tables=("demographics",),
    extends="flags",
    key="userSourcedId",
)
RELATIONSHIPS = FileLayout(
    "relationships",
    (
        Field("userSourcedId", "users.agentSourcedIds", Kind.REF, required=True),
        Field("relationshipUserSourcedId", "roles.userSourcedId", Kind.REF, required=True),
        Field("relationshipRole", "roles.role", Kind.ENUM, required=True, reader=read_relationship),
    ),
    known_by=("userSourcedId", "relationshipUserSourcedId"),
    tables=("roles",),
    extends="relationships",
    key="userSourcedId",
)

LAYOUTS: dict[str, FileLayout] = {
    layout.file: layout
    for layout in (
        *(ORGS, USERS, ROLES, CLASSES, ENROLLMENTS, ACADEMIC_SESSIONS, COURSES),
        *(DEMOGRAPHICS, USER_FLAGS, RELATIONSHIPS),
    )
}
CORE = ("orgs", "users", "classes", "enrollments")
"""Files that every upload with classes has; 2.1 also has roles. Without one nothing of its kind is removed."""
OURS_ALONE: tuple[tuple[FileLayout, frozenset[str]], ...] = (
    (ENROLLMENTS, frozenset({"sourcedId", "schoolSourcedId"})),
    (CLASSES, frozenset({"schoolSourcedId", "courseCode", "code", "status"})),
    (ROLES, frozenset({"sourcedId", "roleType"})),
    (USER_FLAGS, frozenset()),
    (RELATIONSHIPS, frozenset()),
)
"""Files that tell this format from OneRoster: their columns, and those that OneRoster's file of the name has."""
