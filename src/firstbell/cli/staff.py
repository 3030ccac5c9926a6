"""`firstbell staff`: who works for the vendor."""

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready

ROLES = ("technical_services", "customer_success", "account_executive", "operator")


@click.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default="technical_services", show_default=True, help="What they do.")
@click.option("--name", default="", help="Their name.")
@click.option("--end", is_flag=True, help="They work for the vendor no more.")
@click.option("--url", default="http://localhost:8000", show_default=True, help="Where people reach Firstbell.")
@BY
def staff(email: str, *, role: str, name: str, end: bool, url: str, person: str | None) -> None:
    """Make EMAIL vendor staff, and print a link by which they set a password. They need a second step as well.

    Exit code: 0 done, 1 no such staff.
    """
    django_ready()
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.accounts.new_passwords import make_link  # noqa: PLC0415
    from firstbell.domain.accounts.queries import find_account  # noqa: PLC0415
    from firstbell.domain.accounts.staff import add_staff, remove_staff  # noqa: PLC0415
    from firstbell.domain.accounts.visits import find_staff  # noqa: PLC0415

    by = carrying.operator_named(person)
    if not end:
        account = add_staff(email, name or email, role, by=by).account
        click.echo(make_link(account, url.rstrip("/"), by=by))
        return
    found = find_account(email)
    membership = find_staff(found) if found else None
    if membership is None:
        raise carrying.NotDone(f"Nobody works for the vendor as {email}.")
    remove_staff(membership, by=by)
    click.echo(f"{email} sees no district any more.")
