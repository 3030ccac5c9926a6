"""What was chosen to be printed: for whom, what on each card, on which sheet."""

from dataclasses import dataclass
from enum import StrEnum

from django.http import QueryDict

from firstbell.web.cards.papers import PAPERS, Paper
from firstbell.web.listing import id_in

MOST = 500
"""So many cards at a time: a school's worth, and its passwords are hashed within half a minute."""


class Kind(StrEnum):
    """What stands on a card beside the name."""

    PASSWORDS = "passwords"
    BADGES = "badges"
    USERNAMES = "usernames"


KINDS = (
    (Kind.PASSWORDS, "Username and a new password", "The passwords they have now end when you print."),
    (Kind.BADGES, "A badge to scan", "For young children. Printing one again leaves the old card good."),
    (Kind.USERNAMES, "Username only", "Nothing changes: whoever has a password keeps it."),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One request to print."""

    kind: Kind
    paper: Paper
    person_ids: frozenset[int]
    is_sure: bool


def chosen_in(sent: QueryDict) -> Chosen:
    """What the form says; what makes no sense is the harmless choice."""
    kind = sent.get("kind", "")
    people = (id_in(text) for text in sent.getlist("person"))
    return Chosen(
        Kind(kind) if kind in set(Kind) else Kind.USERNAMES,
        PAPERS.get(sent.get("paper", ""), PAPERS["letter"]),
        frozenset(person for person in people if person),
        sent.get("then") == "print",
    )
