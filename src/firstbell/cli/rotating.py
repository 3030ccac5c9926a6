"""`firstbell rotate-key`: a new master key, and everything sealed under it."""

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready


@click.command()
@click.option("--reseal", "only_reseals", is_flag=True, help="Make no new key: seal under the newest what is older.")
@click.option("--forget", "forgets", is_flag=True, help="Keep the newest key alone, once nothing needs the others.")
@BY
def rotate_key(*, only_reseals: bool, forgets: bool, person: str | None) -> None:
    """Make a new master key and seal everything under it. The older keys stay and go on opening.

    It may be stopped at any moment and called again: what was not sealed anew still opens. Bring the key file to every
    machine, keep the old file with the backups of its time, and end with --forget while no import runs.
    Exit code: 0 done, 1 not done (the message says why).
    """
    if only_reseals and forgets:
        raise click.UsageError("--forget seals anew by itself: leave --reseal out.")
    django_ready()
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.accounts import rotating  # noqa: PLC0415
    from firstbell.domain.districts.master_keys import NotHere  # noqa: PLC0415

    by = carrying.operator_named(person)
    try:
        if forgets:
            gone = rotating.forget_older_keys(by=by)
            click.echo(f"Everything is sealed under the newest key. Forgotten: {gone}.")
            return
        done = rotating.reseal(by=by) if only_reseals else rotating.rotate(by=by)
    except (NotHere, rotating.Busy, rotating.NotAll) as reason:
        raise click.ClickException(str(reason)) from reason
    click.echo(f"Sealed anew: the keys of {done.districts:,} districts, {done.second_steps:,} second steps.")
    click.echo("The older keys stay. When every machine has the key file: firstbell rotate-key --forget")
