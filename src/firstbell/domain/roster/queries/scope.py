"""Whose people and classes are meant: those of the whole district or of some schools, for lists and for access."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Class, Enrollment, Merge, Role, User


@dataclass(frozen=True, slots=True)
class Scope:
    """The orgs (row ids) whose people and classes are meant; None for all of the district."""

    schools: frozenset[int] | None = None


WHOLE_DISTRICT = Scope()


def people_in(district: District, scope: Scope, *, removed: bool = False) -> QuerySet[User]:
    """People with a role in the scope's schools, or a place in one of their classes.

    A row that was merged into another is nobody's: the other one stands for the person.
    """
    people = User.objects.filter(district_id=district.pk, removed_at__isnull=not removed)
    if removed:
        people = people.exclude(_is_merged_away(district))
    if scope.schools is None:
        return people
    with_a_role = roles_in(district, scope, removed=removed).values("user_id")
    if removed:
        return people.filter(id__in=with_a_role)
    in_a_class = Enrollment.objects.filter(
        district_id=district.pk, removed_at=None, class_id__in=classes_in(district, scope).values("id")
    ).values("user_id")
    return people.filter(Q(id__in=with_a_role) | Q(id__in=in_a_class))


def roles_in(district: District, scope: Scope, *, removed: bool = False) -> QuerySet[Role]:
    """Roles that people have in the scope's schools; of people who are removed, those that they had when they left."""
    roles = Role.objects.filter(district_id=district.pk)
    if scope.schools is not None:
        roles = roles.filter(org_id__in=scope.schools)
    if not removed:
        return roles.filter(removed_at=None)
    person = User.objects.filter(
        district_id=district.pk, id=OuterRef("user_id"), removed_at__lte=OuterRef("removed_at")
    )
    return roles.filter(Exists(person.exclude(_is_merged_away(district))), removed_at__isnull=False)


def roles_on(district: District, day: date) -> QuerySet[Role]:
    """Roles that people have at organizations on a day: not before they begin, nor after they end."""
    return Role.objects.filter(
        Q(begin_date=None) | Q(begin_date__lte=day),
        Q(end_date=None) | Q(end_date__gt=day),
        district_id=district.pk,
        removed_at=None,
        org_id__isnull=False,
    )


def classes_in(district: District, scope: Scope, *, removed: bool = False) -> QuerySet[Class]:
    """Classes that are held in the scope's schools."""
    classes = Class.objects.filter(district_id=district.pk, removed_at__isnull=not removed)
    return classes if scope.schools is None else classes.filter(school_id__in=scope.schools)


def _is_merged_away(district: District) -> Exists:
    return Exists(Merge.objects.filter(district_id=district.pk, gone_id=OuterRef("id")))
