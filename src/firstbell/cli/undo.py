"""`firstbell undo`: take back what a run changed."""

import shlex

import click

from firstbell.cli.arguments import BY, DISTRICT, JSON, RUN
from firstbell.cli.main import django_ready


@click.command()
@RUN
@DISTRICT
@BY
@JSON
def undo(number: int, *, code: str | None, person: str | None, wants_json: bool) -> None:
    """Take back what the run RUN changed, as a run of its own; its source then waits for a person.

    What has been changed again since stays as it is, and is told.
    Exit code: 0 undone, 1 not done, 2 no such run, 70 a fault of Firstbell.
    """
    django_ready()
    from firstbell.cli import carrying, outcomes  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.imports.undoing import undo_run  # noqa: PLC0415

    district, run = carrying.run_or_stop(number, code)
    with carrying.faults_told(run):
        undone = undo_run(district, run, by=carrying.operator_named(person))
    if not wants_json:
        click.echo(f"Run {number} is undone.")
    outcomes.tell(undone, wants_json=wants_json)
    if not wants_json:
        click.echo(f"The source {undone.source.name} is on hold: its next run waits for a person.")
        click.echo(
            f"To let it run again: firstbell release {shlex.quote(undone.source.name)} --district {district.code}"
        )
