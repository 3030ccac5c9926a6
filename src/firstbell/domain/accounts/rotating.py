"""Sealing anew under the newest master key: the key of each district, and everybody's second step.

One thing at a time, each only where it still is what was read: whoever is stopped in the middle leaves some under the
old key and some under the new one, and both open. What is sealed under a district's own key stays as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import connection

from firstbell.domain.accounts.second_factor import ABOUT
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.master_keys import add_master_key, forget_older_master_keys
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import needs_older, rewrapped, seal_word, unseal_word, word_needs_older
from firstbell.domain.districts.wall import within

_LOCK = 0x0F1D << 48
"""Advisory: one at a time turns keys."""


class NotAll(Exception):
    """Something is still sealed under an older key, so none may be forgotten; the text says what."""


class Busy(Exception):
    """Somebody else turns the keys just now."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """How much was sealed anew."""

    districts: int
    second_steps: int


def rotate(*, by: Actor) -> Resealed:
    """Make a new master key and seal everything under it; the older ones stay. Raises NotHere, Busy."""
    with _alone():
        add_master_key()
        return _reseal(by)


def reseal(*, by: Actor) -> Resealed:
    """Seal under the newest key what an older one sealed. Raises Busy."""
    with _alone():
        return _reseal(by)


def forget_older_keys(*, by: Actor) -> int:
    """Keep the newest key alone, once nothing needs the others; tells how many are gone.

    Raises NotAll, Busy, NotHere."""
    with _alone():
        _reseal(by)
        left = sum(needs_older(district) for district in District.objects.all())
        left += sum(word_needs_older(word, about=ABOUT) for one in _second_steps() for word in _words(one).values())
        if left:
            raise NotAll(f"{left:,} secrets are still sealed under an older key. Try again.")
        return forget_older_master_keys()


def _reseal(by: Actor) -> Resealed:
    districts = sum(_reseal_district(district, by) for district in District.objects.order_by("pk").iterator())
    return Resealed(districts, sum(_reseal_second_step(one) for one in _second_steps()))


def _reseal_district(district: District, by: Actor) -> bool:
    if not needs_older(district):
        return False
    before = bytes(district.data_key)
    with within(district):
        done = District.objects.filter(pk=district.pk, data_key=before).update(data_key=rewrapped(district))
        if done:
            record(district.pk, "district.key_resealed", by=by, subject_kind="district", subject_id=district.pk)
    return bool(done)


def _second_steps() -> Iterator[Authenticator]:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    yield from Authenticator.objects.filter(type__in=kinds).order_by("pk").iterator()


def _words(one: Authenticator) -> dict[str, str]:
    return {name: one.data[name] for name in ("secret", "seed") if isinstance(one.data.get(name), str)}


def _reseal_second_step(one: Authenticator) -> bool:
    old = {name: word for name, word in _words(one).items() if word_needs_older(word, about=ABOUT)}
    if not old:
        return False
    new = {name: seal_word(unseal_word(word, about=ABOUT), about=ABOUT) for name, word in old.items()}
    same = Authenticator.objects.filter(pk=one.pk, **{f"data__{name}": word for name, word in old.items()})
    return bool(same.update(data={**one.data, **new}))


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Busy("Somebody else turns the keys just now. Try again when they are done.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
