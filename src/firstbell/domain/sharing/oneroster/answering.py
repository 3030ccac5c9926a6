"""Answers to questions: a page, one record. Each is one statement behind the wall, so all of it is of one moment."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace

from firstbell.domain.sharing.oneroster.asking import Question
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS
from firstbell.domain.sharing.oneroster.moment import (
    Asker,
    Moment,
    Row,
    disclose,
    ensure_current,
    ensure_of_now,
    known_of,
    of_one_moment,
    raw_cursor,
    run,
    whose,
)
from firstbell.domain.sharing.oneroster.refused import NothingThere
from firstbell.domain.sharing.oneroster.resource import SINGLE
from firstbell.domain.sharing.oneroster.shadow import Seen
from firstbell.domain.sharing.oneroster.statement import (
    Window,
    count_statement,
    key_statement,
    number,
    one_statement,
    page_statement,
    parent_statement,
)

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
class Page:
    """Part of a list. `body` is the JSON of the whole answer; `last` the sourcedId to go on behind, None at the end."""

    body: str
    count: int
    total: int
    last: str | None


def answer_page(asker: Asker, question: Question) -> Page:
    """A page of a list. Raises NothingThere for an unknown parent, BadQuestion for an unknown field, GrantChanged."""
    return of_one_moment(asker, lambda: _page(asker, question))


def answer_one(asker: Asker, question: Question, sourced_id: str) -> str:
    """The JSON of one record of a collection. Raises NothingThere, GrantChanged."""
    return of_one_moment(asker, lambda: _one(asker, question, sourced_id))


def _one(asker: Asker, question: Question, sourced_id: str) -> str:
    rows = run(one_statement(question, known_of(asker), sourced_id))
    ensure_of_now(asker, rows)
    if not rows:
        raise NothingThere
    disclose(asker, question.collection.table, question.in_words, rows)
    return f'{{"{SINGLE[question.collection.table]}":{rows[0].json}}}'


def _page(asker: Asker, question: Question) -> Page:
    known = known_of(asker) | _parents(asker, question)
    total, counted_at = _total(asker, question, known)
    name = _name(question)
    after = question.after or (_marked(asker, name, question.offset) if question.offset else None)
    behind = _behind(question, known, after) if after is not None else None
    if behind is None and question.offset > total // 2:
        rows = _rows_from_the_end(question, known, total)
        if any(row.last_stamp != counted_at for row in rows):  # somebody changed the roster after it was counted
            rows = run(page_statement(question, known, Window(question.limit + 1, skipped=question.offset)))
    else:
        skipped = 0 if behind else question.offset
        rows = run(page_statement(question, known, Window(question.limit + 1, skipped=skipped, behind=behind)))
    ensure_of_now(asker, rows)
    more = len(rows) > question.limit
    rows = rows[: question.limit]
    if rows:
        disclose(asker, question.collection.table, question.in_words, rows)
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
    return run(page_statement(question, known, window))[::-1]


def _parents(asker: Asker, question: Question) -> dict[str, object]:
    """Row ids of the records in the address, by name."""
    known: dict[str, object] = {}
    for place, parent in enumerate(question.collection.parents):
        of = replace(question, collection=COLLECTIONS[parent.collection], filter=None, sort=None, fields=(), parents={})
        also = question.collection.of_parent if place else ""
        statement = parent_statement(of, known_of(asker) | known, question.parents[parent.name], also=also)
        with raw_cursor() as cursor:
            found = cursor.execute(statement.sql, statement.values).fetchone()
        if found is None:
            ensure_of_now(asker, [])
            raise NothingThere
        known[parent.name] = number(found[0])
    return known


def _behind(question: Question, known: dict[str, object], after: str) -> tuple[str | None, str] | None:
    """The place behind a record; None where it is gone and the list is not in the order of sourcedIds."""
    if question.sort is None:
        return None, after
    statement = key_statement(question, known, after)
    with raw_cursor() as cursor:
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
    with raw_cursor() as cursor:
        found = cursor.execute(statement.sql, statement.values).fetchone()
    assert found is not None
    total, moment = int(found[0]), Moment(*found[1:])
    ensure_current(asker, moment)
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
    with raw_cursor() as cursor:
        found = cursor.execute(MARKED, [asker.district.pk, asker.client_id, name, offset]).fetchone()
    return found[0] if found else None


def _mark(asker: Asker, name: str, offset: int, sourced_id: str) -> None:
    kept = {"question": name, "offset": number(offset), "last": sourced_id}
    with raw_cursor() as cursor:
        cursor.execute(MARK, whose(asker) | kept)
