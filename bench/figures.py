"""What was measured: seconds by name, medians, and every figure as a ratio to its floor."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field


@dataclass(slots=True)
class Times:
    """Seconds by what took them, one for each repetition."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        """Time the block."""
        begun = time.perf_counter()
        yield
        self.add(what, time.perf_counter() - begun)

    def add(self, what: str, seconds: float) -> None:
        """Note one repetition."""
        self.taken.setdefault(what, []).append(seconds)

    def median(self, what: str) -> float:
        """Seconds, the median of the repetitions."""
        return statistics.median(self.taken[what])


@dataclass(frozen=True, slots=True)
class Floor:
    """What a figure is held against: a floor measured beside it, and the ratio that we allow ourselves (or None)."""

    name: str
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: a median, its floor, and the ratio. ``rows`` of the work, for rows a second."""

    size: str
    what: str
    seconds: float
    floor: str
    floor_seconds: float
    at_most: float | None
    rows: int
    all_seconds: list[float]

    @property
    def ratio(self) -> float:
        """How many times its floor it takes."""
        return self.seconds / self.floor_seconds

    @property
    def is_met(self) -> bool:
        """Whether the ratio is within what we allow ourselves."""
        return self.at_most is None or self.ratio <= self.at_most

    def as_row(self) -> dict[str, object]:
        """For the JSON."""
        return {**asdict(self), "ratio": round(self.ratio, 3), "rows_per_second": round(self.rows / self.seconds)}


@dataclass(frozen=True, slots=True)
class Peak:
    """The most memory that a process of ours held while it did one thing (PostgreSQL's own not counted)."""

    size: str
    what: str
    megabytes: float


def figures_of(size: str, rows: int, times: Times, floors: dict[str, Floor]) -> list[Figure]:
    """The figures of a size. ``floors``: what was measured, and the name of the floor measured beside it."""
    return [
        Figure(
            size, what, times.median(what), floor.name, times.median(floor.name), floor.at_most, rows, times.taken[what]
        )
        for what, floor in floors.items()
    ]
