"""Why a run waits for a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a run waits. ``says`` is the sentence people read; ``removals`` is true where only removals have to wait."""

    code: str
    says: str
    table: str
    school: int | None = None
    count: int = 0
    known: int = 0
    removals: bool = False
