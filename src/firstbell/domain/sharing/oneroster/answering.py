"""Answers to questions: a page, one record. Each is one statement behind the wall, so all of it is of one moment."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection
from psycopg import Cursor

from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import tell_time
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.sharing.oneroster.asking import EVERYTHING, Question
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS
from firstbell.domain.sharing.oneroster.refused import NothingThere
from firstbell.domain.sharing.oneroster.resource import SINGLE
from firstbell.domain.sharing.oneroster.shadow import Seen, Sight
from firstbell.domain.sharing.oneroster.statement import (
    MOMENT,
    Statement,
    Window,
    count_statement,
    key_statement,
    number,
    one_statement,
    page_statement,
    parent_statement,
)
from firstbell.domain.sharing.showing import bring_up

TRIES = 5
# Neither waits for the disk. Where the machine of the database loses its power, the last moments' are lost.
DISCLOSE = """
with unhurried as (select set_config('synchronous_commit', 'off', true))
insert into sharing_disclosure (district_id, client_id, at, grant_version, kind, asked, row_ids)
select %(district)s, %(client)s, now(), %(version)s, %(kind)s, %(asked)s,
       (select range_agg(int8range(id, id + 1)) from unnest(%(ids)s::bigint[]) id)
from unhurried
"""
MARK = """
insert into sharing_mark (district_id, client_id, question, "offset", sourced_id, at)
values (%(district)s, %(client)s, %(question)s, %(offset)s, %(last)s, now())
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
    sight: Sight = EVERYTHING


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list. `body` is the JSON of the whole answer; `last` the sourcedId to go on behind, None at the end."""

    body: str
    count: int
    total: int
    last: str | None


class Moment(NamedTuple):
    """What a statement's snapshot was of."""

    last_stamp: int
    told: int
    """The last stamp that has a time."""
    grant_version: int
    shown_as_of: int
    """The stamp of the roster that the program is shown."""


class Row(NamedTuple):
    """A record of a page."""

    sourced_id: str
    json: str
    row_id: int
    last_stamp: int
    told: int
    grant_version: int
    shown_as_of: int

    @property
    def moment(self) -> Moment:
        """The same for all rows of a page."""
        return Moment(*self[3:])


class _Untold(Exception):
    """The snapshot held stamps that have no time yet."""


class _Behind(Exception):
    """The roster has changed since the program was last shown what its grant has of it."""


class GrantChanged(Exception):
    """The grant is another one than when the token was looked at: look again."""


def answer_page(asker: Asker, question: Question) -> Page:
    """A page of a list. Raises NothingThere for an unknown parent, BadQuestion for an unknown field, GrantChanged."""
    return _answer(asker, lambda: _page(asker, question))


def answer_one(asker: Asker, question: Question, sourced_id: str) -> str:
    """The JSON of one record of a collection. Raises NothingThere, GrantChanged."""
    return _answer(asker, lambda: _one(asker, question, sourced_id))


def _answer[Answer](asker: Asker, answer: Callable[[], Answer]) -> Answer:
    """Ask until all that was found is of one moment: of the grant that holds, told, and shown as it is now."""
    for _ in range(TRIES):
        try:
            with within(asker.district):
                return answer()
        except _Untold:
            tell_time(asker.district)
        except _Behind:
            bring_up(asker.district, asker.client_id)
    with within(asker.district):  # writers come faster than we read: they wait for once
        lock(asker.district)
        tell_time(asker.district)
        bring_up(asker.district, asker.client_id)
        return answer()


def _one(asker: Asker, question: Question, sourced_id: str) -> str:
    rows = _run(one_statement(question, _known(asker), sourced_id))
    _ensure_of_now(asker, rows)
    if not rows:
        raise NothingThere
    _disclose(asker, question, rows)
    return f'{{"{SINGLE[question.collection.table]}":{rows[0].json}}}'


def _page(asker: Asker, question: Question) -> Page:
    known = _known(asker) | _parents(asker, question)
    total, counted_at = _total(asker, question, known)
    name = _name(question)
    after = question.after or (_marked(asker, name, question.offset) if question.offset else None)
    behind = _behind(question, known, after) if after is not None else None
    if behind is None and question.offset > total // 2:
        rows = _rows_from_the_end(question, known, total)
        if any(row.last_stamp != counted_at for row in rows):  # somebody changed the roster after it was counted
            rows = _run(page_statement(question, known, Window(question.limit + 1, skipped=question.offset)))
    else:
        skipped = 0 if behind else question.offset
        rows = _run(page_statement(question, known, Window(question.limit + 1, skipped=skipped, behind=behind)))
    _ensure_of_now(asker, rows)
    more = len(rows) > question.limit
    rows = rows[: question.limit]
    if rows:
        _disclose(asker, question, rows)
        # Behind the last record too: what comes before it meanwhile would give it again.
        _mark(asker, name, question.offset + len(rows), rows[-1].sourced_id)
    body = f'{{"{question.collection.table}":[{",".join([row.json for row in rows])}]}}'
    return Page(body, len(rows), total, rows[-1].sourced_id if more else None)


