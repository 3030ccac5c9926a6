"""What went from one row to another when they were merged, beside fields: kept with the merge for undoing it."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class MovedRecord:
    """What a source calls a row: where it led before, and its hash before and after."""

    source: int
    kind: int
    key: str
    row: int
    led_to: int
    high: int | None
    low: int | None
    present: bool
    blanked: bool
    """Whether the hash was taken away, so that the next file is compared field by field."""


@dataclass(slots=True)
class MovedOwner:
    """A row that another source owns since."""

    table: str
    row: int
    before: int | None
    after: int | None


@dataclass(slots=True)
class Moved:
    """All of it."""

    records: list[MovedRecord] = field(default_factory=list)
    owners: list[MovedOwner] = field(default_factory=list)
    kept_fields: list[str] = field(default_factory=list)
    exchanged: bool = False
    """Whether username and badges of the two were exchanged."""
    memberships: list[int] = field(default_factory=list)
    invitations: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        return asdict(self)


def read_moved(kept: dict[str, Any]) -> Moved:
    """As it was kept."""
    whole = {**kept, "records": [MovedRecord(**one) for one in kept["records"]]}
    return Moved(**{**whole, "owners": [MovedOwner(**one) for one in kept["owners"]]})
