"""Who leaves the roster on a day that somebody has set."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count
from django.utils import timezone

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Leaving, User


def find_last_days(district: District, person_ids: Iterable[int]) -> dict[int, date]:
    """The last day of each of these people who has one."""
    leaving = Leaving.objects.filter(district_id=district.pk, person_id__in=list(person_ids))
    return dict(leaving.values_list("person_id", "last_day"))


def take_unwarned(district: District, until: date) -> list[tuple[date, int]]:
    """Days up to this one, and how many leave after each of whom nobody was told yet; from now on somebody is."""
    kept = User.objects.filter(district_id=district.pk, removed_at=None, source_id=None)
    soon = Leaving.objects.filter(
        district_id=district.pk, last_day__lte=until, warned_at=None, person_id__in=kept.values("id")
    )
    days = list(soon.values_list("last_day").annotate(people=Count("person_id")).order_by("last_day"))
    soon.update(warned_at=timezone.now())
    return days
