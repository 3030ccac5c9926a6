"""What people decide about runs. Doing it is ``loading``'s part, now or by a worker."""

from dataclasses import asdict

from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.keeping import keep_input
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import NotNow, move
from firstbell.engine.guard import Reason


def approve_run(district: District, run: Run, *, by: Actor, rekey: bool = True) -> None:
    """Let a held run go, in the name of a person. ``rekey``: renumbered rows keep their place. Raises NotNow."""
    with within(district):
        _ensure_newest(run)
        run.decided_by = by.name
        run.rekey = rekey
        move(run, RunState.APPROVED, by=by, rekey=rekey, reasons=[reason["code"] for reason in run.reasons])


def _ensure_newest(run: Run) -> None:
    """An older file would take back what a newer one of the same source brought."""
    newer = Run.objects.filter(district_id=run.district_id, source_id=run.source_id, kind="import", pk__gt=run.pk)
    if newer.filter(first_stamp__gt=0).exclude(state=RunState.UNDONE).exists():
        raise NotNow("A newer file of this source has been applied since. Discard this run.")


def discard_run(district: District, run: Run, *, by: Actor) -> None:
    """Let a held, failed or waiting run come to nothing. What its safe part applied stays. Raises NotNow."""
    with within(district):
        run.decided_by = by.name
        move(run, RunState.DISCARDED, by=by)
    keep_input(district, run)


def reasons_as_rows(reasons: tuple[Reason, ...]) -> list[dict[str, object]]:
    """Reasons as they are kept in ``Run.reasons``."""
    return [asdict(reason) for reason in reasons]
