"""Slowing down who guesses passwords, without locking out a class of thirty behind one address.

Every try is counted before it is judged, so that tries at the same moment cannot pass together. A name at an address
has ten tries in a quarter of an hour; where an address fails more than a school does on a bad morning, each name there
has two, which leaves everyone who knows their password free to come in. A name has fifty tries, from wherever. Where a
whole district fails more than on a bad morning, somebody sprays over many names from many addresses: then too each name
at an address has two.
"""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

MINUTES = 15
TRIES = 10
TRIES_WHERE_MANY_FAIL = 2
TRIES_FROM_EVERYWHERE = 50
MANY_FAILURES = 300
MANY_FAILURES_OF_A_DISTRICT = 2000
ADDRESS = "address"
ASKING = 10

COUNT = """
insert into accounts_guesses (bucket, count, until) values (%s, 1, now() + make_interval(mins => %s))
on conflict (bucket) do update set
  count = case when accounts_guesses.until < now() then 1 else accounts_guesses.count + 1 end,
  until = case when accounts_guesses.until < now() then excluded.until else accounts_guesses.until end
returning count
"""


class TooManyGuesses(Exception):
    """Tried too often with this name. The remedy is to wait a quarter of an hour, or to ask for a new password."""


@dataclass(frozen=True)
class Guess:
    """One try: its name in its district, and from where."""

    district_id: int
    username_key: str
    address: str

    @property
    def _here(self) -> str:
        return _bucket("here", str(self.district_id), self.username_key, self.address)

    @property
    def _everywhere(self) -> str:
        return _bucket("everywhere", str(self.district_id), self.username_key)

    @property
    def _address(self) -> str:
        return _bucket(ADDRESS, self.address)

    @property
    def _district(self) -> str:
        return _bucket("district", str(self.district_id))

    @property
    def _is_sprayed(self) -> bool:
        return _failures(self._address) > MANY_FAILURES or _failures(self._district) > MANY_FAILURES_OF_A_DISTRICT

    def count(self) -> None:
        """Count this try; raises TooManyGuesses where it must not even be judged."""
        here, everywhere = _count(self._here), _count(self._everywhere)
        allowed = TRIES_WHERE_MANY_FAIL if self._is_sprayed else TRIES
        if here > allowed or everywhere > TRIES_FROM_EVERYWHERE:
            raise TooManyGuesses

    def failed(self) -> None:
        """The try was wrong: its address and its district fail once more."""
        _count(self._address)
        _count(self._district)

    def succeeded(self) -> None:
        """The try was right: the name begins anew."""
        with connection.cursor() as cursor:
            cursor.execute("delete from accounts_guesses where bucket = any(%s)", [[self._here, self._everywhere]])


def count_asking(address: str) -> None:
    """Count somebody who asks for a space without signing in; raises TooManyGuesses where they ask too often."""
    if _count(_bucket("asking", address)) > ASKING:
        raise TooManyGuesses


def forget_old_guesses() -> int:
    """Remove counts that are over; how many."""
    with connection.cursor() as cursor:
        cursor.execute("delete from accounts_guesses where until < now()")
        return int(cursor.rowcount)


def _bucket(*parts: str) -> str:
    """A keyed digest: who reads the table learns no names or addresses."""
    return hmac.new(settings.SECRET_KEY.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def _count(bucket: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [bucket, MINUTES])
        return int(cursor.fetchone()[0])


def _failures(bucket: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count from accounts_guesses where bucket = %s and until > now()", [bucket])
        found = cursor.fetchone()
    return int(found[0]) if found else 0
