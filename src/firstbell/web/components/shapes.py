"""The values that components show. A page makes them from the domain's answers; templates read nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to this page. The last one, the page itself, has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the same thing, with an address of its own. ``count`` is shown when given."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Keyset paging: where newer and older rows are (empty when there are none), and what is shown now in words."""

    newer_url: str = ""
    older_url: str = ""
    shown: str = ""
    newer_label: str = "Newer"
    older_label: str = "Older"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing of the setup checklist."""

    label: str
    state: Literal["done", "next", "ahead"]
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows that a run added, updated, removed and restored."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    restored: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the pipeline. ``note`` says what it counts ("12,408 students read"); ``seconds`` when it is over."""

    name: str
    state: Literal["done", "now", "ahead", "held", "failed"]
    note: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the strip of the last runs."""

    url: str
    title: str
    state: str
    started: datetime
    counts: Counts
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class FindingNote:
    """A finding as it is shown: what is wrong, where, what to do. ``count`` is how many share this root cause."""

    code: str
    severity: Literal["fatal", "error", "warning"]
    message: str
    remedy: str
    file: str = ""
    record: int | None = None
    column: str = ""
    value: str = ""
    sourced_id: str = ""
    count: int = 1
    url: str = ""
    follows: Sequence[str] = ()
    """What is only so because of this, and goes away with it, in sentences."""
    known: str = ""
    """Who has acknowledged it, until when and why."""
    acknowledge_url: str = ""
    of_one_record: bool = False


@dataclass(frozen=True, slots=True)
class HoldReason:
    """Why a run waits, in terms of people and schools ("114 students at Lincoln Middle would leave.")."""

    sentence: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; None where there was or will be no value."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of the roster that a run adds, updates, removes or restores."""

    kind: Literal["added", "updated", "removed", "restored"]
    title: str
    subtitle: str = ""
    url: str = ""
    fields: Sequence[FieldChange] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a timeline: what happened, when, and which run, file and record made it so."""

    at: datetime
    what: str
    why: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the navigation."""

    label: str
    url: str
    icon: str
    current: bool = False
    waiting: int = 0
    """How many things there wait for a person."""


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Rooms that belong together. A group with one room is that room's own tab."""

    name: str
    links: Sequence[Link]

    @property
    def is_single(self) -> bool:
        """Whether there is nothing to choose in it."""
        return len(self.links) == 1

    @property
    def label(self) -> str:
        """What its tab says."""
        return self.links[0].label if self.is_single else self.name

    @property
    def url(self) -> str:
        """Where its tab leads: the first room."""
        return self.links[0].url

    @property
    def icon(self) -> str:
        """The first room's."""
        return self.links[0].icon

    @property
    def current(self) -> bool:
        """Whether the page is of one of its rooms."""
        return any(link.current for link in self.links)

    @property
    def waiting(self) -> int:
        """How many things wait in its rooms."""
        return sum(link.waiting for link in self.links)


@dataclass(frozen=True, slots=True)
class Shell:
    """What the frame around every signed-in page says."""

    district_name: str
    place: str
    """What stands under the district's name: its method, or the school of a principal."""
    person_name: str
    role: str
    home_url: str
    groups: Sequence[LinkGroup]
    memberships_url: str = ""
    """Where to choose another membership; empty for who has one only."""
    has_own_password: bool = True
    """False for who has a username and a password from the district."""
    only_looks: bool = False
    """Vendor staff on a visit: forms are shown to them without what would send them."""
    visit_ends: datetime | None = None
    """Until when vendor staff look, and where they end that."""
    leave_url: str = ""
    practice_of: str = ""
    """In a practice space, the name of the real district, and where the practice is ended."""
    end_practice_url: str = ""
    real_url: str = ""
