"""A case follows the run of its files: checked, plan ready, imported. Safe to repeat, whenever and by whomever."""

from datetime import datetime

from firstbell.domain.assisted.models import Case, CaseState, Line
from firstbell.domain.assisted.queueing import write_later
from firstbell.domain.assisted.states import locked, move
from firstbell.domain.assisted.verifying import keep_accounts
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run, summarize_findings
from firstbell.domain.roster.sources import OF_CASES

MOST_CAUSES = 50


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
    if case.state == CaseState.PLANNED:
        note_plan(district, case, run)


def _checked(district: District, case: Case, run: Run, *, now: datetime) -> None:
    """What is clean goes on at once; of anything else the district decides first."""
    move(district, case, CaseState.CHECKED, now=now, by=SYSTEM, run=run.pk, found=dict(run.found))
    if is_clean(run):
        move(district, case, CaseState.PLANNED, now=now, by=SYSTEM, run=run.pk, clean=True)
    write_later(district, case, case.state)


def is_clean(run: Run) -> bool:
    """Whether every record can be taken, and nothing but the habit of cases is a reason to wait."""
    faulty = run.found.get("error", 0) or run.found.get("fatal", 0)
    seen = [reason for reason in run.reasons if reason["code"] != "source-held"]
    return run.state == RunState.HELD and not faulty and not seen and any(_changes(run))


def _changes(run: Run) -> list[int]:
    return [counts.get(action, 0) for counts in run.counts.values() for action in ("added", "updated", "restored")]


def note_plan(district: District, case: Case, run: Run) -> None:
    """Tell the vendor's queue whether the plan is clean, and which kinds of findings it has: no cell of anybody's."""
    causes = [
        {"code": cause.code, "file": cause.file or "", "count": cause.count}
        for cause in summarize_findings(district, run).causes[:MOST_CAUSES]
    ]
    Line.objects.filter(case_id=case.pk, state=CaseState.PLANNED).update(is_clean=is_clean(run), causes=causes)


def follow(district: District, case: Case, *, now: datetime) -> None:
    """The same for the run that the case has now, if any."""
    run = find_run(district, case.run_id) if case.run_id else None
    if run is not None:
        follow_run(district, case, run, now=now)
