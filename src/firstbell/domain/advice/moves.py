"""How many students moved between schools, from the changes that runs kept."""

from datetime import datetime

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of
from firstbell.domain.imports.models import Run, RunState

ROLES = "roles"
MOST_RUNS = 400
"""Seven a day for eight weeks: no district's evidence needs more."""


def count_moves(district: District, since: datetime) -> int:
    """Moves of students from one school to another by applied runs since then. A move back is another one."""
    with within(district):
        applied = Run.objects.filter(
            district_id=district.pk, state=RunState.APPLIED, kind="import", finished_at__gte=since
        )
        found = list(applied.order_by("-id").values_list("pk", "counts")[:MOST_RUNS])
    with_moves = [pk for pk, counts in found if _may_have_moves(counts.get(ROLES, {}))]
    return sum(_moves_of(RunFolder(district, pk).read_frame(changes_of(ROLES))) for pk in with_moves)


def _may_have_moves(counts: dict[str, int]) -> bool:
    """Only a role that was there before can have been left: a first roster is not opened."""
    return bool(counts.get("updated") or counts.get("removed"))


def _moves_of(changes: pl.DataFrame | None) -> int:
    """Students who have a role at a school that they had not, and have one no longer at another."""
    if changes is None:
        return 0
    left = changes.filter(pl.col("action").is_in(["removed", "updated"]), pl.col("was.role") == "student").select(
        person="was.userSourcedId", left="was.orgSourcedId"
    )
    came = changes.filter(pl.col("action").is_in(["added", "restored", "updated"]), pl.col("role") == "student").select(
        person="userSourcedId", came="orgSourcedId"
    )
    both = left.join(came, on="person", how="inner").filter(pl.col("left") != pl.col("came"))
    return int(both["person"].n_unique())
