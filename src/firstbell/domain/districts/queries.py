"""Reading districts."""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from firstbell.domain.districts.models import District


def find_district(code: str) -> District | None:
    """The district with this code, however it is spelled."""
    return District.objects.filter(code=code.strip().lower()).first()


def find_practice(district: District) -> District | None:
    """The space in which a district practises."""
    return District.objects.filter(practice_of=district).first()


def list_districts(ids: Collection[int] | None = None) -> list[District]:
    """Every district, or those with these ids, by name; a practice space is none."""
    districts = District.objects.filter(practice_of=None)
    districts = districts if ids is None else districts.filter(pk__in=ids)
    return list(districts.order_by("name", "id"))


def today_of(district: District) -> date:
    """The district's date, wherever the program runs."""
    return timezone.localdate(timezone=ZoneInfo(district.time_zone))


def search_districts(words: str, *, limit: int) -> list[District]:
    """Districts whose name or code holds the words, by name; blank words find all. A practice space is none."""
    named = Q(name__icontains=words.strip()) | Q(code__icontains=words.strip())
    return list(District.objects.filter(named, practice_of=None).order_by("name", "id")[:limit])
