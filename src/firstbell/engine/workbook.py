"""Looks through the XML of a workbook before a reader of spreadsheets gets it: what it unfolds to, and what is lost.

A reader makes a full rectangle of the cells that have a value, and a copy of a shared text for every cell that names
it; so two cells far apart, or one long text named often, take all memory of a machine. Document types are not a part of
the format (ECMA-376), and with them entities go, inner and outer.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

_COLUMNS = 16_384
_ROWS = 1_048_576


class Unfit(Exception):
    """The part is not what a workbook has, or would unfold to too much; the text says why."""


@dataclass(slots=True)
class PartSeen:
    """One part of a workbook: the rectangle of its cells, and those that come out blank though something stands there.

    ``longest`` is the length of the longest shared text, ``shared`` how many cells name one.
    """

    rows: int = 0
    columns: int = 0
    shared: int = 0
    lost: int = 0
    longest: int = 0
    _places: dict[str, int] = field(default_factory=dict)
    _row: int = 0
    _column: int = 0
    _formula: bool = False
    _length: int = 0
    _size: int = 0
    _parser: expat.XMLParserType | None = None

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag in {"v", "is"}:
            self._formula = False
            self.rows = max(self.rows, self._row)
            self.columns = max(self.columns, self._column)
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._row = _number(attributes["r"], _ROWS) if "r" in attributes else self._row + 1
            self._column = 0
        elif tag == "si":
            self._length = 0
        else:
            self._other(tag, attributes)

    def _other(self, tag: str, attributes: dict[str, str]) -> None:
        for count in ("count", "uniqueCount"):  # room is made for as many before one of them is read
            _number(attributes.get(count, "0"), self._size)
        if tag == "sst" and self._parser:
            self._parser.CharacterDataHandler = self.says

    def _cell(self, attributes: dict[str, str]) -> None:
        self.settle()
        kind = attributes.get("t")
        self.shared += kind == "s"
        self.lost += kind == "e"
        place = attributes.get("r")
        if place is None:
            self._column += 1
            return
        letters = place.rstrip("0123456789")
        self._column = self._places.get(letters) or self._placed(letters)
        self._row = _number(place[len(letters) :], _ROWS)

    def _placed(self, letters: str) -> int:
        column = 0
        for letter in letters.upper():
            column = column * 26 + ord(letter) - 64
            if not "A" <= letter <= "Z" or column > _COLUMNS:
                raise Unfit("a cell lies outside every sheet")
        if not column:
            raise Unfit("a cell has no place")
        self._places[letters] = column
        return column

    def settle(self) -> None:
        """The cell before is over: a formula without a value is lost."""
        self.lost += self._formula
        self._formula = False

    def says(self, text: str) -> None:
        """Text of an element."""
        self._length += len(text)
        self.longest = max(self.longest, self._length)


def look_through(part: bytes) -> PartSeen:
    """Walk through one XML part. Raises Unfit."""
    parser = expat.ParserCreate("utf-8")  # whatever the part declares: two readers must not see two texts
    parser.buffer_text = True
    seen = PartSeen(_size=len(part), _parser=parser)
    parser.StartElementHandler = seen.begins
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as problem:
        raise Unfit(f"a part of it is damaged ({problem})") from problem
    seen.settle()
    seen._parser = None
    return seen


def _refuse_document_type(*_: object) -> None:
    raise Unfit("it declares a document type, as no workbook does")


def _number(text: str, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > most:
        raise Unfit("it counts more than it can hold")
    return int(text)
