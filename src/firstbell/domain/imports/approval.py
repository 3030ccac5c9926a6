"""What a person said yes to, and whether a plan still is that."""

from dataclasses import dataclass

from firstbell.domain.imports.models import Run, RunState
from firstbell.engine.pipeline import Plan

FOLLOWS = frozenset({"too-many-removals", "too-many-updates", "role-gains"})
"""What comes of taking renumbered people for new ones: the old ones go, and all that hung on them changes."""


@dataclass(frozen=True, slots=True)
class Approval:
    """The counts of the reasons that a person saw (by code, table and school), and the removals by table."""

    seen: dict[tuple[object, object, object], int]
    removed: dict[str, int]
    rekey: bool

    def covers(self, planned: Plan) -> bool:
        """Whether nothing has grown since. Taken for new people, as many may go as seemed to be renumbered."""
        follows = not self.rekey and self._goes_no_further(planned)
        return all(
            self.seen.get((reason.code, reason.table, reason.school), -1) >= reason.count
            or (follows and reason.code in FOLLOWS)
            for reason in planned.verdict.reasons
        )

    def _goes_no_further(self, planned: Plan) -> bool:
        renumbered = {str(table): count for (code, table, _), count in self.seen.items() if code == "renumbered"}
        plans = planned.comparison.plans
        return bool(renumbered) and all(
            plans[table].count("removed") <= count + self.removed.get(table, 0)
            for table, count in renumbered.items()
            if table in plans
        )


def approval_of(run: Run) -> Approval | None:
    """The approval under which a run is carried out: given now, or before it failed."""
    again = run.state == RunState.FAILED and run.decided_by
    if run.state != RunState.APPROVED and not again:
        return None
    seen = {(reason["code"], reason["table"], reason["school"]): reason["count"] for reason in run.reasons}
    removed = {table: counts.get("removed", 0) for table, counts in run.counts.items()}
    return Approval(seen, removed, run.rekey)
