"""`firstbell runs`: the runs so far, the newest first."""

import click

from firstbell.cli.main import django_ready


@click.command()
@click.option("--district", "code", metavar="CODE", help="Of one district; else of all.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="So many of each district.")
@click.option("--json", "wants_json", is_flag=True, help="Print the runs as JSON.")
def runs(*, code: str | None, limit: int, wants_json: bool) -> None:
    """List the runs so far, the newest first.

    Exit code: 0, or 2 where there is no such district.
    """
    django_ready()
    from firstbell.cli import carrying, listing  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.districts.queries import list_districts  # noqa: PLC0415

    districts = [carrying.district_or_stop(code)] if code else list_districts()
    lines = [line for district in districts for line in listing.lines_of(district, limit=limit)]
    if wants_json:
        listing.tell_as_json(lines)
    else:
        listing.tell(lines)
