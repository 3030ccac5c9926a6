"""The states of a run: one column, one table of allowed moves, and an audit row for every move."""

from django.utils import timezone

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.imports.models import Run, RunState

S = RunState
MOVES: dict[RunState, frozenset[RunState]] = {
    S.RECEIVED: frozenset({S.WORKING, S.DISCARDED}),
    S.WORKING: frozenset({S.APPLIED, S.HELD, S.REFUSED, S.FAILED, S.CHECKED}),
    S.HELD: frozenset({S.APPROVED, S.DISCARDED}),
    S.APPROVED: frozenset({S.WORKING}),
    S.FAILED: frozenset({S.WORKING, S.DISCARDED}),
    S.APPLIED: frozenset({S.UNDONE}),
    S.DISCARDED: frozenset({S.UNDONE}),
    S.REFUSED: frozenset(),
    S.UNDONE: frozenset(),
    S.CHECKED: frozenset(),
}
WAITING = frozenset({S.RECEIVED, S.WORKING, S.HELD, S.APPROVED})
"""States in which somebody or something has the next step."""


class NotNow(Exception):
    """The run is in a state from which this cannot be done; the text says which, for people."""


def move(run: Run, state: RunState, *, by: Actor, **detail: object) -> None:
    """Take a run to another state, in the caller's transaction and wall. Raises NotNow."""
    current = Run.objects.select_for_update().only("state").get(pk=run.pk, district_id=run.district_id).state
    if state not in MOVES[RunState(current)]:
        raise NotNow(f"The run is {RunState(current).label.lower()}, so it cannot become {state.label.lower()}.")
    run.state = state
    if run.is_settled:
        run.finished_at = timezone.now()
    run.save()
    record(
        run.district_id,
        f"run.{state.value}",
        by=by,
        subject_kind="run",
        subject_id=run.pk,
        detail={"from": current, **detail},
    )
