"""Runs as a list in the terminal, and as JSON. Needs Django."""

import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import click

from firstbell.cli.packages import plain
from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import list_runs
from firstbell.domain.imports.recovering import recover_runs

HEADINGS = ("RUN", "DISTRICT", "SOURCE", "PACKAGE", "STARTED", "STATE", "CHANGES")
SIGNS = {"added": "+", "updated": "~", "removed": "−", "restored": "↺"}
WIDEST = 32


@dataclass(frozen=True, slots=True)
class Line:
    """A run and whose it is."""

    district: District
    run: Run


def lines_of(district: District, *, limit: int) -> list[Line]:
    """The newest runs of a district; those whose worker is gone are told as failed."""
    recover_runs(district)
    return [Line(district, run) for run in list_runs(district, limit=limit)]


def tell(lines: list[Line]) -> None:
    """Print columns, each as wide as it has to be."""
    if not lines:
        click.echo("There are no runs yet.")
        return
    rows = [HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cells(line: Line) -> tuple[str, ...]:
    run = line.run
    package = f"undo of run {run.of_run_id}" if run.kind == "undo" else run.package_name
    started = run.created_at.astimezone(ZoneInfo(line.district.time_zone)).strftime("%Y-%m-%d %H:%M")
    state = f"{RunState(run.state).label.lower()}{', dry run' if run.dry_run else ''}"
    return str(run.pk), line.district.code, _short(run.source.name), _short(package), started, state, _changes(run)


def _short(text: str) -> str:
    text = plain(text)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _changes(run: Run) -> str:
    totals = {action: sum(counts.get(action, 0) for counts in run.counts.values()) for action in SIGNS}
    return " ".join(f"{SIGNS[action]}{total:,}" for action, total in totals.items() if total) or "none"


def tell_as_json(lines: list[Line]) -> None:
    """Print one list."""
    told = [
        {
            "run": line.run.pk,
            "district": line.district.code,
            "source": line.run.source.name,
            "kind": line.run.kind,
            "package": line.run.package_name,
            "state": line.run.state,
            "dry_run": line.run.dry_run,
            "started_by": line.run.started_by,
            "decided_by": line.run.decided_by,
            "created_at": line.run.created_at.isoformat(),
            "finished_at": line.run.finished_at.isoformat() if line.run.finished_at else None,
            "changes": line.run.counts,
            "found": line.run.found,
            "reasons": line.run.reasons,
            "message": line.run.message,
            "seconds": line.run.steps,
        }
        for line in lines
    ]
    click.echo(json.dumps(told, ensure_ascii=False))
