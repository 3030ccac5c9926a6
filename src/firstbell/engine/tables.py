"""The canonical roster tables: columns, kinds, references and meaning, said once.

Readers, checks, templates, documentation, samples and SQL are derived from this module. A canonical table is a Polars
frame in which every column of the table is a String in canonical text (null where there is no value):

==========  =============================================================
kind        canonical text
==========  =============================================================
id, ref     the source's identifier, without surrounding blanks
date        ``YYYY-MM-DD``
year        ``YYYY``, the calendar year in which the school year ends
boolean     ``true`` or ``false``
enum        a word of the vocabulary, or ``ext:`` and a private word
lists       items joined by ``,`` without blanks around them
metadata    one JSON object of the extension columns, keys sorted
==========  =============================================================

Beside them stand ``_file`` (String) and ``_record`` (UInt32, 1 is the first record after the header).
Source: OneRoster CSV 1.2.1; 1.1 users are split into users and roles.
"""

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What a cell of a column holds."""

    ID = "id"
    STRING = "string"
    EMAIL = "email"
    DATE = "date"
    YEAR = "year"
    BOOLEAN = "boolean"
    ENUM = "enum"
    STRINGS = "strings"
    GRADES = "grades"
    USER_IDS = "userIds"
    REF = "ref"
    REFS = "refs"
    METADATA = "metadata"


LIST_KINDS = frozenset({Kind.STRINGS, Kind.GRADES, Kind.USER_IDS, Kind.REFS})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    ``required`` is the specification's word. ``default`` is what a blank safely means, so that a blank in a required
    column is a warning and not an error; ``tolerated`` says the same without a value to put there.
    ``since`` is the version of the tables that brought the column (see ``TABLES_VERSION``).
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    vocabulary: str | None = None
    target: str | None = None
    default: str | None = None
    tolerated: bool = False
    secret: bool = False
    since: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: its name in OneRoster, its columns, and how people call its rows.

    ``identity`` lists sets of columns that tell whether two rows mean the same thing although their ids differ, the
    surest first. They only ever propose.
    """

    name: str
    noun: str
    nouns: str
    columns: tuple[Column, ...]
    identity: tuple[tuple[str, ...], ...] = ()

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def content(self) -> tuple[Column, ...]:
        """The columns that make up a row's content: all but its id and secrets."""
        return tuple(column for column in self.columns if column.name != "sourcedId" and not column.secret)

    @property
    def references(self) -> tuple[Column, ...]:
        """The columns that point to other rows."""
        return tuple(column for column in self.columns if column.target)


TABLES_VERSION = 1
"""Grows with every column that is added to a canonical table; stored beside each record's hash."""

_ID = Column("sourcedId", Kind.ID, "the source's own identifier of the row", required=True)
_METADATA = Column("metadata", Kind.METADATA, "extension columns, kept as they came")

