"""`firstbell restore`: a backup comes back."""

from pathlib import Path

import click

from firstbell.cli.main import Wiring


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path, dir_okay=False), help="The key file of the backup.")
@click.option("--over", is_flag=True, help="Although something is here: it is put aside, nothing is deleted.")
@click.option("--check", "only_checks", is_flag=True, help="Read the whole backup, and change nothing.")
@click.pass_context
def restore(ctx: click.Context, folder: Path, *, keys: Path | None, over: bool, only_checks: bool) -> None:
    """Bring the backup in FOLDER back into FIRSTBELL_HOME (and the empty database of DATABASE_URL, where it is set).

    Without --keys the keys of this home are tried. All is made and proved beside what is there before it takes its
    place: stopped at any moment, say it again. Stop everything that works on this home first.
    Exit code: 0 done, 1 not done, 2 not possible.
    """
    wiring: Wiring = ctx.obj
    found = wiring.restore(
        folder, keys, over=over, only_checks=only_checks, told=lambda step: click.echo(f"{step} ...", err=True)
    )
    if only_checks:
        click.echo(f"Whole and unchanged: {found.rows:,} rows and {found.files:,} files, as of {found.taken_at}.")
        return
    if found.taken_at:
        click.echo(f"Restored: {found.rows:,} rows and {found.files:,} files, as of {found.taken_at}.")
    else:
        click.echo("The restore that had stopped is finished.")
    if found.aside is not None:
        click.echo(f"What was here before lies in {found.aside}. Delete it when you are sure.")
    click.echo("Start everything, and look: firstbell doctor")
