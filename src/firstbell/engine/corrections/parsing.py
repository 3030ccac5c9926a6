"""Corrections from settings (JSON: a list of objects with ``kind``) and back. A wrong one is named by its place.

No correction may show, copy or invent a password: a column that names one may only be renamed into one.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict

from firstbell.engine.corrections.kinds import (
    DATE_FORMS,
    KINDS,
    NAME_ORDERS,
    PLACEHOLDER,
    WORDS,
    Correction,
    Corrections,
    DateForm,
    FillBlanks,
    JoinText,
    PadColumn,
    PadIds,
    RenameColumn,
    RenameFile,
    ReplaceValues,
    SplitName,
)
from firstbell.engine.csvfile import names_a_secret
from firstbell.engine.tables import TABLES

MOST = 200
"""Corrections of one source; more is another format."""
MOST_VALUES = 1000
WIDEST = 50
LONGEST = 200
"""Characters of a name or value."""
UNTOUCHED = "manifest.csv"
"""It says what the package is; nothing may stand in its place."""


class BadCorrections(ValueError):
    """Settings that are no corrections; the text says which one, and what is wrong with it."""


class Fields:
    """The members of one object, taken one by one; what is wrong or left over is told with its place."""

    def __init__(self, place: str, members: Mapping[object, object]) -> None:
        self._place = place
        self._left = dict(members)

    def wrong(self, what: str) -> BadCorrections:
        """The error to raise."""
        return BadCorrections(f"{self._place}: {what}")

    def text(self, name: str, default: str | None = None) -> str:
        """A text without blanks around it, not empty unless it has a default."""
        return self._checked(name, self._left.pop(name, default), may_be_blank=default is not None)

    def _checked(self, name: str, value: object, *, may_be_blank: bool = False) -> str:
        if not isinstance(value, str) or len(value) > LONGEST:
            raise self.wrong(f"{name} has to be a text of at most {LONGEST} characters.")
        if not value.strip() and not may_be_blank:
            raise self.wrong(f"{name} is blank.")
        if not value.isprintable():
            raise self.wrong(f"{name} holds characters that cannot be seen.")
        return value.strip()

    def file(self, name: str = "file", default: str | None = None) -> str:
        """The name of a file without folders."""
        value = self.text(name, default)
        if "/" in value or "\\" in value:
            raise self.wrong(f"{name} is a file's name without folders.")
        if value.casefold() == UNTOUCHED:
            raise self.wrong(f"{UNTOUCHED} cannot be corrected.")
        return value

    def column(self, name: str = "column", default: str | None = None) -> str:
        """The name of a column that holds no passwords."""
        value = self.text(name, default)
        if names_a_secret(value):
            raise self.wrong(f"{value} names a password, which no correction may show, copy or make.")
        return value

    def width(self) -> int:
        """How many digits."""
        value = self._left.pop("width", None)
        if not isinstance(value, int) or isinstance(value, bool) or not 2 <= value <= WIDEST:
            raise self.wrong(f"width has to be a whole number from 2 to {WIDEST}.")
        return value

    def word(self, name: str, words: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self.text(name)
        if value not in words:
            raise self.wrong(f"{name} has to be one of: {'; '.join(words)}.")
        return value

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """An object of texts: what stands there, and what it means."""
        value = self._left.pop(name, None)
        if not isinstance(value, Mapping) or not 0 < len(value) <= MOST_VALUES:
            raise self.wrong(f"{name} has to name 1 to {MOST_VALUES:,} values and what each becomes.")
        return tuple(
            (
                self._checked("what is replaced", before),
                self._checked(f"what {before} becomes", after, may_be_blank=True),
            )
            for before, after in value.items()
        )

    def ensure_all_taken(self) -> None:
        """Raise for members that the kind does not have."""
        if self._left:
            raise self.wrong(f"it has no {next(iter(self._left))}.")


def parse(settings: object) -> Corrections:
    """Corrections from a list of objects. Raises BadCorrections."""
    if not isinstance(settings, list | tuple):
        raise BadCorrections("Corrections have to be a list.")
    if len(settings) > MOST:
        raise BadCorrections(f"A source has at most {MOST} corrections.")
    declared = tuple(parse_one(members, place=f"Correction {number}") for number, members in enumerate(settings, 1))
    _ensure_not_twice(declared)
    return Corrections(declared)


def parse_one(members: object, *, place: str = "Correction") -> Correction:
    """One correction from its object. Raises BadCorrections, with the place in its text."""
    if not isinstance(members, Mapping):
        raise BadCorrections(f"{place} has to be an object with a kind.")
    left = dict(members)
    kind = left.pop("kind", None)
    if not isinstance(kind, str) or kind not in _READERS:
        raise BadCorrections(f"{place}: kind has to be one of: {', '.join(KINDS)}.")
    fields = Fields(f"{place} ({kind})", left)
    correction = _READERS[kind](fields)
    fields.ensure_all_taken()
    return correction


def as_settings(corrections: Corrections) -> list[dict[str, object]]:
    """Corrections as ``parse`` reads them."""
    return [_members(correction) for correction in corrections.declared]


def _members(correction: Correction) -> dict[str, object]:
    members: dict[str, object] = {"kind": WORDS[type(correction)], **asdict(correction)}
    if isinstance(correction, ReplaceValues):
        members["values"] = dict(correction.values)
    return members


def _rename_file(fields: Fields) -> RenameFile:
    correction = RenameFile(fields.file(), fields.file("to"))
    if "*" in correction.to or correction.file == correction.to:
        raise fields.wrong("to has to be one other name.")
    return correction


def _rename_column(fields: Fields) -> RenameColumn:
    correction = RenameColumn(fields.file(), fields.text("column"), fields.text("to"))
    if names_a_secret(correction.column) and not names_a_secret(correction.to):
        raise fields.wrong(f"{correction.column} names a password, so it can only be read as one.")
    if correction.column == correction.to:
        raise fields.wrong(f"{correction.column} has that name already.")
    return correction


def _pad_ids(fields: Fields) -> PadIds:
    return PadIds(fields.word("table", tuple(TABLES)), fields.width())


def _pad_column(fields: Fields) -> PadColumn:
    return PadColumn(fields.file(), fields.column(), fields.width())


def _split_name(fields: Fields) -> SplitName:
    file, column, order = fields.file(), fields.column(), fields.word("order", NAME_ORDERS)
    split = SplitName(file, column, order, fields.column("given", "givenName"), fields.column("family", "familyName"))
    if len({split.column, split.given, split.family}) < 3 or not split.given or not split.family:
        raise fields.wrong("column, given and family have to be three different columns.")
    return split


def _fill_blanks(fields: Fields) -> FillBlanks:
    return FillBlanks(fields.file(), fields.column(), fields.text("value"))


def _replace_values(fields: Fields) -> ReplaceValues:
    return ReplaceValues(fields.file(), fields.column(), fields.pairs("values"))


def _date_form(fields: Fields) -> DateForm:
    correction = DateForm(fields.word("form", tuple(DATE_FORMS)), fields.file(default=""), fields.column(default=""))
    if bool(correction.file) != bool(correction.column):
        raise fields.wrong("name a file and its column, or neither for every column of dates.")
    return correction


def _join_text(fields: Fields) -> JoinText:
    correction = JoinText(fields.file(), fields.column(), fields.text("template"))
    if not correction.sources or set("{}") & set(PLACEHOLDER.sub("", correction.template)):
        raise fields.wrong("template has to name columns in braces, such as {username}@school.org.")
    if any(names_a_secret(column) for column in correction.sources):
        raise fields.wrong("template names a password, which no correction may show, copy or make.")
    return correction


_READERS: dict[str, Callable[[Fields], Correction]] = {
    "rename-file": _rename_file,
    "rename-column": _rename_column,
    "pad-ids": _pad_ids,
    "pad-column": _pad_column,
    "split-name": _split_name,
    "fill-blanks": _fill_blanks,
    "replace-values": _replace_values,
    "date-form": _date_form,
    "join-text": _join_text,
}


def _ensure_not_twice(declared: tuple[Correction, ...]) -> None:
    """No two may say something about the same cells in the same way: which one holds would be an accident."""
    seen: dict[tuple[object, ...], Correction] = {}
    for number, correction in enumerate(declared, 1):
        about = (type(correction), *_subject(correction))
        if about in seen:
            place = f"Correction {number} ({WORDS[type(correction)]})"
            raise BadCorrections(f"{place}: there is one of the same kind about the same already. {seen[about]}")
        seen[about] = correction


def _subject(correction: Correction) -> tuple[object, ...]:
    match correction:
        case RenameFile():
            return (correction.file.casefold(),)
        case PadIds():
            return (correction.table,)
        case _:
            return (correction.file.casefold(), correction.column.casefold())
