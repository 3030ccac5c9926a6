"""Closed lists of the field, and how spellings met in the wild map to them.

Source: OneRoster 1.1 and 1.2 vocabularies; CEDS entry grade level codes. Lists are per version because 1.2 renamed
user roles and opened some lists to private words that start with ``ext:``.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One closed list: the words each version allows, and spellings that safely mean one of them.

    ``spellings`` maps a lower-case spelling without blanks, dashes or underscores to the word it stands for.
    ``extensible`` says that 1.2 also allows private words starting with ``ext:``.
    """

    name: str
    v1p1: tuple[str, ...]
    v1p2: tuple[str, ...]
    extensible: bool = True
    spellings: dict[str, str] = field(default_factory=dict)

    def words(self, version: str) -> tuple[str, ...]:
        """The words that a version of OneRoster allows."""
        return self.v1p1 if version == "1.1" else self.v1p2

    @property
    def all_words(self) -> tuple[str, ...]:
        """Every word of either version: what the canonical tables may hold."""
        return tuple(dict.fromkeys((*self.v1p2, *self.v1p1)))

    def canonical(self, spelling: str) -> str | None:
        """The word a spelling stands for, or None where that would be a guess."""
        if spelling in self.all_words or spelling.startswith("ext:"):
            return spelling
        folded = fold(spelling)
        by_fold = {fold(word): word for word in self.all_words}
        return by_fold.get(folded) or self.spellings.get(folded)


def fold(spelling: str) -> str:
    """Lower case, without blanks, dashes and underscores: ``District_Admin`` is ``districtadmin``."""
    return "".join(letter for letter in spelling.casefold() if letter not in " -_.")


_ROLES_1P1 = ("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher")
_ROLES_1P2 = (
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
)
_ROLE_SPELLINGS = {
    "pupil": "student",
    "learner": "student",
    "instructor": "teacher",
    "admin": "administrator",
    "districtadmin": "districtAdministrator",
    "siteadmin": "siteAdministrator",
    "schooladmin": "siteAdministrator",
    "schooladministrator": "siteAdministrator",
    "systemadmin": "systemAdministrator",
    "counsellor": "counselor",
}
_SESSION_TYPES = ("gradingPeriod", "semester", "schoolYear", "term")
_ORG_TYPES = ("department", "school", "district", "local", "state", "national")
_CLASS_TYPES = ("homeroom", "scheduled")
_ENROLLMENT_ROLES = ("administrator", "proctor", "student", "teacher")
_STATUS = ("active", "tobedeleted")
_TRUTH = ("true", "false")

VOCABULARIES: dict[str, Vocabulary] = {
    vocabulary.name: vocabulary
    for vocabulary in (
        # 'inactive' is a leftover of OneRoster 1.0 and of several student information systems.
        Vocabulary("status", _STATUS, _STATUS, extensible=False, spellings={"inactive": "tobedeleted"}),
        Vocabulary(
            "sessionType", _SESSION_TYPES, _SESSION_TYPES, spellings={"quarter": "gradingPeriod", "year": "schoolYear"}
        ),
        Vocabulary("orgType", _ORG_TYPES, _ORG_TYPES),
        Vocabulary("classType", _CLASS_TYPES, _CLASS_TYPES),
        Vocabulary("userRole", _ROLES_1P1, _ROLES_1P2, spellings=_ROLE_SPELLINGS),
        Vocabulary("roleType", ("primary", "secondary"), ("primary", "secondary"), extensible=False),
        # Older 1.1 texts and files use the eight user roles for enrollments too.
        Vocabulary(
            "enrollmentRole",
            _ENROLLMENT_ROLES,
            _ENROLLMENT_ROLES,
            spellings={"pupil": "student", "learner": "student", "instructor": "teacher", "aide": "ext:aide"},
        ),
        Vocabulary(
            "sex",
            ("male", "female"),
            ("male", "female", "unspecified", "other"),
            spellings={"m": "male", "f": "female", "u": "unspecified", "x": "other"},
        ),
        Vocabulary(
            "boolean",
            _TRUTH,
            _TRUTH,
            extensible=False,
            spellings={
                "1": "true",
                "0": "false",
                "yes": "true",
                "no": "false",
                "y": "true",
                "n": "false",
                "t": "true",
                "f": "false",
            },
        ),
        Vocabulary("importance", ("primary", "secondary"), ("primary", "secondary"), extensible=False),
        Vocabulary("resourceRole", _ROLES_1P1, _ROLES_1P1, spellings=_ROLE_SPELLINGS),
    )
}

GRADES_1P1: tuple[str, ...] = (
    "IT",
    "PR",
    "PK",
    "TK",
    "KG",
    *(f"{grade:02d}" for grade in range(1, 14)),
    "PS",
    "UG",
    "Other",
)
"""CEDS entry grade level codes, which OneRoster 1.1 names. 1.2 leaves grades to each deployment."""

GRADE_SPELLINGS: dict[str, str] = {
    "k": "KG",
    "kg": "KG",
    "kindergarten": "KG",
    "0": "KG",
    "00": "KG",
    "pk": "PK",
    "prek": "PK",
    "-1": "PK",
    "tk": "TK",
    "other": "Other",
    "ug": "UG",
    "ps": "PS",
    **{str(grade): f"{grade:02d}" for grade in range(1, 10)},
}

STUDENT_ROLES: frozenset[str] = frozenset({"student"})
ADMINISTRATOR_ROLES: frozenset[str] = frozenset(
    {"administrator", "districtAdministrator", "siteAdministrator", "systemAdministrator", "principal"}
)
STAFF_ROLES: frozenset[str] = ADMINISTRATOR_ROLES | {"teacher", "aide", "counselor", "proctor"}
FAMILY_ROLES: frozenset[str] = frozenset({"parent", "guardian", "relative"})
