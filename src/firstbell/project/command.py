"""The `firstbell` command as installed: the subcommands of firstbell.cli, wired to what they need."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click

from firstbell.cli.main import Restoring, Wiring
from firstbell.cli.main import main as subcommands

UNUSABLE = 2


class Unusable(click.ClickException):
    """One line on standard error, exit code 2."""

    exit_code = UNUSABLE

    def show(self, file: IO[Any] | None = None) -> None:
        """The line as it is, with no 'Error:' before it."""
        click.echo(self.message, file=file, err=file is None)


def prepare_command(*, upgraded: bool) -> None:
    """`prepare`, with its failure as the command line tells it. Imported late: `--help` and `check` are quick."""
    from firstbell.project.preparation import NotReady, prepare  # noqa: PLC0415

    try:
        prepare(upgraded=upgraded)
    except NotReady as fault:
        raise Unusable(str(fault)) from fault


def restore_command(
    backup: Path, keys: Path | None, *, over: bool, only_checks: bool, told: Callable[[str], None]
) -> Restoring:
    """`restoring.restore` or `check`, with its failure as the command line tells it."""
    from firstbell.domain.backups.manifest import BadBackup, WrongKeys  # noqa: PLC0415 (as above)
    from firstbell.domain.backups.refusals import NotRestored  # noqa: PLC0415
    from firstbell.project.environment import EnvironmentFault  # noqa: PLC0415
    from firstbell.project.preparation import NotReady  # noqa: PLC0415
    from firstbell.project.restoring import NotNow, check, restore  # noqa: PLC0415

    try:
        if only_checks:
            manifest = check(backup, keys)
            return Restoring(manifest.taken_at, sum(manifest.rows.values()), len(manifest.files), None)
        done = restore(backup, keys, over=over, told=told)
    except (BadBackup, WrongKeys, NotRestored, NotNow) as reason:
        raise click.ClickException(str(reason)) from reason
    except (NotReady, EnvironmentFault) as fault:
        raise Unusable(str(fault)) from fault
    except OSError as problem:
        raise click.ClickException(f"{problem.filename or backup}: {problem.strerror or problem}") from problem
    found = done.manifest
    if found is None:
        return Restoring("", 0, 0, done.aside)
    return Restoring(found.taken_at, sum(found.rows.values()), len(found.files), done.aside)


def main() -> None:
    """Run `firstbell` with the arguments of this process."""
    subcommands(prog_name="firstbell", obj=Wiring(prepare_command, restore_command))


if __name__ == "__main__":
    main()
