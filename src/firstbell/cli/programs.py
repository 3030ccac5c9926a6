"""`firstbell programs`: which programs read a district's roster by OneRoster."""

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready
from firstbell.cli.packages import Unusable, plain

SCOPES = ("roster-core", "roster", "demographics")


@click.command()
@click.argument("code", metavar="DISTRICT")
@click.option("--add", "name", metavar="NAME", help="Let a program in; its secret is printed once.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    help="What it reads, of OneRoster 1.1 and 1.2.  [default: roster-core and roster]",
)
@click.option("--revoke", "revoked", metavar="CLIENT_ID", help="Shut a program out.")
@BY
def programs(code: str, *, name: str | None, scopes: tuple[str, ...], revoked: str | None, person: str | None) -> None:
    """Tell, or first change, which programs read the roster of DISTRICT."""
    django_ready()
    from firstbell.cli.carrying import district_or_stop, operator_named  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.sharing.actions import BadClient, add_client, revoke_client  # noqa: PLC0415
    from firstbell.domain.sharing.models import ApiClient  # noqa: PLC0415
    from firstbell.domain.sharing.oneroster.version import SCOPE_URIS  # noqa: PLC0415

    district, by = district_or_stop(code), operator_named(person)
    chosen = {f"{'roster-' if scope == 'demographics' else ''}{scope}.readonly" for scope in scopes or SCOPES[:2]}
    if revoked is not None:
        client = ApiClient.objects.filter(district=district, client_id=revoked).first()
        if client is None:
            raise Unusable(plain(f"{district.name} has no program {revoked}: leave out --revoke to see them."))
        revoke_client(client, by=by)
    if name is not None:
        uris = [uri for uri, (_, scope) in SCOPE_URIS.items() if scope in chosen]
        try:
            made = add_client(district, name, uris, by=by)
        except BadClient as problem:
            raise Unusable(plain(str(problem))) from problem
        click.echo(f"client_id: {made.client.client_id}\nclient_secret: {made.secret}")
    found = ApiClient.objects.filter(district=district).order_by("name", "pk")
    if not found:
        click.echo("No program reads the roster.")
    for client in found:
        state = "shut out" if client.revoked_at else "reads"
        click.echo(plain(f"{client.client_id}  {client.name}  {state}"))
