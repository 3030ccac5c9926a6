"""The kept counts of a large district, for lists that show all of it. Whatever else is asked is counted as it is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal

from django.utils import timezone

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Tally, TallyOf
from firstbell.domain.roster.queries.scope import Scope

OLD: Final = timedelta(minutes=15)
"""Counts of an older version of the roster are shown for so long; a worker counts anew each minute."""


def find_tally(
    district: District, scope: Scope, kind: TallyOf, *, school: int | None = None, second: str = "", grade: str = ""
) -> int | None:
    """One count, or None where none is kept for what is asked."""
    if not _is_kept(district, scope):
        return None
    found = Tally.objects.filter(
        district_id=district.pk, kind=kind, school_id=school or 0, second=second, grade=grade
    ).values_list("count", flat=True)
    return found.first() or 0


def find_tallies(
    district: District,
    scope: Scope,
    kind: TallyOf,
    by: Literal["school_id", "second", "grade"],
    *,
    school: int | None = None,
    second: str = "",
    grade: str = "",
) -> Mapping[str, int] | None:
    """Counts by one of the three (as text), where the others are as said; None where none are kept."""
    if not _is_kept(district, scope):
        return None
    said: dict[str, object] = {"school_id": school or 0, "second": second, "grade": grade}
    said.pop(by)
    tallies = Tally.objects.filter(district_id=district.pk, kind=kind, **said)
    tallies = tallies.exclude(**{by: 0 if by == "school_id" else ""})
    return {str(value): count for value, count in tallies.values_list(by, "count")}


def _is_kept(district: District, scope: Scope) -> bool:
    if scope.schools is not None or district.tallied_stamp is None or district.tallied_at is None:
        return False
    return district.tallied_stamp == district.last_stamp or district.tallied_at > timezone.now() - OLD
