"""A question as SQL: the rows that fit, a page of them in order, their JSON.

Limits and offsets stand in the text, as numbers that were checked: PostgreSQL plans for a page, not for any page.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from psycopg.types.numeric import Int8

from firstbell.domain.sharing.oneroster import json
from firstbell.domain.sharing.oneroster.asking import Question
from firstbell.domain.sharing.oneroster.comparing import Changed
from firstbell.domain.sharing.oneroster.filters import condition_of
from firstbell.domain.sharing.oneroster.resource import resource
from firstbell.domain.sharing.oneroster.shadow import shadowed
from firstbell.domain.sharing.oneroster.version import Version

_MOMENT = (
    "(select d.last_stamp from districts_district d where d.id = %(district)s),"
    " (select coalesce(max(s.stamp), 0) from districts_stamptime s where s.district_id = %(district)s),"
    " (select c.grant_version from sharing_apiclient c where c.id = %(client)s),"
    " (select c.shown_as_of from sharing_apiclient c where c.id = %(client)s)"
)
MOMENT = f"select {_MOMENT}"


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
    """Rows of (sourcedId, JSON, row id, and the moment that they are of: the roster's last stamp, the last that has a
    time, the version of the program's grant, the stamp of what it is shown).

    `known` are district, program, floor, the base of addresses and the row ids of parents.
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
    shown = _object(question)
    sql = f"select {asked.sourced_id}, {shown}, r.id, {_MOMENT} from ({chosen}) r {asked.joined} order by {order}"
    return _seen(question, sql, parameters)


def one_statement(question: Question, known: dict[str, object], sourced_id: str) -> Statement:
    """The record of a sourcedId, as ``page_statement`` gives it."""
    parameters = Parameters(dict(known))
    asked = question.resource
    where = [*_conditions(question, parameters), f"{asked.sourced_id} = {parameters.bind(sourced_id)}"]
    chosen = f"select r.* from {_rows(asked.rows, where)}"
    sql = f"select {asked.sourced_id}, {_object(question)}, r.id, {_MOMENT} from ({chosen}) r {asked.joined}"
    return _seen(question, sql, parameters)


def changes_statement(
    question: Question, known: dict[str, object], least: int, behind: tuple[int, str] | None, count: int
) -> Statement:
    """The records that changed at a stamp from `least` on, and behind a stamp and sourcedId, in their order; as
    ``page_statement`` gives them, with the stamps of the last change and of the first.
    """
    parameters = Parameters(dict(known))
    asked = question.resource
    changed = asked.fields["dateLastModified"]
    assert isinstance(changed, Changed)
    stamp, placed = f"greatest({changed.stamp}, %(floor)s)", parameters.bind(number(least))
    found = changed.since(f"(case when {placed} <= %(floor)s then -1 else {placed} - 1 end)")
    where = [*_conditions(question, parameters), found, f"{stamp} >= {placed}"]
    if behind is not None:
        last = f"({parameters.bind(number(behind[0]))}, {parameters.bind(behind[1])}::text)"
        where.append(f"({stamp}, {asked.sourced_id}) > {last}")
    order = f"{stamp}, {asked.sourced_id}"
    chosen = f"select r.*, {stamp} as changed from {_rows(asked.rows, where)} order by {order} limit {count}"
    told = f"{asked.sourced_id}, {_object(question)}, r.id, {_MOMENT}, r.changed, r.created_stamp"
    return _seen(question, f"select {told} from ({chosen}) r {asked.joined}", parameters)


def then_statement(question: Question, known: dict[str, object], since: int, row_ids: list[int]) -> Statement:
    """Those of these rows that were there at the stamp `since`, as they were then; as ``page_statement`` gives them."""
    parameters = Parameters(known | {"since": number(since)})
    asked = question.resource
    where = [*_conditions(question, parameters), f"r.id = any({parameters.bind(row_ids)}::bigint[])"]
    chosen = f"select r.* from {_rows(asked.rows, where)}"
    sql = f"select {asked.sourced_id}, {_object(question)}, r.id, {_MOMENT} from ({chosen}) r {asked.joined}"
    seen = shadowed(sql, question.sight.seen, of_then=question.collection.table)
    return Statement(seen, parameters.values)


def count_statement(question: Question, known: dict[str, object]) -> Statement:
    """How many rows fit, and the moment of that."""
    parameters = Parameters(dict(known))
    rows = _rows(question.resource.rows, _conditions(question, parameters))
    return _seen(question, f"select count(*), {_MOMENT} from {rows}", parameters)


def key_statement(question: Question, known: dict[str, object], sourced_id: str) -> Statement:
    """What the record of a sourcedId is sorted by."""
    parameters = Parameters(dict(known))
    asked = question.resource
    where = [f"{asked.sourced_id} = {parameters.bind(sourced_id)}"]
    return _seen(question, f"select {_key(question)} from {_rows(asked.rows, where)}", parameters)


def parent_statement(question: Question, known: dict[str, object], sourced_id: str, *, also: str) -> Statement:
    """The row id of a record that an address hangs on; `question` asks for its collection."""
    parameters = Parameters(dict(known))
    asked = question.resource
    where = [*_conditions(question, parameters), f"{asked.sourced_id} = {parameters.bind(sourced_id)}"]
    return _seen(question, f"select r.id from {_rows(asked.rows, [*where, also] if also else where)}", parameters)


def number(value: int) -> Int8:
    """One SQL type for all numbers: a statement is prepared once, not once a size."""
    return Int8(value)


def _seen(question: Question, sql: str, parameters: Parameters) -> Statement:
    """Every statement about the roster goes through here: it reads what the program sees."""
    return Statement(shadowed(sql, question.sight.seen), parameters.values)


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


def _object(question: Question) -> str:
    return _object_of(question.version, question.collection.table, question.fields, question.sight.hidden)


@lru_cache(maxsize=500)
def _object_of(version: Version, table: str, fields: tuple[str, ...], hidden: frozenset[str]) -> str:
    members = resource(version, table, hidden).members
    return json.object_of([members[name].text for name in fields or members])
