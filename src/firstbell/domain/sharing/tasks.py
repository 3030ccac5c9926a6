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
from firstbell.domain.sharing.calling import CALL, begin_calls, tell_program
from firstbell.domain.sharing.calling import QUEUE as CALLS
from firstbell.domain.sharing.models import AccessToken, Delivery, Mark, Past
from firstbell.domain.sharing.oneroster.feed import DAYS
from firstbell.domain.sharing.outlets import LEAVE, begin_due_outlets, leave
from firstbell.domain.sharing.outlets import QUEUE as EXPORTS
from firstbell.domain.sharing.showing import forget_erased

QUEUE = "sharing"
MARKS_STAY = dt.timedelta(days=1)
PAST_STAYS = dt.timedelta(days=DAYS + 1)
"""Longer than any cursor."""


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
        Delivery.objects.filter(district_id=district.pk, done_at__lte=now - dt.timedelta(days=DAYS)).delete()
        Past.objects.filter(district_id=district.pk, at__lte=now - PAST_STAYS).delete()
        forget_erased(district)


@app.periodic(cron="* * * * *")
@app.task(name="sharing.tick", queue="ticks", queueing_lock="sharing.tick")
def tick(timestamp: int) -> None:
    """Each minute: programs that are told of changes, and files that are to be left."""
    del timestamp
    begin_calls(timezone.now())
    begin_due_outlets(timezone.now())


@app.task(name=LEAVE, queue=EXPORTS)
def leave_files(district_id: int, outlet_id: int) -> None:
    """Leave the files of one program where it wants them."""
    leave(District.objects.get(pk=district_id), outlet_id)


@app.task(name=CALL, queue=CALLS)
def tell(district_id: int, client_id: int) -> None:
    """Tell one program what changed."""
    tell_program(District.objects.get(pk=district_id), client_id)
