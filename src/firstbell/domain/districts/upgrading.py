"""Bringing the database's tables to what this version of Firstbell needs, as the owner."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

OWNER = "owner"
UPGRADE_LOCK = 0x0F1B_0000_0000_0001


def is_upgraded() -> bool:
    """True when no migration waits."""
    executor = MigrationExecutor(connections[OWNER])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def upgrade(*, verbosity: int = 0) -> None:
    """Migrate, and make and grant the application role (districts.application_role). One process at a time."""
    with _one_at_a_time():
        call_command("migrate", database=OWNER, verbosity=verbosity, interactive=False)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [UPGRADE_LOCK])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [UPGRADE_LOCK])
