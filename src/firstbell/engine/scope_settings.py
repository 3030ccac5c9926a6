"""What a sharing scope may say, and whether it can be used."""

from collections.abc import Iterable, Mapping

from firstbell.engine.leaving_out import LONGEST, MOST, BadPattern
from firstbell.engine.tables import DEMOGRAPHICS, TABLES, Kind
from firstbell.engine.vocabulary import GRADES_1P1, VOCABULARIES

ORG_NAMES = ("sourcedId", "identifier", "name")
SESSION_NAMES = ("sourcedId", "title", "schoolYear")
NO_GRADE = "none"
"""Stands among grades for students without one."""
PARTS = ("schools", "terms", "grades", "roles", "fields")
WHOLE_TABLES = {DEMOGRAPHICS.name: "Demographics", "userProfiles": "Log-ins in other systems"}
_LABELS = {
    "username": "Username",
    "userIds": "Ids in other systems",
    "middleName": "Middle names",
    "identifier": "Student and staff numbers",
    "email": "E-mail addresses",
    "sms": "Numbers for text messages",
    "phone": "Telephone numbers",
    "agentSourcedIds": "Who belongs to whom (families)",
    "userMasterIdentifier": "Id across systems",
    "preferredGivenName": "Preferred first names",
    "preferredMiddleName": "Preferred middle names",
    "preferredFamilyName": "Preferred last names",
    "pronouns": "Pronouns",
    "metadata": "Extension columns",
}


def _fields() -> dict[str, str]:
    may_be_blank = [
        column
        for column in TABLES["users"].content
        if (not column.required or column.tolerated) and column.kind not in {Kind.REF, Kind.GRADES}
    ]
    return {f"users.{column.name}": _LABELS[column.name] for column in may_be_blank} | WHOLE_TABLES


FIELDS: dict[str, str] = _fields()
"""What of people may be not wanted: ``users.email`` and its label."""
GRADES: tuple[str, ...] = (*GRADES_1P1, NO_GRADE)
ROLES: tuple[str, ...] = VOCABULARIES["userRole"].all_words
_WORDS: dict[str, frozenset[str]] = {"roles": frozenset(ROLES), "fields": frozenset(FIELDS)}


def ensure_good_scope(scope: Mapping[str, Iterable[str]]) -> None:
    """Raises BadPattern for a scope (part -> words or lines; a part without any takes all) that cannot be used."""
    for part, lines in scope.items():
        said = list(lines)
        if part not in PARTS:
            raise BadPattern(f"A scope has no part {part}; it has {', '.join(PARTS)}.")
        if len(said) > MOST:
            raise BadPattern(f"{part}: at most {MOST} lines.")
        for line in said:
            if len(line) > LONGEST:
                raise BadPattern(f"{part}: “{line[:40]}...” is longer than {LONGEST} characters.")
            if not line.strip():
                raise BadPattern(f"{part}: a line is blank.")
            if part in _WORDS and line not in _WORDS[part]:
                raise BadPattern(f"{part}: nothing is called {line}. There is {', '.join(sorted(_WORDS[part]))}.")
