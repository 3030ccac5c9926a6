"""What people decide about runs. Doing it is ``loading``'s part, now or by a worker."""

from dataclasses import asdict

from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.keeping import keep_input
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import NotNow, move
from firstbell.domain.roster.sources import OF_CASES
from firstbell.engine.guard import Reason


def approve_run(district: District, run: Run, *, by: Actor, rekey: bool = True, on_case: bool = False) -> None:
    """Let a held run go, in the name of a person. ``rekey``: renumbered rows keep their place. Raises NotNow."""
    with within(district):
        _ensure_decided_here(run, on_case=on_case)
        _ensure_newest(run)
        run.decided_by = by.name
        run.rekey = rekey
        run.only_safe_part = run.only_others = False
        move(run, RunState.APPROVED, by=by, rekey=rekey, reasons=[reason["code"] for reason in run.reasons])


def apply_safe_part(district: District, run: Run, *, by: Actor) -> None:
    """Let go, in the name of a person, what no reason to wait is about; the run then waits on. Raises NotNow."""
    with within(district):
        _ensure_decided_here(run, on_case=False)
        _ensure_newest(run)
        _ensure_divided(run)
        run.decided_by = by.name
        run.only_safe_part, run.only_others = True, False
        reasons = [reason["code"] for reason in run.reasons]
        move(run, RunState.APPROVED, by=by, part="safe", goes=run.safe_counts, reasons=reasons)


def apply_others(district: District, run: Run, *, by: Actor) -> None:
    """Let go, in the name of a person, all schools but those that look wrong; these wait on. Raises NotNow."""
    with within(district):
        _ensure_decided_here(run, on_case=False)
        _ensure_newest(run)
        if run.can_be_decided and not run.has_others:
            raise NotNow("No school of this run looks wrong by itself, so it cannot be divided by schools.")
        run.decided_by = by.name
        run.only_safe_part, run.only_others = False, True
        move(run, RunState.APPROVED, by=by, part="others", waits=run.others.get("schools", []))


def expire_run(district: District, run: Run, *, why: str) -> None:
    """Let a held run come to nothing that nobody decided about, or that nobody may let go any more. Raises NotNow."""
    with within(district):
        run.message = why
        move(run, RunState.DISCARDED, by=SYSTEM, why=why)
    keep_input(district, run)


def _ensure_decided_here(run: Run, *, on_case: bool) -> None:
    """Raise NotNow for a run of a case that somebody would decide about beside the case."""
    if run.source.kind == OF_CASES and not on_case:
        raise NotNow("This run belongs to a One-Time Assisted case: Technical Services decides about it there.")


def _ensure_divided(run: Run) -> None:
    """Raise NotNow where there is no part that could go before the rest. Another state is for ``move`` to refuse."""
    if not run.can_be_decided:
        return
    codes = {reason["code"] for reason in run.reasons}
    if run.safe_part_applied:
        raise NotNow("The safe part of this run is applied already. The rest waits for a decision.")
    if "renumbered" in codes:
        raise NotNow("Its ids look renumbered: a part of it would make people twice. Decide about the whole run.")
    if "erased-returns" in codes:
        raise NotNow("It brings people again who were erased. Decide about the whole run.")
    if "source-held" in codes:
        raise NotNow("Its source is held, so no part of it counts as safe. Decide about the whole run.")
    if not run.has_safe_part:
        raise NotNow("There is nothing in this run that could go before the rest.")


def _ensure_newest(run: Run) -> None:
    """An older file would take back what a newer one of the same source brought."""
    newer = Run.objects.filter(district_id=run.district_id, source_id=run.source_id, kind="import", pk__gt=run.pk)
    if newer.filter(first_stamp__gt=0).exclude(state=RunState.UNDONE).exists():
        raise NotNow("A newer file of this source has been applied since. Discard this run.")


def discard_run(district: District, run: Run, *, by: Actor, on_case: bool = False) -> None:
    """Let a held, failed or waiting run come to nothing. What its safe part applied stays. Raises NotNow."""
    with within(district):
        _ensure_decided_here(run, on_case=on_case)
        run.decided_by = by.name
        move(run, RunState.DISCARDED, by=by)
    keep_input(district, run)


def reasons_as_rows(reasons: tuple[Reason, ...]) -> list[dict[str, object]]:
    """Reasons as they are kept in ``Run.reasons``."""
    return [asdict(reason) for reason in reasons]
