"""What a grant can say: its bounds, the fields that it hides, and the three presets that most districts choose from."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

FAMILY: Final = ("guardian", "parent", "relative")
"""They are shown with the children whose relatives they are, and only with them."""


class Preset(StrEnum):
    """What a program is told of the people that it may know."""

    FULL = "full"
    CLASSROOM = "classroom"
    ANONYMOUS = "anonymous"


MEANINGS: Final = {
    Preset.FULL: "Everything that the roster says",
    Preset.CLASSROOM: "Students and teachers with their classes, by name, username and e-mail",
    Preset.ANONYMOUS: "Students and teachers with their classes, nameless, by ids that no other program knows",
}
HIDEABLE: Final = {
    "users.email": "E-mail",
    "users.identifier": "The number that people know, often the student number",
    "users.userIds": "Ids in other systems",
    "users.userMasterIdentifier": "The id across systems",
    "users.middleName": "Middle names",
    "users.preferredFirstName": "Preferred first name",
    "users.preferredMiddleName": "Preferred middle name",
    "users.preferredLastName": "Preferred last name",
    "users.pronouns": "Pronouns",
    "users.sms": "Number for text messages",
    "users.phone": "Telephone number",
    "users.grades": "Grade",
    "users.agents": "Relatives",
    "users.userProfiles": "Log-ins in other systems",
    "users.metadata": "Other columns of the district’s own about people",
    "classes.location": "Rooms of classes",
    "classes.metadata": "Other columns of the district’s own about classes",
    "enrollments.metadata": "Other columns of the district’s own about enrollments",
    "demographics": "What families reported: birth date, sex, origin",
}
"""Members of records that the standard lets us leave out, and what people call them."""
_OF_A_PERSON: Final = frozenset(
    {
        "users.identifier",
        "users.userIds",
        "users.userMasterIdentifier",
        "users.middleName",
        "users.pronouns",
        "users.sms",
        "users.phone",
        "users.agents",
        "users.userProfiles",
        "users.metadata",
        "enrollments.metadata",
        "demographics",
    }
)
HIDDEN: Final[dict[Preset, frozenset[str]]] = {
    Preset.FULL: frozenset(),
    Preset.CLASSROOM: _OF_A_PERSON,
    Preset.ANONYMOUS: _OF_A_PERSON
    | {name for name in HIDEABLE if name.startswith(("users.preferred", "classes."))}
    | {"users.email", "classes.classCode", "courses.metadata", "orgs.metadata", "academicSessions.metadata"},
}
"""What each preset hides at least. The names of the nameless are made of their pseudonyms: the standard wants one."""
ROLES: Final[dict[Preset, tuple[str, ...] | None]] = {
    Preset.FULL: None,
    Preset.CLASSROOM: ("aide", "student", "teacher"),
    Preset.ANONYMOUS: ("aide", "student", "teacher"),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What of a roster is shown: schools and terms (row ids, with what is below them), grades, roles. None is all."""

    schools: tuple[int, ...] | None = None
    grades: tuple[str, ...] | None = None
    terms: tuple[int, ...] | None = None
    roles: tuple[str, ...] | None = None
    demographics: bool = True
    is_anonymous: bool = False

    @property
    def are_none(self) -> bool:
        """Whether every record is shown, under its own id."""
        limits = (self.schools, self.grades, self.terms, self.roles)
        return limits == (None, None, None, None) and not self.is_anonymous


@dataclass(frozen=True, slots=True)
class Wish:
    """A grant as somebody wants it."""

    preset: Preset = Preset.FULL
    schools: tuple[int, ...] | None = None
    grades: tuple[str, ...] | None = None
    terms: tuple[int, ...] | None = None
    roles: tuple[str, ...] | None = None
    hidden: frozenset[str] = field(default_factory=frozenset)
    begins: dt.date | None = None
    ends: dt.date | None = None
    agreement: str = ""

    @property
    def all_hidden(self) -> frozenset[str]:
        """What it hides, with what its preset does."""
        return self.hidden | HIDDEN[self.preset]

    @property
    def bounds(self) -> Bounds:
        """Whom and what it shows."""
        most = ROLES[self.preset]
        roles = self.roles if most is None or self.roles is None else tuple(r for r in self.roles if r in most)
        return Bounds(
            self.schools,
            self.grades,
            self.terms,
            most if roles is None else roles,
            demographics="demographics" not in self.all_hidden,
            is_anonymous=self.preset is Preset.ANONYMOUS,
        )
