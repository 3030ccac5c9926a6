"""The steps of a run, timed and told to who listens."""

import time
from collections.abc import Callable

Told = Callable[[str], None]
"""Called with the name of each step as it begins, and with a blank name at the end."""


class Steps:
    """Call it with the name of each step as it begins. ``seconds``: by step, as far as they ended."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._step = ""
        self._since = 0.0
        self.seconds: dict[str, float] = {}

    def __call__(self, step: str) -> None:
        now = time.perf_counter()
        if self._step:
            self.seconds[self._step] = round(self.seconds.get(self._step, 0.0) + now - self._since, 3)
        self._step, self._since = step, now
        if step:
            self._told(step)
