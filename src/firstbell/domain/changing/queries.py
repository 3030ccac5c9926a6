"""Reading what a change of method would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef

from firstbell.domain.accounts.models import Membership
from firstbell.domain.accounts.queries import memberships_that_open
from firstbell.domain.changing.models import PlannedChange
from firstbell.domain.districts.models import District, Method
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Source, User
from firstbell.domain.signon.models import Tie

FEW: Final = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose the people and classes on the roster are now."""

    people_of_sources: int
    people_of_nobody: int
    classes_of_sources: int
    classes_of_nobody: int
    sources: int


def find_planned(district: District) -> PlannedChange | None:
    """The change that a day is set for."""
    with within(district):
        return PlannedChange.objects.filter(district_id=district.pk).first()


def standing_of(district: District) -> Standing:
    """What sources own, and so is locked in the product, and what is the district's own."""
    with within(district):
        people = User.objects.filter(district_id=district.pk, removed_at=None)
        classes = Class.objects.filter(district_id=district.pk, removed_at=None)
        return Standing(
            people.exclude(source_id=None).count(),
            people.filter(source_id=None).count(),
            classes.exclude(source_id=None).count(),
            classes.filter(source_id=None).count(),
            Source.objects.filter(district_id=district.pk).count(),
        )


def only_by_sign_on(district: District, *, limit: int = FEW) -> tuple[int, Sequence[int]]:
    """People on the roster who come in by single sign-on and have no other way: how many, and the first of them.

    Where the district leaves Automated they would be shut out.
    """
    with within(district):
        opens = memberships_that_open(district).filter(person_id=OuterRef("person_id"))
        comes = Tie.objects.filter(district_id=district.pk, person_id=OuterRef("person_id"))
        on_roster = User.objects.filter(district_id=district.pk, removed_at=None).values("id")
        members = Membership.objects.filter(district=district, account__is_active=True, person_id__in=on_roster)
        shut_out = members.filter(Exists(comes)).exclude(Exists(opens)).order_by("person_id")
        ids = shut_out.values_list("person_id", flat=True).distinct()
        return ids.count(), [one for one in ids[:limit] if one is not None]


def leaves_sign_on(district: District, method: str) -> bool:
    """Whether changing to this method ends single sign-on."""
    return district.method == Method.AUTOMATED and method != Method.AUTOMATED
