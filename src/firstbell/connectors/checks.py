"""*Test the connection*, step by step: what was good is told, and the first thing that was not ends it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from firstbell.connectors.contract import About, Paused, Probe, Sample, Tested, Trouble
from firstbell.connectors.patience import Patience
from firstbell.connectors.reach import Reach, read_address
from firstbell.connectors.transport import Bounds, Wire

IN_A_HURRY = Bounds(connect=4, read=8, whole=8)
ONCE = Patience(attempts=1)
ROWS_SHOWN = 5
_COLUMNS_SHOWN = 8


class Stopped(Exception):
    """A step was not good; it is told already."""


@dataclass(slots=True)
class Checks:
    """The steps so far."""

    probes: list[Probe] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    def good(self, about: About, says: str) -> None:
        """A step that was good."""
        self.probes.append(Probe(about, good=True, says=says))

    def bad(self, about: About, says: str, remedy: str) -> None:
        """A step that was not, and so the last. Raises Stopped."""
        self.probes.append(Probe(about, good=False, says=says, remedy=remedy))
        raise Stopped

    def tried[T](self, call: Callable[[], T]) -> T:
        """What a call gives. Trouble ends the test, told as what it is about. Raises Stopped."""
        try:
            return call()
        except Trouble as trouble:
            self.bad(trouble.about, str(trouble), trouble.remedy)
        except Paused as paused:
            self.bad(About.CONTENT, str(paused), "Nothing needs to be done: it goes on by itself.")
        raise AssertionError("a bad step stops")

    def show(self, name: str, rows: list[dict[str, str]], columns: tuple[str, ...]) -> None:
        """The first rows of a file, in the columns that say something."""
        shown = [name for name in columns if any(row.get(name) for row in rows)][:_COLUMNS_SHOWN]
        told = tuple(tuple(row.get(name, "") for name in shown) for row in rows[:ROWS_SHOWN])
        self.samples.append(Sample(name, tuple(shown), told))


def tested(steps: Callable[[Checks], None]) -> Tested:
    """Go through the steps until one is not good."""
    checks = Checks()
    with suppress(Stopped):
        steps(checks)
    return Tested(tuple(checks.probes), tuple(checks.samples))


def check_way(checks: Checks, address: str, reach: Reach, wire: Wire) -> None:
    """The host's name, that it answers, and its certificate. Raises Stopped."""
    parts = checks.tried(lambda: read_address(address, reach))
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    checks.tried(lambda: reach.addresses(host, port))
    checks.good(About.NAME, f"{host} is known, and may be reached.")
    checks.tried(lambda: wire.get(address))
    checks.good(About.REACHED, f"{host} answers.")
    if urlsplit(address).scheme == "https":
        checks.good(About.TLS, "Its certificate is good.")
