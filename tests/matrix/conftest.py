"""One world for all tests of the matrix."""

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.matrix.world import World, make_world


@pytest.fixture(scope="session")
def made_world(
    migrated_database: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> World:
    """Made once."""
    with django_db_blocker.unblock():
        return make_world(tmp_path_factory.mktemp("matrix"))


@pytest.fixture
def world(made_world: World, database: None) -> World:
    """The world, with vendor staff on a visit: some doors end it."""
    made_world.let_visitors_in()
    return made_world
