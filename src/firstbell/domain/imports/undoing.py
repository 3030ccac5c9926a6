"""Undoes a run: what it added goes, what it changed comes back where nothing else changed it since.

Undo of the latest run restores content exactly. Undo of an older one restores the fields that still have the value
which that run gave them, and lists the others as conflicts. Then the source is held, or tonight would do it again.
"""

from django.utils import timezone

from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of, records_of, safe_part_of, safe_records_of
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.reversing import Conflict, Reversal, keep_whole, reverse
from firstbell.domain.imports.states import NotNow, move
from firstbell.domain.imports.touching import touch_rows
from firstbell.domain.roster.known import SourceView
from firstbell.domain.roster.loading import apply_plans
from firstbell.domain.roster.sources import hold_source, policy_of
from firstbell.engine.plan import TablePlan, no_changes
from firstbell.engine.tables import TABLES

MOST_CONFLICTS = 1000
"""So many conflicts are kept with the run; the sum is always told."""


def undo_run(district: District, run: Run, *, by: Actor) -> Run:
    """Undo an applied run as a run of its own, which is returned. Raises NotNow."""
    if not run.can_be_undone:
        raise NotNow("Only a run that changed the roster can be undone, and only once.")
    folder = RunFolder(district, run.pk)
    with within(district):
        lock(district)
        undo = Run.objects.create(
            district_id=district.pk,
            source=run.source,
            kind="undo",
            state=RunState.WORKING,
            package_name=run.package_name,
            started_by=by.name,
            of_run_id=run.pk,
        )
        plans, conflicts = _plans(district, folder, run)
        undo.conflicts = conflicts[:MOST_CONFLICTS]
        undo_folder = RunFolder(district, undo.pk)
        for name, plan in plans.items():
            undo_folder.write_frame(changes_of(name), plan.changes)
        applied = apply_plans(district, run.source, plans, at=timezone.now())
        touch_rows(district, undo, plans)
        undo.first_stamp, undo.last_stamp, undo.counts = applied.first_stamp, applied.last_stamp, applied.counts
        if conflicts:
            undo.message = _left_as_it_is(len(conflicts))
        move(run, RunState.UNDONE, by=by, undo=undo.pk)
        move(undo, RunState.APPLIED, by=by, of=run.pk, conflicts=len(conflicts))
        if policy_of(run.source).owns:  # what no source owns came by hand, and nothing brings it again tonight
            hold_source(district, run.source, f"Run {run.pk} was undone by {by.name}.", by=by)
    return undo


def _left_as_it_is(count: int) -> str:
    return (
        "1 thing had changed since and was left as it is."
        if count == 1
        else (f"{count:,} things had changed since and were left as they are.")
    )


def _plans(district: District, folder: RunFolder, run: Run) -> tuple[dict[str, TablePlan], list[Conflict]]:
    view = SourceView(district, run.source)
    discarded = run.state == RunState.DISCARDED
    changes_in, records_in = (safe_part_of, safe_records_of) if discarded else (changes_of, records_of)
    reversals: dict[str, Reversal] = {}
    for name in TABLES:
        changes, renumbered = folder.read_frame(changes_in(name)), folder.read_frame(records_in(name))
        if changes is not None or renumbered is not None:
            changes = no_changes(name) if changes is None else changes
            reversals[name] = reverse(view, name, changes, renumbered)
    keep_whole(district, reversals)
    conflicts = [conflict for reversal in reversals.values() for conflict in reversal.conflicts]
    return {name: reversal.plan() for name, reversal in reversals.items()}, conflicts
