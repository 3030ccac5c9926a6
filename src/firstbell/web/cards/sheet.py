"""Draws cards on sheets, as a PDF."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import segno
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from firstbell.web.cards.lettering import REGULAR, Written, written
from firstbell.web.cards.papers import Paper

_PADDING = 3.0
_LARGE, _PLAIN, _SMALL = 15, 12, 8.5
"""Points on a card as high as ``_FULL_HEIGHT`` millimetres; on lower ones less."""
_LEADING = 1.3
_FULL_HEIGHT = 50.0
_LEAST = 6
_GREY = 0.35


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card: whose it is, where they sign in, and with what.

    ``password`` only where it was set for this sheet; ``badge`` is what the QR code opens.
    """

    name: str
    group: str
    site_code: str
    address: str
    username: str = ""
    password: str = ""
    badge: str = ""


def unwritten(cards: Sequence[Card]) -> list[Card]:
    """The cards whose name cannot be printed, so that the page can say whose they are."""
    return [card for card in cards if not written(card.name).whole]


def draw(cards: Sequence[Card], paper: Paper, *, title: str) -> bytes:
    """A PDF with all cards, as many sheets as they need. Raises ValueError where there is no card."""
    if not cards:
        raise ValueError("no card to draw")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(paper.width * mm, paper.height * mm), pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor("Firstbell")
    for sheet in _sheets(cards, paper.on_a_sheet):
        if paper.cut:
            _draw_cuts(canvas, paper)
        for card, (x, y) in zip(sheet, paper.places(), strict=False):
            _draw_card(canvas, card, x, y, paper)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sheets(cards: Sequence[Card], size: int) -> Iterator[list[Card]]:
    rest = iter(cards)
    while sheet := list(islice(rest, size)):
        yield sheet


def _draw_cuts(canvas: Canvas, paper: Paper) -> None:
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0.7)
    canvas.setDash(2, 2)
    for x, y in paper.places():
        canvas.rect(x * mm, y * mm, paper.card_width * mm, paper.card_height * mm)
    canvas.setDash()


def _draw_card(canvas: Canvas, card: Card, x: float, y: float, paper: Paper) -> None:
    scale = min(1.0, paper.card_height / _FULL_HEIGHT)
    padding = _PADDING * scale
    room = paper.card_width - 2 * padding
    if card.badge:
        side = min(paper.card_height - 2 * padding, paper.card_width * 0.4)
        _draw_badge(canvas, card.badge, x + paper.card_width - side, y + (paper.card_height - side) / 2, side)
        room -= side - padding
    top = y + paper.card_height - padding
    for line in _lines(card, scale, room * mm):
        top -= line.size * _LEADING / mm
        line.draw(canvas, (x + padding) * mm, top * mm)


def _lines(card: Card, scale: float, room: float) -> Iterator["Line"]:
    """The lines of a card from its top, each fitting the room (points)."""
    large, plain, small = (max(_LEAST, size * scale) for size in (_LARGE, _PLAIN, _SMALL))
    yield _shortened(written(card.name, bold=True), large, room)
    if card.group:
        yield _shortened(written(card.group), small, room, grey=_GREY)
    for label, text in (("Site code", card.site_code), ("Username", card.username), ("Password", card.password)):
        if text:
            yield from _whole(label, written(text, bold=True), plain, room)
    yield _shortened(written(card.address), small, room, grey=_GREY)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a label in grey and the text after it, in points."""

    text: str
    font: str
    size: float
    label: str = ""
    grey: float = 0

    @property
    def width(self) -> float:
        label, text = (self.label, REGULAR), (self.text, self.font)
        return float(sum(stringWidth(words, font, self.size) for words, font in (label, text)))

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        if self.label:
            canvas.setFillGray(_GREY)
            canvas.setFont(REGULAR, self.size)
            canvas.drawString(x, y, self.label)
        canvas.setFillGray(self.grey)
        canvas.setFont(self.font, self.size)
        canvas.drawString(x + stringWidth(self.label, REGULAR, self.size), y, self.text)


def _smaller(line: Line, room: float) -> Line:
    while line.width > room and line.size > _LEAST:
        line = replace(line, size=max(_LEAST, line.size - 0.5))
    return line


def _shortened(text: Written, size: float, room: float, *, grey: float = 0) -> Line:
    """A name or place: smaller where it is long, and cut with an ellipsis where that is not enough."""
    line = _smaller(Line(text.text, text.font, size, grey=grey), room)
    while line.width > room and len(line.text) > 1:
        line = replace(line, text=f"{line.text.rstrip('…')[:-1].rstrip()}…")
    return line


def _whole(label: str, text: Written, size: float, room: float) -> Iterator[Line]:
    """What somebody has to type: smaller where it is long, and then on several lines, never cut."""
    rest = text.text
    line = _smaller(Line(rest, text.font, size, f"{label}  "), room)
    while rest:
        fits = next((end for end in range(len(rest), 1, -1) if replace(line, text=rest[:end]).width <= room), 1)
        yield replace(line, text=rest[:fits])
        rest, line = rest[fits:], replace(line, label="")


def _draw_badge(canvas: Canvas, content: str, x: float, y: float, side: float) -> None:
    """A QR code with its quiet zone of four modules, in rectangles: sharp at any size."""
    code = segno.make_qr(content, error="m")
    rows = [bytes(row) for row in code.matrix_iter(border=4)]
    module = side / len(rows)
    path = canvas.beginPath()
    for place, row in enumerate(rows):
        bottom = (y + side - (place + 1) * module) * mm
        for begin, end in _runs(row):
            path.rect((x + begin * module) * mm, bottom, (end - begin) * module * mm, module * mm)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Where dark modules stand side by side: begin and end."""
    begin = None
    for place, dark in enumerate((*row, 0)):
        if dark and begin is None:
            begin = place
        elif not dark and begin is not None:
            yield begin, place
            begin = None
