"""One embedded PostgreSQL per test session; every test is the application role, in real transactions.

Nothing is rolled back or emptied between tests: each makes its own district, and the wall keeps the others out.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from firstbell.project.keys import make_keys

for variable in [name for name in os.environ if name.startswith(("FIRSTBELL_", "DATABASE_URL"))]:
    del os.environ[variable]
HOME = Path(tempfile.mkdtemp(prefix="firstbell-test-"))
os.environ.update(FIRSTBELL_HOME=str(HOME), DJANGO_SETTINGS_MODULE="firstbell.project.settings")
make_keys(HOME)  # before the settings read them
(HOME / "static").mkdir()
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
for alias in settings.DATABASES.values():
    alias["CONN_MAX_AGE"] = 0  # a request, and a task of a worker, closes what it has opened
settings.WHITENOISE_USE_FINDERS = True  # pages find their files where they were written: nothing is collected
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from firstbell.domain.accounts.hashing import Argon2  # noqa: E402
from firstbell.domain.audit.actor import OPERATOR  # noqa: E402
from firstbell.domain.districts.actions import add_district  # noqa: E402
from firstbell.domain.districts.models import District  # noqa: E402
from firstbell.project.cluster import ensure_cluster, leave_cluster  # noqa: E402

Argon2.time_cost, Argon2.memory_cost = 1, 1024  # the real hash, at a price that thousands of tests can pay


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Side by side, each process has a home and a cluster of its own: none inherits ours."""
    for variable in ("FIRSTBELL_HOME", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(variable, None)


def pytest_unconfigure() -> None:
    """The session's home goes, whether a test used it or not."""
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def home() -> Path:
    """FIRSTBELL_HOME of this session."""
    return HOME


@pytest.fixture(scope="session")
def migrated_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The embedded cluster with every table and the application role."""
    cluster = ensure_cluster(HOME, durable=False)
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0)
        connections.close_all()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    leave_cluster(cluster)


@pytest.fixture
def database(migrated_database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Lets a test use the database, as the application role."""
    with django_db_blocker.unblock():
        yield
        for connection in connections.all(initialized_only=True):
            if connection.in_atomic_block or connection.needs_rollback:
                connection.close()


@pytest.fixture
def owner(database: None) -> BaseDatabaseWrapper:
    """The owner's connection, past every wall: for looking behind it, and for breaking it on purpose."""
    return connections["owner"]


@pytest.fixture
def district(database: None) -> District:
    """A new district of this test alone."""
    return new_district("Lakeside Unified")


@pytest.fixture
def other_district(database: None) -> District:
    """The stranger's district."""
    return new_district("Hilltop Charter School")


def new_district(name: str) -> District:
    """A district with a code that no other test has."""
    code = f"test-{uuid.uuid4().hex}"
    return add_district(code, name, by=OPERATOR, method="automated", time_zone="America/Chicago")
