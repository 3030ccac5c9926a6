"""Which font can write a name, and how a name is written that none of them can.

The font comes with us and has Latin (Vietnamese too), Greek and Cyrillic letters. For others a font of the machine is
taken where there is one. Scripts whose letters join or run from the right would come out wrong, so such a name is not
written: the card says so, and the username on it is whose card it is.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from firstbell.web.fonts import place_of

REGULAR, BOLD = "Firstbell", "Firstbell-Bold"
OF_THE_MACHINE = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
    "C:/Windows/Fonts/arial.ttf",
)
UNWRITTEN = "(name in another script)"
_LEFT_TO_RIGHT = frozenset({"L", "EN", "ES", "CS", "ET", "ON", "WS", "NSM", "AN"})
_JOINED = range(0x0900, 0x1100)
"""Letters of India and its neighbours, which change their shape beside each other (Devanagari to Myanmar)."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it can be printed, and the font that has its letters. ``whole`` is false where it says another."""

    text: str
    font: str
    whole: bool = True


def written(text: str, *, bold: bool = False) -> Written:
    """The text with a font that has all its letters."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    for font in _fonts(bold=bold):
        if _writes(font, text):
            return Written(text, font)
    return Written(UNWRITTEN, BOLD if bold else REGULAR, whole=False)


def _writes(font: str, text: str) -> bool:
    letters = pdfmetrics.getFont(font).face.charToGlyph
    return all(
        ord(letter) in letters and unicodedata.bidirectional(letter) in _LEFT_TO_RIGHT and ord(letter) not in _JOINED
        for letter in text
    )


@cache
def _fonts(*, bold: bool) -> tuple[str, ...]:
    ours = {REGULAR: "SourceSansPro-Regular.ttf", BOLD: "SourceSansPro-Semibold.ttf"}
    for name, file in ours.items():
        pdfmetrics.registerFont(TTFont(name, str(place_of(file))))
    return (BOLD if bold else REGULAR, *_others())


def _others() -> tuple[str, ...]:
    found = []
    for place in OF_THE_MACHINE:
        if Path(place).is_file():
            try:
                pdfmetrics.registerFont(TTFont(Path(place).stem, place))
            except TTFError:
                continue
            found.append(Path(place).stem)
    return tuple(found)
