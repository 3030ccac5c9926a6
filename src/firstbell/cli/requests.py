"""`firstbell requests`: what districts ask, and who has the next step."""

import json

import click

from firstbell.cli.main import django_ready
from firstbell.cli.packages import plain


@click.command()
@click.option("--district", "code", metavar="CODE", help="Only of this district.")
@click.option("--all", "wants_all", is_flag=True, help="Those that are settled too.")
@click.option("--json", "wants_json", is_flag=True, help="Print them as JSON.")
def requests(*, code: str | None, wants_all: bool, wants_json: bool) -> None:
    """List the requests of districts to their Account Executive or Customer Success Manager, the oldest first."""
    django_ready()
    from firstbell.cli.carrying import district_or_stop  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.advice.queries import list_requests  # noqa: PLC0415
    from firstbell.domain.districts.queries import list_districts  # noqa: PLC0415

    districts = [district_or_stop(code)] if code else list_districts()
    found = [(district, one) for district in districts for one in list_requests(district, only_open=not wants_all)]
    found.sort(key=lambda pair: pair[1].created_at)
    if wants_json:
        told = [
            {
                "request": one.pk,
                "district": district.code,
                "state": one.state,
                "asked_by": one.asked_by,
                "message": one.message,
                "page": one.page,
                "owner": one.owner_name,
                "asked_at": one.created_at.isoformat(),
                "due_at": one.due_at.isoformat(),
                "escalated_at": one.escalated_at.isoformat() if one.escalated_at else None,
                "answer": one.answer,
                "answered_by": one.answered_by,
            }
            for district, one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("Nobody waits for an answer.")
    for district, one in found:
        late = ", handed on" if one.escalated_at else ""
        head = (
            f"{one.pk}  {district.code}  {one.state}{late}, with {one.owner_name}, due {one.due_at:%Y-%m-%d %H:%M} UTC"
        )
        click.echo(plain(head))
        click.echo(plain(f"    {one.asked_by}: {' '.join(one.message.split())}"))
