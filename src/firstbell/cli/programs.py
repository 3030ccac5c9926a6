"""`firstbell programs`: which programs read a district's roster by OneRoster."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready
from firstbell.cli.packages import Unusable, plain

if TYPE_CHECKING:
    from firstbell.domain.audit.actor import Actor
    from firstbell.domain.districts.models import District
    from firstbell.domain.sharing.models import ApiClient

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
@click.option("--export", "exported", metavar="CLIENT_ID", help="Write what a program sees as files.")
@click.option("--to", "target", default="oneroster-1.2", show_default=True, help="The format of --export.")
@click.option("--out", type=click.Path(path_type=Path), help="Where --export writes: a folder, or a file.zip.")
@click.option("--revoke", "revoked", metavar="CLIENT_ID", help="Shut a program out.")
@BY
def programs(
    code: str,
    *,
    name: str | None,
    scopes: tuple[str, ...],
    revoked: str | None,
    exported: str | None,
    target: str,
    out: Path | None,
    person: str | None,
) -> None:
    """Tell, or first change, which programs read the roster of DISTRICT; or write what one of them sees as files."""
    django_ready()
    from firstbell.cli.carrying import district_or_stop, operator_named  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.sharing.actions import BadClient, add_client, revoke_client  # noqa: PLC0415
    from firstbell.domain.sharing.models import ApiClient  # noqa: PLC0415
    from firstbell.domain.sharing.oneroster.version import SCOPE_URIS  # noqa: PLC0415

    district, by = district_or_stop(code), operator_named(person)
    chosen = {f"{'roster-' if scope == 'demographics' else ''}{scope}.readonly" for scope in scopes or SCOPES[:2]}
    if exported is not None:
        _export(_program_or_stop(district, exported), target, out, by)
        return
    if revoked is not None:
        revoke_client(_program_or_stop(district, revoked), by=by)
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


def _program_or_stop(district: "District", client_id: str) -> "ApiClient":
    from firstbell.domain.sharing.models import ApiClient  # noqa: PLC0415 (after django_ready)

    client = ApiClient.objects.filter(district=district, client_id=client_id).first()
    if client is None:
        raise Unusable(plain(f"{district.name} has no program {client_id}: name the district alone to see them."))
    return client


def _export(client: "ApiClient", target: str, out: Path | None, by: "Actor") -> None:
    from firstbell.domain.sharing.access import NotGranted  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.sharing.exporting import FORMATS, export_roster  # noqa: PLC0415

    if target not in FORMATS:
        raise Unusable(plain(f"There is no format {target}: {', '.join(FORMATS)}."))
    if out is None:
        raise Unusable("Say where to write: --out FOLDER or --out FILE.zip.")
    try:
        written = export_roster(client, target, out, by=by).written
    except NotGranted as problem:
        raise Unusable(plain(str(problem))) from problem
    except OSError as problem:
        raise Unusable(f"{plain(str(out))}: {(problem.strerror or str(problem)).lower()}.") from problem
    for file, records in written.files.items():
        click.echo(f"{file}.csv  {records:,}")
