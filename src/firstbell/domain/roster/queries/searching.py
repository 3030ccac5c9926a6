"""Finding rows by the beginnings of what stands in them, whatever the case and the accents."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_
from typing import Final

from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Concat

LAST: Final = Value("\U0010ffff")
"""Greater than every letter: with it ends the range of what begins so."""
MOST_WORDS = 5
LONGEST = 200


type Also = Callable[[str], Q | None]
"""Rows that a word finds elsewhere."""


def begins_with(
    columns: Iterable[str], words: str, *, names: tuple[str, str] | None = None, also: Also | None = None
) -> Q:
    """Rows of which a column begins with the words, or in which each word begins some column. Blank words find all.

    ``names`` are two columns that may also begin with some of the words and the rest of them, in either order; ``also``
    finds more rows by one word.
    """
    columns = tuple(columns)
    phrase = " ".join(words.replace("\0", " ").split())[:LONGEST]
    parts = phrase.replace(",", " ").split()[:MOST_WORDS]
    if not parts:
        return Q()
    found = _any(columns, phrase)
    if len(parts) == 1:  # said once: the database would look for it twice
        by_word = _by_word(columns, parts[0], also)
        return by_word if parts[0] == phrase else found | by_word
    every_word = reduce(and_, (_by_word(columns, part, also) for part in parts))
    return found | every_word | _split(names, parts) if names else found | every_word


def _split(names: tuple[str, str], parts: list[str]) -> Q:
    pieces = [(" ".join(parts[:place]), " ".join(parts[place:])) for place in range(1, len(parts))]
    ways = [_one(first, head) & _one(second, tail) for first, second in (names, names[::-1]) for head, tail in pieces]
    return reduce(or_, ways)


def _by_word(columns: Iterable[str], word: str, also: Also | None) -> Q:
    more = also(word) if also else None
    found = _any(columns, word)
    return found if more is None else found | more


def _any(columns: Iterable[str], beginning: str) -> Q:
    return reduce(or_, (_one(column, beginning) for column in columns))


def _one(column: str, beginning: str) -> Q:
    key = Func(Value(beginning), function="roster_search_key", output_field=TextField())
    return Q(**{f"{column}__gte": key, f"{column}__lt": Concat(key, LAST)})