ORGS = Table(
    "orgs",
    "organization",
    "organizations",
    (
        _ID,
        Column("name", Kind.STRING, "what people call it", required=True),
        Column("type", Kind.ENUM, "school, district, department ...", required=True, vocabulary="orgType"),
        Column("identifier", Kind.STRING, "an id that people know, such as the NCES number"),
        Column("parentSourcedId", Kind.REF, "the organization above it", target="orgs"),
        _METADATA,
    ),
    identity=(("identifier", "type"), ("name", "type")),
)
ACADEMIC_SESSIONS = Table(
    "academicSessions",
    "academic session",
    "academic sessions",
    (
        _ID,
        Column("title", Kind.STRING, "what people call it", required=True),
        Column(
            "type", Kind.ENUM, "school year, semester, term or grading period", required=True, vocabulary="sessionType"
        ),
        Column("startDate", Kind.DATE, "first day, included", required=True),
        Column("endDate", Kind.DATE, "first day after the session", required=True),
        Column("parentSourcedId", Kind.REF, "the session it is a part of", target="academicSessions"),
        Column(
            "schoolYear", Kind.YEAR, "the calendar year in which the school year ends", required=True, tolerated=True
        ),
        _METADATA,
    ),
    identity=(("title", "type", "startDate"),),
)
COURSES = Table(
    "courses",
    "course",
    "courses",
    (
        _ID,
        Column("schoolYearSourcedId", Kind.REF, "the school year it is taught in", target="academicSessions"),
        Column("title", Kind.STRING, "what people call it", required=True),
        Column("courseCode", Kind.STRING, "the code in the course catalogue"),
        Column("grades", Kind.GRADES, "grades it is taught in"),
        Column("orgSourcedId", Kind.REF, "the school or district that owns it", required=True, target="orgs"),
        Column("subjects", Kind.STRINGS, "subjects, in the same order as their codes"),
        Column("subjectCodes", Kind.STRINGS, "codes of the subjects"),
        _METADATA,
    ),
    identity=(("courseCode", "orgSourcedId"), ("title", "orgSourcedId")),
)
CLASSES = Table(
    "classes",
    "class",
    "classes",
    (
        _ID,
        Column("title", Kind.STRING, "what people call it", required=True),
        Column("grades", Kind.GRADES, "grades it is taught in"),
        Column("courseSourcedId", Kind.REF, "the course it is a section of", required=True, target="courses"),
        Column("classCode", Kind.STRING, "the code people know the class by"),
        Column(
            "classType", Kind.ENUM, "homeroom or scheduled", required=True, vocabulary="classType", default="scheduled"
        ),
        Column("location", Kind.STRING, "the room"),
        Column("schoolSourcedId", Kind.REF, "the school it is held in", required=True, target="orgs"),
        Column("termSourcedIds", Kind.REFS, "the sessions it is held in", required=True, target="academicSessions"),
        Column("subjects", Kind.STRINGS, "subjects, in the same order as their codes"),
        Column("subjectCodes", Kind.STRINGS, "codes of the subjects"),
        Column("periods", Kind.STRINGS, "time slots of the day"),
        _METADATA,
    ),
    identity=(
        ("classCode", "schoolSourcedId", "termSourcedIds"),
        ("title", "courseSourcedId", "schoolSourcedId", "termSourcedIds"),
    ),
)
USERS = Table(
    "users",
    "person",
    "people",
    (
        _ID,
        Column(
            "enabledUser",
            Kind.BOOLEAN,
            "false where the person may not use the products",
            required=True,
            vocabulary="boolean",
            default="true",
        ),
        Column("username", Kind.STRING, "the log-in name in the district", required=True, tolerated=True),
        Column("userIds", Kind.USER_IDS, "ids in other systems, as {type:id}"),
        Column("givenName", Kind.STRING, "first name", required=True),
        Column("familyName", Kind.STRING, "last name", required=True),
        Column("middleName", Kind.STRING, "middle names"),
        Column("identifier", Kind.STRING, "an id that people know, often the student number"),
        Column("email", Kind.EMAIL, "e-mail address"),
        Column("sms", Kind.STRING, "number for text messages"),
        Column("phone", Kind.STRING, "telephone number"),
        Column("agentSourcedIds", Kind.REFS, "related people, mostly parents", target="users"),
        Column("grades", Kind.GRADES, "the grade of a student"),
        Column("password", Kind.STRING, "a first password; used once and never kept", secret=True),
        Column("userMasterIdentifier", Kind.STRING, "the person's id across systems"),
        Column("preferredGivenName", Kind.STRING, "the first name the person goes by"),
        Column("preferredMiddleName", Kind.STRING, "the middle name the person goes by"),
        Column("preferredFamilyName", Kind.STRING, "the last name the person goes by"),
        Column("primaryOrgSourcedId", Kind.REF, "the main school or organization", target="orgs"),
        Column("pronouns", Kind.STRING, "pronouns"),
        _METADATA,
    ),
    identity=(("userMasterIdentifier",), ("identifier",), ("username",), ("email",)),
)
ROLES = Table(
    "roles",
    "role",
    "roles",
    (
        _ID,
        Column("userSourcedId", Kind.REF, "whose role it is", required=True, target="users"),
        Column(
            "roleType",
            Kind.ENUM,
            "primary or secondary in that organization",
            required=True,
            vocabulary="roleType",
            default="primary",
        ),
        Column("role", Kind.ENUM, "student, teacher, principal ...", required=True, vocabulary="userRole"),
        Column("beginDate", Kind.DATE, "first day, included"),
        Column("endDate", Kind.DATE, "first day after the role"),
        Column("orgSourcedId", Kind.REF, "where the person has the role", required=True, target="orgs"),
        Column("userProfileSourcedId", Kind.REF, "the log-in used in that role", target="userProfiles"),
        _METADATA,
    ),
    identity=(("userSourcedId", "orgSourcedId", "role"),),
)
USER_PROFILES = Table(
    "userProfiles",
    "user profile",
    "user profiles",
    (
        _ID,
        Column("userSourcedId", Kind.REF, "whose profile it is", required=True, target="users"),
        Column("profileType", Kind.STRING, "a label people understand", required=True),
        Column("vendorId", Kind.STRING, "the vendor whose system it is", required=True),
        Column("applicationId", Kind.STRING, "the application"),
        Column("description", Kind.STRING, "what it is for"),
        Column("credentialType", Kind.STRING, "the kind of log-in", required=True),
        Column("username", Kind.STRING, "the log-in name there", required=True),
        Column("password", Kind.STRING, "a password in another system; never kept", secret=True),
        _METADATA,
    ),
    identity=(("userSourcedId", "vendorId", "applicationId", "username"),),
)
ENROLLMENTS = Table(
    "enrollments",
    "enrollment",
    "enrollments",
    (
        _ID,
        Column("classSourcedId", Kind.REF, "the class", required=True, target="classes"),
        Column("schoolSourcedId", Kind.REF, "the school of the class", required=True, target="orgs"),
        Column("userSourcedId", Kind.REF, "the person", required=True, target="users"),
        Column("role", Kind.ENUM, "the person's role in the class", required=True, vocabulary="enrollmentRole"),
        Column("primary", Kind.BOOLEAN, "true for the main teacher", vocabulary="boolean"),
        Column("beginDate", Kind.DATE, "first day, included"),
        Column("endDate", Kind.DATE, "first day after the enrollment"),
        _METADATA,
    ),
    identity=(("userSourcedId", "classSourcedId", "role"),),
)
DEMOGRAPHICS = Table(
    "demographics",
    "demographic record",
    "demographic records",
    (
        Column("sourcedId", Kind.ID, "the person described", required=True, target="users"),
        Column("birthDate", Kind.DATE, "date of birth"),
        Column("sex", Kind.ENUM, "sex as recorded", vocabulary="sex"),
        *(
            Column(name, Kind.BOOLEAN, "as reported by the family", vocabulary="boolean")
            for name in (
                "americanIndianOrAlaskaNative",
                "asian",
                "blackOrAfricanAmerican",
                "nativeHawaiianOrOtherPacificIslander",
                "white",
                "demographicRaceTwoOrMoreRaces",
                "hispanicOrLatinoEthnicity",
            )
        ),
        Column("countryOfBirthCode", Kind.STRING, "country of birth"),
        Column("stateOfBirthAbbreviation", Kind.STRING, "state of birth"),
        Column("cityOfBirth", Kind.STRING, "city of birth"),
        Column("publicSchoolResidenceStatus", Kind.STRING, "residence status"),
        _METADATA,
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (ORGS, ACADEMIC_SESSIONS, COURSES, CLASSES, USERS, USER_PROFILES, ROLES, ENROLLMENTS, DEMOGRAPHICS)
}
"""In the order in which rows can be applied: what is referred to comes first."""
