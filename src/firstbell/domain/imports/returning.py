"""People who were erased and whom a file brings again: never unseen. The run waits until a person has decided."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.erasing import (
    MARKED,
    find_tombstones,
    forget_tombstones,
    mark_of_field,
    mark_of_key,
)
from firstbell.engine.pipeline import Plan, Refused
from firstbell.engine.reason import Reason

RETURNS = "erased-returns"
MOST_NAMED = 3


def ask_about_erased(district: District, run: Run, planned: Plan | Refused) -> Plan | Refused:
    """The plan, with a reason to wait where it adds somebody who was erased."""
    if isinstance(planned, Refused):
        return planned
    marked = dict(_marked(run, planned))
    with within(district):
        found = find_tombstones(district, marked)
    again = sorted({marked[mark] for mark in found})
    if not again:
        return planned
    more = f" and {len(again) - MOST_NAMED:,} more" if len(again) > MOST_NAMED else ""
    named = ", ".join(again[:MOST_NAMED]) + more
    people = "1 person who was erased comes" if len(again) == 1 else f"{len(again):,} people who were erased come"
    says = f"{people} again with this file ({named}). Approve it only where that is meant."
    reason = Reason(RETURNS, says, "users", count=len(again), known=planned.comparison.plans["users"].known)
    verdict = replace(planned.verdict, reasons=(*planned.verdict.reasons, reason), safe_part=False)
    return replace(planned, verdict=verdict)


def let_return(district: District, run: Run, planned: Plan) -> None:
    """Whoever comes again with a run that is applied is somebody of the roster again."""
    marked = dict(_marked(run, planned))
    if found := find_tombstones(district, marked):
        forget_tombstones(district, found)


def _marked(run: Run, planned: Plan) -> Iterator[tuple[str, str]]:
    """What would recognise each person who is added, with what their source calls them."""
    plan = planned.comparison.plans.get("users")
    if plan is None:
        return
    added = plan.changes.filter(pl.col("action") == "added")
    keys = added["key"].to_list()
    yield from ((mark_of_key(run.source_id, key), key) for key in keys)
    for name in MARKED:
        yield from ((mark_of_field(name, text), key) for text, key in zip(added[name], keys, strict=True) if text)
