"""`firstbell cases`: the queue of One-Time Assisted, as Technical Services has it on its desk."""

import json

import click

from firstbell.cli.main import django_ready
from firstbell.cli.packages import plain

MOST = 10_000


@click.command()
@click.option("--district", "code", metavar="CODE", help="Only of this district.")
@click.option("--waiting", is_flag=True, help="Only those in which the next step is Technical Services'.")
@click.option("--closed", is_flag=True, help="Those that are closed, the newest first.")
@click.option("--json", "wants_json", is_flag=True, help="Print them as JSON.")
def cases(*, code: str | None, waiting: bool, closed: bool, wants_json: bool) -> None:
    """List the cases of One-Time Assisted, the first that is due first. It names nobody on a roster."""
    django_ready()
    from firstbell.cli.carrying import district_or_stop  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.assisted.models import Side  # noqa: PLC0415
    from firstbell.domain.assisted.queries import Asked, list_lines  # noqa: PLC0415

    district_ids = [district_or_stop(code).pk] if code else None
    side = Side.SERVICES if waiting else None
    lines = list_lines(Asked(waits_for=side, closed=closed, district_ids=district_ids), limit=MOST)
    if wants_json:
        told = [
            {
                "case": line.case_id,
                "district": line.district.code,
                "state": line.state,
                "waits_for": line.waits_for,
                "since": line.since.isoformat(),
                "due_at": line.due_at.isoformat() if line.due_at else None,
                "needed_by": line.needed_by.isoformat() if line.needed_by else None,
                "claimed_by": line.claimed_by,
                "clean": line.is_clean,
            }
            for line in lines
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not lines:
        click.echo("There are no such cases.")
    for line in lines:
        due = f", due {line.due_at:%Y-%m-%d %H:%M} UTC" if line.due_at else ""
        clean = ", clean" if line.is_clean else ""
        who = f", with {line.claimed_by}" if line.claimed_by else ""
        state, side_said = line.get_state_display(), line.get_waits_for_display()
        click.echo(plain(f"{line.case_id}  {line.district.code}  {state}{clean}: {side_said}{who}{due}"))
