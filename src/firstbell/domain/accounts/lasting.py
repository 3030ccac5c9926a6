"""How long somebody stays signed in: by what they are, as each district says, and never longer than the most."""

from dataclasses import dataclass
from typing import Final

from firstbell.domain.accounts.models import Account, Membership, Role
from firstbell.domain.districts.models import District

MOST_HOURS: Final = 12
"""A working day: after that every session is over (settings.SESSION_COOKIE_AGE)."""
LEAST_HOURS: Final = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Roles that stay signed in for one time."""

    name: str
    label: str
    roles: frozenset[Role]


GROUPS: Final = (
    Group("student_hours", "Students", frozenset({Role.STUDENT})),
    Group("teacher_hours", "Teachers", frozenset({Role.TEACHER})),
    Group("office_hours", "Administrators, principals and registrars", frozenset(Role) - {Role.STUDENT, Role.TEACHER}),
)


def hours_of(district: District, group: Group) -> int:
    """The district's rule for a group."""
    return int(district.session_hours.get(group.name, MOST_HOURS))


def session_hours(account: Account) -> int:
    """For how many hours an account stays signed in: the least that any of its districts says."""
    memberships = Membership.objects.filter(account=account).select_related("district")
    hours = [
        hours_of(membership.district, group)
        for membership in memberships
        for group in GROUPS
        if membership.role in group.roles
    ]
    return min(hours, default=MOST_HOURS)
