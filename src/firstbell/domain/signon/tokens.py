"""Checking an ID token: OpenID Connect Core 1.0, 3.1.3.7. Whatever is not as it should be refuses the whole token.

The signature is always checked, though a token that came from the token endpoint might go without: then a fault of the
way there (a proxy, a certificate) lets nobody in. Algorithms are those with a public key; the key says which it is for.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt
from jwt import PyJWK

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KINDS: Final = frozenset({"RSA", "EC", "OKP"})
LEEWAY: Final = 60
"""Seconds by which two clocks may differ."""
OLDEST: Final = 10 * 60
"""Seconds since the token was made: it comes straight after the sign-in."""
LONGEST: Final = 64 * 1024
LEAST_RSA_BITS: Final = 2048


class BadToken(Exception):
    """An ID token that proves nothing. The text says why, for an administrator."""


class UnknownKey(BadToken):
    """It is signed with a key that the provider does not name, or did not when we asked last."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose token it has to be, and for which sign-in."""

    issuer: str
    client_id: str
    nonce: str


def check_token(
    token: object, keys: Sequence[Mapping[str, Any]], expected: Expected, *, now: float, access_token: str = ""
) -> dict[str, object]:
    """The claims of a token. ``keys``: the provider's JWK set; ``now``: seconds since 1970. Raises BadToken."""
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST:
        raise BadToken("It sent no ID token.")
    key = _key_of(token, keys)
    try:
        claims: dict[str, object] = jwt.decode(
            token,
            key=key,
            algorithms=list(ALGORITHMS),
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
        )
    except jwt.PyJWTError:
        raise BadToken("The signature of its ID token is not right.") from None
    _check_whose(claims, expected)
    _check_times(claims, now)
    _check_access_token(claims, str(jwt.get_unverified_header(token)["alg"]), access_token)
    return claims


def _key_of(token: str, keys: Sequence[Mapping[str, Any]]) -> PyJWK:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise BadToken("It sent no readable ID token.") from None
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise BadToken("Its ID token is not signed with a public key.")
    if "crit" in header or "b64" in header:
        raise BadToken("Its ID token asks for what we do not know.")
    named = [key for key in keys if _is_for_signing(key) and (key_id is None or key.get("kid") == key_id)]
    if len(named) != 1:
        raise UnknownKey("Its ID token is signed with a key that it does not name.")
    try:
        key = PyJWK.from_dict(dict(named[0]), algorithm=str(named[0].get("alg") or algorithm))
    except jwt.PyJWTError:
        raise BadToken("The key that it names cannot be used.") from None
    if key.algorithm_name != algorithm:
        raise BadToken("Its ID token is signed otherwise than its key says.")
    if getattr(key.key, "key_size", LEAST_RSA_BITS) < LEAST_RSA_BITS and named[0].get("kty") == "RSA":
        raise BadToken("Its key is too short to be trusted.")
    return key


def _is_for_signing(key: Mapping[str, Any]) -> bool:
    return key.get("kty") in KINDS and key.get("use", "sig") == "sig"


def _check_whose(claims: Mapping[str, object], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise BadToken("Its ID token is of another issuer.")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in audiences:
        raise BadToken("Its ID token is for another application.")
    party = claims.get("azp")
    if (len(audiences) > 1 or party is not None) and party != expected.client_id:
        raise BadToken("Its ID token was given to another application.")
    nonce = claims.get("nonce")
    if not expected.nonce or not isinstance(nonce, str) or not hmac.compare_digest(nonce, expected.nonce):
        raise BadToken("Its ID token is of another sign-in.")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or "\0" in subject:
        raise BadToken("Its ID token says of nobody who they are.")


def _check_times(claims: Mapping[str, object], now: float) -> None:
    ends, made = _moment(claims, "exp"), _moment(claims, "iat")
    if ends is None or made is None:
        raise BadToken("Its ID token does not say from when until when it holds.")
    begins = _moment(claims, "nbf") if "nbf" in claims else made
    if begins is None or now > ends + LEEWAY or now < begins - LEEWAY or now < made - LEEWAY or now > made + OLDEST:
        raise BadToken("Its ID token does not hold at this time. Look at the clocks of both machines.")


def _moment(claims: Mapping[str, object], name: str) -> float | None:
    said = claims.get(name)
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else None


def _check_access_token(claims: Mapping[str, object], algorithm: str, access_token: str) -> None:
    """Where the token names its access token, it has to be the one beside it (3.1.3.8)."""
    said = claims.get("at_hash")
    if said is None or algorithm == "EdDSA":
        return
    digest = hashlib.new(f"sha{algorithm[-3:]}", access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if said != half:
        raise BadToken("Its ID token is not of the access token beside it.")
