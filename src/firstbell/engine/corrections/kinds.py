"""What can be declared about the files of one source. Each kind is a value that says itself in a sentence.

``file`` is the name of a file as the format calls it (``users.csv``) or as the district does; ``column`` the name of a
column as the format calls it, except where a kind says that it is the district's own. Renames come first, whatever the
order in which they were declared: so every other kind sees the format's names.
"""

import re
from dataclasses import dataclass, field

from firstbell.engine.tables import TABLES

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
"""A column's name in a template."""

LAST_FIRST = "last, first"
FIRST_LAST = "first last"
NAME_ORDERS = (LAST_FIRST, FIRST_LAST)
"""How one cell can hold two names: parted by the first comma, or by the last blank."""

_MIDNIGHT = "(?:[ T]0?0:00(?::00)?| 12:00(?::00)? AM)?$"
"""Spreadsheets write the time of day behind a date."""

DATE_FORMS: dict[str, str] = {
    "D/M/YYYY": "^(?<d>[0-9]{1,2})/(?<m>[0-9]{1,2})/(?<y>[0-9]{4})" + _MIDNIGHT,
    "M/D/YYYY": "^(?<m>[0-9]{1,2})/(?<d>[0-9]{1,2})/(?<y>[0-9]{4})" + _MIDNIGHT,
    "YYYY/M/D": "^(?<y>[0-9]{4})/(?<m>[0-9]{1,2})/(?<d>[0-9]{1,2})" + _MIDNIGHT,
    "D-M-YYYY": "^(?<d>[0-9]{1,2})-(?<m>[0-9]{1,2})-(?<y>[0-9]{4})" + _MIDNIGHT,
    "M-D-YYYY": "^(?<m>[0-9]{1,2})-(?<d>[0-9]{1,2})-(?<y>[0-9]{4})" + _MIDNIGHT,
    "D.M.YYYY": r"^(?<d>[0-9]{1,2})\.(?<m>[0-9]{1,2})\.(?<y>[0-9]{4})" + _MIDNIGHT,
    "YYYYMMDD": "^(?<y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2})$",
}
"""Forms that a date can be declared to have, with the places of day, month and year."""


@dataclass(frozen=True, slots=True)
class RenameFile:
    """A file that the district calls ``file`` (``*`` stands for anything, such as a date) is the format's ``to``."""

    file: str
    to: str

    def __str__(self) -> str:
        return f"The file {self.file} is read as {self.to}."


@dataclass(frozen=True, slots=True)
class RenameColumn:
    """The column that the district calls ``column`` is the format's ``to``."""

    file: str
    column: str
    to: str

    def __str__(self) -> str:
        return f"In {self.file}, the column {self.column} is read as {self.to}."


@dataclass(frozen=True, slots=True)
class PadIds:
    """The sourcedIds of a table, and every reference to them in any file, get zeros in front up to ``width`` digits."""

    table: str
    width: int

    def __str__(self) -> str:
        return f"Ids of {TABLES[self.table].nouns}, wherever they stand, get zeros in front up to {self.width} digits."


@dataclass(frozen=True, slots=True)
class PadColumn:
    """The numbers in one column get zeros in front up to ``width`` digits."""

    file: str
    column: str
    width: int

    def __str__(self) -> str:
        return f"In {self.file}, numbers in {self.column} get zeros in front up to {self.width} digits."


@dataclass(frozen=True, slots=True)
class SplitName:
    """One column of whole names becomes ``given`` and ``family``; names that stand in those columns already stay."""

    file: str
    column: str
    order: str
    given: str = "givenName"
    family: str = "familyName"

    def __str__(self) -> str:
        return f"In {self.file}, {self.column} ({self.order}) is split into {self.given} and {self.family}."


@dataclass(frozen=True, slots=True)
class FillBlanks:
    """Where the column is blank or missing, it says ``value``."""

    file: str
    column: str
    value: str

    def __str__(self) -> str:
        return f"In {self.file}, {self.column} is {self.value} where it is blank or missing."


@dataclass(frozen=True, slots=True)
class ReplaceValues:
    """Cells of the column (or items of a list in it) that are one value, to the letter, become another."""

    file: str
    column: str
    values: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        pairs = ", ".join(f"{before} becomes {after or 'blank'}" for before, after in self.values)
        return f"In {self.file}, in {self.column}: {pairs}."


@dataclass(frozen=True, slots=True)
class DateForm:
    """Dates are written in this form: those of one column, or (both names blank) of every column of dates."""

    form: str
    file: str = ""
    column: str = ""

    def __str__(self) -> str:
        return f"In {self.file}, dates in {self.column} are {self.form}." if self.column else f"Dates are {self.form}."


@dataclass(frozen=True, slots=True)
class JoinText:
    """Where the column is blank or missing, it is made of others: ``{username}@school.org``.

    A template that names its own column completes what stands there, once.
    """

    file: str
    column: str
    template: str

    def __str__(self) -> str:
        return f"In {self.file}, {self.column} is made as {self.template}."

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that it is made of."""
        return tuple(PLACEHOLDER.findall(self.template))


type Correction = (
    RenameFile | RenameColumn | PadIds | PadColumn | SplitName | FillBlanks | ReplaceValues | DateForm | JoinText
)

KINDS: dict[str, type[Correction]] = {
    "rename-file": RenameFile,
    "rename-column": RenameColumn,
    "split-name": SplitName,
    "replace-values": ReplaceValues,
    "date-form": DateForm,
    "pad-ids": PadIds,
    "pad-column": PadColumn,
    "fill-blanks": FillBlanks,
    "join-text": JoinText,
}
"""The kinds by the word that settings use, in the order in which they are applied."""

WORDS: dict[type[Correction], str] = {kind: word for word, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of one source, in the order in which they were declared."""

    declared: tuple[Correction, ...] = field(default_factory=tuple)

    def __bool__(self) -> bool:
        return bool(self.declared)

    @property
    def in_order(self) -> tuple[Correction, ...]:
        """As they are applied: by kind, and within a kind as declared."""
        order = list(WORDS)
        return tuple(sorted(self.declared, key=lambda correction: order.index(type(correction))))


NONE = Corrections()
"""The files are taken as they come."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a correction did to a column of a file: how many cells it touched; ``detail`` in words for the finding."""

    correction: Correction
    file: str
    column: str
    cells: int
    detail: str = ""
