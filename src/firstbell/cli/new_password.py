"""`firstbell new-password`: a link for an adult who forgot theirs, where no mail is sent."""

import click

from firstbell.cli.main import django_ready


@click.command()
@click.argument("email")
@click.option("--url", default="http://localhost:8000", show_default=True, help="Where people reach Firstbell.")
def new_password(email: str, *, url: str) -> None:
    """Print a link by which EMAIL sets a new password. It works once, within the hour: hand it to nobody else.

    Exit code: 0 made, 1 no such account.
    """
    django_ready()
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.accounts.new_passwords import make_link  # noqa: PLC0415
    from firstbell.domain.accounts.queries import find_account  # noqa: PLC0415
    from firstbell.domain.audit.actor import OPERATOR  # noqa: PLC0415

    account = find_account(email)
    if account is None or not account.is_active:
        raise carrying.NotDone(f"Nobody signs in as {email}.")
    click.echo(make_link(account, url.rstrip("/"), by=OPERATOR))
