"""What became of a run: as an exit code, as JSON, and in words. Needs Django."""

import json
from typing import Literal

import click

from firstbell.cli.packages import plain
from firstbell.domain.imports.models import Run, RunState
from firstbell.engine.tables import TABLES

type Outcome = Literal["applied", "held", "refused"]

EXIT_CODES: dict[Outcome, int] = {"applied": 0, "held": 3, "refused": 1}
ACTIONS = ("added", "updated", "removed", "restored")


def outcome_of(run: Run) -> Outcome:
    """Where a run ended, or (dry run) would have ended."""
    match run.state:
        case RunState.APPLIED:
            return "applied"
        case RunState.CHECKED:
            return "held" if run.reasons else "applied"
        case RunState.HELD:
            return "held"
        case _:
            return "refused"


def exit_code(run: Run) -> int:
    """0 applied, 3 held, 1 refused."""
    return EXIT_CODES[outcome_of(run)]


def tell(run: Run, *, wants_json: bool) -> None:
    """Print what became of a run."""
    if wants_json:
        click.echo(as_json(run))
    else:
        _tell(run)


def as_json(run: Run) -> str:
    """The JSON of ``firstbell import --json``."""
    outcome = outcome_of(run)
    refused = [{"code": "refused", "says": run.message, "table": "", "school": None, "count": 0, "known": 0}]
    told: dict[str, object] = {
        "run": run.pk,
        "state": outcome,
        "changes": run.counts,
        "reasons": refused if outcome == "refused" else run.reasons if outcome == "held" else [],
        "seconds": run.steps,
    }
    if run.dry_run:
        told["dry_run"] = True
    return json.dumps(told, ensure_ascii=False)


def _tell(run: Run) -> None:
    outcome = outcome_of(run)
    would = "would be " if run.dry_run else ""
    click.echo(f"Run {run.pk} of {plain(run.package_name)}: {would}{outcome}")
    if run.message:
        click.echo(plain(run.message))
    if outcome == "refused":
        return
    for table, counts in run.counts.items():
        changes = [f"{counts[action]:,} {action}" for action in ACTIONS if counts.get(action)]
        if changes:
            click.echo(f"  {TABLES[table].nouns}: {', '.join(changes)}")
    if not any(counts.get(action) for counts in run.counts.values() for action in ACTIONS):
        click.echo("  nothing changed")
    if run.found.get("error"):
        click.echo(f"Found {run.found['error']:,} errors; what they make unusable stays as it was (firstbell check).")
    if outcome == "held":
        _tell_hold(run)


def _tell_hold(run: Run) -> None:
    click.echo("It would wait for a person:" if run.dry_run else "It waits for a person:")
    for reason in run.reasons:
        click.echo(f"  {plain(str(reason['says']))}")
    if run.safe_part_applied:
        click.echo("The safe part is on the roster already; the rest waits.")
    if run.has_safe_part:
        click.echo(f"What no reason is about can go before the rest: firstbell approve {run.pk} --safe-part")
    if run.has_others:
        click.echo(f"All schools but those that look wrong can go: firstbell approve {run.pk} --other-schools")
    if not run.dry_run:
        click.echo(f"Next: firstbell approve {run.pk}, or firstbell discard {run.pk}")