def _rows_from_the_end(question: Question, known: dict[str, object], total: int) -> list[Row]:
    """The page by counting from the list's end, which is nearer."""
    left = total - question.offset
    if left <= 0:
        return []
    wanted = min(question.limit + 1, left)
    window = Window(wanted, skipped=left - wanted, from_the_end=True)
    return _run(page_statement(question, known, window))[::-1]


def _known(asker: Asker) -> dict[str, object]:
    return {
        "district": number(asker.district.pk),
        "client": number(asker.client_id),
        "floor": number(asker.sight.floor),
        "base": asker.base,
    }


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
            _ensure_of_now(asker, [])
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


_totals: OrderedDict[tuple[int, int, str, int, int], int] = OrderedDict()
_TOTALS_KEPT = 10_000


def _total(asker: Asker, question: Question, known: dict[str, object]) -> tuple[int, int]:
    """How many records fit, and at which stamp: a version of the roster is counted once a question."""
    name = _name(question)
    seer = (0, 0) if asker.sight.seen is Seen.WHOLE else (asker.client_id, asker.sight.version)
    kept = _totals.get((asker.district.pk, asker.last_stamp, name, *seer))
    if kept is not None:
        return kept, asker.last_stamp
    statement = count_statement(question, known)
    with _cursor() as cursor:
        found = cursor.execute(statement.sql, statement.values).fetchone()
    assert found is not None
    total, moment = int(found[0]), Moment(*found[1:])
    _ensure_current(asker, moment)
    _totals[asker.district.pk, moment.last_stamp, name, *seer] = total
    while len(_totals) > _TOTALS_KEPT:
        _totals.popitem(last=False)
    return total, moment.last_stamp


def _name(question: Question) -> str:
    """The same for all pages of a list: what was asked, without limit, offset and fields."""
    clauses = question.filter and (question.filter.clauses, question.filter.either)
    asked = (question.version, question.collection.path, sorted(question.parents.items()), question.sort)
    return hashlib.sha256(repr((asked, question.descending, clauses)).encode()).hexdigest()


def _marked(asker: Asker, name: str, offset: int) -> str | None:
    with _cursor() as cursor:
        found = cursor.execute(MARKED, [asker.district.pk, asker.client_id, name, offset]).fetchone()
    return found[0] if found else None


def _disclose(asker: Asker, question: Question, rows: list[Row]) -> None:
    kept = {"version": asker.sight.version, "kind": KINDS[question.collection.table], "asked": question.in_words}
    with _cursor() as cursor:
        cursor.execute(DISCLOSE, _whose(asker) | kept | {"ids": [row.row_id for row in rows]})


def _mark(asker: Asker, name: str, offset: int, sourced_id: str) -> None:
    kept = {"question": name, "offset": number(offset), "last": sourced_id}
    with _cursor() as cursor:
        cursor.execute(MARK, _whose(asker) | kept)


def _whose(asker: Asker) -> dict[str, object]:
    return {"district": number(asker.district.pk), "client": number(asker.client_id)}


def _cursor() -> Cursor[Any]:
    """Statements are prepared the second time: planning one costs as much as a page of a hundred."""
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = 1
    return Cursor(raw)


def _run(statement: Statement) -> list[Row]:
    with _cursor() as cursor:
        return [Row(*row) for row in cursor.execute(statement.sql, statement.values).fetchall()]


def _ensure_of_now(asker: Asker, rows: list[Row]) -> None:
    """That nothing was found is of a moment too."""
    if rows:
        moment = rows[0].moment
        if moment.last_stamp > moment.told:
            raise _Untold
    elif asker.sight == EVERYTHING:
        return
    else:
        with _cursor() as cursor:
            moment = Moment(*cursor.execute(MOMENT, _known(asker)).fetchone())
    _ensure_current(asker, moment)


def _ensure_current(asker: Asker, moment: Moment) -> None:
    if moment.grant_version != asker.sight.version:
        raise GrantChanged
    if asker.sight.seen is not Seen.WHOLE and moment.shown_as_of != moment.last_stamp:
        raise _Behind
