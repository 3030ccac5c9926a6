"""Carries a run out: plan, hold or apply, verify, and tell what happened. The one importer behind every door."""

from dataclasses import replace
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from firstbell.domain.accounts.bands import lengths_by_grade
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import reasons_as_rows
from firstbell.domain.imports.approval import Approval, approval_of
from firstbell.domain.imports.ending import tell_ended
from firstbell.domain.imports.filing import count_plans, file_plan, file_safe_part, forget_plan, put_off_in_words
from firstbell.domain.imports.folder import RECEIVED, RunFolder
from firstbell.domain.imports.keeping import keep_input, note_secrets
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.recovering import recover_runs, worked_on
from firstbell.domain.imports.repeating import find_last_applied, find_same, fingerprint, finish_as
from firstbell.domain.imports.returning import ask_about_erased, let_return
from firstbell.domain.imports.states import NotNow, move
from firstbell.domain.imports.stepping import Steps, Told
from firstbell.domain.imports.touching import touch_rows
from firstbell.domain.roster.known import SourceView
from firstbell.domain.roster.loading import Applied, apply_plans
from firstbell.domain.roster.next_year import scope_of
from firstbell.domain.roster.seasons import season_on, with_season
from firstbell.domain.roster.sources import policy_of
from firstbell.engine import findings
from firstbell.engine.dividing import safe_part
from firstbell.engine.other_schools import others_part
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import Plan, Refused, plan
from firstbell.engine.plan import TablePlan
from firstbell.engine.policy import Policy

log = structlog.get_logger(__name__)

TRIES = 5
"""So often a run is planned anew when the roster changes beneath it."""


class Interrupted(Exception):
    """The roster changed again and again while the run was planned."""


def carry_out(district: District, run: Run, *, by: Actor = SYSTEM, told: Told = lambda step: None) -> Run:
    """Take a received or approved run to its end: applied, held, refused or (dry run) checked.

    A fault of ours leaves the roster as it was and the run failed, and is raised.
    """
    steps = Steps(told)
    recover_runs(district)
    with worked_on(run):
        with within(district):
            run.refresh_from_db()
            approval = approval_of(run)
            run.message = ""
            move(run, RunState.WORKING, by=by)
        try:
            folder = RunFolder(district, run.pk)
            with folder.unpacked(RECEIVED, Path(run.package_name).suffix or ".zip") as path:
                _run_until_stable(district, run, path, steps, by=by, approval=approval)
        except Exception as fault:
            _fail(district, run, fault)
            tell_ended(district, run)
            raise
        if run.is_settled:
            keep_input(district, run)
    tell_ended(district, run)
    return run


def _run_until_stable(
    district: District, run: Run, path: Path, steps: Steps, *, by: Actor, approval: Approval | None
) -> None:
    for _ in range(TRIES):
        version = _look_again(district, run)
        if not approval and (same := find_same(district, run)):
            forget_plan(district, run)
            finish_as(district, run, same, by=by)
            return
        policy = _policy(district, run)
        note_secrets(district, run, policy.corrections)
        with within(district):
            limits = limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES)
            planned = plan(
                open_package(path, name=run.package_name, limits=limits),
                SourceView(district, run.source),
                policy,
                rekey=run.rekey,
                told=steps,
            )
        planned = ask_about_erased(district, run, planned)
        steps("keep")
        file_plan(district, run, planned)
        if isinstance(planned, Plan):
            planned.let_rows_go()
        if _settle(district, run, planned, version, steps, by=by, approval=approval):
            return
    raise Interrupted(f"run {run.pk}: the roster changed {TRIES} times while it was planned")


def _look_again(district: District, run: Run) -> int:
    """The roster's version now; and the source as it is now: it may have been held or set meanwhile."""
    with within(district):
        district.refresh_from_db(fields=["last_stamp", "password_lengths"])
        run.source.refresh_from_db()
    return district.last_stamp


def _policy(district: District, run: Run) -> Policy:
    """The source's settings, and what its last run removed."""
    last = find_last_applied(district, run)
    before = {name: counts["removed"] for name, counts in last.counts.items()} if last else {}
    policy = with_season(policy_of(run.source), season_on(run.source, today_of(district)))
    policy = replace(policy, scope=scope_of(run.source, policy, staged=run.staged))
    schools = None if run.schools is None else frozenset(run.schools)
    return replace(
        policy,
        removed_before=before,
        replaces=policy.replaces or run.replaces,
        schools=schools,
        password_lengths=lengths_by_grade(district),
    )


