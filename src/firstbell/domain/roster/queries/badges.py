"""Who has a badge that opens: people by name, in pieces."""

from dataclasses import dataclass
from datetime import datetime

from firstbell.domain.accounts.models import Badge
from firstbell.domain.districts.models import District
from firstbell.domain.roster.queries.keyset import Piece, Place, take
from firstbell.domain.roster.queries.people import NAMES, SEARCHED, PersonLine, lines_of
from firstbell.domain.roster.queries.scope import Scope, people_in
from firstbell.domain.roster.queries.searching import begins_with


@dataclass(frozen=True, slots=True)
class BadgeLine:
    """A badge and whose it is."""

    id: int
    """The person's row."""
    person: PersonLine
    made_at: datetime


def list_badges(district: District, scope: Scope, words: str, place: Place, *, limit: int = 50) -> Piece[BadgeLine]:
    """A piece of the badges that open, by the names of their people."""
    made = Badge.objects.filter(district=district, voided_at=None)
    everyone = people_in(district, scope)
    wanted = everyone.filter(begins_with(SEARCHED, words, names=NAMES), id__in=made.values("user_id"))
    piece = take(wanted, (*NAMES, "id"), place, limit, landmarks=everyone)
    dates = dict(made.filter(user_id__in=[person.id for person in piece.rows]).values_list("user_id", "made_at"))
    return piece.each(
        lambda people: [BadgeLine(line.id, line, dates[line.id]) for line in lines_of(district, people, removed=False)]
    )


def with_badges(district: District, person_ids: list[int]) -> set[int]:
    """Those of these people who have a badge that opens."""
    made = Badge.objects.filter(district=district, voided_at=None, user_id__in=person_ids)
    return set(made.values_list("user_id", flat=True))
