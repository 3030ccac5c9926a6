"""Several short secrets of one thing, sealed together with the district's key: opened for one call, then gone."""

import json
from collections.abc import Mapping

from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import seal, unseal


def put_words(district: District, sealed: bytes, said: Mapping[str, str], *, name: str) -> bytes:
    """What was sealed with these in the place of those of the same name; a blank one leaves what is there."""
    kept = open_words(district, sealed, name=name) | {word: value for word, value in said.items() if value}
    return seal(district, json.dumps(kept).encode(), name=name) if kept else b""


def open_words(district: District, sealed: bytes, *, name: str) -> dict[str, str]:
    """The secrets in clear by their names. Raises Unsealable for a key or a name that is not the one of then."""
    opened: dict[str, str] = json.loads(unseal(district, bytes(sealed), name=name)) if sealed else {}
    return opened
