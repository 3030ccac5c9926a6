"""Reads one list to its end, from servers as they are (oneroster.md 3.4): limits cut without a word, no totals or wrong
ones, pages sent twice, rows that move while we read, links to other hosts, pages that are too heavy.

We count what was received, never what was asked for. A list is ``sure`` only where nothing can have slipped through:
from one that is not, nobody is ever removed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from firstbell.connectors.contract import About, ForGood, ForNow
from firstbell.connectors.oneroster_rest.lists import Page
from firstbell.connectors.packing import Place
from firstbell.connectors.patience import Busy
from firstbell.connectors.values import Row, text_of

SMALLEST = 100
"""A page of so many rows is not too heavy for anybody."""
_MOST_PAGES = 100_000
_MOST_ROUNDS = 3
_MOST_STALE = 3


@dataclass(slots=True)
class Reader:
    """``ask`` gives the page at a place; ``keep`` takes the rows of a page that are new; ``note`` writes down how far
    we are. ``seen``: ids that are kept.

    ``counted``: whether the server's total is believed. It is not of a filtered list: many count what they leave out.
    """

    ask: Callable[[Place], Page]
    keep: Callable[[Place, list[Row]], None]
    note: Callable[[], None]
    seen: set[str]
    counted: bool = True


@dataclass(slots=True)
class _Round:
    """One walk through a list. ``doubles``: ids that one page had twice. ``stale``: pages in a row with nothing new."""

    met: set[str] = field(default_factory=set)
    doubles: int = 0
    largest: int = 0
    stale: int = 0


def read_list(reader: Reader, place: Place) -> None:
    """Read a list from its place to its end. Raises Trouble; the place then tells where to go on."""
    if place.rounds > 1 and not place.done:
        _begin_round(place)  # which rows this round has met was not written down
    walk = _Round(set(reader.seen) if place.rounds == 1 else set())
    for _ in range(_MOST_PAGES):
        if place.done:
            return
        page = _heavy_or_not(reader, place)
        ids = [text_of(row.get("sourcedId")) for row in page.rows]
        _note_totals(place, page)
        if place.last and ids and place.last not in ids:
            place.shifted = True  # the page should begin with the last row of the one before
        new = [row for row, key in zip(page.rows, ids, strict=True) if _is_new(key, reader, place)]
        reader.keep(place, new)
        reader.seen.update(filter(None, ids))
        ended = _go_on(reader, place, page, walk, ids)
        if ended and not place.done:
            walk = _Round()
        reader.note()
    raise ForGood(
        f"The list goes on after {_MOST_PAGES:,} pages.",
        about=About.CONTENT,
        remedy="Tell whoever runs that system; a larger page size may help.",
    )


def _is_new(key: str, reader: Reader, place: Place) -> bool:
    return key not in reader.seen if key else place.rounds == 1


def _heavy_or_not(reader: Reader, place: Place) -> Page:
    """A page; half of it where the server cannot make a whole one (ClassLink says so with 502, others time out)."""
    while True:
        try:
            return reader.ask(place)
        except ForNow as trouble:
            sent_away = isinstance(trouble, Busy) and trouble.status == 429
            if sent_away or place.limit <= SMALLEST or trouble.about is not About.CONTENT or place.link:
                raise
            place.limit = max(SMALLEST, place.limit // 2)


def _note_totals(place: Place, page: Page) -> None:
    place.total = page.total if page.total is not None else place.total
    place.first_total = place.total if place.first_total is None else place.first_total
    place.left_out += page.unreadable
    place.sure = place.sure and not page.unreadable


def _go_on(reader: Reader, place: Place, page: Page, walk: _Round, ids: list[str]) -> bool:
    """Set the place of the next page; true where this round is at its end."""
    count = len(ids) + page.unreadable
    fresh = set(filter(None, ids)) - walk.met
    only_the_last = bool(place.last) and ids == [place.last]
    walk.met |= fresh
    walk.doubles += len(ids) - len(set(ids))
    walk.largest = max(walk.largest, count)
    walk.stale = 0 if fresh else walk.stale + 1
    place.last = ""
    reached = reader.counted and place.total is not None and len(walk.met) + walk.doubles >= place.total
    links = bool(page.link) and page.link != place.link and not _names_offset(page.link, place.offset + count)
    if not count or only_the_last or (reached and count < walk.largest) or (place.link and not page.link):
        return _end_round(reader, place, walk)
    if not fresh and place.overlaps and not links and not place.link:
        place.overlaps = False  # perhaps it takes whole pages only: the same place again, without the overlap
        place.offset += 1
    elif (not fresh and not links) or walk.stale >= _MOST_STALE:
        place.sure = place.sure and reached  # it sends what it has sent: the end, or it knows no offset
        return _end_round(reader, place, walk)
    elif links:
        place.link = page.link
    else:
        place.link = ""
        place.offset += count
        if place.overlaps and count > 1 and ids[-1]:
            place.offset, place.last = place.offset - 1, ids[-1]
    return False


def _names_offset(link: str, offset: int) -> bool:
    """Whether a link only says what we would ask for ourselves."""
    return parse_qs(urlsplit(link).query).get("offset") == [str(offset)]


def _end_round(reader: Reader, place: Place, walk: _Round) -> bool:
    """Where rows have moved or are missing, once more from the start, and what then is so, is; at last unsure."""
    counts = reader.counted and place.total is not None
    missing = counts and len(walk.met) + walk.doubles < (place.total or 0)
    unsettled = place.shifted or missing or (counts and place.first_total != place.total)
    if unsettled and place.sure and place.rounds < _MOST_ROUNDS:
        place.rounds += 1
        _begin_round(place)
        return True
    place.sure = place.sure and not unsettled
    place.done = True
    return True


def _begin_round(place: Place) -> None:
    place.offset, place.link, place.last, place.shifted, place.first_total = 0, "", "", False, None
