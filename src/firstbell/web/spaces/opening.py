"""Opening a space: the district, ready to begin where it is one school, and the invitation of who asked."""

from django.db import transaction
from django.utils import timezone

from firstbell.domain.accounts.inviting import Invited
from firstbell.domain.accounts.models import SpaceRequest
from firstbell.domain.accounts.spaces import district_of, open_space
from firstbell.domain.audit.actor import Actor
from firstbell.domain.roster.editing.beginning import begin_with_one_school
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.web.words import grades_in_words


@transaction.atomic
def open_and_prepare(asked: SpaceRequest, *, by: Actor) -> Invited:
    """All of it or nothing. Raises AnsweredAlready, BadDistrict."""
    invited = open_space(asked, by=by)
    if asked.is_one_school:
        homerooms = {grade: homeroom_in_words(grade) for grade in asked.grades}
        district = district_of(invited)
        with timezone.override(district.time_zone):
            today = timezone.localdate()
        begin_with_one_school(district, asked.name, homerooms, today=today, by=Editor(by, WHOLE_DISTRICT))
    return invited


def homeroom_in_words(grade: str) -> str:
    """ "Homeroom 3", "Homeroom Kindergarten"."""
    return f"Homeroom {grades_in_words([grade])}"


def beginning_in_words(asked: SpaceRequest) -> str:
    """What is there when the space opens."""
    if not asked.is_one_school:
        return "nothing: a district adds its schools"
    first, last = (grades_in_words([grade]) for grade in (asked.grades[0], asked.grades[-1]))
    return f"one school, a school year, and a homeroom for each grade from {first} to {last}"
