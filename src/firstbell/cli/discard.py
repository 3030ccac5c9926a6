"""`firstbell discard`: let a held, failed or waiting run come to nothing."""

import click

from firstbell.cli.arguments import BY, DISTRICT, RUN
from firstbell.cli.main import django_ready


@click.command()
@RUN
@DISTRICT
@BY
def discard(number: int, *, code: str | None, person: str | None) -> None:
    """Let the held, failed or waiting run RUN come to nothing. What went already stays.

    Exit code: 0 discarded, 1 not done, 2 no such run, 70 a fault of Firstbell.
    """
    django_ready()
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.imports.actions import discard_run  # noqa: PLC0415

    district, run = carrying.run_or_stop(number, code)
    with carrying.faults_told(run):
        discard_run(district, run, by=carrying.operator_named(person))
    click.echo(f"Run {number} is discarded.")
    if run.safe_part_applied:
        click.echo(f"Its safe part stays on the roster. To take them back: firstbell undo {number}")
