"""The guide to a new school year, with the roster of the last one."""

from collections.abc import Sequence
from typing import Final

from firstbell.domain.accounts.permissions import Permission as May
from firstbell.domain.roster.queries.readiness import Lack
from firstbell.web.guides.facts import Facts
from firstbell.web.guides.first_roster import gaps_of
from firstbell.web.guides.guide import Doorway, Gap, Guide, Step


def _term(facts: Facts) -> Sequence[Gap]:
    return [] if facts.new_terms else [Gap("No term goes on for more than half a year from now")]


def _moved_up(facts: Facts) -> Sequence[Gap]:
    return [] if facts.is_year_begun else [Gap("Grades have not moved up in the last half year")]


def _classes(facts: Facts) -> Sequence[Gap]:
    if not facts.is_year_begun:
        return [Gap("It comes after the grades moved up")]
    return gaps_of(facts, Lack.CLASS, Lack.STUDENTS, Lack.TEACHER)


def _cards(facts: Facts) -> Sequence[Gap]:
    if not facts.is_year_begun:
        return [Gap("It comes after the grades moved up")]
    return gaps_of(facts, Lack.SIGN_IN, Lack.CARD, Lack.TEACHER_SIGN_IN)


NEW_SCHOOL_YEAR: Final = Guide(
    "new-school-year",
    "A new school year",
    "For a school that keeps its roster itself: the people of last year, a grade higher, in new classes, with the "
    "log-ins that they know.",
    (
        Step(
            "Add the new term",
            "Classes of the new year are held in a term of the new year. The old one stays as it is.",
            ("Add the school year with its first day and the first day after it.",),
            (
                Doorway("Add a term", "term_add", May.EDIT_ROSTER, in_every_school=True),
                Doorway("Look at the terms", "terms", May.VIEW_ROSTER),
            ),
            _term,
        ),
        Step(
            "Move the grades up",
            "One page moves all grades up, takes leavers off the roster and empties the classes. Accounts stay.",
            (
                "Say of each grade whether it moves up, stays, leaves, or goes on at another school.",
                "Look at what will happen, by grade and in all.",
                "Begin the new year. It is one act, and can be undone as a whole.",
            ),
            (Doorway("Move the grades up", "school_year", May.EDIT_ROSTER),),
            _moved_up,
        ),
        Step(
            "Fill the classes",
            "Add who is new, then put everybody into a class.",
            (
                "Add new students and teachers one by one, or upload a list.",
                "In the list of people, filter by grade, choose all, and “Add to a class”.",
            ),
            (
                Doorway("Choose students", "people", May.EDIT_ROSTER),
                Doorway("Add a person", "person_add", May.EDIT_ROSTER),
                Doorway("Use a list", "lists", May.EDIT_ROSTER, in_every_school=True),
            ),
            _classes,
        ),
        Step(
            "Hand out cards to who is new",
            "Everybody else keeps the card, the password and the badge that they have.",
            (
                "Print the cards of those who have none. The page of the first bell lists them.",
                "A new password ends the old one, so print passwords only for those who need them.",
            ),
            (
                Doorway("Ready for the first bell", "ready", May.VIEW_ROSTER),
                Doorway("Print cards of a class", "classes", May.SET_CREDENTIALS),
                Doorway("Invite teachers", "members", May.MANAGE_MEMBERSHIPS),
            ),
            _cards,
        ),
    ),
)
