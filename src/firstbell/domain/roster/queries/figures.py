"""The roster in figures: how many students, teachers and classes."""

from dataclasses import dataclass

from django.db.models import Count, Q

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import TallyOf
from firstbell.domain.roster.queries.scope import Scope, classes_in, roles_in
from firstbell.domain.roster.queries.tallies import find_tally


@dataclass(frozen=True, slots=True)
class Figures:
    """People counted once, whatever the number of their roles."""

    students: int
    teachers: int
    classes: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody and nothing is on the roster."""
        return not (self.students or self.teachers or self.classes)


def count_roster(district: District, scope: Scope) -> Figures:
    """Students, teachers and classes of the scope."""
    classes = find_tally(district, scope, TallyOf.CLASSES)
    if classes is not None:
        students, teachers = (
            find_tally(district, scope, TallyOf.PEOPLE, second=role) or 0 for role in ("student", "teacher")
        )
        return Figures(students, teachers, classes)
    people = roles_in(district, scope).aggregate(
        students=Count("user_id", filter=Q(role="student"), distinct=True),
        teachers=Count("user_id", filter=Q(role="teacher"), distinct=True),
    )
    return Figures(people["students"], people["teachers"], classes_in(district, scope).count())
