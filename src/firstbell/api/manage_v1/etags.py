"""ETags: the digest of what is told, so that nothing is sent twice, and nobody decides about what they did not see."""

import hashlib
import json

from django.http import HttpRequest
from ninja import Schema

from firstbell.api.manage_v1.problems import Changed


def etag_of(told: object) -> str:
    """Of an answer as the API has it before it is written."""
    said = json.dumps(told, default=str, sort_keys=True)
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether who asks has it already (`If-None-Match`)."""
    return etag in _named(request.headers.get("If-None-Match", ""))


def ensure_as_seen(request: HttpRequest, shape: Schema) -> None:
    """Raise Changed where `If-Match` names another state than this."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted.strip() != "*" and etag_of(shape.model_dump()) not in _named(wanted):
        raise Changed("It is not as you saw it any more: look again, then decide.")


def _named(header: str) -> set[str]:
    return {one.strip().removeprefix("W/") for one in header.split(",")}
