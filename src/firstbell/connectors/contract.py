"""What every kind of source is, so that they all look alike: its settings with help, a test, and a fetch.

A kind that we fetch from has a ``Connector``; it leaves files in a folder as if the district had exported them, and the
main path reads them like any other package. A kind that others bring files to (an upload, a drop) has none.
Connectors know no Django and keep nothing: what has to be remembered from one fetch to the next is their ``memory``,
which the caller keeps with the source, and only when the run that came of the fetch has been applied.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Entry(StrEnum):
    """How a setting is typed in."""

    TEXT = "text"
    ADDRESS = "address"
    """A URL or the name of a host."""
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LINES = "lines"
    SEALED = "sealed"
    """One line that is sealed and never shown again."""
    SEALED_LINES = "sealed_lines"
    """A private key in PEM, say: sealed too."""


SECRETS = frozenset({Entry.SEALED, Entry.SEALED_LINES})


@dataclass(frozen=True, slots=True)
class Setting:
    """One value that a person enters. ``help``: where they find it, in the words of the system that it comes from."""

    name: str
    label: str
    help: str
    entry: Entry = Entry.TEXT
    required: bool = True
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Of a choice: value and label."""
    most: int = 0
    """Of a number: the largest one; 0 for none."""

    @property
    def is_secret(self) -> bool:
        return self.entry in SECRETS


type Values = Mapping[str, str]
"""All settings of a source by name, secrets among them in clear: never log or keep them. ``yes`` and blank for YES_NO.
Each setting of the kind has a value, blank where nobody gave one."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the operator of this installation allows, and where it runs."""

    reachable: frozenset[str] = frozenset()
    """Names of hosts that may be reached although their address is private, or the machine's own. No others may."""
    most_bytes: int = 4096 * 1024 * 1024
    """A fetch that would leave more stops."""


class About(StrEnum):
    """Which part of a connection a check or a fault is about, in the order in which they are tried."""

    SETTINGS = "settings"
    NAME = "name"
    """The host's name, and whether its address may be reached."""
    REACHED = "reached"
    TLS = "tls"
    """Certificate, or a server's pinned key."""
    LOG_IN = "log_in"
    SCOPE = "scope"
    """What the log-in may read."""
    VERSION = "version"
    CONTENT = "content"
    """Whether there is anything, and whether it can be read."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One check of a connection. Where it is not ``good``, ``remedy`` says what to do; later ones are left out."""

    about: About
    good: bool
    says: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of one file or list, so that a person sees that it is theirs. Never passwords."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """What *Test the connection* found, in the order in which it was tried."""

    probes: tuple[Probe, ...]
    samples: tuple[Sample, ...] = ()

    @property
    def good(self) -> bool:
        return bool(self.probes) and all(probe.good for probe in self.probes)


class Completeness(StrEnum):
    """What a fetch knows of the files it left. The package says the same in its manifest where its format has one."""

    WHOLE = "whole"
    """All that the source has: what is missing is gone there."""
    DELTA = "delta"
    """What has changed since the last fetch."""
    NOTHING_NEW = "nothing_new"
    """No files, no run: the source has nothing that we have not taken already."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetch that came to its end. An incomplete one is never this: it raises, so that nothing is applied."""

    completeness: Completeness
    memory: str = ""
    """Text that the next fetch is given (JSON of the last moment, say), once what was fetched has been applied."""
    name: str = ""
    """What to call the package, without an ending: ``OneRoster API``."""
    notes: tuple[str, ...] = ()
    """What a person should know of it, in sentences: ``The server counted 412 users and sent 412.``"""


class Trouble(Exception):
    """A fetch that did not come to its end. The text is for people and quotes neither a secret nor anybody's name."""

    def __init__(self, says: str, *, about: About, remedy: str = "") -> None:
        super().__init__(says)
        self.about = about
        self.remedy = remedy


class ForNow(Trouble):
    """It may work later by itself: a server that is down, too many requests, a connection that was cut."""

    def __init__(self, says: str, *, about: About, remedy: str = "", wait: float = 0.0) -> None:
        super().__init__(says, about=about, remedy=remedy)
        self.wait = wait
        """Seconds that the other side asks us to wait; 0 where it says nothing."""


class ForGood(Trouble):
    """Somebody has to do something: a wrong password, a key that changed, a scope that was not granted."""


class Paused(Exception):
    """The other side has paused itself, as Clever does in summer: no fault, and nothing to apply. The text says so."""


type Told = Callable[[str, int], None]
"""Called as a fetch goes on: what is fetched (``users``) and how many so far."""


class Connector(Protocol):
    """Fetches from one kind of system. One object serves every source, in many threads: it keeps nothing."""

    def test_connection(self, values: Values, around: Surroundings) -> Tested:
        """Try each step of the way within about twenty seconds. What fails is a Probe; raises nothing by design."""
        ...

    def fetch(
        self, values: Values, into: Path, around: Surroundings, *, memory: str, whole: bool, told: Told
    ) -> Fetched:
        """Leave files in ``into``, flat or as one zip, as a district would send them. Raises Trouble and Paused.

        ``memory`` is blank the first time; ``whole`` asks for everything although a delta would do. ``into`` may hold
        what an earlier try of the same fetch left there, to go on from it; it is the connector's to clear.
        """
        ...


class Way(StrEnum):
    """Who begins: we, by a schedule, or whoever brings the files."""

    FETCHED = "fetched"
    BROUGHT = "brought"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source. ``code`` stands in the database, and the kind's folder has its name."""

    code: str
    name: str
    summary: str
    """One sentence that helps to choose."""
    way: Way
    settings: tuple[Setting, ...] = ()
    connector: Connector | None = None
    """None where files are brought."""
    may_be_delta: bool = False
    """Whether a fetch may bring only what has changed; then a whole one is asked for regularly."""

    @property
    def secrets(self) -> frozenset[str]:
        """Names of the settings that are sealed."""
        return frozenset(setting.name for setting in self.settings if setting.is_secret)
