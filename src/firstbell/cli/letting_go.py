"""`firstbell let-go`: let a source give up its rows."""

import click

from firstbell.cli.arguments import BY, ITS_DISTRICT, SOURCE
from firstbell.cli.main import django_ready


@click.command("let-go")
@SOURCE
@ITS_DISTRICT
@BY
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def let_go(name: str, *, code: str, person: str | None, yes: bool) -> None:
    """Let the source SOURCE give up its rows: the next source that has them inherits, the others belong to nobody.

    Nobody and nothing leaves the roster. Should the source send a file again, it takes its rows back.
    Exit code: 0 let go, 1 not meant, 2 no such source or district.
    """
    django_ready()
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.roster.letting_go import let_go as let_rows_go  # noqa: PLC0415

    district = carrying.district_or_stop(code)
    source = carrying.source_or_stop(district, name)
    if not yes:
        click.confirm(f"Let {source.name} give up all its rows in {district.name}?", abort=True)
    gone = let_rows_go(district, source, by=carrying.operator_named(person))
    inherited, nobody = (sum(counts[whose] for counts in gone.values()) for whose in ("inherited", "nobody"))
    click.echo(f"{source.name} has let go: {nobody:,} rows belong to nobody, {inherited:,} to the next source.")
