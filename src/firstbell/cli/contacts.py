"""`firstbell contacts`: who of the vendor looks after a district."""

from email.utils import parseaddr

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready
from firstbell.cli.packages import Unusable, plain

ROLES = ("csm", "ae")


@click.command()
@click.argument("code", metavar="DISTRICT")
@click.option("--csm", metavar="'NAME <E-MAIL>'", help="Name the Customer Success Manager, who gets requests first.")
@click.option("--ae", metavar="'NAME <E-MAIL>'", help="Name the Account Executive.")
@click.option("--end", "ended", type=click.Choice(ROLES), multiple=True, help="Nobody is in this role any more.")
@BY
def contacts(code: str, *, csm: str | None, ae: str | None, ended: tuple[str, ...], person: str | None) -> None:
    """Tell, or first change, who looks after DISTRICT. Without anybody its requests go to the deployment's contact."""
    django_ready()
    from firstbell.cli.carrying import district_or_stop, operator_named  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.advice.contacts import BadContact, end_contact, name_contact  # noqa: PLC0415
    from firstbell.domain.advice.models import ContactRole  # noqa: PLC0415
    from firstbell.domain.advice.queries import list_contacts  # noqa: PLC0415

    district, by = district_or_stop(code), operator_named(person)
    for role in ended:
        end_contact(district, ContactRole(role), by=by)
    for role, said in (("csm", csm), ("ae", ae)):
        if said is None:
            continue
        name, email = parseaddr(said)
        try:
            name_contact(district, ContactRole(role), name, email, by=by)
        except BadContact as problem:
            raise Unusable(plain(f"--{role}: {problem} Write 'Rosa Ruiz <rosa@vendor.example>'.")) from problem
    found = list_contacts(district)
    if not found:
        click.echo("Nobody is named: requests go to the deployment's contact (docs/reference/advice.md).")
    for contact in found:
        click.echo(plain(f"{ContactRole(contact.role).label}: {contact.name} <{contact.email}>"))
