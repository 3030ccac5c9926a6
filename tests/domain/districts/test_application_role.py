"""A role that policies would not hold is refused before it sees a row."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from firstbell.domain.districts.application_role import (
    RoleRefused,
    ensure_behind_the_wall,
    ensure_ourselves_behind_the_wall,
    prepare_application_role,
)
from firstbell.project.cluster import OWNER, SUPERUSER, describe_cluster


@pytest.fixture
def superuser(database: None) -> Iterator[psycopg.Connection]:
    """The cluster's superuser, who alone can make roles as bad as these."""
    from django.conf import settings

    with psycopg.connect(describe_cluster(settings.FIRSTBELL_HOME).conninfo(SUPERUSER), autocommit=True) as connection:
        yield connection


def test_the_tests_own_role_is_good(database: None) -> None:
    ensure_ourselves_behind_the_wall()


def test_preparing_again_changes_nothing(database: None) -> None:
    prepare_application_role(using="owner")
    prepare_application_role(using="default")
    ensure_ourselves_behind_the_wall()


@pytest.mark.parametrize(
    ("attributes", "why"),
    [("superuser", "is a superuser"), ("bypassrls", "bypasses"), (f"in role {OWNER}", "is the owner")],
)
def test_a_role_past_the_wall_is_refused(
    superuser: psycopg.Connection, owner: BaseDatabaseWrapper, attributes: str, why: str
) -> None:
    role = f"bad_{uuid.uuid4().hex}"
    superuser.execute(f"create role {role} {attributes}".encode())
    try:
        with owner.cursor() as cursor, pytest.raises(RoleRefused, match=why):
            ensure_behind_the_wall(cursor, role, owner=OWNER)
    finally:
        superuser.execute(f"drop role {role}".encode())


def test_the_owner_is_no_application_role(owner: BaseDatabaseWrapper) -> None:
    with owner.cursor() as cursor, pytest.raises(RoleRefused, match="is the owner"):
        ensure_behind_the_wall(cursor, OWNER, owner=OWNER)


def test_a_role_that_is_not_there_is_told_how_to_be_made(owner: BaseDatabaseWrapper) -> None:
    with owner.cursor() as cursor, pytest.raises(RoleRefused, match="make it: create role nobody_here"):
        ensure_behind_the_wall(cursor, "nobody_here", owner=OWNER)


def test_an_owner_who_may_not_make_roles_is_told_what_to_do(superuser: psycopg.Connection) -> None:
    superuser.execute(f"alter role {OWNER} nocreaterole")
    try:
        connections["owner"].close()
        with pytest.raises(RoleRefused, match="make one yourself"):
            prepare_application_role(using="owner")
    finally:
        superuser.execute(f"alter role {OWNER} createrole")
