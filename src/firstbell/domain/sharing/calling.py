"""Telling programs what changed: parts of the feed, posted to the address that a program registered.

One after the other, the oldest first. What is not taken is tried again with longer and longer waits, and set aside at
last; the next part goes on. A part is a stretch of the feed, and what it says is made when it is sent: a record that
has changed since stands in a later part, so a part that is told late or twice never brings back what was.
"""

import datetime as dt
import secrets
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from firstbell.connectors.reach import Reach
from firstbell.connectors.signed_call import call
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import unseal
from firstbell.domain.districts.wall import within
from firstbell.domain.sharing.access import NotGranted, Reader, reader_of
from firstbell.domain.sharing.models import ApiClient, Calling, Delivery, Webhook
from firstbell.domain.sharing.oneroster.feed import (
    Changes,
    CursorTooOld,
    Place,
    answer_changes,
    read_place,
    tables_of,
    write_place,
)
from firstbell.domain.sharing.oneroster.moment import TRIES as GRANT_TRIES
from firstbell.domain.sharing.oneroster.moment import Asker, GrantChanged

CALL = "sharing.call"
QUEUE = "calls"
SECRET_NAME = "sharing/webhook"  # noqa: S105 (what it is sealed under)
KEY = "Idempotency-Key"
CHANGES_AT_ONCE = 500
PARTS_AT_ONCE = 100
"""So many parts are told in one job: other programs' come between."""
WAITS = tuple(dt.timedelta(seconds=seconds) for seconds in (60, 300, 1_800, 7_200, 21_600))
"""Between tries; after the last of them a part is set aside."""
LOOK_AGAIN = dt.timedelta(hours=1)
LEASE = dt.timedelta(minutes=15)
"""A job that has not told by then what it did is taken for dead."""
ROOT = "ims/oneroster/rostering/v1p2"
DUE = """
update sharing_calling set at = %(lease)s where client_id in (
  select c.client_id from sharing_calling c join districts_district d on d.id = c.district_id
  where c.at <= %(now)s and d.last_stamp > c.stamp order by c.at limit 500 for update of c skip locked
) returning client_id, district_id
"""


def begin_calls(moment: dt.datetime) -> int:
    """Have a worker tell every program for which there is something new, and tell how many those are."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"now": moment, "lease": moment + LEASE})
        due = cursor.fetchall()
    for client_id, district_id in due:
        task = app.configure_task(CALL, queue=QUEUE, lock=f"calling-{client_id}")
        task.defer(district_id=district_id, client_id=client_id)
    return len(due)


def tell_program(district: District, client_id: int, *, clock: Callable[[], dt.datetime] = timezone.now) -> None:
    """Tell a program what there is to tell; at the end it stands in ``Calling`` when to come again."""
    for _ in range(PARTS_AT_ONCE):
        with within(district):
            hook = Webhook.objects.filter(district_id=district.pk, client_id=client_id).first()
            client = ApiClient.objects.select_related("district").filter(pk=client_id, revoked_at=None).first()
            waiting = _waiting(district, client_id).first()
        if hook is None or client is None:
            _forget(district, client_id)
            return
        if waiting is not None and waiting.due_at > clock():
            _rest(client_id, -1, waiting.due_at)
            return
        try:
            if not _tell_next(client, hook, waiting, clock()):
                return
        except NotGranted as refusal:
            _trouble(district, hook, str(refusal))
            _rest(client_id, -1, clock() + LOOK_AGAIN)
            return
    _rest(client_id, -1, clock())


def place_of_now(client: ApiClient) -> str:
    """The cursor of now, as the program sees the roster. Raises NotGranted."""
    return write_place(_ask(client, None, None).last)


def _tell_next(client: ApiClient, hook: Webhook, waiting: Delivery | None, now: dt.datetime) -> bool:
    """One part. False where there is nothing more to tell."""
    begins = read_place(waiting.begins if waiting else hook.cursor)
    until = read_place(waiting.ends) if waiting else None
    try:
        found = _ask(client, begins, until)
    except CursorTooOld:
        _give_up(client, hook, waiting, now)
        return True
    if waiting is None and not found.count:
        with within(client.district):
            Webhook.objects.filter(district_id=client.district_id, pk=hook.pk).update(cursor=write_place(found.last))
        return not _has_told_all(client, found.last.stamp, now)
    part = waiting or _new_part(client, hook, found, now)
    if found.count:
        _settle(client, hook, part, _send(client, hook, part, found), now)
    else:  # all of it has changed since, and stands in later parts
        _finish(client.district, part, Delivery.State.TAKEN, now)
    return True


def _ask(client: ApiClient, place: Place | None, until: Place | None) -> Changes:
    """A part of the feed as the program's grant shows it now."""
    for _ in range(GRANT_TRIES):
        client.refresh_from_db()
        client.district.refresh_from_db()
        reader = reader_of(client)
        with suppress(GrantChanged):
            return answer_changes(_asker(reader), tables_of(reader), place, CHANGES_AT_ONCE, until=until)
    raise NotGranted("The grant changes too fast.")


