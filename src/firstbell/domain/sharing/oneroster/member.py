"""Members of a resource's JSON, derived from the canonical tables: what they are called, how they are written and
compared.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from firstbell.domain.roster.columns import MODELS, sql_name
from firstbell.domain.sharing.oneroster import json
from firstbell.domain.sharing.oneroster.comparing import (
    Comparable,
    Days,
    Items,
    Reference,
    Related,
    Text,
    Truth,
    Words,
)
from firstbell.engine.tables import LIST_KINDS, Column, Kind

NAMES = {"preferredGivenName": "preferredFirstName", "preferredFamilyName": "preferredLastName"}
"""Where JSON says it otherwise than CSV, apart from references."""


class Shape(Enum):
    """What stands in a member."""

    TEXT = auto()
    TEXTS = auto()
    REFERENCE = auto()
    REFERENCES = auto()
    OBJECT = auto()
    OBJECTS = auto()


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name, its SQL text (``json``), the fields that a filter may name for it, and what it holds."""

    name: str
    text: str
    fields: tuple[tuple[str, Comparable], ...] = ()
    shape: Shape = Shape.TEXT


def json_name(column: Column) -> str:
    """``courseSourcedId`` is course, ``termSourcedIds`` is terms."""
    if column.target:
        return re.sub(r"SourcedId$", "", re.sub(r"SourcedIds$", "s", column.name))
    return NAMES.get(column.name, column.name)


def member_of(column: Column, *, instead: str | None = None) -> Member:
    """The member of a column. `instead` is SQL for what stands there where the column is blank."""
    name, sql = json_name(column), f"r.{sql_name(column)}"
    if instead:
        sql = f"coalesce({sql}, {instead})"
    if column.kind in _MADE:
        return _MADE[column.kind](name, column, sql)
    field = _COMPARED.get(column.kind, Words)(f"({sql})::text" if column.kind is Kind.YEAR else sql)
    if column.kind is Kind.BOOLEAN:
        return Member(name, json.truth(name, sql), ((name, field),))
    shape = Shape.TEXTS if column.kind in LIST_KINDS else Shape.TEXT
    return Member(
        name, json.value(name, f"({sql})::text" if column.kind is Kind.YEAR else sql), ((name, field),), shape
    )


def _text(name: str, column: Column, sql: str) -> Member:
    """What people wrote. Where its search key has an index and nothing stands in for it, a filter finds by that."""
    keyed = column.name in _KEYED and sql == f"r.{sql_name(column)}"
    return Member(name, json.value(name, sql), ((name, Text(sql, f"{sql}_key" if keyed else None)),))


def _metadata(name: str, column: Column, sql: str) -> Member:
    return Member(name, json.raw(name, sql), ((name, Text(sql)),), Shape.OBJECT)


def _reference(name: str, column: Column, sql: str) -> Member:
    table = column.target or ""
    sql_table = MODELS[table]._meta.db_table
    field = (f"{name}.sourcedId", Reference(sql, sql_table))
    return Member(name, json.linked(name, table, sql_table, sql), (field,), Shape.REFERENCE)


def _references(name: str, column: Column, sql: str) -> Member:
    table = column.target or ""
    sql_table = MODELS[table]._meta.db_table
    among = f"from {sql_table} t where t.district_id = r.district_id and t.id = any({sql})"
    field = (f"{name}.sourcedId", Related(among, Words("t.sourced_id")))
    return Member(name, json.links(name, table, sql_table, sql), (field,), Shape.REFERENCES)


_USER_ID = r"\{([^:{}]*):([^{}]*)\}"


def _user_ids(name: str, column: Column, sql: str) -> Member:
    found = f"from regexp_matches({sql}, '{_USER_ID}', 'g') as m"
    one = """'{"type":' || to_json(m[1]) || ',"identifier":' || to_json(m[2]) || '}'"""
    text = json.listed(name, f"select string_agg({one}, ',') {found}")
    fields = (
        (f"{name}.type", Related(f"{found} where true", Text("m[1]"))),
        (f"{name}.identifier", Related(f"{found} where true", Text("m[2]"))),
    )
    return Member(name, text, fields, Shape.OBJECTS)


_KEYED = frozenset({"familyName", "givenName", "username", "identifier", "email"})
_COMPARED: dict[Kind, Callable[[str], Comparable]] = {
    Kind.BOOLEAN: Truth,
    Kind.DATE: Days,
    Kind.STRINGS: Items,
    Kind.GRADES: Items,
}
_MADE: dict[Kind, Callable[[str, Column, str], Member]] = {
    Kind.REF: _reference,
    Kind.REFS: _references,
    Kind.USER_IDS: _user_ids,
    Kind.METADATA: _metadata,
    Kind.STRING: _text,
    Kind.EMAIL: _text,
}
