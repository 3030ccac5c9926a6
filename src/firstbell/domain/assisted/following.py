"""A case follows the run of its files: checked, plan ready, imported. Safe to repeat, whenever and by whomever."""

from datetime import datetime

from django.utils import timezone

from firstbell.domain.assisted.models import Case, CaseState
from firstbell.domain.assisted.plans import is_clean
from firstbell.domain.assisted.queries import find_case_of_run
from firstbell.domain.assisted.queueing import write_later
from firstbell.domain.assisted.states import locked, move
from firstbell.domain.assisted.verifying import keep_accounts
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run
from firstbell.domain.roster.sources import OF_CASES


def follow_run(district: District, case: Case, run: Run, *, now: datetime) -> None:
    """Take a case as far as its run is. A run that others took the place of comes to nothing."""
    with locked(district, case) as current:
        if current.run_id != run.pk:
            if run.state == RunState.HELD and run.source.kind == OF_CASES:
                discard_run(district, run, by=SYSTEM, on_case=True)
            return
        if current.state == CaseState.RECEIVED and run.state in {RunState.HELD, RunState.REFUSED, RunState.FAILED}:
            _checked(district, current, run, now=now)
        if current.state == CaseState.PLANNED and run.state == RunState.APPLIED:
            keep_accounts(district, run)
            move(district, current, CaseState.IMPORTED, now=now, by=SYSTEM, run=run.pk)
            write_later(district, current, CaseState.IMPORTED)
        if current.state == CaseState.IMPORTED and run.state == RunState.UNDONE:
            move(district, current, CaseState.RETURNED, now=now, by=SYSTEM, run=run.pk)
            write_later(district, current, CaseState.RETURNED)


def _checked(district: District, case: Case, run: Run, *, now: datetime) -> None:
    """What is clean goes on at once; of anything else the district decides first."""
    move(district, case, CaseState.CHECKED, now=now, by=SYSTEM, run=run.pk, found=dict(run.found))
    if is_clean(run):
        move(district, case, CaseState.PLANNED, now=now, by=SYSTEM, run=run.pk, clean=True)
    write_later(district, case, case.state)


def follow_when_ended(district: District, run: Run) -> None:
    """A run ended or waits: where it is of a case, the case follows."""
    if run.source.kind == OF_CASES:
        case = find_case_of_run(district, run.pk)
        if case is not None:
            follow_run(district, case, run, now=timezone.now())


def follow(district: District, case: Case, *, now: datetime) -> None:
    """The same for the run that the case has now, if any."""
    run = find_run(district, case.run_id) if case.run_id else None
    if run is not None:
        follow_run(district, case, run, now=now)
