"""`firstbell release`: let a held source run again."""

import click

from firstbell.cli.arguments import BY, ITS_DISTRICT, SOURCE
from firstbell.cli.main import django_ready


@click.command()
@SOURCE
@ITS_DISTRICT
@BY
def release(name: str, *, code: str, person: str | None) -> None:
    """Let the source SOURCE run again that an undo (or a person) has held.

    Exit code: 0 released, 1 it is not held, 2 no such source or district.
    """
    django_ready()
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.roster.sources import NotHeld, release_source  # noqa: PLC0415

    district = carrying.district_or_stop(code)
    source = carrying.source_or_stop(district, name)
    try:
        release_source(district, source, by=carrying.operator_named(person))
    except NotHeld as problem:
        raise carrying.NotDone(str(problem)) from problem
    click.echo(f"{source.name} runs again: its next file goes by itself unless the guard holds it.")
