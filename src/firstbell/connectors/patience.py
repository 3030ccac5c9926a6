"""How we wait for other systems: again after what passes, longer each time, as long as they ask, few calls at once."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import BoundedSemaphore

from firstbell.connectors.contract import About, ForNow
from firstbell.connectors.transport import Answer

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that pass."""
_LONGEST_WAIT = 300.0
_HEAVY_ATTEMPTS = 3
_RESETS = ("x-ratelimit-reset", "ratelimit-reset")
_AN_EPOCH = 1_000_000_000
"""From here on a number is a moment, and no longer a count of seconds."""


class Busy(ForNow):
    """It answered, and sent us away: with ``status``."""

    def __init__(self, says: str, *, status: int, wait: float, remedy: str) -> None:
        super().__init__(says, about=About.CONTENT, remedy=remedy, wait=wait)
        self.status = status


@dataclass(frozen=True, slots=True)
class Patience:
    """``attempts`` in all, with waits that double from ``first`` to ``longest`` seconds, of which up to half is left to
    chance, so that many who were sent away together do not return together. ``at_once``: calls in the air."""

    attempts: int = 6
    first: float = 1
    longest: float = 60
    at_once: int = 2
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.SystemRandom().random
    _gate: BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_gate", BoundedSemaphore(self.at_once))

    def ask(self, call: Callable[[], Answer], *, heavy: bool = False) -> Answer:
        """The answer to a call, which is made again after what passes. Raises the last trouble when patience ends, or
        when the other system asks for more time than a run may wait. ``heavy``: a fault may come of how much was asked
        for, so it is not tried as often before the caller asks for less."""
        for attempt in range(1, self.attempts + 1):
            try:
                return self._once(call)
            except ForNow as trouble:
                sent_away = isinstance(trouble, Busy) and trouble.status == 429
                most = self.attempts if sent_away or not heavy else min(_HEAVY_ATTEMPTS, self.attempts)
                if attempt >= most or trouble.wait > _LONGEST_WAIT:
                    raise
                self.sleep(max(self._wait(attempt), trouble.wait))
        raise AssertionError("an attempt answers or raises")

    def _once(self, call: Callable[[], Answer]) -> Answer:
        with self._turn():
            answer = call()
        if answer.status in BUSY:
            raise _busy(answer, self.now())
        return answer

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._gate:
            yield

    def _wait(self, attempt: int) -> float:
        longest: float = min(self.longest, self.first * 2 ** (attempt - 1))
        return longest * (0.5 + self.chance() / 2)


def _busy(answer: Answer, now: datetime) -> Busy:
    wait = asked_to_wait(answer, now)
    if answer.status == 429:
        asked = f" and asks us to come back in {wait:.0f} seconds" if wait else ""
        return Busy(
            f"It says that it is asked too often{asked}.",
            status=answer.status,
            wait=wait,
            remedy="Choose a quieter time, or fewer calls at once.",
        )
    return Busy(
        f"It has a fault of its own (HTTP {answer.status}).",
        status=answer.status,
        wait=wait,
        remedy="If that stays so, tell whoever runs that system.",
    )


def asked_to_wait(answer: Answer, now: datetime) -> float:
    """Seconds that the other system asks us to wait: Retry-After as a number or a moment, or the reset of its limit.
    0 where it says nothing."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return _until_reset(answer, now) if answer.status == 429 else 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _until_reset(answer: Answer, now: datetime) -> float:
    for name in _RESETS:
        said = answer.headers.get(name, "").strip()
        if said.isascii() and said.isdigit():
            number = float(said[:12])
            return max(0.0, number - now.timestamp()) if number > _AN_EPOCH else number
    return 0.0
