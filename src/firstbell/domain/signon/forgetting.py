"""What is kept of sign-ins goes in time, and with the person whom it is about."""

from datetime import datetime, timedelta

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.erasing import Held
from firstbell.domain.signon.models import SignIn, Tie


def reach_sign_ins(district: District, held: Held) -> None:
    """Sign-ins of people who are being erased go, and those that brought what named them."""
    with within(district):
        mine = SignIn.objects.filter(district_id=district.pk)
        mine.filter(person_id__in=held.people).delete()
        mine.filter(value__in=held.words).delete()
        Tie.objects.filter(district_id=district.pk, person_id__in=held.people).delete()


def forget_old_sign_ins(district: District, *, now: datetime) -> int:
    """Remove sign-ins from before the district's period; how many."""
    with within(district):
        before = now - timedelta(days=district.retention_days)
        count, _ = SignIn.objects.filter(district_id=district.pk, at__lt=before).delete()
    return count
