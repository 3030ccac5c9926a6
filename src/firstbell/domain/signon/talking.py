"""Talking to an OpenID provider: its description, its keys, the token for a code, what it tells of a person besides.

Everything goes out by the one way that sources take (``connectors.transport``): checked addresses, TLS, limits.
"""

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache

from firstbell.connectors.contract import Trouble
from firstbell.connectors.reach import Reach
from firstbell.connectors.transport import Answer, Bounds, Wire
from firstbell.domain.districts.models import District
from firstbell.domain.signon.actions import secrets_of
from firstbell.domain.signon.assertions import BadMetadata, Identity, read_identity
from firstbell.domain.signon.models import Connection
from firstbell.domain.signon.presets import (
    CLIENT_ID,
    CLIENT_SECRET,
    ISSUER,
    METADATA,
    METADATA_URL,
    PRESETS,
    TENANT,
)
from firstbell.domain.signon.tokens import BadToken, Expected, UnknownKey, check_token

KEPT: Final = 10 * 60
"""Seconds for which a provider's description and keys are kept."""
LASTS: Final = 7 * 24 * 60 * 60
"""Seconds for which published metadata serve while their address does not answer."""
BOUNDS: Final = Bounds(connect=5, read=10, whole=20, size=1024 * 1024)
WELL_KNOWN: Final = "/.well-known/openid-configuration"
NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Unhelpful(Exception):
    """The provider could not be asked, or its answer is none. ``says`` and ``remedy`` are for an administrator."""

    def __init__(self, says: str, remedy: str = "") -> None:
        super().__init__(says)
        self.says, self.remedy = says, remedy


def issuer_of(connection: Connection) -> str:
    """The issuer of a connection, without a slash at its end that somebody typed."""
    preset = PRESETS[connection.preset]
    typed = preset.issuer or str(connection.settings.get(ISSUER, ""))
    tenant = quote(str(connection.settings.get(TENANT, "")), safe="")
    return typed.replace("{tenant}", tenant).strip().removesuffix(WELL_KNOWN).rstrip("/")


def describe(connection: Connection) -> dict[str, Any]:
    """What the provider says of itself. Raises Unhelpful."""
    issuer = issuer_of(connection)
    found: dict[str, Any] | None = cache.get(_kept_as(connection, "described"))
    if found is not None and str(found.get("issuer", "")).rstrip("/") == issuer:
        return found
    said = _ask_for(issuer + WELL_KNOWN)
    if str(said.get("issuer", "")).rstrip("/") != issuer:
        raise Unhelpful(
            f"The provider calls itself “{str(said.get('issuer'))[:200]}” and not “{issuer}”.",
            "Enter the issuer exactly as the provider writes it.",
        )
    missing = [name for name in NEEDED if not isinstance(said.get(name), str)]
    if missing:
        raise Unhelpful(f"The provider’s description lacks {', '.join(missing)}.", "Look at the issuer’s address.")
    cache.set(_kept_as(connection, "described"), said, KEPT)
    return said


def trade_code(
    district: District, connection: Connection, code: str, *, back_url: str, verifier: str
) -> dict[str, Any]:
    """The tokens for a code. Raises Unhelpful."""
    description = describe(connection)
    client_id, secret = client_of(district, connection)
    methods = description.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back_url, "code_verifier": verifier}
    headers: dict[str, str] = {}
    if "client_secret_post" in methods:
        form |= {"client_id": client_id, "client_secret": secret}
    else:
        headers["Authorization"] = _basic(client_id, secret)
    with _wire() as wire:
        answer = _tried(lambda: wire.post(description["token_endpoint"], form, lambda _: headers))
    said = _read(answer)
    if answer.status != 200:
        fault = str(said.get("error", ""))[:80]
        remedy = "Enter the client ID and secret again." if fault in {"invalid_client", "unauthorized_client"} else ""
        raise Unhelpful(f"The provider gave no token: {fault or answer.status}.", remedy or "Begin again.")
    return said


