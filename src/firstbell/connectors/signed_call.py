"""A message to a program of somebody's, signed so that it knows who sent it: to an address that ``reach`` allows."""

import hashlib
import hmac
from collections.abc import Mapping

from firstbell.connectors.contract import Trouble
from firstbell.connectors.reach import Reach
from firstbell.connectors.transport import Bounds, Wire

SIGNATURE = "Firstbell-Signature"


def signature_of(secret: bytes, body: str, at: int) -> str:
    """``t=<seconds since 1970>,v1=<HMAC-SHA256 in hexadecimal of "<t>.<body>">``."""
    digest = hmac.new(secret, f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def call(url: str, body: str, secret: bytes, reach: Reach, *, at: int, more: Mapping[str, str] | None = None) -> str:
    """POST JSON, signed. What went wrong, in a sentence; blank where the program took it (any 2xx).

    ``at``: seconds since 1970. ``more``: headers of this message. A redirect is not followed.
    """
    headers = {"Content-Type": "application/json", SIGNATURE: signature_of(secret, body, at), **(more or {})}
    try:
        with Wire(reach, Bounds(read=15, whole=20, size=1024 * 1024)) as wire:
            answer = wire.send(url, body.encode(), lambda _: headers)
    except Trouble as trouble:
        return str(trouble)
    return "" if 200 <= answer.status < 300 else f"It answered {answer.status}."
