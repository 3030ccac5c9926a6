"""Making, finding and ending tokens of programs that manage a district in the name of a member."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils import timezone

from firstbell.domain.accounts.access import NoSuchMember, NotAllowed, ensure_may
from firstbell.domain.accounts.models import ApiToken
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.second_factor import ensure_second_factor
from firstbell.domain.accounts.viewer import Viewer, view_as
from firstbell.domain.audit.actions import record
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

BEGINNING = "fbt_"
"""So that who finds one in a place where it should not be knows what it is."""
NAME_MOST = 100
DAYS_MOST = 366


class BadToken(Exception):
    """A token cannot be made like this; the text says why."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token, which is told once."""

    token: ApiToken
    secret: str


def make_token(
    district: District, viewer: Viewer, name: str, permissions: Collection[Permission], *, days: int
) -> NewToken:
    """A token that may do this in the viewer's name. Raises NotAllowed for what they may not, and BadToken."""
    ensure_may(viewer, Permission.MANAGE_MEMBERSHIPS)
    if viewer.membership_id is None or not set(permissions) <= viewer.permissions:
        raise NotAllowed(Permission.MANAGE_MEMBERSHIPS)
    name = name.strip()
    if not name or len(name) > NAME_MOST:
        raise BadToken(f"Give the token a name of at most {NAME_MOST} characters.")
    if not permissions:
        raise BadToken("Choose what it may do.")
    if not 1 <= days <= DAYS_MOST:
        raise BadToken(f"A token lives for 1 to {DAYS_MOST} days.")
    secret = BEGINNING + secrets.token_urlsafe(32)
    with within(district):
        token = ApiToken.objects.create(
            district_id=district.pk,
            membership_id=viewer.membership_id,
            name=name,
            token_hash=_hash_of(secret),
            permissions=sorted(permissions),
            expires_at=timezone.now() + dt.timedelta(days=days),
        )
        detail = {"name": name, "permissions": sorted(permissions), "days": days}
        record(district.pk, "token.made", by=viewer.actor, subject_kind="token", subject_id=token.pk, detail=detail)
    return NewToken(token, secret)


def find_token(secret: str) -> ApiToken | None:
    """The token, with its member, account and district; None where it is unknown, ended or taken back."""
    tokens = ApiToken.objects.select_related("membership__account", "membership__district")
    live = tokens.filter(token_hash=_hash_of(secret), revoked_at=None, expires_at__gt=timezone.now())
    found = live.filter(membership__account__is_active=True).first()
    if found is not None and found.used_on != (today := timezone.now().date()):
        ApiToken.objects.filter(pk=found.pk).update(used_on=today)
    return found


def view_by_token(token: ApiToken) -> Viewer:
    """Who looks by a token: its member, with what both of them may. Raises SecondFactorMissing."""
    ensure_second_factor(token.membership)
    viewer = view_as(token.membership)
    named = frozenset(viewer.permissions & {Permission(one) for one in token.permissions if one in set(Permission)})
    return replace(viewer, permissions=named, name=f"{viewer.name}, by the token {token.name}")


def list_tokens(viewer: Viewer) -> list[ApiToken]:
    """All tokens of the viewer's district that live, the newest first. Raises NotAllowed."""
    ensure_may(viewer, Permission.MANAGE_MEMBERSHIPS)
    tokens = ApiToken.objects.filter(district_id=viewer.district_id, revoked_at=None, expires_at__gt=timezone.now())
    return list(tokens.select_related("membership__account").order_by("-pk"))


def revoke_token(district: District, viewer: Viewer, token_id: int) -> ApiToken:
    """The token opens nothing any more, from the next question on. Raises NotAllowed, NoSuchMember."""
    ensure_may(viewer, Permission.MANAGE_MEMBERSHIPS)
    token = ApiToken.objects.filter(district_id=viewer.district_id, pk=token_id).first()
    if token is None:
        raise NoSuchMember(token_id)
    with within(district):
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            named = {"name": token.name}
            record(
                district.pk, "token.revoked", by=viewer.actor, subject_kind="token", subject_id=token.pk, detail=named
            )
    return token


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
