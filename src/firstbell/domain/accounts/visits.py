"""Reading the visits of vendor staff, and what they see there."""

from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from firstbell.domain.accounts.models import Account, StaffMembership, StaffRole, StaffVisit
from firstbell.domain.accounts.permissions import EVERYTHING, Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.wall import within

STAFF_SEE: Final = EVERYTHING - {Permission.VIEW_DEMOGRAPHICS, Permission.ANSWER_QUESTIONS}
"""What an administrator sees, but for what families reported and what teachers and students ask.

They change nothing: `Viewer.is_read_only`.
"""


def find_staff(account: Account) -> StaffMembership | None:
    """What an account is at the vendor; None for everybody else, and for an account that is closed."""
    staff = StaffMembership.objects.select_related("account").filter(account=account, account__is_active=True)
    return staff.first()


def find_visit(account: Account, code: str) -> tuple[District, StaffVisit] | None:
    """The visit that vendor staff are on in the district of this code."""
    if find_staff(account) is None:
        return None
    district = find_district(code)
    if district is None or not district.lets_staff_in:
        return None
    with within(district):
        visit = running_visits(district).filter(account=account).order_by("-id").first()
    return (district, visit) if visit else None


def list_visits(district: District, *, limit: int = 50) -> list[StaffVisit]:
    """The newest first, those that are over too."""
    with within(district):
        return list(StaffVisit.objects.filter(district=district).order_by("-id")[:limit])


def running_visits(district: District) -> QuerySet[StaffVisit]:
    """Those that go on. To be asked within the district."""
    return StaffVisit.objects.filter(district=district, ends_at__gt=timezone.now())


def view_on_visit(visit: StaffVisit) -> Viewer:
    """The viewer that a visit makes: an administrator who may only look."""
    return Viewer(
        account_id=visit.account_id,
        name=f"{visit.name} ({StaffRole(visit.role).label})",
        district_id=visit.district_id,
        role=None,
        permissions=STAFF_SEE,
        is_read_only=True,
    )
