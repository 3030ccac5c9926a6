"""The states of a case: one column, one table of allowed moves, who has the next step, an audit row for every move."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from firstbell.domain.advice.working_days import after_working_days
from firstbell.domain.assisted.models import Case, CaseState, Line, Side
from firstbell.domain.assisted.plans import plan_facts
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

S = CaseState
MOVES: dict[CaseState, frozenset[CaseState]] = {
    S.REQUESTED: frozenset({S.TEMPLATES, S.CANCELLED}),
    S.TEMPLATES: frozenset({S.RECEIVED, S.REQUESTED, S.CANCELLED}),
    S.RECEIVED: frozenset({S.RECEIVED, S.CHECKED, S.RETURNED, S.CANCELLED}),
    S.CHECKED: frozenset({S.RECEIVED, S.PLANNED, S.RETURNED, S.CANCELLED}),
    S.PLANNED: frozenset({S.RECEIVED, S.CHECKED, S.RETURNED, S.IMPORTED, S.CANCELLED}),
    S.RETURNED: frozenset({S.RECEIVED, S.PLANNED, S.CANCELLED}),
    S.IMPORTED: frozenset({S.RECEIVED, S.VERIFIED, S.RETURNED}),
    S.VERIFIED: frozenset({S.IMPORTED, S.SIGNED_OFF}),
    S.SIGNED_OFF: frozenset(),
    S.CANCELLED: frozenset(),
}
WAITS_FOR: dict[CaseState, Side] = {
    S.REQUESTED: Side.SERVICES,
    S.TEMPLATES: Side.DISTRICT,
    S.RECEIVED: Side.FIRSTBELL,
    S.CHECKED: Side.DISTRICT,
    S.PLANNED: Side.SERVICES,
    S.RETURNED: Side.DISTRICT,
    S.IMPORTED: Side.DISTRICT,
    S.VERIFIED: Side.DISTRICT,
    S.SIGNED_OFF: Side.NOBODY,
    S.CANCELLED: Side.NOBODY,
}
DAYS: dict[CaseState, int] = {
    S.REQUESTED: 2,
    S.TEMPLATES: 10,
    S.RECEIVED: 1,
    S.CHECKED: 5,
    S.PLANNED: 1,
    S.RETURNED: 5,
    S.IMPORTED: 5,
    S.VERIFIED: 5,
}
"""So many working days has who has the next step."""
SET_BACK: dict[CaseState, CaseState] = {
    S.TEMPLATES: S.REQUESTED,
    S.PLANNED: S.CHECKED,
    S.RETURNED: S.PLANNED,
    S.VERIFIED: S.IMPORTED,
}
"""Where Technical Services may set a case back to, one step, where nothing has to be undone for it."""


class NotNow(Exception):
    """The case is in a state from which this cannot be done; the text says which, for people."""


@contextmanager
def locked(district: District, case: Case) -> Iterator[Case]:
    """The case as it is now, nobody else's until the transaction ends; kept, with its line in the queue, at the end."""
    with within(district):
        now = Case.objects.select_for_update().get(district_id=district.pk, pk=case.pk)
        yield now
        keep(district, now)
        case.refresh_from_db()


def keep(district: District, case: Case) -> None:
    """Save a case, and its line in the vendor's queue with it."""
    case.save()
    plan = plan_facts(district, case)
    Line.objects.update_or_create(
        case_id=case.pk,
        defaults={
            "district_id": district.pk,
            "state": case.state,
            "waits_for": waits_for(case),
            "since": case.since,
            "due_at": case.due_at,
            "needed_by": case.needed_by,
            "opened_at": case.created_at,
            "claimed_id": case.claimed_id,
            "claimed_by": case.claimed_by,
            "is_clean": plan.is_clean,
            "causes": list(plan.causes),
        },
    )


def waits_for(case: Case) -> Side:
    """Who has the next step. What was asked and not answered is Technical Services' beside the step itself."""
    if case.is_open and case.asks:
        return Side.SERVICES
    return WAITS_FOR[CaseState(case.state)]


def move(district: District, case: Case, state: CaseState, *, now: datetime, by: Actor, **detail: object) -> None:
    """Take a locked case to another state. Raises NotNow."""
    current = CaseState(case.state)
    if state not in MOVES[current]:
        raise NotNow(f"The case is at “{current.label}”, so it cannot go to “{state.label}”.")
    case.state, case.since = state, now
    case.reminded_at = case.warned_at = None
    case.due_at = due_of(district, state, now=now)
    if not case.is_open:
        case.closed_at, case.asks = now, False
    note(district, case, f"case.{state.value}", by=by, **{"from": current.value}, **detail)


def due_of(district: District, state: CaseState, *, now: datetime) -> datetime | None:
    """Until when the next step is due of a case that comes to this state now."""
    days = DAYS.get(state)
    return after_working_days(now, days, time_zone=district.time_zone) if days else None


def ensure_at(case: Case, *states: CaseState) -> None:
    """Raise NotNow unless the case is in one of these states."""
    if case.state not in states:
        raise NotNow(f"The case is at “{CaseState(case.state).label}”, so this cannot be done now.")


def note(district: District, case: Case, verb: str, *, by: Actor, **detail: object) -> None:
    """One event of the case. What people wrote stays out of it: it may be about somebody."""
    record(district.pk, verb, by=by, subject_kind="case", subject_id=case.pk, detail=detail)
