"""A dialect's files and columns as data: what a format says in its ``layouts.py``."""

from dataclasses import dataclass

from firstbell.engine.tables import Column, Kind
from firstbell.engine.values import Reader
from firstbell.engine.vocabulary import fold

METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a file: its published name, and what becomes of it.

    ``to`` is ``table.column``; ``table.metadata`` keeps the cell as it came, under the column's name. ``reader`` reads
    the format's own way of writing, without a finding. ``spelled`` keeps the cell as it came beside the canonical one,
    as ``spelled.<name>``. ``required`` columns have to be there and filled in; ``expected`` ones have to be there.
    ``also`` are other names under which the column is as good.
    """

    name: str
    to: str
    kind: Kind = Kind.STRING
    required: bool = False
    expected: bool = False
    secret: bool = False
    reader: Reader | None = None
    spelled: bool = False
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The published name and the others, folded."""
        return tuple(fold(name) for name in (self.name, *self.also))

    @property
    def column(self) -> Column:
        """The column as ``values.canonical_column`` knows it."""
        return Column(self.name, self.kind, self.to, required=self.required, secret=self.secret)

    @property
    def table(self) -> str:
        return self.to.partition(".")[0]

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables that have something of it."""
        return tuple(target.partition(".")[0] for target in self.to.split())

    @property
    def is_metadata(self) -> bool:
        return self.to.endswith(f".{METADATA}")


@dataclass(frozen=True, slots=True)
class FileLayout:
    """One CSV file: its name without ``.csv``, its columns, and the tables that are made of it.

    ``known_by`` are the columns that tell the file from others; ``named`` files cannot be told by their header alone.
    Columns that the format does not have are kept as metadata of ``extends``.

    ``hand_made`` files are filled in by people: their names, and the case of their columns, are as good in any way, and
    columns of their own are told and left out. ``other_names`` are those by which such a file goes as well.
    """

    file: str
    fields: tuple[Field, ...]
    known_by: tuple[str, ...]
    tables: tuple[str, ...]
    extends: str
    key: str
    named: bool = False
    hand_made: bool = False
    other_names: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)
