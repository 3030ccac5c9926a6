"""`firstbell depart`: hand a district's data over, destroy it, and certify both."""

from pathlib import Path

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready
from firstbell.cli.packages import Unusable, plain


@click.command()
@click.argument("code", metavar="DISTRICT")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="An empty folder.")
@click.option("--destroy", "said", metavar="DISTRICT", help="The district's code once more: this is meant.")
@click.option("--go-on", is_flag=True, help="Finish what stopped half way, with the same folder.")
@BY
def depart(code: str, *, out: Path, said: str | None, go_on: bool, person: str | None) -> None:
    """Hand all data of DISTRICT over into a folder, then destroy it here for good, and certify both.

    The folder gets the roster (OneRoster CSV 1.2), the log of what programs were told, what everybody did, and
    certificate.json. There is no way back but a backup. Where it stopped half way, by a fault or a kill, say it again
    with --go-on. Exit code: 0 done, 2 not done.
    """
    django_ready()
    from firstbell.cli.carrying import district_or_stop, operator_named  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.sharing.departing import NotEmpty, NothingToFinish, depart, finish  # noqa: PLC0415

    by = operator_named(person)
    district = None if go_on else district_or_stop(code)
    if district is not None and said != code:
        raise Unusable(plain(f"All data of {district.name} will be destroyed: say --destroy {code} if this is meant."))
    try:
        certificate = finish(out, by=by) if district is None else depart(district, out, by=by)
    except NotEmpty:
        told = f"{out} is not empty: name a folder of its own, or say --go-on where this stopped half way."
        raise Unusable(plain(told)) from None
    except NothingToFinish as reason:
        raise Unusable(plain(str(reason))) from None
    except OSError as problem:
        raise Unusable(f"{plain(str(out))}: {(problem.strerror or str(problem)).lower()}.") from problem
    rows = sum(certificate.rows.values())
    click.echo(plain(f"{certificate.name}: {rows:,} rows and {certificate.files:,} files destroyed."))
    click.echo(plain(f"Handed over and certified in {out}."))
    for program in certificate.programs:
        click.echo(plain(f"Ask the maker of {program} to delete what it read."))
