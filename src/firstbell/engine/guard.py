"""guard: is it safe? A run goes, or waits for a person with reasons that speak of people and schools."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from firstbell.engine.amounts import too_much
from firstbell.engine.plan import Comparison
from firstbell.engine.reading import Mode
from firstbell.engine.reason import Reason
from firstbell.engine.tables import TABLES
from firstbell.engine.vocabulary import ADMINISTRATOR_ROLES, STAFF_ROLES

_REKEY_HOLDS = frozenset({"orgs", "academicSessions", "courses", "classes", "users"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Go where there are no reasons. ``safe_part``: adds and updates may go while the removals wait."""

    reasons: tuple[Reason, ...] = ()
    safe_part: bool = False

    @property
    def holds(self) -> bool:
        return bool(self.reasons)


def judge(work: Comparison) -> Verdict:
    """Look at everything that a run would do."""
    reasons = (
        *_held_source(work),
        *_lost_files(work),
        *_renumbered(work),
        *_carry_another(work),
        *too_much(work),
        *_role_gains(work),
    )
    only_removals = all(reason.removals for reason in reasons)
    return Verdict(reasons, bool(reasons) and only_removals and work.policy.safe_part_goes)


def _held_source(work: Comparison) -> Iterator[Reason]:
    if work.policy.held:
        yield Reason("source-held", work.policy.held, "")


def _lost_files(work: Comparison) -> Iterator[Reason]:
    """A file that used to come as a full list is empty or missing."""
    others_are_full = any(mode is Mode.BULK for mode in work.reading.modes.values())
    for name in work.policy.expects:
        nouns = TABLES[name].nouns
        known = work.plans[name].known if name in work.plans else 0
        rows = work.checked.tables.get(name)
        if (
            known
            and rows is not None
            and work.reading.mode(name) is Mode.BULK
            and not rows.height
            and name not in work.checked.left_out
        ):
            yield Reason("file-empty", f"The list of {nouns} is empty. It held {known:,} until now.", name, known=known)
        elif name not in work.reading.modes and others_are_full:
            yield Reason(
                "file-missing", f"The list of {nouns} is missing. It came with every full export until now.", name
            )


def _renumbered(work: Comparison) -> Iterator[Reason]:
    for name, plan in work.plans.items():
        if name in _REKEY_HOLDS and work.policy.looks_renumbered(plan.rekeyed, plan.known):
            says = (
                f"{plan.rekeyed:,} of {plan.known:,} {TABLES[name].nouns} came under new ids and seem to be the same. "
                "Approved as a renumbering, each keeps its place and its work."
            )
            yield Reason("renumbered", says, name, count=plan.rekeyed, known=plan.known)


def _carry_another(work: Comparison) -> Iterator[Reason]:
    for name, who in (("users", "another person"), ("classes", "another class")):
        plan = work.plans.get(name)
        count = plan.changes.filter((pl.col("action") == "added") & pl.col("replaced")).height if plan else 0
        if plan and count:
            ids = "1 id carries" if count == 1 else f"{count:,} ids carry"
            yield Reason(
                "id-recycled",
                f"{ids} {who} than until now. Approved, the new one starts without the old one's work.",
                name,
                count=count,
                known=plan.known,
            )


def _role_gains(work: Comparison) -> Iterator[Reason]:
    """People who were known without such a role gain a staff role, or anyone an administrator's, in bulk."""
    plan = work.plans.get("roles")
    if plan is None or not plan.known:
        return
    gained = gained_roles(work)
    staff = _people_gaining(work, gained.filter("person_known"), STAFF_ROLES)
    administrators = _people_gaining(work, gained, ADMINISTRATOR_ROLES)
    most = work.policy.role_gains
    if administrators > most:
        yield Reason(
            "role-gains",
            f"{administrators:,} people would become administrators or principals.",
            "roles",
            count=administrators,
            known=plan.known,
        )
    elif staff > most:
        yield Reason(
            "role-gains",
            f"{staff:,} people who are known as students or family would become staff.",
            "roles",
            count=staff,
            known=plan.known,
        )


def gained_roles(work: Comparison) -> pl.DataFrame:
    """The changes that give an administrator's role to anyone, or a staff role to whom is known (``person_known``)."""
    new_people = (
        work.plans["users"].changes.filter(pl.col("action").is_in(["added", "restored"]))["row_id"]
        if "users" in work.plans
        else pl.Series([], dtype=pl.Int64)
    )
    changed = pl.col("changed").list.contains("role").fill_null(value=False)
    gains = pl.col("action").is_in(["added", "restored"]) | changed
    known = ~pl.col("userSourcedId").is_in(new_people.implode())
    asks = pl.col("role").is_in(list(ADMINISTRATOR_ROLES)) | (known & pl.col("role").is_in(list(STAFF_ROLES)))
    return work.plans["roles"].changes.with_columns(person_known=known).filter(gains & asks)


def _people_gaining(work: Comparison, gained: pl.DataFrame, words: frozenset[str]) -> int:
    """How many people gain one of these roles who had none of them in any organization."""
    candidates = gained.filter(pl.col("role").is_in(list(words)))["userSourcedId"].drop_nulls().unique()
    if not candidates.len():
        return 0
    held = work.known.rows_pointing_to("roles", "userSourcedId", candidates)
    before = held.join(work.known.rows("roles", held["row_id"]), on="row_id").filter(pl.col("role").is_in(list(words)))
    return candidates.len() - before["target"].n_unique()


__all__ = ["Reason", "Verdict", "judge"]
