"""`firstbell prospects`: advice that is kept for districts which do not exist yet."""

import json

import click

from firstbell.cli.main import django_ready
from firstbell.cli.packages import plain


@click.command()
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@click.option("--json", "wants_json", is_flag=True, help="Print them as JSON.")
def prospects(*, limit: int, wants_json: bool) -> None:
    """List whose advice is kept, the newest first. `firstbell open` makes one the plan of its district."""
    django_ready()
    from django.utils import timezone  # noqa: PLC0415 (after django_ready)

    from firstbell.domain.advice.queries import list_prospects  # noqa: PLC0415

    found = list_prospects(today=timezone.localdate(), limit=limit)
    if wants_json:
        told = [
            {
                "reference": one.reference,
                "district_name": one.district_name,
                "nces": one.nces,
                "name": one.name,
                "email": one.email,
                "method": one.method,
                "answers": one.answers,
                "kept_at": one.created_at.isoformat(),
                "keep_until": one.keep_until.isoformat(),
                "told_at": one.told_at.isoformat() if one.told_at else None,
            }
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("No advice is kept.")
    for one in found:
        who = ", ".join(part for part in (one.name, one.email) if part)
        line = f"{one.reference}  {one.created_at:%Y-%m-%d}  {one.method}  {one.district_name}"
        click.echo(plain(f"{line}  ({who})" if who else line))
