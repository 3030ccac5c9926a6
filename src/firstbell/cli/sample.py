"""``firstbell sample``: write the roster of a made-up district as a OneRoster package."""

from pathlib import Path
from typing import cast, get_args

import click

from firstbell.engine.formats.note import Written
from firstbell.engine.formats.oneroster.write import Version, write
from firstbell.engine.sample import sample as make_up


class Unusable(click.ClickException):
    """What was asked for cannot be written."""

    exit_code = 2


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--students", type=click.IntRange(min=1), required=True, help="Students on day 0.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another district.")
@click.option(
    "--version",
    type=click.Choice(get_args(Version.__value__)),
    default="1.2",
    show_default=True,
    help="Version of OneRoster.",
)
@click.option("--day", type=click.IntRange(min=0), default=0, show_default=True, help="Days after the first roster.")
@click.option(
    "--churn",
    type=click.FloatRange(min=0, max=1),
    default=0.01,
    show_default=True,
    help="Share of the students that a day touches.",
)
def sample(out: Path, students: int, seed: int, version: str, day: int, churn: float) -> None:
    """Write the roster of a made-up district to OUT.

    OUT becomes a folder, or a zip where it ends in .zip; an earlier roster there is replaced. The same options give the
    same district on every machine. Day K is day K-1 and what happened since: new names, moves between schools, dropped
    classes, people who joined and people who left.
    """
    try:
        tables = make_up(students, seed=seed, day=day, churn=churn)
        written = write(tables, out, version=cast("Version", version))
    except (ValueError, OSError) as problem:
        raise Unusable(str(problem)) from problem
    _report(out, written)


def _report(out: Path, written: Written) -> None:
    click.echo(f"{out}: {sum(written.files.values()):,} records")
    for file, records in sorted(written.files.items()):
        click.echo(f"  {file}.csv  {records:,}")
    for note in written.notes:
        click.echo(note.says, err=True)
