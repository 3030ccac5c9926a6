"""Who reads: the client of a token, asked anew with each question, so that a revocation holds at once."""

import hashlib
from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS, Scope, Version

READER = """
select c.id, t.scopes, d.id, d.code, d.last_stamp
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


class NoSuchClient(Exception):
    """No client of this district."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A client that showed a valid token."""

    client_id: int
    district: District
    last_stamp: int
    scopes: frozenset[tuple[Version, Scope]]

    def may(self, version: Version, scope: Scope) -> bool:
        """Whether the token opens this part of this version."""
        return any((version, opening) in self.scopes for opening in OPENS[scope])


def find_reader(token: str) -> Reader:
    """Who shows this token. Raises NotAClient."""
    with connection.cursor() as cursor:
        cursor.execute(READER, [hash_of(token)])
        found = cursor.fetchone()
    if found is None:
        raise NotAClient
    client_id, scopes, district_id, code, last_stamp = found
    return Reader(
        client_id,
        District(pk=district_id, code=code, last_stamp=last_stamp),
        last_stamp,
        frozenset(SCOPE_URIS[scope] for scope in scopes if scope in SCOPE_URIS),
    )


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


def hash_of(text: str) -> str:
    """SHA-256, for secrets that we made ourselves."""
    return hashlib.sha256(text.encode()).hexdigest()
