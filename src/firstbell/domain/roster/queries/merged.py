"""Rows of people that were merged into others: which row stands for them now."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Merge

MERGED_AWAY = "exists (select from roster_merge m where m.district_id = r.district_id and m.gone_id = r.id)"
"""SQL, true of a person's row ``r`` that was merged into another."""


def merged_away(district: District) -> QuerySet[Merge]:
    """The rows that are people no more, as a subquery: ``.values("gone_id")``."""
    return Merge.objects.filter(district_id=district.pk)


def survivors(district: District) -> dict[int, int]:
    """By row that was merged away the row that stands for it now, at the end of the chain."""
    led = dict(merged_away(district).values_list("gone_id", "kept_id"))
    return {gone: _end(led, gone) for gone in led}


def survivor_of(district: District, person_id: int) -> int:
    """The row that stands for a person now: their own, where it was not merged into another."""
    while kept := merged_away(district).filter(gone_id=person_id).values_list("kept_id", flat=True).first():
        person_id = kept
    return person_id


def with_merged(district: District, person_ids: Sequence[int]) -> list[int]:
    """These people's rows, and all rows that were merged into them, over however many steps."""
    found, newest = list(person_ids), list(person_ids)
    while newest:
        newest = _merged_into(district, newest)
        found += newest
    return found


def _merged_into(district: District, person_ids: Iterable[int]) -> list[int]:
    into = merged_away(district).filter(kept_id__in=list(person_ids))
    return list(into.order_by("gone_id").values_list("gone_id", flat=True))


def _end(led: dict[int, int], gone: int) -> int:
    while gone in led:
        gone = led[gone]
    return gone