def read_claims(district: District, connection: Connection, tokens: Mapping[str, Any], nonce: str) -> dict[str, object]:
    """What the ID token says, and what the provider tells besides where the key is not in it.

    Raises Unhelpful, and BadToken for a token that proves nothing.
    """
    description = describe(connection)
    expected = Expected(str(description["issuer"]), client_of(district, connection)[0], nonce)
    token, access = tokens.get("id_token"), str(tokens.get("access_token") or "")
    try:
        claims = check_token(token, _keys(connection, description), expected, now=time.time(), access_token=access)
    except UnknownKey:  # it changed its keys since
        keys = _keys(connection, description, anew=True)
        claims = check_token(token, keys, expected, now=time.time(), access_token=access)
    wanted = {connection.claim, PRESETS[connection.preset].pin_claim or str(connection.settings.get("pin_claim", ""))}
    if wanted - {""} <= claims.keys() or not access or not isinstance(description.get("userinfo_endpoint"), str):
        return claims
    with _wire() as wire:
        bearer = {"Authorization": f"Bearer {access}"}
        answer = _tried(lambda: wire.get(description["userinfo_endpoint"], lambda _: bearer))
    told = _read(answer) if answer.status == 200 else {}
    if told and told.get("sub") != claims["sub"]:
        raise BadToken("What it tells besides is of somebody else.")  # OpenID Connect Core 1.0, 5.3.2
    return {**told, **claims}


def way_out(
    district: District, connection: Connection, tokens: Mapping[str, Any], *, back_to: str, longest: int = 6000
) -> str:
    """Where somebody signs out at the provider too (OpenID Connect RP-Initiated Logout 1.0); blank if they cannot."""
    address = describe(connection).get("end_session_endpoint")
    if not isinstance(address, str) or urlsplit(address).scheme not in {"https", "http"}:
        return ""
    asked = {"client_id": client_of(district, connection)[0], "post_logout_redirect_uri": back_to}
    hint = tokens.get("id_token")
    if isinstance(hint, str) and len(hint) < longest:  # it names the session; without it the provider asks
        asked["id_token_hint"] = hint
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def identity_of(connection: Connection) -> Identity:
    """A SAML provider by its metadata; where these cannot be had now, as they were last. Raises Unhelpful."""
    url = str(connection.settings.get(METADATA_URL, "")).strip()
    try:
        return read_identity(_published(connection, url) if url else str(connection.settings.get(METADATA, "")))
    except BadMetadata as problem:
        raise Unhelpful(str(problem), "Enter the provider’s metadata anew.") from None


def _published(connection: Connection, url: str) -> str:
    fresh, last = _kept_as(connection, "metadata"), _kept_as(connection, "last_metadata")
    found: str | None = cache.get(fresh)
    if found is not None:
        return found
    try:
        with _wire() as wire:
            answer = _tried(lambda: wire.get(url))
        if answer.status != 200:
            raise Unhelpful(f"{url} answers {answer.status}.", "Look at the address of the metadata.")
        read_identity(answer.content.decode(errors="replace"))
    except (Unhelpful, BadMetadata):
        before: str | None = cache.get(last)
        if before is None:
            raise
        return before
    said = answer.content.decode(errors="replace")
    cache.set(fresh, said, KEPT)
    cache.set(last, said, LASTS)
    return said


def client_of(district: District, connection: Connection) -> tuple[str, str]:
    """The client's id and secret."""
    return str(connection.settings.get(CLIENT_ID, "")), secrets_of(district, connection).get(CLIENT_SECRET, "")


def _keys(connection: Connection, description: Mapping[str, Any], *, anew: bool = False) -> list[dict[str, Any]]:
    kept = _kept_as(connection, "keys")
    found: list[dict[str, Any]] | None = None if anew else cache.get(kept)
    if found is None:
        said = _ask_for(description["jwks_uri"]).get("keys")
        found = [key for key in said if isinstance(key, dict)] if isinstance(said, list) else []
        cache.set(kept, found, KEPT)
    return found


def forget_what_was_said(connection: Connection) -> None:
    """Ask the provider anew with the next sign-in: its address may be another."""
    cache.delete_many([_kept_as(connection, what) for what in ("described", "keys", "metadata", "last_metadata")])


def _kept_as(connection: Connection, what: str) -> str:
    return f"signon/{connection.pk}/{what}"


def _ask_for(url: str) -> dict[str, Any]:
    with _wire() as wire:
        answer = _tried(lambda: wire.get(url))
    if answer.status != 200:
        raise Unhelpful(f"{url} answers {answer.status}.", "Look at the issuer’s address, or try again later.")
    return _read(answer)


def _wire() -> Wire:
    return Wire(Reach(settings.FIRSTBELL_REACHABLE_HOSTS), BOUNDS)


def _tried(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except Trouble as trouble:
        raise Unhelpful(str(trouble), trouble.remedy) from None


def _read(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.content)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unhelpful("The provider’s answer is not JSON.", "Look at the issuer’s address.")
    return said


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749, 2.3.1: both parts are form-encoded first."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
