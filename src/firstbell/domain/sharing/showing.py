"""Keeping ``Shown`` in step with the roster: one pass before a program with a limited grant reads on.

Whoever wrote, and however: the pass compares what the grant shows of the roster now with what the program knows, and
touches what differs. Its stamp is the roster's, which this program has not seen before the pass, so its polls find all.
"""

from typing import Any

from django.db import connection

from firstbell.domain.districts.locks import lock_view
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS, MODELS, has_published_id
from firstbell.domain.roster.models import User
from firstbell.domain.sharing.models import ApiClient, Grant, Shown, Withheld
from firstbell.domain.sharing.presets import Bounds, Preset, Wish
from firstbell.domain.sharing.scope import scope_ctes, values_of
from firstbell.engine.tables import TABLES

ANALYZED_FROM = 1_000
SAME = "l.district_id = %(district)s and l.client_id = %(client)s"
BRING_UP = """
with recursive {scope},
roster as (select last_stamp as stamp from districts_district where id = %(district)s),
come as (
  insert into sharing_shown (district_id, client_id, kind, row_id, sourced_id, stamp, is_shown, flipped)
  select %(district)s, %(client)s, s.kind, s.row_id, s.sourced_id, roster.stamp, true, roster.stamp
  from scope s cross join roster left join sharing_shown l on {same} and l.kind = s.kind and l.row_id = s.row_id
  where l.row_id is null or not l.is_shown or l.stamp < s.stamp or l.sourced_id <> s.sourced_id
  on conflict (district_id, client_id, kind, row_id) do update set
    sourced_id = excluded.sourced_id, stamp = excluded.stamp, is_shown = true,
    flipped = case when sharing_shown.is_shown then sharing_shown.flipped else excluded.flipped end
  returning flipped = stamp as is_flipped
),
gone as (
  update sharing_shown l set is_shown = false, stamp = roster.stamp, flipped = roster.stamp from roster
  where {same} and l.is_shown and not exists (select 1 from scope s where s.kind = l.kind and s.row_id = l.row_id)
  returning 1
)
select roster.stamp, (select count(*) from come where is_flipped) + (select count(*) from gone) from roster
"""
# What a record says of others depends on whether those are shown: it has changed when they came or went.
_FLIPPED = f"(select l.row_id from sharing_shown l where {SAME} and l.kind = {{}} and l.flipped = %(stamp)s)"
FOLLOWERS = {
    "users": (
        f"t.agent_ids && array{_FLIPPED.format(KINDS['users'])}"
        f" or t.primary_org_id in {_FLIPPED.format(KINDS['orgs'])}"
        " or t.id in (select o.user_id from roster_role o where o.district_id = %(district)s"
        f" and o.id in {_FLIPPED.format(KINDS['roles'])})"
    ),
    "classes": f"t.term_ids && array{_FLIPPED.format(KINDS['academicSessions'])}",
    "courses": f"t.school_year_id in {_FLIPPED.format(KINDS['academicSessions'])}",
    "orgs": f"t.parent_id in {_FLIPPED.format(KINDS['orgs'])}",
    "academicSessions": f"t.parent_id in {_FLIPPED.format(KINDS['academicSessions'])}",
}
FOLLOW = (
    "update sharing_shown s set stamp = %(stamp)s from {table} t where s.district_id = %(district)s"
    " and s.client_id = %(client)s and s.kind = {kind} and s.is_shown and s.stamp < %(stamp)s"
    " and t.district_id = s.district_id and t.id = s.row_id and ({depends})"
)
EVERYTHING = (
    "insert into sharing_shown (district_id, client_id, kind, row_id, sourced_id, stamp, is_shown, flipped)"
    " select r.district_id, %(client)s, {kind}, r.id, {sourced_id}, 0, true, 0 from {rows}"
    " where r.district_id = %(district)s on conflict do nothing"
)


def bounds_of(client: ApiClient) -> Bounds:
    """Whom and what the program's grant shows. Within the wall."""
    grant = Grant.objects.filter(district_id=client.district_id, client=client, version=client.grant_version).first()
    return wish_of(grant).bounds if grant else Bounds()


def wish_of(grant: Grant) -> Wish:
    """A grant as it was wanted."""
    return Wish(
        Preset(grant.preset),
        None if grant.schools is None else tuple(grant.schools),
        None if grant.grades is None else tuple(grant.grades),
        None if grant.terms is None else tuple(grant.terms),
        None if grant.roles is None else tuple(grant.roles),
        frozenset(grant.hidden),
        grant.begins,
        grant.ends,
        grant.agreement,
    )


def bring_up(district: District, client_id: int) -> None:
    """Bring what a program with a limited grant is shown up to the roster of now."""
    with within(district):
        lock_view(district, client_id)
        client = ApiClient.objects.get(pk=client_id, district=district)
        district.refresh_from_db(fields=["last_stamp"])
        if not client.is_limited or client.shown_as_of == district.last_stamp:
            return
        bounds = bounds_of(client)
        known: dict[str, Any] = {"district": district.pk, "client": client_id, "key": client.pseudonym_key}
        with connection.cursor() as cursor:
            cursor.execute(BRING_UP.format(scope=scope_ctes(bounds), same=SAME), {**known, **values_of(bounds)})
            stamp, flipped = cursor.fetchone()
            for table, depends in FOLLOWERS.items() if flipped else ():
                statement = FOLLOW.format(table=MODELS[table]._meta.db_table, kind=KINDS[table], depends=depends)
                cursor.execute(statement, {**known, "stamp": stamp})
            if flipped >= ANALYZED_FROM:
                cursor.execute("analyze sharing_shown")  # or pages are planned for an empty table
        ApiClient.objects.filter(pk=client_id).update(shown_as_of=stamp)


def remember_everything(client: ApiClient) -> None:
    """A program has read every record until now: what it will not be shown any more has to go from it.

    Within the wall, before the first pass.
    """
    with connection.cursor() as cursor:
        for name, kind in KINDS.items():
            if name == "userProfiles":  # parts of people, which go with them
                continue
            rows, sourced_id = f"{MODELS[name]._meta.db_table} r", "r.sourced_id"
            if not has_published_id(TABLES[name]):
                rows += " join roster_user u on u.district_id = r.district_id and u.id = r.id"
                sourced_id = "u.sourced_id"
            statement = EVERYTHING.format(kind=kind, sourced_id=sourced_id, rows=rows)
            cursor.execute(statement, {"district": client.district_id, "client": client.pk})


def forget_erased(district: District) -> None:
    """What retention has taken out of the roster goes from here too, with the ids that were published. Within."""
    with connection.cursor() as cursor:
        for name, kind in KINDS.items():
            table = MODELS[name]._meta.db_table
            cursor.execute(
                "delete from sharing_shown l where l.district_id = %s and l.kind = %s and not exists"
                f" (select 1 from {table} r where r.district_id = l.district_id and r.id = l.row_id)",
                [district.pk, kind],
            )
    known = User.objects.filter(district_id=district.pk).values("id")
    Withheld.objects.filter(district_id=district.pk).exclude(user_id__in=known).delete()


def forget_shown(client: ApiClient) -> None:
    """The program reads every record again, or none: nothing has to be kept of what it knows. Within the wall."""
    Shown.objects.filter(district_id=client.district_id, client_id=client.pk).delete()