def _settle(
    district: District,
    run: Run,
    planned: Plan | Refused,
    version: int,
    steps: Steps,
    *,
    by: Actor,
    approval: Approval | None,
) -> bool:
    """Bring the run to its next state; False where the roster changed and the run has to be planned anew."""
    steps("apply")
    with within(district):
        lock(district)
        district.refresh_from_db(fields=["last_stamp"])
        if district.last_stamp != version:
            return False
        if isinstance(planned, Refused):
            run.message = _first_fatal(planned)
            _move(run, RunState.REFUSED, steps, by=by)
            return True
        if run.dry_run:
            run.reasons = reasons_as_rows(planned.verdict.reasons)
            _move(run, RunState.CHECKED, steps, by=by)
            return True
        covered = approval is not None and approval.covers(planned)
        if run.only_safe_part or run.only_others or (planned.verdict.holds and not covered):
            _hold(district, run, planned, steps, by=by, covered=covered)
            return True
        run.message = put_off_in_words(planned.put_off)
        _apply(district, run, planned.comparison.plans, steps)
        let_return(district, run, planned)
        run.source.expects = list(planned.expects) or run.source.expects
        run.source.save(update_fields=["expects"])
        run.fingerprint = fingerprint(district, run)
        _move(run, RunState.APPLIED, steps, by=by)
    return True


def _move(run: Run, state: RunState, steps: Steps, *, by: Actor) -> None:
    steps("")
    run.steps = steps.seconds
    move(run, state, by=by)


def _hold(district: District, run: Run, planned: Plan, steps: Steps, *, by: Actor, covered: bool) -> None:
    """Let the run wait; what may go before goes, where the source is set so or a person has asked for it (``covered``:
    for this and no more)."""
    verdict, plans = planned.verdict, {}
    run.reasons = reasons_as_rows(verdict.reasons) or run.reasons  # who asked for a part has not asked for the rest
    others = others_part(planned.comparison, verdict.reasons)
    run.others = {"schools": others.schools, "counts": count_plans(others.plans)} if others else {}
    if others and run.only_others and covered:
        plans, run.others = others.plans, {}
    elif not run.safe_part_applied:
        safe = safe_part(planned.comparison, verdict.reasons)
        run.safe_counts = count_plans(safe)
        plans = safe if verdict.safe_part or (covered and run.only_safe_part) else {}
    if plans:
        _apply(district, run, plans, steps)
        file_safe_part(district, run, plans)
    run.only_safe_part = run.only_others = False
    _move(run, RunState.HELD, steps, by=by)


def _apply(district: District, run: Run, plans: dict[str, TablePlan], steps: Steps) -> None:
    applied = apply_plans(district, run.source, plans, at=timezone.now())
    steps("verify")
    touch_rows(district, run, plans)
    _note_stamps(run, applied)


def _note_stamps(run: Run, applied: Applied) -> None:
    """A run whose safe part went first has all its stamps between its first and its last."""
    if applied.first_stamp:
        run.first_stamp = run.first_stamp or applied.first_stamp
        run.last_stamp = applied.last_stamp


def _first_fatal(refused: Refused) -> str:
    fatal = findings.explain(refused.checked.findings.filter(refused.checked.findings["severity"] == "fatal").head(1))
    return f"{fatal['message'][0]} {fatal['remedy'][0]}" if fatal.height else "Nothing in the package can be used."


def _fail(district: District, run: Run, fault: Exception) -> None:
    """Note that the run failed; the roster is as it was before. Names of people never reach the log."""
    log.error("run.failed", run_id=run.pk, district_id=district.pk, exc_info=fault)
    if connection.in_atomic_block:
        return
    if not connection.is_usable():
        connection.close()
    with within(district):
        run.refresh_from_db()  # what the transaction said of the run went with it
        run.message = "The run was stopped by a fault of Firstbell. The roster is as it was; try again."
        try:
            move(run, RunState.FAILED, by=SYSTEM, fault=type(fault).__name__)
        except NotNow:
            log.warning("run.failed_twice", run_id=run.pk, district_id=district.pk)
