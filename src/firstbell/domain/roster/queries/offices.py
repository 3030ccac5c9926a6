"""Who works in the office of a school and signs in, and at which schools somebody is a student."""

from collections.abc import Collection
from datetime import date
from typing import Final

from firstbell.domain.accounts.models import Account, Membership
from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.districts.models import District
from firstbell.domain.roster.queries.classes import STUDENT
from firstbell.domain.roster.queries.scope import roles_on
from firstbell.engine.vocabulary import STAFF_ROLES

OF_A_SCHOOL: Final = frozenset({MembershipRole.PRINCIPAL, MembershipRole.REGISTRAR})
"""Who is in the district for the schools at which the roster says that they work."""


def list_office(district: District, schools: Collection[int], *, today: date) -> list[Account]:
    """The principals and registrars of these schools (row ids), by name, each once."""
    works_there = roles_on(district, today).filter(org_id__in=schools, role__in=STAFF_ROLES).values("user_id")
    members = Membership.objects.filter(district=district, role__in=OF_A_SCHOOL, person_id__in=works_there)
    accounts = Account.objects.filter(pk__in=members.values("account_id"), is_active=True)
    return list(accounts.order_by("name", "id"))


def schools_of_student(district: District, person_id: int, *, today: date) -> list[int]:
    """The organizations (row ids) at which somebody is a student."""
    roles = roles_on(district, today).filter(user_id=person_id, role=STUDENT)
    return sorted({org_id for org_id in roles.values_list("org_id", flat=True) if org_id is not None})
