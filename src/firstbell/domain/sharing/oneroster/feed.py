"""What changed since a cursor: one feed of all tables, in the order of the roster's stamps.

A record stands in it once, at its last change. Whoever takes a cursor, then reads all lists, and from then on follows
the feed from that cursor has what a new reading of all lists would give.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from firstbell.domain.roster.columns import KINDS
from firstbell.domain.sharing.access import Reader
from firstbell.domain.sharing.oneroster.asking import Question
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS
from firstbell.domain.sharing.oneroster.moment import (
    Asker,
    Moment,
    Row,
    disclose,
    ensure_now,
    known_of,
    of_one_moment,
    raw_cursor,
    run,
)
from firstbell.domain.sharing.oneroster.refused import BadQuestion
from firstbell.domain.sharing.oneroster.resource import SINGLE
from firstbell.domain.sharing.oneroster.statement import MOMENT, changes_statement, then_statement
from firstbell.domain.sharing.oneroster.version import Scope, Version

TABLES = tuple(sorted(SINGLE, key=KINDS.__getitem__))
DAYS = 30
SAME = frozenset({"sourcedId", "dateLastModified"})
"""Members of which nothing previous is told."""
_LAST_KIND = 32_767
_LARGEST = 2**62
_FORGOTTEN = """
select exists (select 1 from (
  select told_at from districts_stamptime where district_id = %s and stamp > %s order by stamp limit 1
) first where told_at < now() - make_interval(days => %s))
"""


class Type(StrEnum):
    """What happened to a record, as seen from a cursor."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


class CursorTooOld(Exception):
    """The feed does not go back so far: what was erased since then is not in it any more."""


class Place(NamedTuple):
    """Behind this change: its stamp, its table's kind and its sourcedId."""

    stamp: int
    kind: int = _LAST_KIND
    sourced_id: str = ""
    since: int = -1
    """Of a cursor within a walk: the stamp at which the walk began. -1 where one begins here."""

    @property
    def known(self) -> int:
        """The stamp of the roster that whoever follows the feed holds whole."""
        return self.stamp if self.since < 0 else self.since


@dataclass(frozen=True, slots=True)
class Changes:
    """A part of the feed. `body` is the JSON of the whole answer, `last` the place of its cursor."""

    body: str
    count: int
    last: Place
    more: bool


def tables_of(reader: Reader) -> list[str]:
    """The tables whose changes a program is told, by its scopes and its grant."""
    return [table for table in TABLES if table not in reader.sight.hidden and reader.may(Version.V1P2, _scope(table))]


def _scope(table: str) -> Scope:
    return Scope.DEMOGRAPHICS if table == "demographics" else Scope.CORE


def read_place(text: str) -> Place:
    """The place of a cursor. Raises BadQuestion."""
    try:
        stamp, kind, sourced_id, *since = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
        since = since or [-1]
    except (ValueError, TypeError, binascii.Error, RecursionError) as problem:
        raise BadQuestion("cursor", "is not one that this feed gave") from problem
    numbers = all(isinstance(value, int) and -1 <= value <= _LARGEST for value in (stamp, kind, *since))
    if not numbers or len(since) > 1 or not isinstance(sourced_id, str) or "\0" in sourced_id:
        raise BadQuestion("cursor", "is not one that this feed gave")
    return Place(stamp, kind, sourced_id, since[0])


def write_place(place: Place) -> str:
    """A place as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode()


def answer_changes(
    asker: Asker, tables: Sequence[str], place: Place | None, limit: int, *, until: Place | None = None
) -> Changes:
    """What changed behind a place (and no later than `until`), the oldest first; without one nothing, and the cursor
    of now.

    Raises CursorTooOld, GrantChanged.
    """
    return of_one_moment(asker, lambda: _changes(asker, tables, place, limit, until), snapshot=True)


def _changes(asker: Asker, tables: Sequence[str], place: Place | None, limit: int, until: Place | None) -> Changes:
    with raw_cursor() as cursor:
        found = cursor.execute(MOMENT, known_of(asker)).fetchone()
    assert found is not None
    moment = Moment(*found)
    ensure_now(asker, moment)
    if place is None:
        return _answer([], Place(moment.last_stamp), more=False)
    _ensure_young(asker, place)
    changes = sorted(change for table in tables for change in _of_table(asker, table, place, limit + 1))
    if until is not None:
        changes = [change for change in changes if change[0] <= until]
    given = changes[:limit]
    for table in tables:
        if rows := [row for at, row in given if at.kind == KINDS[table]]:
            disclose(asker, table, f"{Version.V1P2} changes", rows)
    more = len(changes) > limit
    # At the end behind all that was seen: who sees little of a busy roster would else grow too old by waiting.
    last = given[-1][0]._replace(since=place.known) if more else until or Place(max(moment.last_stamp, place.stamp))
    before = _before(asker, given, place.known)
    said = [_as_json(at, row, place.known, before.get((at.kind, row.row_id))) for at, row in given]
    return _answer(said, last, more=more)


def _ensure_young(asker: Asker, place: Place) -> None:
    with raw_cursor() as cursor:
        found = cursor.execute(_FORGOTTEN, [asker.district.pk, place.stamp, DAYS]).fetchone()
    if found and found[0]:
        raise CursorTooOld


def _of_table(asker: Asker, table: str, place: Place, count: int) -> list[tuple[Place, Row]]:
    question = Question(Version.V1P2, COLLECTIONS[table], sight=asker.sight)
    kind = KINDS[table]
    behind = (place.stamp, place.sourced_id) if kind == place.kind else None
    least = place.stamp + (kind < place.kind)
    rows = run(changes_statement(question, known_of(asker), least, behind, count))
    return [(Place(row.changed, kind, row.sourced_id), row) for row in rows]


def _before(asker: Asker, given: list[tuple[Place, Row]], since: int) -> dict[tuple[int, int], str]:
    """The records that were there at a stamp, as they were then, by kind and row id."""
    found = {}
    for table in TABLES:
        kind = KINDS[table]
        row_ids = [row.row_id for at, row in given if at.kind == kind and _type_of(row, since) is Type.UPDATED]
        if row_ids:
            question = Question(Version.V1P2, COLLECTIONS[table], sight=asker.sight)
            rows = run(then_statement(question, known_of(asker), since, row_ids))
            found.update({(kind, row.row_id): row.json for row in rows})
    return found


def _type_of(row: Row, since: int) -> Type:
    _, end = json.JSONDecoder().raw_decode(row.json, len('{"sourcedId":'))
    if row.json.startswith(',"status":"tobedeleted"', end):
        return Type.DELETED
    return Type.CREATED if row.created > since else Type.UPDATED


def _as_json(at: Place, row: Row, since: int, before: str | None) -> str:
    table = next(table for table in TABLES if KINDS[table] == at.kind)
    kind = _type_of(row, since)
    previous = f',"previous":{_previous(row.json, before)}' if kind is Type.UPDATED else ""
    return f'{{"type":"{kind}","table":"{table}","record":{row.json}{previous}}}'


def _previous(now: str, before: str | None) -> str:
    """The members of then that are others now; null for one that was not there."""
    if before is None:
        return "{}"
    held, then = json.loads(now), json.loads(before)
    names = [name for name in {**held, **then} if name not in SAME]
    return json.dumps({name: then.get(name) for name in names if then.get(name) != held.get(name)})


def _answer(changes: list[str], last: Place, *, more: bool) -> Changes:
    body = f'{{"changes":[{",".join(changes)}],"cursor":"{write_place(last)}","more":{"true" if more else "false"}}}'
    return Changes(body, len(changes), last, more)
