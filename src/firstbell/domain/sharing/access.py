"""Who reads: the client of a token, asked anew with each question, so that a revocation holds at once."""

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.asking import EVERYTHING
from firstbell.domain.sharing.oneroster.shadow import Seen, Sight
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS, Scope, Version

READER = """
select c.id, t.scopes, d.id, d.code, d.last_stamp, d.time_zone,
       c.grant_version, c.is_limited, c.is_anonymous, c.hidden, c.floor, c.begins, c.ends
from sharing_accesstoken t
join sharing_apiclient c on c.id = t.client_id
join districts_district d on d.id = c.district_id
where t.token_hash = %s and t.expires_at > now() and c.revoked_at is null
"""
OPENS = {
    Scope.CORE: (Scope.CORE, Scope.ROSTER),
    Scope.ROSTER: (Scope.ROSTER,),
    Scope.DEMOGRAPHICS: (Scope.DEMOGRAPHICS,),
}
"""By what is asked for, the scopes that open it."""


class NotAClient(Exception):
    """The client, its secret or its token is unknown, or not valid any more."""


class NotGranted(Exception):
    """The grant has not begun or has ended, or does not open this; the text says which."""


class NoSuchClient(Exception):
    """No client of this district."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A client that showed a valid token."""

    client_id: int
    district: District
    last_stamp: int
    scopes: frozenset[tuple[Version, Scope]]
    sight: Sight = EVERYTHING

    def may(self, version: Version, scope: Scope) -> bool:
        """Whether the token opens this part of this version."""
        return any((version, opening) in self.scopes for opening in OPENS[scope])


def find_reader(token: str) -> Reader:
    """Who shows this token. Raises NotAClient, and NotGranted before and after the days of its grant."""
    with connection.cursor() as cursor:
        cursor.execute(READER, [hash_of(token)])
        found = cursor.fetchone()
    if found is None:
        raise NotAClient
    client_id, scopes, district_id, code, last_stamp, time_zone, *granted = found
    version, is_limited, is_anonymous, hidden, floor, begins, ends = granted
    district = District(pk=district_id, code=code, last_stamp=last_stamp, time_zone=time_zone)
    if begins or ends:
        _ensure_in_time(today_of(district), begins, ends)
    sight = Sight(version, _seen(is_limited=is_limited, is_anonymous=is_anonymous), frozenset(hidden), floor)
    return Reader(client_id, district, last_stamp, _opened(scopes), sight)


def reader_of(client: ApiClient) -> Reader:
    """The same for a program that is told without asking: all that its scopes and its grant open.

    Raises NotGranted before and after the days of its grant, and for a program that was shut out.
    """
    ensure_granted(client)
    return Reader(client.pk, client.district, client.district.last_stamp, _opened(client.scopes), sight_of(client))


def sight_of(client: ApiClient) -> Sight:
    """What a program sees by its grant."""
    seen = _seen(is_limited=client.is_limited, is_anonymous=client.is_anonymous)
    return Sight(client.grant_version, seen, frozenset(client.hidden), client.floor)


def ensure_granted(client: ApiClient) -> None:
    """Raise NotGranted before and after the days of its grant, and for a program that was shut out."""
    if client.revoked_at is not None:
        raise NotGranted("This program was shut out.")
    _ensure_in_time(today_of(client.district), client.begins, client.ends)


def _opened(scopes: Collection[str]) -> frozenset[tuple[Version, Scope]]:
    return frozenset(SCOPE_URIS[scope] for scope in scopes if scope in SCOPE_URIS)


def _seen(*, is_limited: bool, is_anonymous: bool) -> Seen:
    if not is_limited:
        return Seen.WHOLE
    return Seen.NAMELESS if is_anonymous else Seen.LIMITED


def list_clients(viewer: Viewer) -> list[ApiClient]:
    """All programs of the viewer's district, those that read first. Raises NotAllowed."""
    ensure_may(viewer, Permission.SHARE_ROSTER)
    clients = ApiClient.objects.filter(district_id=viewer.district_id)
    return list(clients.order_by(F("revoked_at").desc(nulls_first=True), "name", "pk"))


def find_client(viewer: Viewer, client_id: int) -> ApiClient:
    """A client of the viewer's district. Raises NotAllowed, NoSuchClient."""
    ensure_may(viewer, Permission.SHARE_ROSTER)
    try:
        return ApiClient.objects.get(pk=client_id, district_id=viewer.district_id)
    except ApiClient.DoesNotExist:
        raise NoSuchClient(client_id) from None


def _ensure_in_time(today: dt.date, begins: dt.date | None, ends: dt.date | None) -> None:
    if begins is not None and today < begins:
        raise NotGranted(f"The district’s grant begins on {begins}.")
    if ends is not None and today > ends:
        raise NotGranted(f"The district’s grant ended on {ends}: delete what was read by it.")


def hash_of(text: str) -> str:
    """SHA-256, for secrets that we made ourselves."""
    return hashlib.sha256(text.encode()).hexdigest()
