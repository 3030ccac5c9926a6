"""An OpenID provider that a test makes say anything: real keys, a real server, tokens good and bad."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from tests.connectors.servers import Asked, Reply, in_json, serving

CLIENT, SECRET = "firstbell-lakeside", "canary-of-the-client-secret"
NONCE = "a-nonce-of-this-sign-in"
ISSUER = "https://id.example.org"
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def jwk(key: RSAPrivateKey = KEY, *, kid: str = "one", **also: object) -> dict[str, Any]:
    """The public half, as a provider names it."""
    public: dict[str, Any] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": kid, "use": "sig", "alg": "RS256", **also}


def ec_jwk(kid: str = "curve") -> dict[str, Any]:
    public: dict[str, Any] = ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True)
    return {**public, "kid": kid, "use": "sig"}


def pem(key: RSAPrivateKey = KEY) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def good_claims(**other: object) -> dict[str, Any]:
    """All that a token has to say; ``None`` leaves a claim out."""
    now = int(time.time())
    said = {"iss": ISSUER, "aud": CLIENT, "sub": "s-1", "nonce": NONCE, "iat": now, "exp": now + 300}
    return {name: value for name, value in {**said, **other}.items() if value is not None}


def signed(claims: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", **headers: object) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "one", **headers})


def by_hand(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token that no library would make."""
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (*parts, signature))


def at_hash(access_token: str) -> str:
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


@dataclass
class Provider:
    """Where people sign in: what it says of the next one, and what it was asked."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    token: str | None = None
    """An ID token in the place of a good one."""
    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk()])
    described: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    asked: list[Asked] = field(default_factory=list)

    def respond(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        match asked.path:
            case "/.well-known/openid-configuration":
                here = {name: f"{self.url}/{path}" for name, path in ENDPOINTS.items()}
                return in_json({"issuer": self.url, **here, **self.described})
            case "/keys":
                return in_json({"keys": self.keys})
            case "/token":
                token = self.token or signed(good_claims(iss=self.url, nonce=self.nonce, **self.claims))
                return in_json({"access_token": "an-access-token", "token_type": "Bearer", "id_token": token})
            case "/userinfo" if self.userinfo is not None:
                return in_json(self.userinfo)
        return in_json({}, 404)


ENDPOINTS = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "jwks_uri": "keys",
    "userinfo_endpoint": "userinfo",
}


@contextmanager
def running_provider() -> Iterator[Provider]:
    """On a free port of this machine."""
    provider = Provider("")
    with serving(provider.respond) as server:
        provider.url = server.url
        yield provider
