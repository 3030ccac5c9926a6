"""`firstbell migrate`: tables, the application role and its grants."""

import click

from firstbell.cli.main import django_ready


@click.command()
@click.option("--quiet", is_flag=True, help="Say nothing when all is well.")
def migrate(*, quiet: bool) -> None:
    """Bring the database to this version: its tables, the application's role and what that role may do.

    Runs as the owner of the database (DATABASE_URL, or the embedded one). Safe to repeat.
    """
    django_ready(upgraded=False)
    from firstbell.domain.districts.application_role import RoleRefused  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.districts.upgrading import upgrade  # noqa: PLC0415

    try:
        upgrade(verbosity=0 if quiet else 1)
    except RoleRefused as fault:
        raise click.UsageError(f"FIRSTBELL_DATABASE_APP_URL: {fault}") from fault
    if not quiet:
        click.echo("The database is of this version.", err=True)
