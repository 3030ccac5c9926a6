"""The districts that somebody of the vendor looks after, each with where it stands. A few questions, however many."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from firstbell.domain.advice.models import ContactRole, DistrictContact
from firstbell.domain.advice.queries import Wanted, find_gone, list_cared_for, list_request_lines
from firstbell.domain.assisted.models import Line, Side
from firstbell.domain.assisted.queries import Asked, list_lines
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import list_districts
from firstbell.domain.portfolio.models import Stage, Standing
from firstbell.domain.portfolio.words import OF_CASES, next_step, waits_for

STUCK: Final = timedelta(days=7)
"""Who has stood at one place for longer, and is not ready, is stuck."""
MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a district is, since when, and who does what next. ``tone``: good, wait or bad."""

    stage: str
    tone: str
    since: datetime
    waits_for: str
    next_step: str
    is_stuck: bool = False


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """One district of a portfolio. It names nobody on a roster."""

    district: District
    place: Place
    standing: Standing | None
    case: Line | None
    contacts: tuple[DistrictContact, ...]
    requests: int
    """Open requests of the district."""

    @property
    def readiness(self) -> str:
        """ "2 of 5 schools ready"; nothing of a district that lets no staff in."""
        if not self.district.lets_staff_in:
            return "Lets no staff in"
        if self.standing is None or not self.standing.schools:
            return "No school yet"
        schools = "school" if self.standing.schools == 1 else "schools"
        return f"{self.standing.ready_schools:,} of {self.standing.schools:,} {schools} ready"


def list_portfolio(email: str, *, now: datetime) -> list[PortfolioLine]:
    """The districts of somebody of the vendor: what is stuck for longest first, what is ready last."""
    return _lines(list_districts(list_cared_for(email)), now=now)


def list_whole_portfolio(*, now: datetime, without_contact: bool = False) -> list[PortfolioLine]:
    """All districts, or only those that nobody looks after, in the same order."""
    lines = _lines(list_districts(), now=now)
    return [line for line in lines if not line.contacts] if without_contact else lines


def find_line(district: District, *, now: datetime) -> PortfolioLine:
    """One of them."""
    return _lines([district], now=now)[0]


def _lines(districts: Sequence[District], *, now: datetime) -> list[PortfolioLine]:
    ids = [district.pk for district in districts]
    standings = Standing.objects.in_bulk(ids)
    cases: dict[int, Line] = {}
    for case in list_lines(Asked(district_ids=ids), limit=MOST):
        cases.setdefault(case.district_id, case)  # the first that is due
    requests = Counter(line.district_id for line in list_request_lines(Wanted(district_ids=ids), limit=MOST))
    contacts = _contacts(ids)
    lines = [
        PortfolioLine(
            district,
            _place(district, standings.get(district.pk), cases.get(district.pk), now=now),
            standings.get(district.pk),
            cases.get(district.pk),
            contacts.get(district.pk, ()),
            requests[district.pk],
        )
        for district in districts
    ]
    return sorted(lines, key=_urgency)


def _urgency(line: PortfolioLine) -> tuple[bool, bool, datetime, int]:
    return not line.place.is_stuck, line.place.tone == "good", line.place.since, line.district.pk


def _place(district: District, standing: Standing | None, case: Line | None, *, now: datetime) -> Place:
    """Where the district is. An open case comes before all else: it says more."""
    if case is not None:
        late = case.due_at is not None and case.due_at < now
        step = OF_CASES[case.state]
        waits = Side(case.waits_for).label
        tone = "bad" if late else "wait"
        return Place(f"Case: {case.get_state_display()}", tone, case.since, waits, step, is_stuck=late)
    if standing is None:
        return Place("Not looked at yet", "wait", district.created_at, waits_for(None), next_step(district, None))
    ready, broken = standing.stage == Stage.READY, standing.stage == Stage.TROUBLE
    tone = "good" if ready else "bad" if broken else "wait"
    label = Stage(standing.stage).label
    step = next_step(district, standing)
    stuck = not ready and standing.since <= now - STUCK
    return Place(label, tone, standing.since, waits_for(standing), step, is_stuck=stuck)


def _contacts(ids: Sequence[int]) -> dict[int, tuple[DistrictContact, ...]]:
    found = list(DistrictContact.objects.filter(district_id__in=ids))
    gone = find_gone(contact.email for contact in found)
    order = list(ContactRole)
    found.sort(key=lambda contact: order.index(ContactRole(contact.role)))
    by_district: dict[int, tuple[DistrictContact, ...]] = {}
    for contact in found:
        if contact.email not in gone:
            by_district[contact.district_id] = (*by_district.get(contact.district_id, ()), contact)
    return by_district
