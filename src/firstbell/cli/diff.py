"""`firstbell diff`: what a newer roster package would change. Needs no database."""

import dataclasses
import json
from pathlib import Path

import click

from firstbell.cli.packages import Unusable, open_or_stop, plain, told
from firstbell.engine.catalogue import Severity
from firstbell.engine.findings import counts, explain
from firstbell.engine.pipeline import STEPS, Plan, plan
from firstbell.engine.plan import TablePlan
from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot
from firstbell.engine.tables import TABLES

ACTIONS = ("added", "updated", "removed", "restored")


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "wants_json", is_flag=True, help="Print the changes as JSON.")
def diff(old: Path, new: Path, *, wants_json: bool) -> None:
    """Tell what the roster package NEW would change after OLD, and what would make the run wait for a person.

    Exit code: 0 where both could be compared, 2 where one is unusable.
    """
    known = Snapshot()
    before = _planned(old, known, Policy())
    known.take(before.comparison)
    after = _planned(new, known, Policy(expects=before.expects))
    if wants_json:
        click.echo(_as_json(after))
    else:
        _tell(after)


def _planned(path: Path, known: Snapshot, policy: Policy) -> Plan:
    package = open_or_stop(path)
    with told(package.name, steps=len(STEPS) - 2) as tell:
        result = plan(package, known, policy, told=tell)
    if isinstance(result, Plan):
        return result
    fatal = explain(result.checked.findings).filter(severity=Severity.FATAL.value)
    raise Unusable(f"{plain(str(path))}: {plain(fatal['message'][0])}")


def _counts(of_table: TablePlan) -> dict[str, int]:
    return {**{action: of_table.count(action) for action in ACTIONS}, "unchanged": of_table.unchanged}


def _as_json(after: Plan) -> str:
    changes = {name: _counts(of_table) for name, of_table in after.comparison.plans.items()}
    reasons = [dataclasses.asdict(reason) for reason in after.verdict.reasons]
    return json.dumps({"changes": changes, "reasons": reasons}, ensure_ascii=False)


def _tell(after: Plan) -> None:
    for name, of_table in after.comparison.plans.items():
        said = [f"{count:,} {action}" for action, count in _counts(of_table).items() if count]
        click.echo(f"{TABLES[name].nouns}: {', '.join(said) or 'none'}")
    errors = counts(after.checked.findings)[Severity.ERROR]
    if errors:
        click.echo(f"{errors:,} errors; the records with them count as unchanged (see firstbell check).")
    if after.verdict.holds:
        click.echo()
        click.echo("The run would wait for a person:")
        for reason in after.verdict.reasons:
            click.echo(f"  {plain(reason.says)}")
    if after.verdict.safe_part:
        click.echo("Adds and updates could go at once; the removals would wait.")
