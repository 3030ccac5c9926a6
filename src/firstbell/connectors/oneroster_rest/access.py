"""How we prove who we are: a bearer token by OAuth 2 client credentials, or a signature by OAuth 1.0a, made anew for
each request over its whole address.
"""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol
from urllib.parse import quote

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256, Client

from firstbell.connectors.contract import About, ForGood
from firstbell.connectors.patience import Patience
from firstbell.connectors.transport import Answer, Wire

_RENEWED_BEFORE = 60.0
"""Seconds before its end at which a token is fetched anew."""
_LASTS = 3600.0
_DEMOGRAPHICS = "roster-demographics.readonly"


class Access(Protocol):
    """Signs requests."""

    def signed(self, url: str) -> Mapping[str, str]:
        """The headers of a request for this address. Raises Trouble where no token is to be had."""
        ...

    def renew(self) -> bool:
        """Called when a request was refused: true where another try with something new is worth it."""
        ...


@dataclass(frozen=True, slots=True)
class Signature:
    """OAuth 1.0a without a user's token."""

    key: str
    secret: str
    sha256: bool = True

    def signed(self, url: str) -> Mapping[str, str]:
        method = SIGNATURE_HMAC_SHA256 if self.sha256 else SIGNATURE_HMAC_SHA1
        _, headers, _ = Client(self.key, client_secret=self.secret, signature_method=method).sign(url)
        return {"Authorization": headers["Authorization"]}

    def renew(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that somebody gave us once and for all."""

    token: str

    def signed(self, url: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def renew(self) -> bool:
        return False


@dataclass(slots=True)
class Tokens:
    """OAuth 2 client credentials. One token serves all requests until shortly before its end."""

    wire: Wire
    patience: Patience
    url: str
    key: str
    secret: str
    scopes: tuple[str, ...]
    clock: Callable[[], float] = time.monotonic
    granted: tuple[str, ...] = ()
    """The scopes of the token, where the server names them."""
    _token: str = ""
    _until: float = 0.0
    _in_body: bool = False
    _lock: Lock = field(default_factory=Lock)

    def signed(self, url: str) -> Mapping[str, str]:
        with self._lock:
            if not self._token or self.clock() >= self._until:
                self._fetch()
            return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        """A token may end before its time. A fresh one that is refused stays refused."""
        with self._lock:
            had, self._token = bool(self._token), ""
        return had

    def _fetch(self) -> None:
        answer = self._ask()
        if answer.status in {400, 401} and not self._in_body and _error(answer) in {"", "invalid_client"}:
            self._in_body = True  # some take the secret in the form only
            answer = self._ask()
        if _error(answer) == "invalid_scope" and any(_DEMOGRAPHICS in scope for scope in self.scopes):
            self.scopes = tuple(scope for scope in self.scopes if _DEMOGRAPHICS not in scope)
            answer = self._ask()
        if answer.status != 200:
            raise _refused(answer)
        self._take(answer)

    def _ask(self) -> Answer:
        form = {"grant_type": "client_credentials"} | ({"scope": " ".join(self.scopes)} if self.scopes else {})
        if self._in_body:
            form |= {"client_id": self.key, "client_secret": self.secret}
            return self.patience.ask(lambda: self.wire.post(self.url, form))
        pair = f"{quote(self.key, safe='')}:{quote(self.secret, safe='')}"  # RFC 6749, 2.3.1
        basic = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        return self.patience.ask(lambda: self.wire.post(self.url, form, lambda url: basic))

    def _take(self, answer: Answer) -> None:
        said = _members(answer)
        token, lasts = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
            raise ForGood(
                "It gives no token where tokens should be.",
                about=About.LOG_IN,
                remedy="Look at the address for tokens.",
            )
        seconds = float(lasts) if isinstance(lasts, int | float | str) and _is_number(lasts) else _LASTS
        self._token, self._until = token, self.clock() + max(seconds - _RENEWED_BEFORE, seconds / 2)
        scope = said.get("scope")
        self.granted = tuple(scope.split()) if isinstance(scope, str) else ()


def _is_number(said: float | str) -> bool:
    return not isinstance(said, str) or (said.isascii() and said.isdigit() and len(said) < 10)


def _members(answer: Answer) -> dict[str, object]:
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _error(answer: Answer) -> str:
    """The code of a refusal (RFC 6749, 5.2)."""
    said = _members(answer).get("error")
    return said if isinstance(said, str) else ""


def _refused(answer: Answer) -> ForGood:
    error = _error(answer)
    if error == "invalid_scope":
        return ForGood(
            "The log-in is right, but it may not read rosters.",
            about=About.SCOPE,
            remedy="Ask whoever gave you the key to allow it the roster scopes, or enter those that it has.",
        )
    if answer.status in {400, 401, 403}:
        return ForGood(
            "It does not accept the key and secret.",
            about=About.LOG_IN,
            remedy="Copy both again, without blanks. If they are right, they may have been replaced or switched off.",
        )
    return ForGood(
        f"Asked for a token it answers HTTP {answer.status}.",
        about=About.LOG_IN,
        remedy="Look at the address for tokens.",
    )
