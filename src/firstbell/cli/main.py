"""`firstbell`: the subcommands, each in a module that is imported only when it is called."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol

import click


class Prepare(Protocol):
    """Makes the database and Django ready; given to the command by firstbell.project, which cli may not import."""

    def __call__(self, *, upgraded: bool) -> None:
        """Raises click.ClickException where it cannot."""


class Restoring(NamedTuple):
    """What a restore, or a look at a backup, has found."""

    taken_at: str
    """Blank where a restore was finished that had stopped at its last step."""
    rows: int
    files: int
    aside: Path | None


class Restore(Protocol):
    """Restores a backup before there is anything that Django could use; given to the command like `Prepare`."""

    def __call__(
        self, backup: Path, keys: Path | None, *, over: bool, only_checks: bool, told: Callable[[str], None]
    ) -> Restoring:
        """Raises click.ClickException where it cannot."""


class Wiring(NamedTuple):
    """What firstbell.project does for the commands."""

    prepare: Prepare
    restore: Restore


class Subcommand(NamedTuple):
    """Where a subcommand is, and what the list of them says about it."""

    module: str
    name: str
    summary: str


SUBCOMMANDS = {
    "check": Subcommand("check", "check", "Check a roster package; needs no database."),
    "diff": Subcommand("diff", "diff", "Compare two roster packages; needs no database."),
    "convert": Subcommand("convert", "convert", "Write a roster package in another format; needs no database."),
    "sample": Subcommand("sample", "sample", "Write a made-up roster; needs no database."),
    "advise": Subcommand("advise", "advise_command", "Tell which rostering method fits; needs no database."),
    "products": Subcommand("products", "products", "List the products, or bring them to what a file says."),
    "prospects": Subcommand("prospects", "prospects", "List advice that is kept for districts to come."),
    "open": Subcommand("opening", "open_district", "Open a district with its set-up plan."),
    "contacts": Subcommand("contacts", "contacts", "Tell or change who looks after a district."),
    "requests": Subcommand("requests", "requests", "List what districts ask."),
    "cases": Subcommand("cases", "cases", "List the cases of One-Time Assisted."),
    "answer": Subcommand("answering", "answer", "Answer a request of a district."),
    "import": Subcommand("importing", "import_roster", "Make a package the roster of a district."),
    "runs": Subcommand("runs", "runs", "List the runs so far."),
    "approve": Subcommand("approve", "approve", "Let a held run go."),
    "discard": Subcommand("discard", "discard", "Let a held run come to nothing."),
    "undo": Subcommand("undo", "undo", "Take back what a run changed."),
    "release": Subcommand("release", "release", "Let a held source run again."),
    "let-go": Subcommand("letting_go", "let_go", "Let a source give up its rows."),
    "invite": Subcommand("invite", "invite", "Let an adult into a district, the first one above all."),
    "new-password": Subcommand("new_password", "new_password", "Make a link for an adult who forgot their password."),
    "staff": Subcommand("staff", "staff", "Say who works for the vendor."),
    "programs": Subcommand("programs", "programs", "Say which programs read a district's roster."),
    "erase": Subcommand("erasing", "erase", "Erase people who left longer ago than they are kept."),
    "depart": Subcommand("departing", "depart", "Hand a district's data over, destroy it, and certify both."),
    "rotate-key": Subcommand("rotating", "rotate_key", "Seal all secrets under a new master key."),
    "backup": Subcommand("backing_up", "backup", "Copy everything into a folder, and the keys into a file."),
    "restore": Subcommand("restoring", "restore", "Bring a backup back."),
    "migrate": Subcommand("migrate", "migrate", "Bring the database to this version."),
    "serve": Subcommand("serve", "serve", "Serve the pages and the API."),
    "worker": Subcommand("worker", "worker", "Do the work that waits in the queue."),
    "sftp": Subcommand("sftp", "sftp", "Take files that districts drop over SFTP."),
    "doctor": Subcommand("doctor", "doctor", "Look at a deployment and say what is wrong."),
    "demo": Subcommand("demo.command", "demo", "Start everything with three made-up districts."),
}


class LazyGroup(click.Group):
    """A group that knows its subcommands' names and summaries without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one."""
        found = SUBCOMMANDS.get(cmd_name)
        if found is None:
            return None
        command: click.Command = getattr(import_module(f"firstbell.cli.{found.module}"), found.name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for --help, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, found.summary) for name, found in SUBCOMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="firstbell", message="%(prog)s %(version)s")
def main() -> None:
    """Firstbell: every student and teacher in the right class by the first bell."""


def django_ready(*, upgraded: bool = True) -> None:
    """For commands that use the database: from here on, Django's models may be imported and used.

    A test that invokes a subcommand has made everything ready itself, and gives no Prepare.
    """
    wiring: Wiring | None = click.get_current_context().obj
    if wiring is not None:
        wiring.prepare(upgraded=upgraded)
