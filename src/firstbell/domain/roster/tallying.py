"""Counts a large district anew when its roster has changed, so that its lists need not: a worker's part."""

from typing import Final

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import TallyOf

LARGE: Final = 20_000
"""Changes that a roster has seen: with fewer than so many rows, counting takes a list no time."""

# A part that is null (a role without a school) is no group: only what is summed over counts as "whatever".
_PEOPLE = """
insert into roster_tally (district_id, kind, school_id, second, grade, count)
select %(district)s, %(kind)s, coalesce(r.org_id, 0), coalesce(r.role, ''), coalesce(g.grade, ''),
       count(distinct r.user_id)
from roster_role r
join roster_user u on u.district_id = r.district_id and u.id = r.user_id and u.removed_at is null
left join lateral unnest(u.grades) g (grade) on true
where r.district_id = %(district)s and r.removed_at is null
group by grouping sets (
  (r.org_id), (r.role), (r.org_id, r.role), (r.org_id, g.grade), (r.role, g.grade), (r.org_id, r.role, g.grade))
having (grouping(r.org_id) = 1 or r.org_id > 0) and (grouping(r.role) = 1 or r.role <> '')
  and (grouping(g.grade) = 1 or g.grade <> '')
"""
_EVERYBODY = """
insert into roster_tally (district_id, kind, school_id, second, grade, count)
select %(district)s, %(kind)s, 0, '', coalesce(g.grade, ''), count(distinct u.id)
from roster_user u left join lateral unnest(u.grades) g (grade) on true
where u.district_id = %(district)s and u.removed_at is null
group by grouping sets ((g.grade), ()) having grouping(g.grade) = 1 or g.grade <> ''
"""
_CLASSES = """
insert into roster_tally (district_id, kind, school_id, second, grade, count)
select %(district)s, %(kind)s, coalesce(c.school_id, 0), coalesce(t.term::text, ''), coalesce(g.grade, ''),
       count(distinct c.id)
from roster_class c
left join lateral unnest(c.term_ids) t (term) on true
left join lateral unnest(c.grades) g (grade) on true
where c.district_id = %(district)s and c.removed_at is null
group by cube (c.school_id, t.term, g.grade)
having (grouping(c.school_id) = 1 or c.school_id > 0) and (grouping(t.term) = 1 or t.term > 0)
  and (grouping(g.grade) = 1 or g.grade <> '')
"""


def tally(district: District) -> None:
    """Count all of a district, and keep it. What is applied meanwhile is counted the next time."""
    with within(district):
        district.refresh_from_db(fields=["last_stamp"])
        counted = district.last_stamp
        with connection.cursor() as cursor:
            cursor.execute("delete from roster_tally where district_id = %s", [district.pk])
            for kind, statement in (
                (TallyOf.PEOPLE, _PEOPLE),
                (TallyOf.PEOPLE, _EVERYBODY),
                (TallyOf.CLASSES, _CLASSES),
            ):
                cursor.execute(statement, {"district": district.pk, "kind": kind.value})
        district.tallied_stamp, district.tallied_at = counted, timezone.now()
        district.save(update_fields=["tallied_stamp", "tallied_at"])


def list_untallied() -> list[District]:
    """Large districts whose roster has changed since it was counted, or was never counted."""
    never = Q(tallied_stamp=None, last_stamp__gt=LARGE)
    return list(District.objects.filter(never | Q(tallied_stamp__lt=F("last_stamp"))).order_by("pk"))
