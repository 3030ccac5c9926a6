"""The application role: what web, workers and tests log in as. It owns nothing and cannot pass the wall."""

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from firstbell.domain.districts.wall import APPEND_ONLY_TABLES

READ_ONLY_TABLES = frozenset({"django_migrations"})
ATTRIBUTES = "login nosuperuser nobypassrls nocreatedb nocreaterole noreplication"

KNOWS_MAINTAIN = 170000


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
        _grant(cursor, role)


def _make(cursor: CursorWrapper, role: str, password: str) -> None:
    cursor.execute("select from pg_roles where rolname = %s", [role])
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("create role {} " + ATTRIBUTES).format(sql.Identifier(role)))
    cursor.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(password)))


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
