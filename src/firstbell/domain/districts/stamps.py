"""Stamps: the number that every change of a district's roster gets, and that only grows."""

from django.db import connection

from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District


def take_stamps(district: District, count: int) -> int:
    """The first of `count` new stamps, one after another, given in the caller's transaction.

    Takes the district's lock: who commits later has the higher stamps, so who has seen a stamp has seen all below.
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
    return district.last_stamp - count + 1
