"""The log of what programs have read: of one person, and all of it for a district that is asked."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import Enrollment
from firstbell.domain.roster.queries.merged import with_merged

AT_ONCE = 5_000
OF_A_PERSON = """
select d.client_id, c.name, d.kind, d.grant_version, min(d.at), max(d.at), count(*)
from sharing_disclosure d left join sharing_apiclient c on c.id = d.client_id
where d.district_id = %(district)s and d.kind = any(%(kinds)s)
  and d.row_ids && (select range_agg(int8range(id, id + 1)) from unnest(%(ids)s::bigint[]) id)
group by 1, 2, 3, 4
"""
ALL = """
select d.id, d.at, c.name, d.grant_version, d.kind, d.asked, d.row_ids::text,
       (select sum(upper(part) - lower(part)) from unnest(d.row_ids) part)
from sharing_disclosure d left join sharing_apiclient c on c.id = d.client_id
where d.district_id = %s and d.id > %s order by d.id limit %s
"""
_NAMES = {kind: table for table, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Received:
    """What one program was told of a person, by one version of its grant: what kind of record, when, and how often."""

    program: str
    table: str
    grant_version: int
    first_at: dt.datetime
    last_at: dt.datetime
    times: int


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One answer: to whom, of what, which records (row ids, as ranges) and how many."""

    at: dt.datetime
    program: str
    grant_version: int
    table: str
    asked: str
    row_ids: str
    records: int


def received_of(district: District, person_id: int) -> list[Received]:
    """Which programs were told of this person, the last one first. ``person_id`` is their row."""
    with within(district):
        people = with_merged(district, [person_id])
        places = Enrollment.objects.filter(district_id=district.pk, user_id__in=people).values_list("id", flat=True)
        found = _of_a_person(district, ("users", "demographics"), people)
        found += _of_a_person(district, ("enrollments",), list(places))
    return sorted(found, key=lambda received: (received.last_at, received.program, received.table), reverse=True)


def all_disclosures(viewer: Viewer, district: District) -> Iterator[Disclosed]:
    """The whole log, the oldest first. Raises NotAllowed."""
    ensure_may(viewer, Permission.SHARE_ROSTER)
    return _all(district)


def _all(district: District) -> Iterator[Disclosed]:
    last = 0
    while True:
        with within(district), connection.cursor() as cursor:
            cursor.execute(ALL, [district.pk, last, AT_ONCE])
            rows = cursor.fetchall()
        for _, at, program, version, kind, asked, row_ids, records in rows:
            yield Disclosed(at, program or "", version, _NAMES[kind], asked, row_ids, int(records))
        if len(rows) < AT_ONCE:
            return
        last = rows[-1][0]


def _of_a_person(district: District, tables: tuple[str, ...], row_ids: list[int]) -> list[Received]:
    known: dict[str, Any] = {"district": district.pk, "kinds": [KINDS[table] for table in tables], "ids": row_ids}
    with connection.cursor() as cursor:
        cursor.execute(OF_A_PERSON, known)
        return [
            Received(program or "", _NAMES[kind], version, first, last, times)
            for _, program, kind, version, first, last, times in cursor.fetchall()
        ]
