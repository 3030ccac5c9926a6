"""The application role: what web, workers and tests log in as. It owns nothing and cannot pass the wall."""

from django.apps import AppConfig
from django.conf import settings
from django.db import ProgrammingError, connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from firstbell.domain.districts.wall import APPEND_ONLY_TABLES

READ_ONLY_TABLES = frozenset({"django_migrations"})
ATTRIBUTES = "login nosuperuser nobypassrls nocreatedb nocreaterole noreplication"

KNOWS_MAINTAIN = 170000


POWERS = """
select rolsuper, rolbypassrls, pg_has_role(oid, %s, 'member') from pg_roles where rolname = %s
"""


class RoleRefused(Exception):
    """The application role cannot be made or must not be used; the text is one line for the operator."""


def prepare_application_role(sender: AppConfig | None = None, *, using: str, **signal: object) -> None:
    """Make the role where that is ours to do, and grant it what it needs and no more. Safe to repeat.

    Runs after every migration (Django's post_migrate), so that no table is ever without its grants.
    """
    if using != "owner":
        return
    role = connections["default"].settings_dict["USER"]
    with connections[using].cursor() as cursor:
        if settings.FIRSTBELL_MAKES_APPLICATION_ROLE:
            _make(cursor, role, connections["default"].settings_dict["PASSWORD"])
        ensure_behind_the_wall(cursor, role, owner=connections[using].settings_dict["USER"])
        _grant(cursor, role)


def ensure_ourselves_behind_the_wall() -> None:
    """Raise RoleRefused where this process would work as a role that policies do not hold."""
    owner = connections["owner"].settings_dict["USER"]
    with connections["default"].cursor() as cursor:
        ensure_behind_the_wall(cursor, connections["default"].settings_dict["USER"], owner=owner)


def ensure_behind_the_wall(cursor: CursorWrapper, role: str, *, owner: str) -> None:
    """Raise RoleRefused for a role that policies would not hold: the owner, its member, or one with such powers."""
    cursor.execute(POWERS, [owner, role])
    found = cursor.fetchone()
    if found is None:
        raise RoleRefused(f"there is no role {role}, make it: create role {role} login password '...'")
    is_superuser, bypasses, is_owner = found
    if is_superuser or bypasses or is_owner:
        why = "is a superuser" if is_superuser else "bypasses row-level security" if bypasses else "is the owner"
        raise RoleRefused(f"the application role {role} {why}, so districts would see each other: make another")


def _make(cursor: CursorWrapper, role: str, password: str) -> None:
    cursor.execute("select from pg_roles where rolname = %s", [role])
    try:
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("create role {} " + ATTRIBUTES).format(sql.Identifier(role)))
        cursor.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(password)))
    except ProgrammingError as fault:
        line = f"the owner may not make the role {role}: make one yourself and give its log-in"
        raise RoleRefused(line) from fault


def _grant(cursor: CursorWrapper, role: str) -> None:
    named = {"role": sql.Identifier(role), "database": sql.Identifier(_database(cursor))}
    for statement in (
        "revoke create on schema public from public",
        "grant connect, temporary on database {database} to {role}",
        "grant usage on schema public to {role}",
        "grant select, insert, update, delete on all tables in schema public to {role}",
        "grant usage, select on all sequences in schema public to {role}",
        "grant execute on all functions in schema public to {role}",
    ):
        cursor.execute(sql.SQL(statement).format(**named))
    if _version(cursor) >= KNOWS_MAINTAIN:  # for ANALYZE after a large import; before 17 autovacuum does it later
        cursor.execute(sql.SQL("grant maintain on all tables in schema public to {role}").format(**named))
    for table in sorted(APPEND_ONLY_TABLES | READ_ONLY_TABLES):
        taken = "update, delete" if table in APPEND_ONLY_TABLES else "insert, update, delete"
        if _exists(cursor, table):
            cursor.execute(
                sql.SQL("revoke " + taken + " on {table} from {role}").format(table=sql.Identifier(table), **named)
            )


def _database(cursor: CursorWrapper) -> str:
    cursor.execute("select current_database()")
    return str(cursor.fetchone()[0])


def _version(cursor: CursorWrapper) -> int:
    cursor.execute("show server_version_num")
    return int(cursor.fetchone()[0])


def _exists(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute("select to_regclass(%s) is not null", [table])
    return bool(cursor.fetchone()[0])
