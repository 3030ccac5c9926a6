"""Stamps: the number that every change of a district's roster gets, and that only grows."""

from functools import partial

from django.db import connection, transaction

from firstbell.domain.districts.locks import lock, lock_times
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

# A product asks for what changed after the latest time that it has seen, or after the moment of its last question. So a
# time is later than all before it, and never earlier than the moment at which the stamp could first be seen.
TELL = """
with told as (select max(stamp) as stamp, max(told_at) as at from districts_stamptime where district_id = %(district)s)
insert into districts_stamptime (district_id, stamp, told_at)
select id, last_stamp,
       greatest(date_trunc('milliseconds', clock_timestamp()), told.at) + interval '1 millisecond'
from districts_district, told where id = %(district)s and last_stamp > coalesce(told.stamp, 0)
"""


def take_stamps(district: District, count: int) -> int:
    """The first of `count` new stamps, one after another, given in the caller's transaction.

    Takes the district's lock: who commits later has the higher stamps, so who has seen a stamp has seen all below.
    Their time is told after the commit; where the process dies between, the first who reads them tells it.
    """
    if count < 1:
        raise ValueError(f"{count} stamps")
    lock(district)
    with connection.cursor() as cursor:
        cursor.execute(
            "update districts_district set last_stamp = last_stamp + %s where id = %s returning last_stamp",
            [count, district.pk],
        )
        district.last_stamp = cursor.fetchone()[0]
    transaction.on_commit(partial(tell_time, district), robust=True)
    return district.last_stamp - count + 1


def tell_time(district: District) -> None:
    """Give the stamps that have no time yet theirs: now. In a transaction of its own, after they were committed."""
    with within(district):
        lock_times(district)
        with connection.cursor() as cursor:
            cursor.execute(TELL, {"district": district.pk})
