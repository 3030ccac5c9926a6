"""What the clock does about programs: marks of walks that nobody goes on with, and tokens that have ended, go,
and what retention has erased from the roster.
"""

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import list_districts
from firstbell.domain.districts.rounds import visit_each
from firstbell.domain.districts.wall import within
from firstbell.domain.sharing.models import AccessToken, Mark
from firstbell.domain.sharing.showing import forget_erased

QUEUE = "sharing"
MARKS_STAY = dt.timedelta(days=1)


@app.periodic(cron="23 * * * *")
@app.task(name="sharing.forget", queue=QUEUE, queueing_lock="sharing.forget")
def forget_what_has_ended(timestamp: int) -> None:
    """Once an hour."""
    del timestamp
    now = timezone.now()
    AccessToken.objects.filter(expires_at__lte=now).delete()
    visit_each("sharing.forget", list_districts(), lambda district: _forget(district, now))


def _forget(district: District, now: dt.datetime) -> None:
    with within(district):
        Mark.objects.filter(district_id=district.pk, at__lte=now - MARKS_STAY).delete()
        forget_erased(district)
