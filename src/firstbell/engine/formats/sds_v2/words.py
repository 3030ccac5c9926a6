"""School Data Sync's words for organizations, roles, sessions, grades and people, and ours."""

from collections.abc import Mapping

from firstbell.engine.values import Reader, Said
from firstbell.engine.vocabulary import GRADE_SPELLINGS, GRADES_1P1, fold

ORG_TYPES = {
    "school": "school",
    "district": "district",
    "department": "department",
    "local": "local",
    "state": "state",
    "national": "national",
}
"""Our type of organization -> theirs; their others are private words of ours."""
_ORG_TYPES_READ = {word: word for word in ORG_TYPES} | {"localauthority": "local", "ministryofeducation": "national"}

ROLES = {
    "student": "student",
    "teacher": "teacher",
    "aide": "aide",
    "counselor": "adviser",
    "principal": "principal",
    "proctor": "proctor",
    "siteAdministrator": "administrator",
    "systemAdministrator": "itAdmin",
    "districtAdministrator": "administrator",
    "administrator": "administrator",
}
"""Our role -> theirs."""
ROLES_READ = {fold(theirs): ours for ours, theirs in reversed(ROLES.items())} | {
    "administrator": "siteAdministrator",
    "advisor": "counselor",
    **dict.fromkeys(("faculty", "professor", "lecturer", "adjunct", "instructor", "substitute"), "teacher"),
    **dict.fromkeys(("teacherassistant", "paraprofessional"), "aide"),
    "counselor": "counselor",
    "parent": "parent",
    "guardian": "guardian",
    "relative": "relative",
}
FAMILY = frozenset({"parent", "guardian", "relative"})
"""Roles that stand in relationships.csv and not in roles.csv."""

SESSION_TYPES = {word: word for word in ("schoolYear", "semester", "term", "gradingPeriod")}
_SESSION_TYPES_READ = {fold(word): word for word in SESSION_TYPES} | {"quarter": "gradingPeriod"}

SEX = {"male": "male", "female": "female", "unspecified": "notSelected"}
_SEX_READ = {fold(theirs): ours for ours, theirs in SEX.items()}

ENROLLMENT_ROLES = {word: word for word in ("student", "teacher", "proctor", "administrator")}
"""Our role in a class -> theirs; others are private words of ours."""

RACES = (
    *("americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican"),
    *("nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces"),
)
HISPANIC = "hispanicOrLatinoEthnicity"

_HIGHER_GRADES = {
    **{fold(word): word for word in ("14", "PS1", "PS2", "PS3", "PS4", "undergraduate", "graduate", "postgraduate")},
    **{fold(word): word for word in ("alumni", "adultEducation")},
}


def _word(words: Mapping[str, str], *, private: bool) -> Reader:
    def read(spelling: str) -> Said:
        word = words.get(fold(spelling))
        if word:
            return Said(word)
        return (
            Said(f"ext:{spelling}") if private else Said(None, "word-dropped", ", ".join(sorted(set(words.values()))))
        )

    return read


read_org_type = _word(_ORG_TYPES_READ, private=True)
read_role = _word(ROLES_READ, private=True)
read_session_type = _word(_SESSION_TYPES_READ, private=True)
read_sex = _word(_SEX_READ, private=False)


def read_enrollment_role(spelling: str) -> Said:
    """A role in a class: students, teachers, administrators and proctors; all others are private words."""
    role = ROLES_READ.get(fold(spelling))
    if role in {"student", "teacher", "proctor"}:
        return Said(role)
    if role in {"principal", "siteAdministrator", "districtAdministrator", "systemAdministrator"}:
        return Said("administrator")
    return Said(f"ext:{role or spelling}")


def read_relationship(spelling: str) -> Said:
    """What somebody is to a student: parent, guardian or relative, or a private word."""
    word = fold(spelling)
    return Said(word if word in FAMILY else f"ext:{spelling}")


def read_grades(spelling: str) -> Said:
    """Grades as CEDS codes; a missing leading zero is forgiven, as School Data Sync does."""
    items = [part.strip() for part in spelling.split(",") if part.strip()]
    told = [_grade(item) for item in items]
    text = ",".join(grade or item for grade, item in zip(told, items, strict=True))
    return Said(text or None, None if all(told) else "grade-unknown")


def _grade(item: str) -> str | None:
    by_case = {code.casefold(): code for code in GRADES_1P1}
    return by_case.get(item.casefold()) or GRADE_SPELLINGS.get(item.casefold()) or _HIGHER_GRADES.get(fold(item))


def read_truth(spelling: str) -> Said:
    """True or false in any case."""
    word = spelling.casefold()
    return Said(word) if word in {"true", "false"} else Said(None, "word-dropped", "true, false")
