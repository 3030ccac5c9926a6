"""Addresses that programs register to be told of changes: setting one, ending it, telling again what was not taken."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from firstbell.connectors.reach import Reach, read_address
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import seal
from firstbell.domain.districts.wall import within
from firstbell.domain.sharing.calling import SECRET_NAME, WAITS, place_of_now
from firstbell.domain.sharing.models import ApiClient, Calling, Delivery, Webhook
from firstbell.domain.sources.sealed import new_password

SHOWN = 100


class NoWebhook(Exception):
    """The program has not registered an address, or there is no such message."""


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An address, the secret that signs (told this once), and the cursor of the feed behind which it is told."""

    url: str
    secret: str
    cursor: str


def set_webhook(client: ApiClient, url: str, *, by: Actor) -> NewWebhook:
    """Tell the program at this address from now on; a new one goes on where the old one was.

    Raises ForGood for what cannot be an address, and NotGranted. Whether it may be reached is judged with each call.
    """
    read_address(url, Reach(settings.FIRSTBELL_REACHABLE_HOSTS))
    now = place_of_now(client)
    secret = new_password()
    district = client.district
    with within(district):
        sealed = seal(district, secret.encode(), name=SECRET_NAME)
        hook, _ = Webhook.objects.update_or_create(
            district_id=district.pk,
            client=client,
            defaults={"url": url.strip(), "secret": sealed, "trouble": ""},
            create_defaults={"url": url.strip(), "secret": sealed, "cursor": now},
        )
        _wake(client)
        record(district.pk, "client.webhook", by=by, subject_kind="client", subject_id=client.pk, detail={"on": True})
    return NewWebhook(hook.url, secret, hook.cursor)


def end_webhook(client: ApiClient, *, by: Actor) -> None:
    """Tell the program nothing any more. Twice is once."""
    district = client.district
    with within(district):
        Calling.objects.filter(client_id=client.pk).delete()
        Delivery.objects.filter(district_id=district.pk, client=client).delete()
        gone, _ = Webhook.objects.filter(district_id=district.pk, client=client).delete()
        if gone:
            off = {"on": False}
            record(district.pk, "client.webhook", by=by, subject_kind="client", subject_id=client.pk, detail=off)


def find_webhook(client: ApiClient) -> Webhook | None:
    """Where the program is told."""
    with within(client.district):
        return Webhook.objects.filter(district_id=client.district_id, client=client).first()


def list_deliveries(client: ApiClient, states: Sequence[str] = ()) -> list[Delivery]:
    """What it was told, the newest first; of some states only where they are named."""
    with within(client.district):
        found = Delivery.objects.filter(district_id=client.district_id, client=client)
        if states:
            found = found.filter(state__in=states)
        return list(found.order_by("-pk")[:SHOWN])


def count_not_taken(district: District) -> Counter[int]:
    """How many messages each program did not take, by its row."""
    with within(district):
        dead = Delivery.objects.filter(district_id=district.pk, state=Delivery.State.DEAD)
        return Counter(dead.values_list("client_id", flat=True))


def tell_again(client: ApiClient, key: str | None, *, by: Actor) -> int:
    """Try what was not taken once more, one message (by its key) or all; tells how many. Raises NoWebhook.

    What of it has changed since is told in a later message and not in this.
    """
    district = client.district
    with within(district):
        if not Webhook.objects.filter(district_id=district.pk, client=client).exists():
            raise NoWebhook
        Calling.objects.select_for_update().filter(client_id=client.pk).first()
        dead = Delivery.objects.filter(district_id=district.pk, client=client, state=Delivery.State.DEAD)
        if key is not None:
            dead = dead.filter(key=key)
        again = dead.update(state=Delivery.State.WAITING, tries=len(WAITS), due_at=timezone.now(), done_at=None)
        if key is not None and not again:
            raise NoWebhook
        if again:
            _wake(client)
            detail = {"messages": again}
            record(district.pk, "client.told_again", by=by, subject_kind="client", subject_id=client.pk, detail=detail)
    return again


def _wake(client: ApiClient) -> None:
    """Have the next look find it."""
    told = {"district_id": client.district_id, "stamp": -1, "at": timezone.now()}
    Calling.objects.update_or_create(client_id=client.pk, defaults=told)
