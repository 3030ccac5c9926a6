"""What a guide is: steps, each with where it is done and whether it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from firstbell.domain.accounts.permissions import Permission
from firstbell.web.guides.facts import Facts


@dataclass(frozen=True, slots=True)
class Doorway:
    """A page where a step is done: its address' name, and who may go there (in every school, or in their own)."""

    label: str
    page: str
    permission: Permission
    in_every_school: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing: "3 classes have no teacher"; ``room`` and ``query`` are where those are listed."""

    says: str
    room: str = ""
    query: str = ""


type Judge = Callable[[Facts], Sequence[Gap]]
"""What a step still misses. A step that misses nothing is done."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step."""

    title: str
    says: str
    how: Sequence[str]
    doorways: Sequence[Doorway]
    missing: Judge


@dataclass(frozen=True, slots=True)
class Guide:
    """Steps in the order in which they are done."""

    code: str
    title: str
    lead: str
    steps: Sequence[Step]
