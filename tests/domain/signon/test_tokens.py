"""An ID token proves who somebody is, or nothing: each way to make one that is not quite right is refused."""

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.domain.signon.provider import (
    CLIENT,
    EC_KEY,
    ISSUER,
    KEY,
    NONCE,
    OTHER_KEY,
    at_hash,
    by_hand,
    ec_jwk,
    good_claims,
    jwk,
    pem,
    signed,
)

from firstbell.domain.signon.tokens import BadToken, Expected, check_token

EXPECTED = Expected(ISSUER, CLIENT, NONCE)
KEYS = [jwk(), jwk(OTHER_KEY, kid="for encryption", use="enc"), ec_jwk()]
SHORT_KEY = rsa.generate_private_key(65537, 1024)


def moment(seconds: int) -> int:
    """So many seconds from now, in seconds since 1970. Asked when a token is made: the suite runs for long."""
    return int(time.time()) + seconds


def _hmac(claims: dict[str, Any], secret: bytes, header: dict[str, Any]) -> str:
    """Signed with HMAC over whatever bytes: libraries refuse to make one with a public key."""
    unsigned = by_hand(header, claims).rsplit(".", 1)[0]
    return by_hand(header, claims, hmac.new(secret, unsigned.encode(), hashlib.sha256).digest())


GOOD: dict[str, Callable[[], object]] = {
    "RS256": lambda: signed(good_claims()),
    "a list of one audience": lambda: signed(good_claims(aud=[CLIENT])),
    "two audiences, given to us": lambda: signed(good_claims(aud=[CLIENT, "other"], azp=CLIENT)),
    "a clock half a minute off": lambda: signed(good_claims(iat=moment(30), exp=moment(300))),
    "ES256 by a key without an algorithm": lambda: signed(good_claims(), EC_KEY, "ES256", kid="curve"),
    "the hash of its access token": lambda: signed(good_claims(at_hash=at_hash("access"))),
}
BAD: dict[str, Callable[[], object]] = {
    # no signature, or not that of the provider
    "none": lambda: by_hand({"alg": "none"}, good_claims()),
    "None": lambda: by_hand({"alg": "None", "kid": "one"}, good_claims()),
    "nOnE": lambda: by_hand({"alg": "nOnE", "kid": "one"}, good_claims(), b"x"),
    "no algorithm": lambda: by_hand({"kid": "one"}, good_claims()),
    "RS256 with an empty signature": lambda: by_hand({"alg": "RS256", "kid": "one"}, good_claims()),
    "a signature of something else": lambda: (
        signed(good_claims(sub="s-2")).rsplit(".", 1)[0] + "." + signed(good_claims()).rsplit(".", 1)[1]
    ),
    "another key under its id": lambda: signed(good_claims(), OTHER_KEY),
    "HS256 by the public key as PEM": lambda: _hmac(good_claims(), pem(), {"alg": "HS256", "kid": "one"}),
    "HS256 by the modulus": lambda: _hmac(good_claims(), jwk()["n"].encode(), {"alg": "HS256", "kid": "one"}),
    "HS256 by the client id": lambda: _hmac(good_claims(), CLIENT.encode(), {"alg": "HS256", "kid": "one"}),
    "HS256 by nothing": lambda: _hmac(good_claims(), b"", {"alg": "HS256", "kid": "one"}),
    "a list of algorithms": lambda: by_hand({"alg": ["RS256"], "kid": "one"}, good_claims()),
    "an algorithm that the key is not for": lambda: signed(good_claims(), algorithm="RS512"),
    "PS256 by a key for RS256": lambda: signed(good_claims(), algorithm="PS256"),
    "ES256 by the id of an RSA key": lambda: signed(good_claims(), EC_KEY, "ES256"),
    "RS256 by the id of a curve": lambda: signed(good_claims(), kid="curve"),
    "an unknown key id": lambda: signed(good_claims(), kid="two"),
    "a key id that is a path": lambda: signed(good_claims(), kid="../../dev/null"),
    "a key id that is a number": lambda: by_hand({"alg": "RS256", "kid": 1}, good_claims(), b"x"),
    "no key id where there are several": lambda: jwt.encode(good_claims(), KEY, algorithm="RS256"),
    "a key for encryption": lambda: signed(good_claims(), OTHER_KEY, kid="for encryption"),
    "a key that it brings along": lambda: signed(good_claims(), OTHER_KEY, kid="mine", jwk=jwk(OTHER_KEY)),
    "a key at an address that it names": lambda: signed(good_claims(), OTHER_KEY, kid="mine", jku="https://evil.test"),
    "a critical header": lambda: signed(good_claims(), crit=["exp"]),
    "an unencoded payload": lambda: by_hand({"alg": "RS256", "kid": "one", "b64": False}, good_claims(), b"x"),
    # not ours
    "another issuer": lambda: signed(good_claims(iss="https://evil.test")),
    "an issuer with a slash": lambda: signed(good_claims(iss=f"{ISSUER}/")),
    "a list of issuers": lambda: signed(good_claims(iss=None) | {"iss": ISSUER + "x"}),
    "no issuer": lambda: signed(good_claims(iss=None)),
    "another audience": lambda: signed(good_claims(aud="another-app")),
    "an audience that begins like ours": lambda: signed(good_claims(aud=f"{CLIENT}-2")),
    "no audience": lambda: signed(good_claims(aud=None)),
    "an empty list of audiences": lambda: signed(good_claims(aud=[])),
    "two audiences, given to nobody": lambda: signed(good_claims(aud=[CLIENT, "other"])),
    "given to another": lambda: signed(good_claims(azp="other")),
    "another nonce": lambda: signed(good_claims(nonce="of another sign-in")),
    "no nonce": lambda: signed(good_claims(nonce=None)),
    "a nonce that is a list": lambda: signed(good_claims(nonce=[NONCE])),
    "the hash of another access token": lambda: signed(good_claims(at_hash=at_hash("another"))),
    # of nobody
    "no subject": lambda: signed(good_claims(sub=None)),
    "an empty subject": lambda: signed(good_claims(sub="")),
    "a subject of 300 letters": lambda: signed(good_claims(sub="x" * 300)),
    # not now
    "over": lambda: signed(good_claims(iat=moment(-400), exp=moment(-100))),
    "no end": lambda: signed(good_claims(exp=None)),
    "an end that is a text": lambda: by_hand({"alg": "RS256", "kid": "one"}, good_claims(exp="never"), b"x"),
    "an end that is true": lambda: signed(good_claims() | {"exp": True}),
    "no beginning": lambda: signed(good_claims(iat=None)),
    "made in an hour": lambda: signed(good_claims(iat=moment(3600), exp=moment(7200))),
    "made an hour ago": lambda: signed(good_claims(iat=moment(-3600), exp=moment(3600))),
    "not before tomorrow": lambda: signed(good_claims(nbf=moment(86400))),
    # no token
    "nothing": lambda: None,
    "a number": lambda: 17,
    "an empty text": lambda: "",
    "two parts": lambda: signed(good_claims()).rsplit(".", 1)[0],
    "five parts, encrypted": lambda: "a.b.c.d.e",
    "a megabyte": lambda: signed(good_claims(padding="x" * 1_000_000)),
    "not JSON within": lambda: "bm90.anNvbg.x",
    "a list within": lambda: jwt.api_jws.encode(b"[1]", KEY, "RS256", {"kid": "one"}),
}


