"""The part of a run that may go while the schools wait that look wrong: what the safe part has, and the removals of all
other schools.

Schools, terms and courses that would go wait too: they hold others' rows together. Where what is left would be too much
by itself, there is no such part.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from firstbell.engine.amounts import too_much
from firstbell.engine.dividing import UNDIVIDED, safe_part
from firstbell.engine.plan import Comparison, TablePlan
from firstbell.engine.reason import Reason

_DIVIDED = frozenset({"too-many-removals", "too-many-updates", "role-gains"})
_HELD_BY = {
    "classes": ("schoolSourcedId",),
    "users": (),
    "userProfiles": (),
    "roles": ("orgSourcedId",),
    "enrollments": ("schoolSourcedId",),
    "demographics": (),
}
"""Tables whose removals may go, and the columns that name their school; a person's is told by roles."""
_OF_PEOPLE = {"userProfiles": "userSourcedId", "roles": "userSourcedId", "enrollments": "userSourcedId"}


@dataclass(frozen=True, slots=True)
class Others:
    """``schools`` (row ids) wait; ``plans`` may go."""

    schools: tuple[int, ...]
    plans: dict[str, TablePlan]


def others_part(work: Comparison, reasons: Iterable[Reason]) -> Others | None:
    """What may go while the schools wait that reasons name; None where no school is named, or the rest is no safer."""
    told = list(reasons)
    schools = sorted({reason.school for reason in told if reason.school is not None})
    if not schools or any(reason.code not in _DIVIDED or reason.code in UNDIVIDED for reason in told):
        return None
    wrong = pl.Series(schools, dtype=pl.Int64)
    safe = safe_part(work, told)
    people = _people_of(work, wrong)
    classes = _rows_of(work.plans.get("classes"), wrong, "schoolSourcedId")
    plans = {
        name: _with_removals(plan, safe[name], _stays(name, wrong, people, classes))
        for name, plan in work.plans.items()
    }
    removals = {name: replace(plan, changes=_removed(plan)) for name, plan in plans.items()}
    if not any(plan.changes.height for plan in removals.values()):
        return None
    if any(reason.removals for reason in too_much(replace(work, plans=removals))):
        return None
    return Others(tuple(schools), plans)


def _people_of(work: Comparison, schools: pl.Series) -> pl.Series:
    """Rows of people who would go and have a role in one of the schools."""
    plan = work.plans.get("users")
    if plan is None:
        return pl.Series([], dtype=pl.Int64)
    held = work.known.rows_pointing_to("roles", "userSourcedId", _removed(plan)["row_id"])
    roles = held.join(work.known.rows("roles", held["row_id"]).select("row_id", "orgSourcedId"), on="row_id")
    return roles.filter(pl.col("orgSourcedId").is_in(schools.implode()))["target"].unique()


def _rows_of(plan: TablePlan | None, schools: pl.Series, column: str) -> pl.Series:
    if plan is None:
        return pl.Series([], dtype=pl.Int64)
    removed = _removed(plan)
    return removed.filter(pl.col(f"was.{column}").is_in(schools.implode()))["row_id"]


def _stays(table: str, schools: pl.Series, people: pl.Series, classes: pl.Series) -> pl.Expr:
    """True for removals that wait with the schools: their rows, and all that hangs on people and classes who stay."""
    if table not in _HELD_BY:
        return pl.lit(value=True)
    by_school = [pl.col(f"was.{column}").is_in(schools.implode()) for column in _HELD_BY[table]]
    of_person = pl.col(f"was.{_OF_PEOPLE[table]}" if table in _OF_PEOPLE else "row_id").is_in(people.implode())
    hanging = [of_person] if table != "classes" else []
    if table == "enrollments":
        hanging.append(pl.col("was.classSourcedId").is_in(classes.implode()))
    return pl.any_horizontal(pl.lit(value=False), *by_school, *hanging).fill_null(value=False)


def _with_removals(plan: TablePlan, safe: TablePlan, stays: pl.Expr) -> TablePlan:
    goes = _removed(plan).filter(~stays)
    keys = goes["key"]
    records = plan.records.filter(~pl.col("present") & pl.col("key").is_in(keys.implode()))
    return replace(
        safe,
        changes=pl.concat([safe.changes, goes.select(safe.changes.columns)]),
        records=pl.concat([safe.records, records.select(safe.records.columns)]),
    )


def _removed(plan: TablePlan) -> pl.DataFrame:
    return plan.changes.filter((pl.col("action") == "removed") & ~pl.col("replaced"))
