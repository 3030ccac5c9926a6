"""A question as SQL: the rows that fit, a page of them in order, their JSON.

Limits and offsets stand in the text, as numbers that were checked: PostgreSQL plans for a page, not for any page.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from psycopg.types.numeric import Int8

from firstbell.domain.sharing.oneroster import json
from firstbell.domain.sharing.oneroster.asking import Question
from firstbell.domain.sharing.oneroster.filters import condition_of
from firstbell.domain.sharing.oneroster.resource import resource
from firstbell.domain.sharing.oneroster.version import Version

_VERSION = (
    "(select d.last_stamp from districts_district d where d.id = %(district)s),"
    " (select coalesce(max(s.stamp), 0) from districts_stamptime s where s.district_id = %(district)s)"
)


@dataclass(slots=True)
class Parameters:
    """The values of a statement, by placeholder."""

    values: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """Take a value in, give its placeholder."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and its values."""

    sql: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Window:
    """The part of all rows in order that is wanted: behind a record (its sort key and sourcedId), or by counting."""

    count: int
    skipped: int = 0
    behind: tuple[str | None, str] | None = None
    from_the_end: bool = False


def page_statement(question: Question, known: dict[str, object], window: Window) -> Statement:
    """Rows of (sourcedId, JSON, the roster's last stamp, the last that has a time).

    `known` are the district, the base of addresses and the row ids of parents.
    """
    parameters = Parameters(dict(known))
    asked = question.resource
    where = [*_conditions(question, parameters)]
    key = _key(question)
    descending = question.descending is not window.from_the_end
    if window.behind is not None:
        where.append(_behind(asked.sourced_id, key, window.behind, parameters, descending=descending))
    turn = " desc" if descending else ""
    order = f"{key}{turn}, {asked.sourced_id}{turn}" if key else f"{asked.sourced_id}{turn}"
    chosen = f"select r.* from {_rows(asked.rows, where)} order by {order} limit {window.count}"
    if window.skipped:
        chosen += f" offset {window.skipped}"
    shown = _object(question.version, question.collection.table, question.fields)
    sql = f"select {asked.sourced_id}, {shown}, {_VERSION} from ({chosen}) r {asked.joined} order by {order}"
    return Statement(sql, parameters.values)


def one_statement(question: Question, known: dict[str, object], sourced_id: str) -> Statement:
    """The record of a sourcedId, as ``page_statement`` gives it."""
    parameters = Parameters(dict(known))
    asked = question.resource
    where = [*_conditions(question, parameters), f"{asked.sourced_id} = {parameters.bind(sourced_id)}"]
    shown = _object(question.version, question.collection.table, question.fields)
    chosen = f"select r.* from {_rows(asked.rows, where)}"
    sql = f"select {asked.sourced_id}, {shown}, {_VERSION} from ({chosen}) r {asked.joined}"
    return Statement(sql, parameters.values)


def count_statement(question: Question, known: dict[str, object]) -> Statement:
    """How many rows fit, and the roster's last stamp."""
    parameters = Parameters(dict(known))
    rows = _rows(question.resource.rows, _conditions(question, parameters))
    return Statement(f"select count(*), {_VERSION} from {rows}", parameters.values)


def key_statement(question: Question, known: dict[str, object], sourced_id: str) -> Statement:
    """What the record of a sourcedId is sorted by."""
    parameters = Parameters(dict(known))
    asked = question.resource
    where = [f"{asked.sourced_id} = {parameters.bind(sourced_id)}"]
    return Statement(f"select {_key(question)} from {_rows(asked.rows, where)}", parameters.values)


def parent_statement(question: Question, known: dict[str, object], sourced_id: str, *, also: str) -> Statement:
    """The row id of a record that an address hangs on; `question` asks for its collection."""
    parameters = Parameters(dict(known))
    asked = question.resource
    where = [*_conditions(question, parameters), f"{asked.sourced_id} = {parameters.bind(sourced_id)}"]
    return Statement(f"select r.id from {_rows(asked.rows, [*where, also] if also else where)}", parameters.values)


def number(value: int) -> Int8:
    """One SQL type for all numbers: a statement is prepared once, not once a size."""
    return Int8(value)


def _rows(rows: str, where: list[str]) -> str:
    return " and ".join([rows, *where])


def _conditions(question: Question, parameters: Parameters) -> list[str]:
    conditions = [question.collection.condition] if question.collection.condition else []
    if question.filter is not None:
        conditions.append(condition_of(question.filter, question.resource.fields, parameters.bind))
    return conditions


def _key(question: Question) -> str | None:
    return question.resource.fields[question.sort].order if question.sort else None


def _behind(
    sourced_id: str, key: str | None, behind: tuple[str | None, str], parameters: Parameters, *, descending: bool
) -> str:
    beyond = "<" if descending else ">"
    value, after = behind
    if key is None:
        return f"{sourced_id} {beyond} {parameters.bind(after)}"
    return f"({key}, {sourced_id}) {beyond} ({parameters.bind(value)}::text, {parameters.bind(after)}::text)"


@lru_cache(maxsize=500)
def _object(version: Version, table: str, fields: tuple[str, ...]) -> str:
    members = resource(version, table).members
    return json.object_of([members[name].text for name in fields or members])