def test_there_are_more_than_forty() -> None:
    assert len(BAD) >= 40


@pytest.mark.parametrize("name", GOOD)
def test_a_good_token_says_who_it_is(name: str) -> None:
    assert check_token(GOOD[name](), KEYS, EXPECTED, now=time.time(), access_token="access")["sub"] == "s-1"


@pytest.mark.parametrize("name", BAD)
def test_a_token_that_is_not_quite_right_is_refused(name: str) -> None:
    with pytest.raises(BadToken):
        check_token(BAD[name](), KEYS, EXPECTED, now=time.time(), access_token="access")


def test_a_short_key_is_not_trusted() -> None:
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = signed(good_claims(), SHORT_KEY)
    with pytest.raises(BadToken):
        check_token(token, [jwk(SHORT_KEY)], EXPECTED, now=time.time())


def test_a_sign_in_without_a_nonce_takes_no_token() -> None:
    with pytest.raises(BadToken):
        check_token(signed(good_claims(nonce="")), KEYS, Expected(ISSUER, CLIENT, ""), now=time.time())


def test_one_key_needs_no_id() -> None:
    token = jwt.encode(good_claims(), KEY, algorithm="RS256")
    assert check_token(token, [jwk()], EXPECTED, now=time.time())["sub"] == "s-1"