def _asker(reader: Reader) -> Asker:
    base = f"{settings.FIRSTBELL_URL}/{ROOT}"
    return Asker(reader.client_id, reader.district, reader.last_stamp, base, reader.sight)


def _send(client: ApiClient, hook: Webhook, part: Delivery, found: Changes) -> str:
    secret = unseal(client.district, bytes(hook.secret), name=SECRET_NAME)
    reach = Reach(settings.FIRSTBELL_REACHABLE_HOSTS)
    return call(hook.url, found.body, secret, reach, at=int(time.time()), more={KEY: part.key})


def _new_part(client: ApiClient, hook: Webhook, found: Changes, now: dt.datetime) -> Delivery:
    """Kept before it is sent: who dies then sends the same again, by the same key."""
    with within(client.district):
        Webhook.objects.filter(district_id=client.district_id, pk=hook.pk).update(cursor=write_place(found.last))
        return Delivery.objects.create(
            district_id=client.district_id,
            client=client,
            key=secrets.token_hex(16),
            begins=hook.cursor,
            ends=write_place(found.last),
            changes=found.count,
            due_at=now,
        )


def _settle(client: ApiClient, hook: Webhook, part: Delivery, trouble: str, now: dt.datetime) -> None:
    part.tries += 1
    part.trouble = trouble
    if not trouble:
        _finish(client.district, part, Delivery.State.TAKEN, now)
    elif part.tries > len(WAITS):
        _finish(client.district, part, Delivery.State.DEAD, now)
    else:
        part.due_at = now + WAITS[part.tries - 1]
    with within(client.district):
        part.save(update_fields=["tries", "trouble", "due_at"])
        told = {"taken_at": now} if not trouble else {}
        Webhook.objects.filter(district_id=client.district_id, pk=hook.pk).update(trouble=trouble, **told)


def _give_up(client: ApiClient, hook: Webhook, waiting: Delivery | None, now: dt.datetime) -> None:
    """The feed does not go back so far: the program has to read all lists, and is told from now on."""
    ends = _ask(client, None, None)
    part = waiting or _new_part(client, hook, ends, now)
    part.trouble = "This is older than the feed goes back: read all lists."
    _finish(client.district, part, Delivery.State.OLD, now)


def _waiting(district: District, client_id: int) -> QuerySet[Delivery]:
    waiting = Delivery.objects.filter(district_id=district.pk, client_id=client_id, state=Delivery.State.WAITING)
    return waiting.order_by("due_at", "pk")


def _trouble(district: District, hook: Webhook, says: str) -> None:
    with within(district):
        Webhook.objects.filter(district_id=district.pk, pk=hook.pk).update(trouble=says)


def _finish(district: District, part: Delivery, state: str, now: dt.datetime) -> None:
    part.state, part.done_at = state, now
    with within(district):
        part.save(update_fields=["state", "done_at", "trouble"])


def _has_told_all(client: ApiClient, stamp: int, now: dt.datetime) -> bool:
    """Rest until the roster has more. False where somebody wanted something told again meanwhile."""
    with within(client.district):
        calling = Calling.objects.select_for_update().filter(client_id=client.pk).first()
        if calling is None or _waiting(client.district, client.pk).exists():
            return calling is None
        _rest(client.pk, stamp, now)
    return True


def _rest(client_id: int, stamp: int, at: dt.datetime) -> None:
    Calling.objects.filter(client_id=client_id).update(stamp=stamp, at=at)


def _forget(district: District, client_id: int) -> None:
    with within(district):
        Webhook.objects.filter(district_id=district.pk, client_id=client_id).delete()
        Calling.objects.filter(client_id=client_id).delete()
