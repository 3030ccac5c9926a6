"""Puts what a run found, and what it changes, into its folder: before the transaction commits that applies it."""

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import FINDINGS, PASSWORDS, RunFolder, changes_of, records_of, safe_part_of
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.loading import part_of
from firstbell.engine import findings
from firstbell.engine.pipeline import Plan, Refused
from firstbell.engine.plan import TablePlan
from firstbell.engine.tables import TABLES

ACTIONS = ("added", "updated", "removed", "restored")


def file_plan(district: District, run: Run, planned: Plan | Refused) -> None:
    """Tell the run what was planned, and keep it in the run's folder in the place of an earlier plan."""
    folder = RunFolder(district, run.pk)
    reading = planned.reading
    run.format = f"{reading.format} {reading.version}".strip()
    run.files = reading.files
    found = planned.checked.findings
    forget_plan(district, run)
    if isinstance(planned, Plan):
        parts = [*planned.reading.findings, *planned.checked.noted, *planned.comparison.findings]
        found = reading.in_own_words(findings.gather(parts, strict=False))
        if planned.passwords.height:
            folder.write_frame(PASSWORDS, planned.passwords)
        for name, table in planned.comparison.plans.items():
            _file_table(folder, run, name, table)
    run.found = findings.counts(found)
    folder.write_frame(FINDINGS, found)


def forget_plan(district: District, run: Run) -> None:
    """Take an earlier plan of the run out of its folder: the roster changed, so nothing of it was applied."""
    folder = RunFolder(district, run.pk)
    run.counts = {}
    for name in TABLES:
        folder.delete(changes_of(name))
        folder.delete(records_of(name))


def _file_table(folder: RunFolder, run: Run, name: str, table: TablePlan) -> None:
    safe_part = folder.read_frame(safe_part_of(name)) if run.safe_part_applied else None
    changes = table.changes if safe_part is None else pl.concat([safe_part, table.changes])
    if changes.height:
        folder.write_frame(changes_of(name), changes)
    run.counts[name] = _counted(table, changes, 0 if safe_part is None else safe_part.height)
    renumbered = table.records.filter(table.records["old_key"].is_not_null())
    if renumbered.height:
        folder.write_frame(records_of(name), renumbered)


def _counted(table: TablePlan, changes: pl.DataFrame, gone_before: int) -> dict[str, int]:
    """Changes by action, with what a held run applied before; those rows are no longer new or changed."""
    counts = {action: changes.filter(pl.col("action") == action).height for action in ACTIONS}
    return counts | {"unchanged": table.unchanged - gone_before}


def file_safe_part(district: District, run: Run, planned: Plan) -> None:
    """What went already is kept apart: the rest, once approved, is added to it and undone with it."""
    folder = RunFolder(district, run.pk)
    for name, table in planned.comparison.plans.items():
        changes, _ = part_of(table, safe_part=True)
        if changes.height:
            folder.write_frame(safe_part_of(name), changes)
    run.safe_part_applied = True
