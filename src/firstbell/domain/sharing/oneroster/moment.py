"""One moment for one answer: of the roster, of the grant that holds, told, and shown as it is now. And its log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from psycopg import Cursor

from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import tell_time
from firstbell.domain.districts.wall import answering_within, within
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.sharing.oneroster.asking import EVERYTHING
from firstbell.domain.sharing.oneroster.shadow import Seen, Sight
from firstbell.domain.sharing.oneroster.statement import MOMENT, Statement, number
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


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a client of one district, at what version of its roster, and the address our own links begin with."""

    client_id: int
    district: District
    last_stamp: int
    base: str
    sight: Sight = EVERYTHING


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
    changed: int = 0
    """In a feed the stamp of the last change, and of the first."""
    created: int = 0

    @property
    def moment(self) -> Moment:
        """The same for all rows of a page."""
        return Moment(*self[3:7])


class Untold(Exception):
    """The snapshot held stamps that have no time yet."""


class Behind(Exception):
    """The roster has changed since the program was last shown what its grant has of it."""


class GrantChanged(Exception):
    """The grant is another one than when the token was looked at: look again."""


def of_one_moment[Answer](asker: Asker, answer: Callable[[], Answer], *, snapshot: bool = False) -> Answer:
    """Ask until all that was found is of one moment: of the grant that holds, told, and shown as it is now.

    ``snapshot``: an answer of several statements, which all see the same roster.
    """
    for _ in range(TRIES):
        try:
            with answering_within(asker.district, snapshot=snapshot):
                return answer()
        except Untold:
            tell_time(asker.district)
        except Behind:
            bring_up(asker.district, asker.client_id)
    with holding_still(asker.district):  # writers come faster than we read: they wait for once
        tell_time(asker.district)
        bring_up(asker.district, asker.client_id)
        return answer()


@contextmanager
def holding_still(district: District) -> Iterator[None]:
    """Neither the roster nor a grant of the district changes until this is over."""
    with within(district):
        lock(district)
        yield


def known_of(asker: Asker) -> dict[str, object]:
    """What every statement about the roster knows."""
    return {
        "district": number(asker.district.pk),
        "client": number(asker.client_id),
        "floor": number(asker.sight.floor),
        "base": asker.base,
    }


def disclose(asker: Asker, table: str, asked: str, rows: list[Row]) -> None:
    """Write down that these records were given. In the transaction of the answer."""
    kept = {"version": asker.sight.version, "kind": KINDS[table], "asked": asked}
    with raw_cursor() as cursor:
        cursor.execute(DISCLOSE, whose(asker) | kept | {"ids": [row.row_id for row in rows]})


def whose(asker: Asker) -> dict[str, object]:
    """What every row that is kept of an answer begins with."""
    return {"district": number(asker.district.pk), "client": number(asker.client_id)}


def raw_cursor() -> Cursor[Any]:
    """Statements are prepared the second time: planning one costs as much as a page of a hundred."""
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = 1
    return Cursor(raw)


def run(statement: Statement) -> list[Row]:
    """The records that a statement gives."""
    with raw_cursor() as cursor:
        return [Row(*row) for row in cursor.execute(statement.sql, statement.values).fetchall()]


def ensure_of_now(asker: Asker, rows: list[Row]) -> None:
    """Raise Untold, Behind or GrantChanged. That nothing was found is of a moment too."""
    if rows:
        moment = rows[0].moment
        if moment.last_stamp > moment.told:
            raise Untold
    elif asker.sight == EVERYTHING:
        return
    else:
        with raw_cursor() as cursor:
            found = cursor.execute(MOMENT, known_of(asker)).fetchone()
        assert found is not None
        moment = Moment(*found)
    ensure_current(asker, moment)


def ensure_now(asker: Asker, moment: Moment) -> None:
    """Raise Untold, Behind or GrantChanged where this is not a moment to answer of."""
    if moment.last_stamp > moment.told:
        raise Untold
    ensure_current(asker, moment)


def ensure_current(asker: Asker, moment: Moment) -> None:
    """Raise GrantChanged, or Behind, where this moment is not the asker's."""
    if moment.grant_version != asker.sight.version:
        raise GrantChanged
    if asker.sight.seen is not Seen.WHOLE and moment.shown_as_of != moment.last_stamp:
        raise Behind
