"""A home of the bench's own: an embedded PostgreSQL with the settings of production, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from firstbell.project.preparation import prepare


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Start it, with all tables. Django's models may be imported from here on."""
    home = Path(tempfile.mkdtemp(prefix="firstbell-bench-"))
    try:
        use_home(home)
        yield home
    finally:
        _leave(home)


def use_home(home: Path) -> None:
    """Work in this home, whatever the environment says."""
    for name in [name for name in os.environ if name.startswith("FIRSTBELL_") or name == "DATABASE_URL"]:
        del os.environ[name]
    os.environ["FIRSTBELL_HOME"] = str(home)
    os.environ["FIRSTBELL_LOG_LEVEL"] = "error"
    os.environ["FIRSTBELL_READS_A_MINUTE"] = "0"
    prepare()


def _leave(home: Path) -> None:
    from django.db import connections  # noqa: PLC0415 (Django is set up by now)

    from firstbell.project.cluster import describe_cluster, leave_cluster  # noqa: PLC0415

    connections.close_all()
    leave_cluster(describe_cluster(home))
    shutil.rmtree(home, ignore_errors=True)
