"""Rows that have a word within a name: found beside those whose names begin with it."""

from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Concat

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import SearchWord
from firstbell.domain.roster.queries.searching import LAST

FEW = 500
"""Fewer rows are named one by one, so that the other indexes are used beside them."""


def has_word(district: District, table: str, beginning: str) -> Q | None:
    """Rows of a table in whose names, behind their first word, one begins so; None where there is none."""
    key = Func(Value(beginning), function="roster_search_key", output_field=TextField())
    words = SearchWord.objects.filter(
        district_id=district.pk, kind=KINDS[table], word__gte=key, word__lt=Concat(key, LAST)
    )
    ids = set(words.values_list("row_id", flat=True)[: FEW + 1])
    if not ids:
        return None
    return Q(id__in=ids) if len(ids) <= FEW else Q(id__in=words.values("row_id"))
