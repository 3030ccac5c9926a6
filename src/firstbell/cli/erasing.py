"""`firstbell erase`: erase people who left longer ago than their district keeps them."""

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready


@click.command()
@click.option("--district", "code", metavar="CODE", required=True, help="The district.")
@BY
def erase(code: str, *, person: str | None) -> None:
    """Erase everyone who was removed longer ago than the district keeps people (90 days where nothing else is set).

    They leave the roster, the history and the folders of runs for good; a receipt that names nobody stays in the
    audit. A worker does the same each night. Exit code: 0 done, also where nobody was due; 2 no such district.
    """
    django_ready()
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.imports.erasing import erase_due  # noqa: PLC0415

    district = carrying.district_or_stop(code)
    erased = erase_due(district, by=carrying.operator_named(person))
    people = f"{erased.people:,} {'person is' if erased.people == 1 else 'people are'}"
    runs = f"{len(erased.runs):,} {'run' if len(erased.runs) == 1 else 'runs'}"
    click.echo(f"{people} erased in {district.name}; the folders of {runs} held something of them.")
