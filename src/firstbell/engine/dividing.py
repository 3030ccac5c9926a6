"""The part of a run that may go while the rest waits for a person: everything that no reason to wait is about.

Left out are removals, what hangs on ids that now carry another person or class, the changes of a table that has too
many of them, and staff roles where too many people would gain one.
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from firstbell.engine.guard import gained_roles
from firstbell.engine.plan import Comparison, TablePlan, nobody
from firstbell.engine.reason import Reason
from firstbell.engine.tables import TABLES, Kind

UNDIVIDED = frozenset({"source-held", "renumbered", "erased-returns"})
"""Reasons that are about the whole run. A part of one that looks renumbered would make everybody twice; of one that
brings people again who were erased, somebody decides first."""


def safe_part(work: Comparison, reasons: Iterable[Reason]) -> dict[str, TablePlan]:
    """Plans of what may go now, by table; none where nothing may. What hangs on the rest is compared again later."""
    told = {(reason.code, reason.table) for reason in reasons}
    if any(code in UNDIVIDED for code, _ in told):
        return {}
    anew = pl.col("replaced") & _is("added")
    replaced = {name: plan.changes.filter(anew)["row_id"] for name, plan in work.plans.items()}
    return {name: _part(work, plan, told, replaced) for name, plan in work.plans.items()}


def put_removals_off(work: Comparison) -> dict[str, int]:
    """Take removals out of all plans, as if nobody was missing; tells how many of each table. Rows whose id now carries
    another stay what they are: the guard asks about them."""
    counts = {}
    for name, plan in work.plans.items():
        gone = _is("removed") & ~pl.col("replaced")
        counts[name] = plan.changes.filter(gone).height
        waiting = plan.changes.filter(~gone & _is("removed"))["key"]
        stay = pl.col("present") | pl.col("key").is_in(waiting.implode())
        work.plans[name] = replace(
            plan, changes=plan.changes.filter(~gone), records=plan.records.filter(stay), handed_over=nobody()
        )
    return {name: count for name, count in counts.items() if count}


def _part(work: Comparison, plan: TablePlan, told: set[tuple[str, str]], replaced: dict[str, pl.Series]) -> TablePlan:
    waits = _is("removed") | pl.col("replaced")
    if ("too-many-updates", plan.table) in told:
        waits = waits | _is("updated")
    if plan.table == "roles" and ("role-gains", plan.table) in told:
        waits = waits | pl.col("row_id").is_in(gained_roles(work)["row_id"].implode())
    waiting = plan.changes.filter(waits)["key"]
    goes = plan.changes.filter(~waits)
    records = plan.records.filter(pl.col("present") & ~pl.col("key").is_in(waiting.implode()))
    for column in TABLES[plan.table].references:
        missing = replaced.get(column.target or "")
        if column.kind is Kind.REFS and missing is not None and missing.len():
            goes, records = _without(goes, records, column.name, missing)
    return replace(plan, changes=goes, records=records, handed_over=nobody())


def _without(
    goes: pl.DataFrame, records: pl.DataFrame, column: str, missing: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that list somebody who does not come yet: without them, and (by a blank hash) compared again later."""
    listed = pl.col(column).str.split(",")
    others = listed.list.set_difference(missing.cast(pl.String).to_list())
    lists_missing = (others.list.len() < listed.list.len()).fill_null(value=False)
    keys = goes.filter(lists_missing)["key"]
    shorter = pl.when(others.list.len() > 0).then(others.list.join(","))
    goes = goes.with_columns(pl.when(lists_missing).then(shorter).otherwise(pl.col(column)).alias(column))
    again = pl.col("key").is_in(keys.implode())
    halves = [pl.when(~again).then(pl.col(half)).alias(half) for half in ("hash_high", "hash_low")]
    return goes, records.with_columns(halves)


def _is(action: str) -> pl.Expr:
    return pl.col("action") == action
