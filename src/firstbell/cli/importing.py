"""`firstbell import`: the whole path for one package, from reading to verifying."""

import sys
from pathlib import Path

import click

from firstbell.cli.arguments import JSON
from firstbell.cli.main import django_ready
from firstbell.cli.packages import ensure_readable


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--district", "code", metavar="CODE", required=True, help="The district's code; a new one is made.")
@click.option("--source", metavar="NAME", required=True, help="Where the roster comes from; a new one is made.")
@click.option("--dry-run", is_flag=True, help="Tell what would happen, and leave the roster as it is.")
@JSON
@click.option("--name", help="Name of a new district. [default: its code]")
@click.option("--method", default="automated", show_default=True, help="Method of a new district.")
@click.option("--time-zone", default="America/New_York", show_default=True, help="Time zone of a new district.")
def import_roster(
    path: Path,
    *,
    code: str,
    source: str,
    dry_run: bool,
    wants_json: bool,
    name: str | None,
    method: str,
    time_zone: str,
) -> None:
    """Make the roster package at PATH (a zip, a folder, a workbook, or one CSV file) the roster of a district.

    Exit code: 0 applied (a dry run: it would be), 3 held for a person, 1 refused, 2 unusable, 70 a fault of Firstbell.
    """
    ensure_readable(path)
    django_ready()
    from firstbell.cli import carrying, outcomes  # noqa: PLC0415 (after django_ready)

    district = carrying.ensure_district(code, name or code, method=method, time_zone=time_zone)
    run = carrying.receive_or_stop(district, carrying.ensure_source(district, source), path, dry_run=dry_run)
    carrying.carry_out_told(district, run)
    outcomes.tell(run, wants_json=wants_json)
    sys.exit(outcomes.exit_code(run))
