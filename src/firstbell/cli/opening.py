"""`firstbell open`: open the district of a prospect, with its advice as the set-up plan."""

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready
from firstbell.cli.packages import Unusable, plain


@click.command("open")
@click.argument("code", metavar="CODE")
@click.option("--prospect", "reference", metavar="REFERENCE", required=True, help="See firstbell prospects.")
@click.option("--name", help="The district's name.  [default: as the prospect wrote it]")
@click.option("--time-zone", default="America/New_York", show_default=True, help="The district's time zone.")
@BY
def open_district(code: str, *, reference: str, name: str | None, time_zone: str, person: str | None) -> None:
    """Open the district CODE (or take one that is there), and make a prospect's advice its set-up plan.

    The prospect is erased: what it held is the district's from then on. Exit code: 0 done, 1 the district has a plan
    already, 2 no such prospect, or not a good code.
    """
    django_ready()
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.advice.actions import PlanThere, open_for_prospect  # noqa: PLC0415
    from firstbell.domain.advice.queries import find_prospect  # noqa: PLC0415
    from firstbell.domain.districts.actions import BadDistrict  # noqa: PLC0415

    prospect = find_prospect(reference)
    if prospect is None:
        raise Unusable(f"There is no prospect {plain(reference)}, see firstbell prospects.")
    by = carrying.operator_named(person)
    try:
        district = open_for_prospect(code, prospect, name=name or prospect.district_name, time_zone=time_zone, by=by)
    except BadDistrict as problem:
        raise Unusable(plain(str(problem))) from problem
    except PlanThere as problem:
        raise carrying.NotDone(plain(str(problem))) from problem
    click.echo(f"{district.code} is open ({plain(district.name)}), and its set-up plan is there.")
