"""The classes of one person: what a teacher and a student may see."""

from datetime import date

from django.db.models import Q

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Class, Enrollment
from firstbell.domain.roster.queries.classes import ClassLine, class_lines


def list_own_classes(district: District, person_id: int, role: str, *, today: date) -> list[ClassLine]:
    """The classes that a person has a place in as this (OneRoster's word: student, teacher), by title."""
    classes = Class.objects.filter(
        district_id=district.pk, removed_at=None, id__in=own_class_ids(district, person_id, role, today=today)
    )
    return class_lines(district, list(classes.order_by("title_key", "id")))


def own_class_ids(district: District, person_id: int, role: str, *, today: date) -> list[int]:
    """Row ids of those classes, without places that have ended (the end date is the first day after)."""
    places = Enrollment.objects.filter(
        Q(end_date=None) | Q(end_date__gt=today), district_id=district.pk, user_id=person_id, role=role, removed_at=None
    )
    return [class_id for class_id in places.values_list("class_id", flat=True) if class_id is not None]
