"""Where and when children are taught, and who is in which class."""

from firstbell.engine.tables.columns import ID, METADATA, Column, Kind, Table

ORGS = Table(
    "orgs",
    "organization",
    "organizations",
    (
        ID,
        Column("name", Kind.STRING, "what people call it", required=True),
        Column("type", Kind.ENUM, "school, district, department ...", required=True, vocabulary="orgType"),
        Column("identifier", Kind.STRING, "an id that people know, such as the NCES number"),
        Column("parentSourcedId", Kind.REF, "the organization above it", target="orgs"),
        METADATA,
    ),
    identity=(("identifier", "type"), ("name", "type")),
)
ACADEMIC_SESSIONS = Table(
    "academicSessions",
    "academic session",
    "academic sessions",
    (
        ID,
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
        METADATA,
    ),
    identity=(("title", "type", "startDate"),),
)
COURSES = Table(
    "courses",
    "course",
    "courses",
    (
        ID,
        Column("schoolYearSourcedId", Kind.REF, "the school year it is taught in", target="academicSessions"),
        Column("title", Kind.STRING, "what people call it", required=True),
        Column("courseCode", Kind.STRING, "the code in the course catalogue"),
        Column("grades", Kind.GRADES, "grades it is taught in"),
        Column("orgSourcedId", Kind.REF, "the school or district that owns it", required=True, target="orgs"),
        Column("subjects", Kind.STRINGS, "subjects, in the same order as their codes"),
        Column("subjectCodes", Kind.STRINGS, "codes of the subjects"),
        METADATA,
    ),
    identity=(("courseCode", "orgSourcedId"), ("title", "orgSourcedId")),
)
CLASSES = Table(
    "classes",
    "class",
    "classes",
    (
        ID,
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
        METADATA,
    ),
    identity=(
        ("classCode", "schoolSourcedId", "termSourcedIds"),
        ("title", "courseSourcedId", "schoolSourcedId", "termSourcedIds"),
    ),
)
ENROLLMENTS = Table(
    "enrollments",
    "enrollment",
    "enrollments",
    (
        ID,
        Column("classSourcedId", Kind.REF, "the class", required=True, target="classes"),
        Column("schoolSourcedId", Kind.REF, "the school of the class", required=True, target="orgs"),
        Column("userSourcedId", Kind.REF, "the person", required=True, target="users"),
        Column("role", Kind.ENUM, "the person's role in the class", required=True, vocabulary="enrollmentRole"),
        Column("primary", Kind.BOOLEAN, "true for the main teacher", vocabulary="boolean"),
        Column("beginDate", Kind.DATE, "first day, included"),
        Column("endDate", Kind.DATE, "first day after the enrollment"),
        METADATA,
    ),
    identity=(("userSourcedId", "classSourcedId", "role"),),
)
