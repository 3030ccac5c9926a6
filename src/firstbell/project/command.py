"""The `firstbell` command as installed: the subcommands of firstbell.cli, wired to what they need."""

from typing import IO, Any

import click

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


def main() -> None:
    """Run `firstbell` with the arguments of this process."""
    subcommands(prog_name="firstbell", obj=prepare_command)


if __name__ == "__main__":
    main()
