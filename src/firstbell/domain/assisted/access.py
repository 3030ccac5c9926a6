"""Cases for someone who may see them: those who run the district, and whoever of Technical Services has the case."""

from typing import Final

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.models import StaffMembership, StaffRole
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.accounts.visits import STAFF_SEE
from firstbell.domain.assisted.models import Case
from firstbell.domain.assisted.queries import find_case, list_cases
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district

DESK: Final = frozenset({StaffRole.TECHNICAL_SERVICES, StaffRole.OPERATOR})
"""Who of the vendor works on cases."""


class NoSuchCase(Exception):
    """Not there, or not yours: the same answer for both."""


def access_cases(viewer: Viewer, district: District) -> list[Case]:
    """The cases of a district. Raises NotAllowed."""
    _ensure_here(viewer, district)
    return list_cases(district)


def access_case(viewer: Viewer, district: District, case_id: int) -> Case:
    """One case of the viewer's district. Raises NotAllowed, and NoSuchCase for what is not there."""
    _ensure_here(viewer, district)
    case = find_case(district, case_id)
    if case is None:
        raise NoSuchCase(case_id)
    return case


class NotYours(Exception):
    """The case may be seen, but this is for somebody else to do; the text says for whom."""


def ensure_contact(viewer: Viewer, case: Case) -> None:
    """Raise NotYours for everybody but the contact person."""
    if viewer.account_id != case.contact_id:
        raise NotYours(f"Only {case.contact_name}, the contact person of the case, can do this.")


def is_at_desk(staff: StaffMembership) -> bool:
    """Whether somebody of the vendor works on cases."""
    return staff.role in DESK


def access_desk(staff: StaffMembership) -> None:
    """Raise NoSuchCase for who of the vendor does not work on cases."""
    if not is_at_desk(staff):
        raise NoSuchCase(staff.role)


def access_case_at_desk(staff: StaffMembership, code: str, case_id: int) -> tuple[District, Case]:
    """A case for Technical Services, as far as everybody there sees it. Raises NoSuchCase.

    A district that lets no staff in shows its cases to none of them.
    """
    access_desk(staff)
    district = find_district(code)
    case = find_case(district, case_id) if district is not None and district.lets_staff_in else None
    if district is None or case is None:
        raise NoSuchCase(case_id)
    return district, case


def access_own_case_at_desk(staff: StaffMembership, code: str, case_id: int) -> tuple[District, Case]:
    """The same for who has the case, with its files, findings and accounts. Raises NoSuchCase and NotYours."""
    district, case = access_case_at_desk(staff, code, case_id)
    if case.claimed_id != staff.account_id:
        has = f"{case.claimed_by} has this case." if case.claimed_id else "Nobody has this case yet. Claim it first."
        raise NotYours(has)
    return district, case


def view_at_desk(staff: StaffMembership, district: District) -> Viewer:
    """Whoever has a case looks at its runs as on a visit: nothing that families reported, and nothing to change."""
    name = f"{staff.account.name} ({StaffRole(staff.role).label})"
    return Viewer(staff.account_id, name, district.pk, None, STAFF_SEE, is_read_only=True)


def _ensure_here(viewer: Viewer, district: District) -> None:
    if viewer.district_id != district.pk:
        raise NoSuchCase(district.pk)
    ensure_may(viewer, Permission.MANAGE_CASES)
