"""Lists in pieces: where a page of a list begins, and the links to the pieces beside it."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode

from django.http import HttpRequest

from firstbell.domain.roster.queries.keyset import Piece, Place
from firstbell.web.components.shapes import PageLinks

LARGEST_ID = 2**63 - 1


class HasId(Protocol):
    """A row that a place can name."""

    @property
    def id(self) -> int: ...


def place_of(request: HttpRequest) -> Place:
    """Where the address says that the list begins (?after=4711) or ends (?before=4711, ?last=yes)."""
    asked = request.GET
    return Place(id_in(asked.get("after", "")), id_in(asked.get("before", "")), last=asked.get("last") == "yes")


def id_in(text: str) -> int | None:
    """A row's id, or None for anything else that somebody typed."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def address(path: str, parameters: Mapping[str, str | int]) -> str:
    """A path with those parameters that say something."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{query}" if query else path


def links_of[T: HasId](path: str, parameters: Mapping[str, str | int], piece: Piece[T]) -> PageLinks | None:
    """Links to the pieces before and behind, the first and the last; None where this one is all."""
    if not piece.rows or not (piece.has_before or piece.has_after):
        return None
    before = address(path, {**parameters, "before": piece.rows[0].id}) if piece.has_before else ""
    after = address(path, {**parameters, "after": piece.rows[-1].id}) if piece.has_after else ""
    return PageLinks(
        before,
        after,
        newer_label="Previous",
        older_label="Next",
        newest_url=(address(path, parameters) or path) if before else "",
        oldest_url=address(path, {**parameters, "last": "yes"}) if after else "",
    )
