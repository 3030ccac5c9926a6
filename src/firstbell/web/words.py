"""OneRoster's words as people say them."""

import re
from collections.abc import Iterable
from typing import Final

MOST_COUNTED: Final = 10_000
"""What a search finds is counted so far: more is more than anybody reads, and takes long to count."""
SAID: Final = {"aide": "Teacher’s aide", "siteAdministrator": "School administrator"}
GRADES: Final = {
    "IT": "Infant/toddler",
    "PR": "Preschool",
    "PK": "Pre-K",
    "TK": "Transitional kindergarten",
    "KG": "Kindergarten",
    "PS": "Postsecondary",
    "UG": "Ungraded",
}


def in_words(word: str) -> str:
    """``districtAdministrator`` is "District administrator", ``ext:coach`` is "Coach"."""
    plain = SAID.get(word) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word.removeprefix("ext:")).lower()
    return plain[:1].upper() + plain[1:]


def roles_in_words(roles: Iterable[str]) -> str:
    """Several roles: "Teacher, counselor"."""
    said = ", ".join(in_words(role).lower() for role in roles)
    return said[:1].upper() + said[1:]


def grades_in_words(grades: Iterable[str]) -> str:
    """Grades without their zeros: "7", "Kindergarten, 1"."""
    return ", ".join(GRADES.get(grade, grade.lstrip("0") or grade) for grade in grades)


def count_in_words(count: int, one: str, several: str) -> str:
    """ "1 person", "12,408 people"."""
    return f"{count:,} {one if count == 1 else several}"


def count_up_to(count: int, one: str, several: str) -> str:
    """The same for a count that ends at ``MOST_COUNTED``: "more than 10,000 people"."""
    return f"more than {MOST_COUNTED:,} {several}" if count == MOST_COUNTED + 1 else count_in_words(count, one, several)


def field_in_words(column: str) -> str:
    """A column of OneRoster: ``givenName`` is "Given name", ``primaryOrgSourcedId`` is "Primary org"."""
    return in_words(re.sub("SourcedIds?$", "", column))
