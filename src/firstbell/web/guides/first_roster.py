"""The guide to the first roster: from an empty school to cards in everybody's hands."""

from collections.abc import Sequence
from typing import Final

from firstbell.domain.accounts.permissions import Permission as May
from firstbell.domain.roster.queries.readiness import Lack
from firstbell.web.guides.facts import Facts
from firstbell.web.guides.guide import Doorway, Gap, Guide, Step
from firstbell.web.ready.words import LACKS, lacks_in_words


def gaps_of(facts: Facts, *lacks: Lack) -> list[Gap]:
    """What is lacking, each with the list of those who lack it."""
    counted = [(lack, facts.lacking(lack)) for lack in lacks]
    return [
        Gap(lacks_in_words(lack, count), LACKS[lack].room, f"lack={lack.value}") for lack, count in counted if count
    ]


def _place_and_time(facts: Facts) -> Sequence[Gap]:
    gaps = [] if facts.schools else [Gap("There is no school yet")]
    return gaps if facts.terms else [*gaps, Gap("There is no term that is not over yet")]


def _people(facts: Facts) -> Sequence[Gap]:
    gaps = [] if facts.teachers else [Gap("No teacher is on the roster yet")]
    return gaps if facts.students else [*gaps, Gap("No student is on the roster yet")]


def _classes(facts: Facts) -> Sequence[Gap]:
    return gaps_of(facts, Lack.TEACHER) if facts.classes else [Gap("There is no class yet")]


def _enrollments(facts: Facts) -> Sequence[Gap]:
    if not facts.students or not facts.classes:
        return [Gap("It takes students and classes first")]
    return gaps_of(facts, Lack.CLASS, Lack.STUDENTS)


def _cards(facts: Facts) -> Sequence[Gap]:
    return gaps_of(facts, Lack.CARD, Lack.TEACHER_SIGN_IN) if facts.students else [Gap("It takes students first")]


def _check(facts: Facts) -> Sequence[Gap]:
    if not facts.students:
        return [Gap("Nobody is there yet")]
    alone = [Gap("There is one administrator only")] if facts.administrators < 2 else []
    return [*gaps_of(facts, Lack.SIGN_IN, Lack.CLASS, Lack.TEACHER), *alone]


FIRST_ROSTER: Final = Guide(
    "first-roster",
    "The first roster",
    "From an empty school to cards in everybody’s hands. It takes an afternoon for a school of 30 students, and each "
    "step can be left and taken up again.",
    (
        Step(
            "Say where and when",
            "A roster begins with a school and a term. A whole school year is enough to begin with; semesters can be "
            "added when they are needed.",
            (
                "Add the school by its name. Its ID is only needed where other systems know it by one.",
                "Add a term with its first day and the first day after it.",
            ),
            (
                Doorway("Add a school", "school_add", May.EDIT_ROSTER, in_every_school=True),
                Doorway("Add a term", "term_add", May.EDIT_ROSTER, in_every_school=True),
            ),
            _place_and_time,
        ),
        Step(
            "Add the people",
            "Students and teachers, one after the other or all at once from a list.",
            (
                "A few people: add them one by one, with “Save and add another”.",
                "Many people: get a template, fill it in, upload it, look at what would happen, and start.",
                "Leave out what you do not have. A name, a role and a school are enough.",
            ),
            (
                Doorway("Add a person", "person_add", May.EDIT_ROSTER),
                Doorway("Use a list", "lists", May.EDIT_ROSTER, in_every_school=True),
                Doorway("Look at the people", "people", May.VIEW_ROSTER),
            ),
            _people,
        ),
        Step(
            "Add the classes",
            "A homeroom for each grade is a good beginning. Every class needs a teacher.",
            (
                "Add a class with its title, school and term.",
                "On the class’s page, add its teacher. Several can teach together; one is the main teacher.",
            ),
            (
                Doorway("Add a class", "class_add", May.EDIT_ROSTER),
                Doorway("Look at the classes", "classes", May.VIEW_ROSTER),
            ),
            _classes,
        ),
        Step(
            "Put students into classes",
            "Every student belongs in a class. One can be in several.",
            (
                "In the list of people, choose students and “Add to a class”.",
                "Or open a class and paste the names of those who are in it.",
            ),
            (
                Doorway("Choose students", "people", May.EDIT_ROSTER),
                Doorway("Paste a list of names", "list_names", May.EDIT_ROSTER, in_every_school=True),
            ),
            _enrollments,
        ),
        Step(
            "Hand out the cards",
            "A card says how a student signs in: with a username and a password, or by a badge to scan. Teachers "
            "sign in by e-mail, and are invited.",
            (
                "Print the cards of a class or of a school. A new password stands on its sheet only.",
                "Badges are for young children: the badge alone opens the child’s own page.",
                "Invite each teacher by e-mail, and say who they are on the roster.",
            ),
            (
                Doorway("Print cards of a school", "schools", May.SET_CREDENTIALS),
                Doorway("Print cards of a class", "classes", May.SET_CREDENTIALS),
                Doorway("Invite teachers", "members", May.MANAGE_MEMBERSHIPS),
            ),
            _cards,
        ),
        Step(
            "Check before the first bell",
            "One page tells, by school, who has no class, no teacher, no card or no way to sign in.",
            (
                "Look at the page and follow each number to those whom it counts.",
                "Have a second administrator: a space should never hang on one person.",
            ),
            (
                Doorway("Ready for the first bell", "ready", May.VIEW_ROSTER),
                Doorway("Invite a second administrator", "members", May.MANAGE_MEMBERSHIPS),
            ),
            _check,
        ),
    ),
)
