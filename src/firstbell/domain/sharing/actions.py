"""Naming programs that read a roster, and giving them tokens."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.sharing.access import NotAClient, hash_of
from firstbell.domain.sharing.granting import settle_new
from firstbell.domain.sharing.models import AccessToken, ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS

TOKEN_LIVES = dt.timedelta(hours=1)
NAME_MOST = 100


class BadClient(Exception):
    """A client cannot be made like this; the text says why."""


class NoSuchScope(Exception):
    """A token was asked for a scope that the client does not have."""


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client and its secret, which is shown once."""

    client: ApiClient
    secret: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token, which is given once."""

    token: str
    scopes: tuple[str, ...]
    lives: dt.timedelta


def add_client(district: District, name: str, scopes: Collection[str], *, by: Actor) -> NewClient:
    """Let a program read the district's roster, in these scopes (URIs). Raises BadClient."""
    name = name.strip()
    if not name or len(name) > NAME_MOST:
        raise BadClient(f"Give the program a name of at most {NAME_MOST} characters.")
    unknown = sorted(set(scopes) - set(SCOPE_URIS))
    if unknown or not scopes:
        raise BadClient(f"There is no scope {unknown[0]}." if unknown else "Choose what the program may read.")
    secret = secrets.token_urlsafe(32)
    with within(district):
        client = ApiClient.objects.create(
            district=district,
            client_id=secrets.token_hex(16),
            secret_hash=hash_of(secret),
            name=name,
            scopes=sorted(scopes),
            created_by=by.name,
        )
        settle_new(client)
        record(
            district.pk,
            "client.added",
            by=by,
            subject_kind="client",
            subject_id=client.pk,
            detail={"name": name, "scopes": sorted(scopes)},
        )
    return NewClient(client, secret)


def revoke_client(client: ApiClient, *, by: Actor) -> None:
    """The program reads nothing any more, from its next question on. Twice is once."""
    with within(client.district):
        changed = ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=timezone.now())
        AccessToken.objects.filter(client=client).delete()
        if changed:
            record(
                client.district_id,
                "client.revoked",
                by=by,
                subject_kind="client",
                subject_id=client.pk,
                detail={"name": client.name},
            )


def give_token(client_id: str, secret: str, scopes: Collection[str]) -> NewToken:
    """A token for a client that knows its secret; without scopes named, for all that it has.

    Raises NotAClient, NoSuchScope.
    """
    client = ApiClient.objects.filter(client_id=client_id, revoked_at=None).first()
    known = client.secret_hash if client else hashlib.sha256(b"nobody").hexdigest()
    if not secrets.compare_digest(known, hash_of(secret)) or client is None:
        raise NotAClient
    given = tuple(dict.fromkeys(_spelled_as_ours(scope) for scope in scopes)) or tuple(client.scopes)
    if not set(given) <= set(client.scopes):
        raise NoSuchScope
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    AccessToken.objects.filter(client=client, expires_at__lte=now).delete()
    AccessToken.objects.create(
        token_hash=hash_of(token), client=client, scopes=list(given), expires_at=now + TOKEN_LIVES
    )
    ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return NewToken(token, given, TOKEN_LIVES)


def _spelled_as_ours(scope: str) -> str:
    """Several shipped clients ask for the same URIs with http."""
    return scope.replace("http://", "https://", 1) if scope.startswith("http://") else scope
