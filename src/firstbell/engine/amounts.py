"""How much a run would remove or change at once, in the district and in each school, told in terms of people."""

from collections.abc import Iterator

import polars as pl

from firstbell.engine.plan import STAYING_SCHEMA, Comparison, TablePlan
from firstbell.engine.reason import Reason
from firstbell.engine.tables import TABLES
from firstbell.engine.vocabulary import STAFF_ROLES, STUDENT_ROLES

_BY_SCHOOL = {"users": "", "classes": "schoolSourcedId", "enrollments": "schoolSourcedId"}
_ENDS = {"users": "would leave", "classes": "would close", "enrollments": "would end"}
_PEOPLE_FIRST = ("users", "classes", "enrollments", "courses", "orgs", "academicSessions")
_HANG_ON_PEOPLE = frozenset({"roles", "userProfiles", "demographics"})


def too_much(work: Comparison) -> Iterator[Reason]:
    """Reasons of quantity, people first. What only goes because its person goes is not told again."""
    names = [name for name in (*_PEOPLE_FIRST, *sorted(_HANG_ON_PEOPLE)) if name in work.plans]
    people_go = False
    for name in names:
        plan = work.plans[name]
        if not (people_go and name in _HANG_ON_PEOPLE):
            reasons = list(_too_many_removed(work, plan))
            people_go = people_go or (name == "users" and bool(reasons))
            yield from reasons
        yield from _too_many_updated(work, plan)


def _too_many_updated(work: Comparison, plan: TablePlan) -> Iterator[Reason]:
    updated = plan.count("updated")
    if plan.known >= work.policy.guarded_from and 100 * updated > work.policy.updated_share * plan.known:
        says = f"{updated:,} of {plan.known:,} {TABLES[plan.table].nouns} would change at once."
        yield Reason("too-many-updates", says, plan.table, count=updated, known=plan.known)


def _too_many_removed(work: Comparison, plan: TablePlan) -> Iterator[Reason]:
    removed = plan.changes.filter((pl.col("action") == "removed") & ~pl.col("replaced"))
    if not removed.height:
        return
    roles = _roles_of(work, removed) if plan.table == "users" else None
    if _is_too_much(work, plan, removed.height, plan.known):
        before = work.policy.removed_before.get(plan.table)
        yield _reason(plan, removed.height, plan.known, more=_split(roles), before=before)
    if plan.table not in _BY_SCHOOL:
        return
    counted = _by_school(work, plan.table, removed, roles)
    if _are_few(work, plan, counted):
        return
    counted = _with_known(work, plan.table, counted)
    names = school_names(work, counted["school"])
    columns = (counted[name].to_list() for name in ("school", "removed", "known"))
    for school, count, known in zip(*columns, strict=True):
        if _is_too_much(work, plan, count, known):
            there = roles.filter(pl.col("orgSourcedId") == school) if roles is not None else None
            yield _reason(
                plan, count, known, school=school, where=f" at {names.get(school, 'a school')}", more=_split(there)
            )


def _is_too_much(work: Comparison, plan: TablePlan, count: int, known: int) -> bool:
    policy = work.policy
    share = known >= policy.guarded_from and 100 * count > policy.removed_share * known
    return share or (plan.table == "users" and count > policy.removed_people)


def _reason(
    plan: TablePlan,
    count: int,
    known: int,
    *,
    school: int | None = None,
    where: str = "",
    more: str = "",
    before: int | None = None,
) -> Reason:
    says = (
        f"{count:,} of {known:,} {TABLES[plan.table].nouns}{where} {_ENDS.get(plan.table, 'would be removed')}{more}."
    )
    if before is not None:
        says += f" In the run before it was {before:,}."
    return Reason("too-many-removals", says, plan.table, school, count, known, removals=True)


def _roles_of(work: Comparison, removed: pl.DataFrame) -> pl.DataFrame:
    """The roles of removed people: ``target`` (the person's row), ``role``, ``orgSourcedId`` (row)."""
    held = work.known.rows_pointing_to("roles", "userSourcedId", removed["row_id"])
    return held.join(work.known.rows("roles", held["row_id"]), on="row_id").select("target", "role", "orgSourcedId")


def _split(roles: pl.DataFrame | None) -> str:
    """How many of the people are students and staff, where both are among them."""
    if roles is None:
        return ""
    students, staff = (
        roles.filter(pl.col("role").is_in(list(words)))["target"].n_unique() for words in (STUDENT_ROLES, STAFF_ROLES)
    )
    return f": {students:,} students and {staff:,} staff" if students and staff else ""


def _by_school(work: Comparison, table: str, removed: pl.DataFrame, roles: pl.DataFrame | None) -> pl.DataFrame:
    """``school`` (row id), ``removed``."""
    if roles is not None:
        return roles.group_by(school="orgSourcedId").agg(removed=pl.col("target").n_unique())
    return removed.group_by(school=f"was.{_BY_SCHOOL[table]}").agg(removed=pl.len())


def _are_few(work: Comparison, plan: TablePlan, counted: pl.DataFrame) -> bool:
    """Whether the rows that come unchanged alone show that no school loses too much."""
    by = work.plans.get("roles") if plan.table == "users" else plan
    stay = by.staying if by else pl.DataFrame(schema=STAYING_SCHEMA)
    at_least = pl.col("removed") + pl.col("stay").fill_null(0)
    small = 100 * pl.col("removed") <= work.policy.removed_share * at_least
    if plan.table == "users":
        small &= pl.col("removed") <= work.policy.removed_people
    return bool(counted.join(stay, on="school", how="left").select(small.all()).item())


def _with_known(work: Comparison, table: str, counted: pl.DataFrame) -> pl.DataFrame:
    """With ``known``, how many each school has; in the order of the schools."""
    known = work.known.members_by_school(table)
    joined = counted.join(known, on="school", how="left")
    return joined.with_columns(pl.max_horizontal("known", "removed").alias("known")).sort("school")


def school_names(work: Comparison, schools: pl.Series) -> dict[int, str]:
    """Names of organizations by row id."""
    rows = work.known.rows("orgs", schools.drop_nulls())
    return dict(zip(rows["row_id"].to_list(), rows["name"].to_list(), strict=True))
