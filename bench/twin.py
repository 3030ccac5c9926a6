"""The floor of an import: the same rows by COPY, as the owner, into the same tables with their indexes.

The twins are empty copies of the roster's tables in a schema of their own: all columns, keys and indexes, no wall.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from psycopg import Cursor, sql

from bench.figures import Floor, Times
from firstbell.domain.roster.columns import MODELS, sql_name, table_name
from firstbell.domain.roster.models import Record
from firstbell.engine.tables import TABLES, Kind

RECORDS = Record._meta.db_table
TWINS = [*(table_name(table) for table in TABLES.values()), RECORDS]
LARGE = ("roles", "enrollments")
LARGE_TWINS = [table_name(TABLES[name]) for name in LARGE]
COPY = "COPY by the owner"
COPY_ROWS = "COPY by the owner, without the records"
COPY_LARGE = "COPY of roles and enrollments"
COPY_WITH_KEYS = "COPY of roles and enrollments with foreign keys"
FLOORS = {COPY_WITH_KEYS: Floor(COPY_LARGE)}
_PART = 1 << 20


def owner_cursor() -> Cursor[Any]:
    """A cursor of the owner's, outside every wall."""
    connection = connections["owner"]
    connection.ensure_connection()
    return connection.connection.cursor()  # type: ignore[no-any-return]


def empty_roster() -> None:
    """Take every row out of the roster, so that each first import meets the same tables."""
    tables = sql.SQL(", ").join(sql.Identifier(name) for name in [*TWINS, "imports_touch"])
    with owner_cursor() as cursor:
        cursor.execute(sql.SQL("truncate {} cascade").format(tables))  # what names people goes with them


def make_twins() -> None:
    """Empty twins of all tables."""
    with owner_cursor() as cursor:
        cursor.execute("drop schema if exists twin cascade")
        cursor.execute("create schema twin")
        for name in TWINS:
            make = "create table twin.{0} (like public.{0} including all)"
            cursor.execute(sql.SQL(make).format(sql.Identifier(name)))


def copy_out() -> dict[str, bytes]:
    """The roster's rows in COPY's text form, by table, in the order in which an import writes them."""
    rows: dict[str, bytes] = {}
    with owner_cursor() as cursor:
        for name in TWINS:
            columns = _columns(cursor, name)
            order = "kind, source_key" if name == RECORDS else "sourced_id" if "sourced_id" in columns else "id"
            query = sql.SQL("copy (select {} from {} order by {}) to stdout")
            text = io.BytesIO()
            named = query.format(sql.SQL(columns), sql.Identifier(name), sql.SQL(order))
            with cursor.copy(named) as copy:
                for part in copy:
                    text.write(part)
            rows[name] = text.getvalue()
    return rows


def measure_twins(rows: dict[str, bytes], times: Times) -> None:
    """One repetition: all tables without foreign keys, then with them."""
    taken = _copy_in(rows)
    times.add(COPY, sum(taken.values()))
    times.add(COPY_ROWS, sum(seconds for name, seconds in taken.items() if name != RECORDS))
    times.add(COPY_LARGE, sum(taken[name] for name in LARGE_TWINS))
    with _foreign_keys():
        taken = _copy_in(rows, tell_sizes=True)
    times.add(COPY_WITH_KEYS, sum(taken[name] for name in LARGE_TWINS))


def _copy_in(rows: dict[str, bytes], *, tell_sizes: bool = False) -> dict[str, float]:
    """Seconds by table, the commit with the last one. The twins are emptied first, which is not counted.

    ``tell_sizes`` analyzes each table once it is filled, which is not counted either: a foreign key's check is planned
    once, and planned for an empty target it reads a whole district for each row (three hours for D1M).
    """
    times = Times()
    with owner_cursor() as cursor:
        cursor.execute(
            sql.SQL("truncate {}").format(sql.SQL(", ").join(sql.Identifier("twin", name) for name in TWINS))
        )
        columns = {name: sql.SQL(_columns(cursor, name)) for name in TWINS}
        cursor.execute("begin")
        for name, text in rows.items():
            into = sql.SQL("copy twin.{} ({}) from stdin").format(sql.Identifier(name), columns[name])
            with times.of(name), cursor.copy(into) as copy:
                for start in range(0, len(text), _PART):
                    copy.write(text[start : start + _PART])
            if tell_sizes:
                cursor.execute(sql.SQL("analyze twin.{}").format(sql.Identifier(name)))
        with times.of("commit"):
            cursor.execute("commit")
    taken = {name: seconds[0] for name, seconds in times.taken.items()}
    commit = taken.pop("commit")
    return {name: seconds + (commit if name == TWINS[-1] else 0) for name, seconds in taken.items()}


def _columns(cursor: Cursor[Any], name: str) -> str:
    """The columns that are written; PostgreSQL makes the generated ones in both cases."""
    cursor.execute(
        "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
        [f"public.{name}"],
    )
    row = cursor.fetchone()
    return str(row[0] if row else "")


@contextmanager
def _foreign_keys() -> Iterator[None]:
    """Composite foreign keys on the large tables' twins, as ``districts.operations.TenantReference`` makes them."""
    keys = [
        (table_name(TABLES[name]), sql_name(column), MODELS[column.target]._meta.db_table)
        for name in LARGE
        for column in TABLES[name].references
        if column.kind is Kind.REF and column.target
    ]
    with owner_cursor() as cursor:
        for name in TWINS:
            cursor.execute(sql.SQL("truncate twin.{}").format(sql.Identifier(name)))
        for place, (name, column, target) in enumerate(keys):
            add = "alter table twin.{} add constraint {} foreign key (district_id, {}) references twin.{}"
            named = (sql.Identifier(part) for part in (name, f"key_{place}", column, target))
            cursor.execute(sql.SQL(add + " (district_id, id)").format(*named))
        yield
        for place, (name, _, _) in enumerate(keys):
            drop = "alter table twin.{} drop constraint {}"
            cursor.execute(sql.SQL(drop).format(sql.Identifier(name), sql.Identifier(f"key_{place}")))
