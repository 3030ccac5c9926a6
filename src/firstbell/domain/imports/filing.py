"""Puts what a run found, and what it changes, into its folder: before the transaction commits that applies it."""

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import (
    FINDINGS,
    FOUND_AT,
    PASSWORDS,
    RunFolder,
    changes_of,
    records_of,
    safe_part_of,
    safe_records_of,
)
from firstbell.domain.imports.models import Run
from firstbell.engine import findings
from firstbell.engine.at_schools import schools_of_records
from firstbell.engine.pipeline import Plan, Refused
from firstbell.engine.plan import TablePlan, new_plan
from firstbell.engine.reported import open_columns
from firstbell.engine.tables import TABLES

ACTIONS = ("added", "updated", "removed", "restored")


def file_plan(district: District, run: Run, planned: Plan | Refused) -> None:
    """Tell the run what was planned, and keep it in the run's folder in the place of an earlier plan."""
    folder = RunFolder(district, run.pk)
    reading = planned.reading
    run.format = f"{reading.format} {reading.version}".strip()
    run.files = reading.files
    run.open_columns = open_columns(reading)
    found = planned.checked.findings
    forget_plan(district, run)
    at = None
    if isinstance(planned, Plan):
        parts = [*planned.reading.findings, *planned.checked.noted, *planned.comparison.findings]
        found = reading.in_own_words(findings.gather(parts, strict=False))
        if planned.passwords.height:
            folder.write_frame(PASSWORDS, planned.passwords)
        for name, table in planned.comparison.plans.items():
            _file_table(folder, run, name, table)
        at = schools_of_records(found, reading.tables, planned.comparison.ids["orgs"])
    run.found = findings.counts(found)
    folder.write_frame(FINDINGS, found)
    if at is not None:  # also where nothing was found: who looks can tell that from a run that nobody asked
        folder.write_frame(FOUND_AT, at)


def forget_plan(district: District, run: Run) -> None:
    """Take an earlier plan of the run out of its folder: the roster changed, so nothing of it was applied."""
    folder = RunFolder(district, run.pk)
    run.counts = {}
    for name in TABLES:
        folder.delete(changes_of(name))
        folder.delete(records_of(name))
    folder.delete(FOUND_AT)


def _file_table(folder: RunFolder, run: Run, name: str, table: TablePlan) -> None:
    went = folder.read_frame(safe_part_of(name)) if run.safe_part_applied else None
    renumbered = folder.read_frame(safe_records_of(name)) if run.safe_part_applied else None
    changes = table.changes if went is None else pl.concat([went, table.changes])
    folder.keep_frame(changes_of(name), changes)
    run.counts[name] = _counted(table, changes, 0 if went is None else went.height)
    now = _renumbered(table)
    folder.keep_frame(records_of(name), now if renumbered is None else pl.concat([renumbered, now]))


def _renumbered(table: TablePlan) -> pl.DataFrame:
    return table.records.filter(pl.col("old_key").is_not_null())


def _counted(table: TablePlan, changes: pl.DataFrame, gone_before: int) -> dict[str, int]:
    """Changes by action, with what a held run applied before; those rows are no longer new or changed."""
    return count_actions(changes) | {"unchanged": table.unchanged - gone_before}


def count_actions(changes: pl.DataFrame) -> dict[str, int]:
    """How many changes there are of each action."""
    return {action: changes.filter(pl.col("action") == action).height for action in ACTIONS}


def count_plans(plans: dict[str, TablePlan]) -> dict[str, dict[str, int]]:
    """Changes by table and action, of the tables that have any."""
    counts = {name: count_actions(plan.changes) for name, plan in plans.items()}
    return {name: actions for name, actions in counts.items() if any(actions.values())}


def file_safe_part(district: District, run: Run, plans: dict[str, TablePlan]) -> None:
    """What went already is kept apart: the rest, once approved, is added to it and undone with it. A second part (the
    other schools, after the safe part) is added to the first."""
    folder = RunFolder(district, run.pk)
    for name in TABLES:
        plan = plans.get(name) or new_plan(name, 0)
        parts = [(safe_part_of(name), plan.changes), (safe_records_of(name), _renumbered(plan))]
        for part, frame in parts:
            went = folder.read_frame(part) if run.safe_part_applied else None
            folder.keep_frame(part, frame if went is None else _together(went, frame))
    run.safe_part_applied = True


def _together(went: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Both, each row once: whoever wrote the second may have been stopped before it was applied, and is here again."""
    same = [name for name in ("action", "key", "row_id") if name in went.columns]
    return pl.concat([went, more]).unique(same, keep="first", maintain_order=True)


def put_off_in_words(counts: dict[str, int]) -> str:
    """“Nothing is removed in this season: 12 people ... wait until it is over.” Blank where nothing was put off."""
    if not counts:
        return ""
    told = ", ".join(f"{count:,} {TABLES[name].nouns}" for name, count in counts.items())
    return f"Nothing is removed in this season of the source. When it is over, the next run removes {told}."
