"""Words that people write in a template, as those of the tables."""

import re

from firstbell.engine.formats.clever.words import read_grade
from firstbell.engine.values import Said
from firstbell.engine.vocabulary import VOCABULARIES, fold

ROLES: dict[str, str] = {
    "Teacher": "teacher",
    "Principal": "principal",
    "School administrator": "siteAdministrator",
    "District administrator": "districtAdministrator",
    "Counselor": "counselor",
    "Aide": "aide",
}
"""What the drop-down offers -> the role."""
_ROLES_READ = {
    **{fold(word): role for word, role in ROLES.items()},
    "administrator": "siteAdministrator",
    "admin": "siteAdministrator",
    "buildingadministrator": "siteAdministrator",
    "coteacher": "teacher",
    "educator": "teacher",
}
ENROLLED_AS = {"teacher": "teacher", "student": "student", "aide": "ext:aide", "counselor": "ext:counselor"}
"""Role in a school -> role in a class; every other is an administrator of the class."""
OTHERWISE_ENROLLED = "administrator"

GRADES: dict[str, str] = {
    "PK": "PK",
    "TK": "TK",
    "K": "KG",
    **{str(grade): f"{grade:02d}" for grade in range(1, 14)},
    "Other": "Other",
}
"""How a grade is written in a template -> its code."""
_GRADE = re.compile(r"(?:grade|gr\.?)?\s*(\d{1,2})(?:st|nd|rd|th)?(?:\s*grade)?", re.IGNORECASE | re.ASCII)


def read_grades(spelling: str) -> Said:
    """Grades as ``K``, ``3`` or ``3rd grade``, several between semicolons; an unknown one stays and is told."""
    items = [item.strip() for item in re.split(r"[;,]", spelling) if item.strip()]
    said = [_read_grade(item) for item in items]
    text = ",".join(one.text or "" for one in said)
    return Said(text or None, next((one.code for one in said if one.code), None))


def _read_grade(spelling: str) -> Said:
    plain = _GRADE.fullmatch(spelling)
    return read_grade(str(int(plain.group(1)))) if plain else read_grade(spelling)


def read_role(spelling: str) -> Said:
    """A role of the staff. A word that nobody knows gives no role, for it may be one with more rights."""
    folded = fold(spelling)
    role = _ROLES_READ.get(folded) or VOCABULARIES["userRole"].canonical(spelling)
    if role is None or role.startswith("ext:") or role in {"student", "parent", "guardian", "relative"}:
        return Said(None, "word-unknown", ", ".join(ROLES))
    return Said(role)


def read_org_type(spelling: str) -> Said:
    """School or district."""
    word = VOCABULARIES["orgType"].canonical(spelling)
    return Said(word) if word else Said(None, "word-dropped", "school, district")


def read_yes(spelling: str) -> Said:
    """Yes or no."""
    word = VOCABULARIES["boolean"].canonical(spelling)
    return Said(word) if word else Said(None, "word-dropped", "Yes, No")
