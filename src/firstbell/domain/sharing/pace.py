"""How fast one program may ask: so many questions a minute, saved up for a minute at most. Each server process counts
for itself, so that counting costs no question to the database.
"""

import math
import threading
import time
from collections.abc import Callable

from django.conf import settings

KEPT = 10_000


class TooFast(Exception):
    """The program has asked more than it may. `wait`: whole seconds until it may ask again."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"This program asks too often: wait {wait} seconds, and ask for larger pages.")
        self.wait = wait


class Pace:
    """What each program has left."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[int, tuple[float, float]] = {}

    def count(self, client_id: int) -> None:
        """Count one question. Raises TooFast."""
        most = settings.FIRSTBELL_READS_A_MINUTE
        if not most:
            return
        now, a_second = self._clock(), most / 60
        with self._lock:
            left, at = self._left.pop(client_id, (float(most), now))
            left = min(float(most), left + (now - at) * a_second)
            self._left[client_id] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > KEPT:
                del self._left[next(iter(self._left))]
        if left < 1:
            raise TooFast(math.ceil((1 - left) / a_second))


pace = Pace()
