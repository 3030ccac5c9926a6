"""People: who they are, what they are where, and what their families reported."""

from firstbell.engine.tables.columns import ID, METADATA, Column, Kind, Table

USERS = Table(
    "users",
    "person",
    "people",
    (
        ID,
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
        METADATA,
    ),
    identity=(("userMasterIdentifier",), ("identifier",), ("username",), ("email",)),
)
ROLES = Table(
    "roles",
    "role",
    "roles",
    (
        ID,
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
        METADATA,
    ),
    identity=(("userSourcedId", "orgSourcedId", "role"),),
)
USER_PROFILES = Table(
    "userProfiles",
    "user profile",
    "user profiles",
    (
        ID,
        Column("userSourcedId", Kind.REF, "whose profile it is", required=True, target="users"),
        Column("profileType", Kind.STRING, "a label people understand", required=True),
        Column("vendorId", Kind.STRING, "the vendor whose system it is", required=True),
        Column("applicationId", Kind.STRING, "the application"),
        Column("description", Kind.STRING, "what it is for"),
        Column("credentialType", Kind.STRING, "the kind of log-in", required=True),
        Column("username", Kind.STRING, "the log-in name there", required=True),
        Column("password", Kind.STRING, "a password in another system; never kept", secret=True),
        METADATA,
    ),
    identity=(("userSourcedId", "vendorId", "applicationId", "username"),),
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
        METADATA,
    ),
)
