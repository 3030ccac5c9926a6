"""The `firstbell` command as installed: quick without a database, ready with one, and clear when it cannot start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from firstbell.cli.main import SUBCOMMANDS
from firstbell.project import postmaster
from firstbell.project.cluster import describe_cluster

FIRSTBELL = [sys.executable, "-m", "firstbell.project.command"]
LOADED = """
import sys
from firstbell.project.command import main
try:
    main()
except SystemExit:
    print([name for name in ("django", "polars", "psycopg", "pydantic", "granian") if name in sys.modules])
"""


def _firstbell(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIRSTBELL_", "DJANGO_"))}
    return subprocess.run(
        [*FIRSTBELL, *arguments], env=kept | environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_help_lists_every_command_and_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, "--help"], capture_output=True, text=True, check=True)
    assert all(f"  {name} " in done.stdout for name in SUBCOMMANDS)
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_unknown_command_is_no_traceback() -> None:
    done = _firstbell("dance")
    assert done.returncode == 2
    assert "No such command 'dance'" in done.stderr


def test_the_version_is_told() -> None:
    assert _firstbell("--version").stdout.startswith("firstbell 0.")


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"FIRSTBELL_HOME": "/etc/passwd"}, "firstbell: FIRSTBELL_HOME: /etc/passwd is a file, name a folder"),
        ({"DATABASE_URL": "mysql://a@b/c"}, "firstbell: DATABASE_URL: is not a PostgreSQL address"),
        ({"DATABASE_URL": "postgresql://a@127.0.0.1:1/c"}, "firstbell: DATABASE_URL: connection failed"),
    ],
)
def test_what_it_cannot_start_with_gets_one_line_and_exit_2(
    tmp_path: Path, environment: dict[str, str], line: str
) -> None:
    done = _firstbell("worker", "--until-idle", **({"FIRSTBELL_HOME": str(tmp_path)} | environment))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(line)
    assert len(done.stderr.splitlines()) == 1


def test_a_fresh_machine_is_made_ready_and_left_tidy(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    done = _firstbell("worker", "--until-idle", FIRSTBELL_HOME=str(home))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert postmaster.running_pid(describe_cluster(home).data) is None
    again = _firstbell("migrate", FIRSTBELL_HOME=str(home))
    assert again.returncode == 0
    assert "No migrations to apply." in again.stdout
    for lost in ("database-app", "database-owner"):
        (home / "keys" / lost).unlink()
    assert _firstbell("worker", "--until-idle", FIRSTBELL_HOME=str(home)).returncode == 0


def test_the_settings_are_fit_for_production(home: Path, migrated_database: None) -> None:
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='DEBUG')"
    )
    environment = os.environ | {"FIRSTBELL_HTTPS": "1", "FIRSTBELL_HOME": str(home)}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests set it for themselves
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_model_has_its_migration(database: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_tests_run_as_the_application_role(database: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("firstbell_app",)
