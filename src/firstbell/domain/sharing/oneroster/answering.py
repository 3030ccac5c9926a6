"""Answers to questions: a page, one record. Each is one statement behind the wall, so all of it is of one moment."""

import datetime as dt
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from psycopg import Cursor

from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import tell_time
from firstbell.domain.districts.wall import within
from firstbell.domain.sharing.oneroster.asking import Question
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS
from firstbell.domain.sharing.oneroster.refused import NothingThere
from firstbell.domain.sharing.oneroster.resource import SINGLE
from firstbell.domain.sharing.oneroster.statement import (
    Statement,
    Window,
    count_statement,
    key_statement,
    number,
    one_statement,
    page_statement,
    parent_statement,
)

TRIES = 5
MARK = """
with unhurried as (select set_config('synchronous_commit', 'off', true))
insert into sharing_mark (district_id, client_id, question, "offset", sourced_id, at)
select %s, %s, %s, %s, %s, %s from unhurried
on conflict (district_id, client_id, question, "offset")
do update set sourced_id = excluded.sourced_id, at = excluded.at
"""
MARKED = """
select sourced_id from sharing_mark where district_id = %s and client_id = %s and question = %s and "offset" = %s
"""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a client of one district, at what version of its roster, and the address our own links begin with."""

    client_id: int
    district: District
    last_stamp: int
    base: str


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list. `body` is the JSON of the whole answer; `last` the sourcedId to go on behind, None at the end."""

    body: str
    count: int
    total: int
    last: str | None


class _Untold(Exception):
    """The snapshot held stamps that have no time yet."""


def answer_page(asker: Asker, question: Question) -> Page:
    """A page of a list. Raises NothingThere for an unknown parent, BadQuestion for an unknown field."""
    for _ in range(TRIES):
        try:
            with within(asker.district):
                return _page(asker, question)
        except _Untold:
            tell_time(asker.district)
    raise RuntimeError("the roster changes faster than its stamps get their times")


def answer_one(asker: Asker, question: Question, sourced_id: str) -> str:
    """The JSON of one record of a collection. Raises NothingThere."""
    for _ in range(TRIES):
        try:
            with within(asker.district):
                rows = _run(one_statement(question, _known(asker), sourced_id))
                _ensure_told(rows)
                if not rows:
                    raise NothingThere
                return f'{{"{SINGLE[question.collection.table]}":{rows[0][1]}}}'
        except _Untold:
            tell_time(asker.district)
    raise RuntimeError("the roster changes faster than its stamps get their times")


def _page(asker: Asker, question: Question) -> Page:
    known = _known(asker) | _parents(asker, question)
    total, counted_at = _total(asker, question, known)
    name = _name(question)
    after = question.after or (_marked(asker, name, question.offset) if question.offset else None)
    behind = _behind(question, known, after) if after is not None else None
    if behind is None and question.offset > total // 2:
        rows = _rows_from_the_end(question, known, total)
        if any(row[2] != counted_at for row in rows):  # somebody changed the roster after it was counted
            rows = _run(page_statement(question, known, Window(question.limit + 1, skipped=question.offset)))
    else:
        skipped = 0 if behind else question.offset
        rows = _run(page_statement(question, known, Window(question.limit + 1, skipped=skipped, behind=behind)))
    _ensure_told(rows)
    more = len(rows) > question.limit
    rows = rows[: question.limit]
    if rows:  # behind the last record too: what comes before it meanwhile would give it again
        _mark(asker, name, question.offset + len(rows), rows[-1][0])
    body = f'{{"{question.collection.table}":[{",".join([row[1] for row in rows])}]}}'
    return Page(body, len(rows), total, rows[-1][0] if more else None)


def _rows_from_the_end(question: Question, known: dict[str, object], total: int) -> list[tuple[str, str, int, int]]:
    """The page by counting from the list's end, which is nearer."""
    left = total - question.offset
    if left <= 0:
        return []
    wanted = min(question.limit + 1, left)
    window = Window(wanted, skipped=left - wanted, from_the_end=True)
    return _run(page_statement(question, known, window))[::-1]


def _known(asker: Asker) -> dict[str, object]:
    return {"district": number(asker.district.pk), "base": asker.base}


def _parents(asker: Asker, question: Question) -> dict[str, object]:
    """Row ids of the records in the address, by name."""
    known: dict[str, object] = {}
    for place, parent in enumerate(question.collection.parents):
        of = replace(question, collection=COLLECTIONS[parent.collection], filter=None, sort=None, fields=(), parents={})
        also = question.collection.of_parent if place else ""
        statement = parent_statement(of, _known(asker) | known, question.parents[parent.name], also=also)
        with _cursor() as cursor:
            found = cursor.execute(statement.sql, statement.values).fetchone()
        if found is None:
            raise NothingThere
        known[parent.name] = number(found[0])
    return known


def _behind(question: Question, known: dict[str, object], after: str) -> tuple[str | None, str] | None:
    """The place behind a record; None where it is gone and the list is not in the order of sourcedIds."""
    if question.sort is None:
        return None, after
    statement = key_statement(question, known, after)
    with _cursor() as cursor:
        found = cursor.execute(statement.sql, statement.values).fetchone()
    return None if found is None else (found[0], after)


_totals: OrderedDict[tuple[int, int, str], int] = OrderedDict()
_TOTALS_KEPT = 10_000


def _total(asker: Asker, question: Question, known: dict[str, object]) -> tuple[int, int]:
    """How many records fit, and at which stamp: a version of the roster is counted once a question."""
    name = _name(question)
    kept = _totals.get((asker.district.pk, asker.last_stamp, name))
    if kept is not None:
        return kept, asker.last_stamp
    statement = count_statement(question, known)
    with _cursor() as cursor:
        found = cursor.execute(statement.sql, statement.values).fetchone()
    total, stamp = (int(found[0]), int(found[1])) if found else (0, 0)
    _totals[asker.district.pk, stamp, name] = total
    while len(_totals) > _TOTALS_KEPT:
        _totals.popitem(last=False)
    return total, stamp


def _name(question: Question) -> str:
    """The same for all pages of a list: what was asked, without limit, offset and fields."""
    clauses = question.filter and (question.filter.clauses, question.filter.either)
    asked = (question.version, question.collection.path, sorted(question.parents.items()), question.sort)
    return hashlib.sha256(repr((asked, question.descending, clauses)).encode()).hexdigest()


def _marked(asker: Asker, name: str, offset: int) -> str | None:
    with _cursor() as cursor:
        found = cursor.execute(MARKED, [asker.district.pk, asker.client_id, name, offset]).fetchone()
    return found[0] if found else None


def _mark(asker: Asker, name: str, offset: int, sourced_id: str) -> None:
    with _cursor() as cursor:
        now = dt.datetime.now(dt.UTC)
        cursor.execute(MARK, [asker.district.pk, asker.client_id, name, offset, sourced_id, now])


def _cursor() -> Cursor[Any]:
    """Statements are prepared the second time: planning one costs as much as a page of a hundred."""
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = 1
    return Cursor(raw)


def _run(statement: Statement) -> list[tuple[str, str, int, int]]:
    with _cursor() as cursor:
        return cursor.execute(statement.sql, statement.values).fetchall()


def _ensure_told(rows: list[tuple[str, str, int, int]]) -> None:
    if rows and rows[0][2] > rows[0][3]:
        raise _Untold
