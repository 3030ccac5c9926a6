"""What a canonical table and a column of it are."""

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What a cell of a column holds."""

    ID = "id"
    STRING = "string"
    EMAIL = "email"
    DATE = "date"
    YEAR = "year"
    BOOLEAN = "boolean"
    ENUM = "enum"
    STRINGS = "strings"
    GRADES = "grades"
    USER_IDS = "userIds"
    REF = "ref"
    REFS = "refs"
    METADATA = "metadata"


LIST_KINDS = frozenset({Kind.STRINGS, Kind.GRADES, Kind.USER_IDS, Kind.REFS})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    ``required`` is the specification's word. ``default`` is what a blank safely means, so that a blank in a required
    column is a warning and not an error; ``tolerated`` says the same without a value to put there.
    ``since`` is the version of the tables that brought the column (see ``TABLES_VERSION``).
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    vocabulary: str | None = None
    target: str | None = None
    default: str | None = None
    tolerated: bool = False
    secret: bool = False
    since: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: its name in OneRoster, its columns, and how people call its rows.

    ``identity`` lists sets of columns that tell whether two rows mean the same thing although their ids differ, the
    surest first. They only ever propose.
    """

    name: str
    noun: str
    nouns: str
    columns: tuple[Column, ...]
    identity: tuple[tuple[str, ...], ...] = ()

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def content(self) -> tuple[Column, ...]:
        """The columns that make up a row's content: all but its id and secrets."""
        return tuple(column for column in self.columns if column.name != "sourcedId" and not column.secret)

    @property
    def references(self) -> tuple[Column, ...]:
        """The columns that point to other rows."""
        return tuple(column for column in self.columns if column.target)


ID = Column("sourcedId", Kind.ID, "the source's own identifier of the row", required=True)
METADATA = Column("metadata", Kind.METADATA, "extension columns, kept as they came")
