"""The roster as one program sees it: tables of the same names in front of the real ones.

A statement that is ``shadowed`` reads these wherever it names a table of the roster, so no endpoint, filter,
sort, count or path can see more. A row is in its shadow once the program was shown it; one that is not shown any more
counts as removed, and keeps of its content what the standard cannot do without.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from firstbell.domain.roster.columns import KINDS, MODELS, has_published_id, sql_name
from firstbell.domain.sharing.oneroster.then import then_of, then_tables
from firstbell.engine.tables import TABLES, Column, Kind, Table

_OF = (
    "sharing_shown l join {table} r on r.district_id = l.district_id and r.id = l.row_id"
    " where l.district_id = %(district)s and l.client_id = %(client)s and l.kind = {kind}"
)
_OF_PROFILES = (
    "sharing_shown l join {table} r on r.district_id = l.district_id and r.user_id = l.row_id"
    " where l.district_id = %(district)s and l.client_id = %(client)s and l.kind = {kind} and l.is_shown"
)
_IS_SHOWN = (
    "exists (select 1 from sharing_shown t where t.district_id = l.district_id and t.client_id = l.client_id"
    " and t.kind = {kind} and t.row_id = {row_id} and t.is_shown)"
)
NAMELESS = {
    "users": frozenset({"enabledUser", "grades", "primaryOrgSourcedId"}),
    "classes": frozenset(
        {"grades", "courseSourcedId", "classType", "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes"}
    ),
    "userProfiles": frozenset({"userSourcedId"}),
    "roles": frozenset({"userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId"}),
    "demographics": frozenset[str](),
}
"""Columns that tell nothing of who somebody is, in tables where others do."""
PSEUDONYMS = {
    ("users", "givenName"): "'Person'",
    ("users", "familyName"): "upper(left(l.sourced_id, 8))",
    ("classes", "title"): "'Class ' || upper(left(l.sourced_id, 8))",
}


_NAMES = {model._meta.db_table: name for name, model in MODELS.items()}
_TABLE = re.compile(rf"\b(?:{'|'.join(_NAMES)})\b")


class Seen(Enum):
    """How much of the roster a program sees."""

    WHOLE = auto()
    LIMITED = auto()
    NAMELESS = auto()


@dataclass(frozen=True, slots=True)
class Sight:
    """What a program sees by its grant, in the grant's version: 0 is none, and everything is seen."""

    version: int = 0
    seen: Seen = Seen.WHOLE
    hidden: frozenset[str] = frozenset()
    """Members that it does not see, as ``users.email``."""
    floor: int = 0
    """No record's last change is older than this stamp."""


def shadowed(sql: str, seen: Seen, *, of_then: str = "") -> str:
    """The statement with a shadow before it for each table of the roster that it names.

    ``of_then``: the table whose records are wanted as they were at the stamp `since`, by what is shown now.
    """
    then = then_tables(of_then) if of_then else frozenset[str]()
    named = [_NAMES[name] for name in dict.fromkeys(_TABLE.findall(sql))]
    if seen is Seen.WHOLE:
        shadows = {name: then_of(name, beside=name != of_then) for name in named if name in then}
    else:
        shadows = {
            name: _shadow(TABLES[name], seen, f"({then_of(name, beside=name != of_then)})" if name in then else "")
            for name in named
        }
    if not shadows:
        return sql
    tables = [f"{MODELS[name]._meta.db_table} as not materialized ({rows})" for name, rows in shadows.items()]
    return f"with {', '.join(tables)} {sql}"


@cache
def _shadow(table: Table, seen: Seen, rows_of_then: str = "") -> str:
    sql_table = rows_of_then or MODELS[table.name]._meta.db_table
    if table.name == "userProfiles":
        rows, row_id = _OF_PROFILES.format(table=sql_table, kind=KINDS["users"]), "r.id"
    else:
        rows, row_id = _OF.format(table=sql_table, kind=KINDS[table.name]), "l.row_id"
    columns = [
        "l.district_id",
        f"{row_id} as id",
        "l.stamp",
        "l.flipped as created_stamp",
        "case when l.is_shown then r.removed_at else '-infinity'::timestamptz end as removed_at",
        *_columns(table, seen),
    ]
    if has_published_id(table):
        columns.append("r.sourced_id" if table.name == "userProfiles" else "l.sourced_id")
    return f"select {', '.join(columns)} from {rows}"


def _columns(table: Table, seen: Seen) -> Iterator[str]:
    keys = {field.column for field in MODELS[table.name]._meta.concrete_fields}
    for column in table.columns:
        if column.secret or column.name == "sourcedId":
            continue
        name = sql_name(column)
        told = _told(table, column, f"r.{name}", seen)
        yield f"{told} as {name}"
        if f"{name}_key" in keys:
            yield f"roster_search_key({told}) as {name}_key" if seen is Seen.NAMELESS else f"r.{name}_key"


def _told(table: Table, column: Column, value: str, seen: Seen) -> str:
    """What the program is told of a column."""
    if seen is Seen.NAMELESS:
        if (table.name, column.name) in PSEUDONYMS:
            return PSEUDONYMS[table.name, column.name]
        if column.kind is Kind.METADATA or column.name not in NAMELESS.get(table.name, {column.name}):
            return f"nullif({value}, {value})"
    if column.kind is Kind.REFS:
        shown = _IS_SHOWN.format(kind=KINDS[column.target or ""], row_id="a.id")
        items = f"unnest({value}) with ordinality as a(id, place)"
        value = f"(select array_agg(a.id order by a.place) from {items} where {shown})"
    elif column.kind is Kind.REF and not column.required and column.target != "userProfiles":  # which go with people
        value = f"(case when {_IS_SHOWN.format(kind=KINDS[column.target or ''], row_id=value)} then {value} end)"
    if column.required and (column.target or column.vocabulary or column.kind in {Kind.DATE, Kind.YEAR}):
        return value  # ids, words and days of terms: a record that goes cannot do without
    blank = " else ''" if column.required and column.kind is Kind.STRING else ""
    return f"case when l.is_shown then {value}{blank} end"
