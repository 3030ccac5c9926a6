"""People who may be on the roster twice, with what speaks for it and against. Nobody is merged by it: people decide.

Keys and birth dates are compared set by set in the database. A value that many people share (an address of the front
desk) tells nothing of any of them and proposes nobody. Nor does a name alone, where the birth dates differ and one
source has both as two people: these are two of one name.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import Demographics, Record, Source, User
from firstbell.domain.roster.queries.people import PersonLine, lines_of
from firstbell.domain.roster.queries.scope import Scope

MOST_ALIKE = 5
"""A value that more people share is nobody's own."""
BIRTH_DATE, IDENTIFIER, USERNAME, EMAIL, NAME = "birth date", "identifier", "username", "email", "name"
WEIGHTS: Final = {IDENTIFIER: 8, BIRTH_DATE: 6, USERNAME: 4, EMAIL: 3, NAME: 1}
"""How much each kind of evidence says. What weighs more is shown first."""
AGAINST: Final = {BIRTH_DATE: 6, "two in one source": 2}
"""How much it says against that birth dates differ, and that one source has both as two people."""

_BY_KEY = """
  select '{why}', array_agg(id) from roster_user
  where district_id = %(district)s and removed_at is null and {column} <> '' group by {column} having {few}
"""
_BY_BIRTH_DATE = """
  select '{why}', array_agg(u.id) from roster_user u
  join roster_demographics d on d.district_id = u.district_id and d.id = u.id and d.removed_at is null
  where u.district_id = %(district)s and u.removed_at is null and d.birth_date is not null
    and u.family_name_key <> '' and u.given_name_key <> ''
  group by u.family_name_key, u.given_name_key, d.birth_date having {few}
"""
_BY_NAME = """
  select '{why}', array_agg(u.id) from roster_user u
  join (select distinct user_id, org_id, role = 'student' as learns from roster_role
        where district_id = %(district)s and removed_at is null) held on held.user_id = u.id
  where u.district_id = %(district)s and u.removed_at is null
    and u.family_name_key <> '' and u.given_name_key <> ''
  group by u.family_name_key, u.given_name_key, held.org_id, held.learns having {few}
"""
_FEW = f"count(*) between 2 and {MOST_ALIKE}"
_OF_SCHOOLS = """
  and exists (select from roster_role r where r.district_id = %(district)s and r.user_id = {person}
    and r.removed_at is null and r.org_id = any(%(schools)s))
"""
_PAIRS = """
with alike (why, ids) as ({alike}),
pairs as (
  select a.id as one_id, b.id as other_id, array_agg(distinct alike.why) as why
  from alike, unnest(alike.ids) a (id), unnest(alike.ids) b (id) where a.id < b.id group by 1, 2
),
weighed as (
  select p.*, one.family_name_key, coalesce({born_apart}, false) as born_apart,
    exists (select from roster_record x join roster_record y
        on y.district_id = x.district_id and y.kind = x.kind and y.source_id = x.source_id and y.present
      where x.district_id = %(district)s and x.kind = %(kind)s and x.row_id = p.one_id and x.present
        and y.row_id = p.other_id) as two_in_a_source,
    (select sum(w.weight) from unnest(p.why) y (why)
    join unnest(%(whys)s::text[], %(weights)s::int[]) w (why, weight) on w.why = y.why) as weight
  from pairs p
  join roster_user one on one.district_id = %(district)s and one.id = p.one_id
  join roster_user other on other.district_id = %(district)s and other.id = p.other_id
  left join roster_demographics d on d.district_id = %(district)s and d.id = p.one_id and d.removed_at is null
  left join roster_demographics e on e.district_id = %(district)s and e.id = p.other_id and e.removed_at is null
  where (p.why <> '{{{email}}}' or starts_with(one.given_name_key, other.given_name_key)
         or starts_with(other.given_name_key, one.given_name_key))
    and not exists (select from roster_notthesame n
      where n.district_id = %(district)s and n.one_id = p.one_id and n.other_id = p.other_id)
    {where}
)
select one_id, other_id, why, count(*) over () from weighed
where not (why = '{{{name}}}' and born_apart and two_in_a_source)
order by weight - {born} * born_apart::int - {two} * two_in_a_source::int desc, family_name_key, one_id, other_id
offset %(offset)s limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two rows that may be one person: what they share, and what they do not."""

    one: PersonLine
    other: PersonLine
    shared: tuple[str, ...]
    """Of ``WEIGHTS``, what says most first."""
    differs: tuple[str, ...]
    sources: tuple[str, ...]
    """The sources that have both as two people."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """Some of the pairs, the surest first, and how many there are in all."""

    pairs: tuple[Proposal, ...]
    total: int


def propose(district: District, scope: Scope, *, birth_dates: bool, page: int = 1, size: int = 25) -> Proposals:
    """Pairs of people of the scope; ``birth_dates`` for who may see these."""
    parameters: dict[str, Any] = {
        "district": district.pk,
        "schools": sorted(scope.schools or ()),
        "whys": list(WEIGHTS),
        "weights": list(WEIGHTS.values()),
        "kind": KINDS["users"],
        "offset": (page - 1) * size,
        "limit": size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_query(scope, birth_dates=birth_dates), parameters)
        found = cursor.fetchall()
    pairs = [(one, other, frozenset(why)) for one, other, why, _ in found]
    return Proposals(_described(district, pairs, birth_dates=birth_dates), found[0][3] if found else 0)


def _query(scope: Scope, *, birth_dates: bool) -> str:
    by_key = {IDENTIFIER: "identifier_key", USERNAME: "username_key", EMAIL: "email_key"}
    parts = [_BY_KEY.format(why=why, column=column, few=_FEW) for why, column in by_key.items()]
    parts.append(_BY_NAME.format(why=NAME, few=_FEW))
    if birth_dates:
        parts.append(_BY_BIRTH_DATE.format(why=BIRTH_DATE, few=_FEW))
    both = "".join(_OF_SCHOOLS.format(person=person) for person in ("p.one_id", "p.other_id"))
    where = "" if scope.schools is None else both
    return _PAIRS.format(
        alike=" union all ".join(parts),
        email=EMAIL,
        name=NAME,
        where=where,
        # who may not see birth dates learns nothing of them by what is proposed either
        born_apart="d.birth_date <> e.birth_date" if birth_dates else "false",
        born=AGAINST[BIRTH_DATE],
        two=AGAINST["two in one source"],
    )


def _described(
    district: District, pairs: Sequence[tuple[int, int, frozenset[str]]], *, birth_dates: bool
) -> tuple[Proposal, ...]:
    ids = {person_id for one, other, _ in pairs for person_id in (one, other)}
    people = User.objects.filter(district_id=district.pk, id__in=ids)
    lines = {line.id: line for line in lines_of(district, list(people), removed=False)}
    born = _born(district, ids) if birth_dates else {}
    sources = _sources(district, ids)
    return tuple(
        Proposal(
            lines[one],
            lines[other],
            tuple(why for why in WEIGHTS if why in shared),
            _differences(lines[one], lines[other], born),
            tuple(sorted(sources.get(one, set()) & sources.get(other, set()))),
        )
        for one, other, shared in pairs
    )


def _differences(one: PersonLine, other: PersonLine, born: Mapping[int, date]) -> tuple[str, ...]:
    told = {
        BIRTH_DATE: (born.get(one.id), born.get(other.id)),
        IDENTIFIER: (one.own_identifier.casefold(), other.own_identifier.casefold()),
        "grade": (one.grades, other.grades),
        "role": (one.roles, other.roles),
    }
    return tuple(what for what, (here, there) in told.items() if here and there and here != there)


def _born(district: District, ids: Collection[int]) -> dict[int, date]:
    known = Demographics.objects.filter(district_id=district.pk, id__in=ids, removed_at=None)
    return {person_id: day for person_id, day in known.values_list("id", "birth_date") if day}


def _sources(district: District, ids: Collection[int]) -> dict[int, set[str]]:
    names = dict(Source.objects.filter(district_id=district.pk).values_list("pk", "name"))
    records = Record.objects.filter(district_id=district.pk, kind=KINDS["users"], row_id__in=ids, present=True)
    found: dict[int, set[str]] = {}
    for row_id, source_id in records.values_list("row_id", "source_id"):
        found.setdefault(row_id, set()).add(names.get(source_id, ""))
    return found
