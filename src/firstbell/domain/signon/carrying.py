"""Ids of other systems as a connection looks for them: one row for each person who has one, found by an index.

``userIds`` is one text with many ids, in which no index finds one behind the wall. So the ids of the type that a
connection goes by are kept beside it, and brought up to the roster before they are asked for: what changed since, and
nothing else. An import pays nothing for them. What is kept only proposes; whether somebody carries the id is read from
their row.
"""

from typing import Final

from django.db import connection as database

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.signon.models import Carried, Connection, Key

ANALYZED_FROM: Final = 1_000
CHANGED: Final = "district_id = %(district)s and stamp > %(as_of)s"
FORGET: Final = f"""
delete from signon_carried where district_id = %(district)s and connection_id = %(connection)s
and user_id in (select id from roster_user where {CHANGED})
"""  # noqa: S608 - of constants
BRING: Final = f"""
insert into signon_carried (district_id, connection_id, value, user_id)
select district_id, %(connection)s, substring(user_ids, %(pattern)s), id from roster_user
where {CHANGED} and length(substring(user_ids, %(pattern)s)) between 1 and 200
"""  # noqa: S608 - of constants


def pattern_of(key_type: str) -> str:
    """What finds an id of this type in ``userIds``, as its first group."""
    quoted = "".join(letter if letter.isalnum() else f"\\{letter}" for letter in key_type)
    return rf"\{{{quoted}:([^{{}}]*)\}}"


def who_may_carry(district: District, connection: Connection, value: str) -> list[int]:
    """The rows of people who may carry a value. Whoever does is among them. To be asked within the district."""
    bring_up(district, connection)
    whose = {"district_id": district.pk, "connection_id": connection.pk}
    return list(Carried.objects.filter(**whose, value=value).values_list("user_id", flat=True))


def bring_up(district: District, connection: Connection) -> None:
    """Bring what is kept of a connection up to the roster of now."""
    with within(district):
        kept = Connection.objects.select_for_update(of=("self",)).get(district_id=district.pk, pk=connection.pk)
        # Read first: whatever has a stamp up to this one can be seen by the statements that follow.
        roster = District.objects.values_list("last_stamp", flat=True).get(pk=district.pk)
        if kept.key != Key.USER_ID or kept.carried_as_of == roster:
            return
        known: dict[str, int | str] = {
            "district": district.pk,
            "connection": kept.pk,
            "as_of": kept.carried_as_of,
            "pattern": pattern_of(kept.key_type),
        }
        with database.cursor() as cursor:
            cursor.execute(FORGET, known)
            cursor.execute(BRING, known)
            if cursor.rowcount >= ANALYZED_FROM:
                cursor.execute("analyze signon_carried")
        Connection.objects.filter(district_id=district.pk, pk=kept.pk).update(carried_as_of=roster)


def forget_carried(district: District, connection: Connection) -> None:
    """The connection goes by another id from now on."""
    Carried.objects.filter(district_id=district.pk, connection_id=connection.pk).delete()
    connection.carried_as_of = -1
