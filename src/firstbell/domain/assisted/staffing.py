"""Who of the vendor works on cases."""

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.accounts.staff import list_staff
from firstbell.domain.assisted.access import DESK
from firstbell.domain.assisted.models import Case


def list_desk() -> list[StaffMembership]:
    """Who works on cases, by name."""
    return list_staff(*DESK)


def staff_of(case: Case) -> StaffMembership | None:
    """Who has the case; None where nobody does, or whoever did works there no longer."""
    return next((one for one in list_desk() if one.account_id == case.claimed_id), None)
