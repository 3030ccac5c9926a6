"""`firstbell backup`: everything into a folder, and the keys into a file of their own."""

from pathlib import Path

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help="A new file for the keys; FOLDER.keys where left out.")
@BY
def backup(folder: Path, *, keys: Path | None, person: str | None) -> None:
    """Write database and files into FOLDER, which is new, and the keys into a file beside it, while all goes on.

    What is in FOLDER is sealed and opens with the keys alone, so keep the two apart. Files that districts have dropped
    and nobody has taken yet are not in it. It is read again at the end. Exit code: 0 done, 1 not done.
    """
    django_ready(upgraded=False)
    from firstbell.cli import carrying  # noqa: PLC0415 (after django_ready)
    from firstbell.domain.backups.programs import ProgramsMissing  # noqa: PLC0415
    from firstbell.domain.backups.taking import NotTaken, take_backup  # noqa: PLC0415

    by = carrying.operator_named(person)
    key_file = keys or folder.with_name(f"{folder.name}.keys")
    try:
        taken = take_backup(folder, key_file, by=by, told=lambda step: click.echo(f"{step} ...", err=True))
    except (NotTaken, ProgramsMissing) as reason:
        raise click.ClickException(str(reason)) from reason
    except OSError as problem:
        raise click.ClickException(f"{problem.filename or folder}: {problem.strerror or problem}") from problem
    rows, files = sum(taken.manifest.rows.values()), len(taken.manifest.files)
    click.echo(f"{rows:,} rows and {files:,} files, as of {taken.manifest.taken_at}.")
    click.echo(f"Data: {taken.folder}  (sealed)")
    click.echo(f"Keys: {taken.keys}  (they open it: keep them in another place)")
    for name in taken.elsewhere:
        click.echo(f"Not in it: {name} stands in your environment. Keep it too.")
    click.echo("One without the other is worth nothing.")
