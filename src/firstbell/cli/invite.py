"""`firstbell invite`: let an adult in, the first one of a district above all."""

import click

from firstbell.cli.arguments import BY, ITS_DISTRICT
from firstbell.cli.main import django_ready


@click.command()
@click.argument("email")
@ITS_DISTRICT
@click.option("--role", default="district_administrator", show_default=True, help="What they will be.")
@click.option("--name", default="", help="Their name; they can correct it.")
@click.option("--url", default="http://localhost:8000", show_default=True, help="Where people reach Firstbell.")
@BY
def invite(email: str, *, code: str, role: str, name: str, url: str, person: str | None) -> None:
    """Print a link by which EMAIL sets a password and joins a district. It works once, for seven days.

    Exit code: 0 invited, 1 not possible so, 2 no such district.
    """
    django_ready()
    from django.urls import reverse  # noqa: PLC0415 (after django_ready)

    from firstbell.cli import carrying  # noqa: PLC0415
    from firstbell.domain.accounts import inviting  # noqa: PLC0415

    district = carrying.district_or_stop(code)
    try:
        by = carrying.operator_named(person)
        invited = inviting.invite(district, email, name or email, role, by=by)
    except ValueError as problem:
        raise carrying.NotDone(str(problem)) from problem
    click.echo(url.rstrip("/") + reverse("web:invited", args=[district.code, invited.secret]))
