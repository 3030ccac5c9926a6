"""Finding rows by the beginnings of what stands in them, whatever the case and the accents."""

from collections.abc import Iterable

from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Concat

LAST = Value("\U0010ffff")
"""Greater than every letter: the end of the range of what begins so."""
MOST_WORDS = 5
LONGEST_WORD = 100


def begins_with(columns: Iterable[str], words: str) -> Q:
    """Rows of which a column begins with the words, or in which each word begins some column. Blank words find all."""
    parts = [word[:LONGEST_WORD] for word in words.replace(",", " ").replace("\0", " ").split()][:MOST_WORDS]
    columns = tuple(columns)
    every_word = Q()
    for part in parts:
        every_word &= _any(columns, part)
    return every_word if len(parts) < 2 else every_word | _any(columns, " ".join(parts))


def _any(columns: Iterable[str], beginning: str) -> Q:
    key = Func(Value(beginning), function="roster_search_key", output_field=TextField())
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__gte": key, f"{column}__lt": Concat(key, LAST)})
    return found
