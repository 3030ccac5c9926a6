"""What the clock does to cases: it reminds who is late, warns where nothing happens, closes what stays silent.

Safe to repeat: what was done once is written on the case.
"""

from datetime import datetime, timedelta
from typing import Final

from firstbell.domain.advice.working_days import after_working_days
from firstbell.domain.assisted.actions import cancel
from firstbell.domain.assisted.models import Case, CaseState, Message, Side
from firstbell.domain.assisted.queueing import REMINDER, WARNING, write_later
from firstbell.domain.assisted.states import NotNow, locked, note, waits_for
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District

AGAIN: Final = timedelta(days=7)
"""So long after a reminder comes the next."""
SILENT: Final = timedelta(days=21)
"""So long nothing may happen on a case before the district is warned that it will be closed."""
WARNED_DAYS: Final = 5
"""Working days between the warning and the end."""
CLOSED: Final = "closed"
CLOSES: Final = frozenset({CaseState.TEMPLATES, CaseState.CHECKED, CaseState.RETURNED})
"""Where a case may end by silence: nothing was made yet, and the next step is the district's."""


def tend(district: District, case: Case, *, now: datetime) -> str:
    """Do what is due by the clock; what was done: ``reminder``, ``warning``, ``closed``, or nothing.

    In a practice space nobody is late."""
    if district.is_practice or not _may_be_due(case, now=now):
        return ""
    done = _remind(district, case, now=now)
    if done == CLOSED:
        try:
            cancel(district, case, now=now, by=SYSTEM, why="nothing happened after the warning")
        except NotNow:  # somebody went on with it in this moment
            return ""
    return done


def _may_be_due(case: Case, *, now: datetime) -> bool:
    """A look before the case is locked: most have nothing due."""
    return case.is_open and ((case.due_at is not None and case.due_at <= now) or case.since <= now - SILENT)


def _remind(district: District, case: Case, *, now: datetime) -> str:
    with locked(district, case) as current:
        if current.state in CLOSES and waits_for(current) == Side.DISTRICT and _silent(district, current, now=now):
            return _end_or_warn(district, current, now=now)
        late = current.due_at is not None and current.due_at <= now
        if not (current.is_open and late and waits_for(current) in {Side.DISTRICT, Side.SERVICES}):
            return ""
        if current.reminded_at is not None and current.reminded_at > now - AGAIN:
            return ""
        current.reminded_at = now
        note(district, current, "case.reminded", by=SYSTEM, side=waits_for(current).value)
        write_later(district, current, REMINDER)
    return REMINDER


def _silent(district: District, case: Case, *, now: datetime) -> bool:
    last = Message.objects.filter(district_id=district.pk, case_id=case.pk).order_by("-id").first()
    return max(case.since, last.at if last else case.since) <= now - SILENT


def _end_or_warn(district: District, case: Case, *, now: datetime) -> str:
    if case.warned_at is None:
        case.warned_at = now
        note(district, case, "case.warned", by=SYSTEM)
        write_later(district, case, WARNING)
        return WARNING
    if now < after_working_days(case.warned_at, WARNED_DAYS, time_zone=district.time_zone):
        return ""
    return CLOSED
