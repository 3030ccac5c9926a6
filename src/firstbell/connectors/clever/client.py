"""Asks Clever's API (v3.1): lists by cursor, the state of a district, and whether anything has happened."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from firstbell.connectors.contract import About, ForGood, ForNow, Paused
from firstbell.connectors.packing import Place
from firstbell.connectors.patience import Busy, Patience
from firstbell.connectors.transport import Answer, Wire
from firstbell.connectors.values import Row, text_of

ADDRESS = "https://api.clever.com/v3.1"
LARGEST_PAGE = 10_000
_SMALLEST_PAGE = 100
_TOO_MUCH = 413


@dataclass(frozen=True, slots=True)
class Client:
    """One district at Clever, as its token may read it."""

    base: str
    token: str
    wire: Wire
    patience: Patience

    def district(self) -> Row:
        """The one district of the token. Raises Paused while Clever has paused it."""
        rows, _ = _rows(self._answer("districts", {}), "districts")
        if not rows:
            raise ForGood(
                "The token is of no district.", about=About.SCOPE, remedy="Copy the token of this district again."
            )
        district = rows[0]
        if text_of(district.get("state")) == "paused":
            until = text_of(district.get("pause_end"))[:10]
            raise Paused(
                f"Clever has paused this district{f' until {until}' if until else ''}. The roster stays as it is."
            )
        return district

    def page(self, name: str, place: Place, query: dict[str, str]) -> list[Row]:
        """The next rows of a list; the place goes on behind them, and is done at the end. Raises Trouble."""
        while True:
            asked = {**query, "limit": str(place.limit)} | ({"starting_after": place.link} if place.link else {})
            try:
                answer = self._answer(name, asked, heavy=True)
            except ForNow as trouble:
                if not _may_be_heavy(trouble) or place.limit <= _SMALLEST_PAGE:
                    raise
                place.limit = max(_SMALLEST_PAGE, place.limit // 2)
                continue
            if answer.status == _TOO_MUCH and place.limit > _SMALLEST_PAGE:
                place.limit = max(_SMALLEST_PAGE, place.limit // 2)
                continue
            rows, more = _rows(answer, name)
            last = text_of(rows[-1].get("id")) if rows else ""
            place.done = not more or not rows
            if not place.done and (not last or last == place.link):
                raise ForGood(
                    f"Its list of {name} goes on without end.", about=About.CONTENT, remedy="Tell Clever's support."
                )
            place.link = last or place.link
            return rows

    def first(self, name: str, query: dict[str, str], count: int) -> list[Row]:
        """The first rows of a list, for looking at."""
        return _rows(self._answer(name, {**query, "limit": str(count)}), name)[0]

    def newest_event(self) -> str:
        """The id of the last thing that happened; blank where Clever tells this token nothing of events."""
        try:
            rows, _ = _rows(self._answer("events", {"limit": "1", "ending_before": "last"}), "events")
        except ForGood:
            return ""
        return text_of(rows[-1].get("id")) if rows else ""

    def has_happened_since(self, event: str) -> bool:
        """Whether anything happened after an event. An event that Clever has forgotten counts as much."""
        try:
            rows, _ = _rows(self._answer("events", {"limit": "1", "starting_after": event}), "events")
        except ForGood:
            return True
        return bool(rows)

    def _answer(self, name: str, query: dict[str, str], *, heavy: bool = False) -> Answer:
        asked = "&".join(f"{key}={quote(value, safe='')}" for key, value in query.items())
        url = f"{self.base}/{name}{f'?{asked}' if asked else ''}"
        signed = {"Authorization": f"Bearer {self.token}"}
        return self.patience.ask(lambda: self.wire.get(url, lambda url: signed), heavy=heavy)


def _may_be_heavy(trouble: ForNow) -> bool:
    return trouble.about is About.CONTENT and not (isinstance(trouble, Busy) and trouble.status == 429)


def _rows(answer: Answer, name: str) -> tuple[list[Row], bool]:
    """The objects of an answer, and whether there are more. Raises ForGood with what it means if it is no list."""
    _ensure_good(answer, name)
    try:
        found = json.loads(answer.content)
        items = found["data"]
        rows: list[Row] = [item["data"] for item in items if isinstance(item["data"], dict)]
        if not isinstance(items, list) or len(rows) != len(items):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ForGood(
            f"Its answer has no list of {name}.",
            about=About.CONTENT,
            remedy="Look at the address; if it is Clever's own, tell Clever's support.",
        ) from None
    links = found.get("links")
    more = (
        any(isinstance(link, dict) and link.get("rel") == "next" for link in links)
        if isinstance(links, list)
        else False
    )
    return rows, more


def _ensure_good(answer: Answer, name: str) -> None:
    if answer.status == 200:
        return
    if answer.status == 401:
        raise ForGood(
            "Clever does not accept the token.",
            about=About.LOG_IN,
            remedy="Copy the district's token again. If it is right, the district may have stopped sharing.",
        )
    if answer.status in {402, 403}:
        raise ForGood(
            f"The token may not read {name}.",
            about=About.SCOPE,
            remedy="Ask the district's administrator at Clever to share it with this application.",
        )
    if answer.status in {404, 410}:
        raise ForGood(
            f"There is no list of {name} at this address.",
            about=About.VERSION,
            remedy=f"The address of Clever's API is {ADDRESS}.",
        )
    raise ForGood(
        f"Asked for {name} it answers HTTP {answer.status}.", about=About.CONTENT, remedy="Tell Clever's support."
    )
