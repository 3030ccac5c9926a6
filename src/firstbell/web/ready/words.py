"""What somebody lacks, as people say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from firstbell.domain.roster.queries.readiness import Lack


@dataclass(frozen=True, slots=True)
class LackWords:
    """A label for a column or a choice, and the words behind a count: "3 classes have no teacher"."""

    label: str
    one: str
    several: str
    room: str
    """The list that shows who it is: people or classes."""


LACKS: Final[dict[Lack, LackWords]] = {
    Lack.CLASS: LackWords("No class", "student has no class", "students have no class", "people"),
    Lack.TEACHER: LackWords("Classes, no teacher", "class has no teacher", "classes have no teacher", "classes"),
    Lack.STUDENTS: LackWords("Classes, no students", "class has no students", "classes have no students", "classes"),
    Lack.SIGN_IN: LackWords(
        "No way to sign in", "student has no way to sign in", "students have no way to sign in", "people"
    ),
    Lack.TEACHER_SIGN_IN: LackWords(
        "Teachers, no way to sign in", "teacher has no way to sign in", "teachers have no way to sign in", "people"
    ),
    Lack.CARD: LackWords(
        "Card not printed", "student’s card is not printed", "students’ cards are not printed", "people"
    ),
    Lack.VISIT: LackWords("Never signed in", "student never signed in", "students never signed in", "people"),
}
"""In the order in which they are told."""


def lack_in(text: str, known: Iterable[Lack]) -> Lack | None:
    """What an address names, or None for anything else that somebody typed."""
    return next((lack for lack in known if lack.value == text), None)


def lacks_in_words(lack: Lack, count: int) -> str:
    """ "3 classes have no teacher"."""
    words = LACKS[lack]
    return f"{count:,} {words.one if count == 1 else words.several}"
