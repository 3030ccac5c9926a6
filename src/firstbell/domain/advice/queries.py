"""Reading kept advice."""

from datetime import date

from firstbell.domain.advice.models import Prospect, SetupPlan
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


def find_prospect(reference: str) -> Prospect | None:
    """The prospect with this reference, however it is spelled."""
    return Prospect.objects.filter(reference=reference.strip().lower()).first()


def list_prospects(*, today: date, limit: int = 100) -> list[Prospect]:
    """Those that are still to be kept, the newest first."""
    return list(Prospect.objects.filter(keep_until__gte=today).order_by("-id")[:limit])


def find_plan(district: District) -> SetupPlan | None:
    """A district's set-up plan."""
    with within(district):
        return SetupPlan.objects.filter(district_id=district.pk).first()
