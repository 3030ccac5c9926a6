"""Work about cases that waits in the queue, or comes by the clock."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from firstbell.domain.assisted.following import follow
from firstbell.domain.assisted.forgetting import forget_closed
from firstbell.domain.assisted.handing import forget_logins, open_logins
from firstbell.domain.assisted.letters import send_letter
from firstbell.domain.assisted.models import Case
from firstbell.domain.assisted.queries import Asked, find_case, list_lines, list_unfetched
from firstbell.domain.assisted.queueing import (
    ANSWERED,
    DISPUTED,
    LETTERS,
    OPEN_LOGINS,
    QUEUE,
    REMINDER,
    SAID,
    WARNING,
    WRITE,
)
from firstbell.domain.assisted.reminding import tend
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.rounds import go_round, visit_each

ABOUT_THE_DAY = frozenset({SAID, DISPUTED, ANSWERED, REMINDER, WARNING})
"""What a letter may be about whatever the state."""
MOST = 100_000
FEW_TIMES = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name=OPEN_LOGINS, queue=QUEUE)
def open_confirmed_logins(district_id: int, case_id: int) -> None:
    """Open the log-ins of a case that the district has confirmed."""
    district = District.objects.get(pk=district_id)
    case = find_case(district, case_id)
    if case is not None:
        open_logins(district, case, today=today_of(district))


@app.periodic(cron="*/10 * * * *")
@app.task(name="assisted.tick", queue=LETTERS, queueing_lock="assisted.tick")
def tick(timestamp: int) -> None:
    """Have every open case follow its run, and do what is due by the clock: both may be said twice."""
    del timestamp
    now = timezone.now()
    go_round("assisted.tick", _open_cases(), lambda district, case: _tend(district, case, now))


def _tend(district: District, case: Case, now: datetime) -> None:
    follow(district, case, now=now)
    tend(district, case, now=now)


@app.periodic(cron="20 9 * * *")
@app.task(name="assisted.forget", queue=LETTERS, queueing_lock="assisted.forget")
def forget_what_is_old(timestamp: int) -> None:
    """Erase what of cases has been kept long enough, at night."""
    del timestamp
    now = timezone.now()
    visit_each("assisted.forget", District.objects.order_by("pk"), lambda district: _forget(district, now))


def _forget(district: District, now: datetime) -> None:
    forget_closed(district, now=now)
    for case in list_unfetched(district):
        forget_logins(district, case, now=now)


def _open_cases() -> Iterator[tuple[District, Case]]:
    for line in list_lines(Asked(), limit=MOST):
        case = find_case(line.district, line.case_id)
        if case is not None:
            yield line.district, case


@app.task(name=WRITE, queue=LETTERS, retry=FEW_TIMES)
def write(district_id: int, case_id: int, about: str) -> None:
    """Write a letter about a case, as it is by then. What it was about may be over: then nobody is written to."""
    district = District.objects.get(pk=district_id)
    case = find_case(district, case_id)
    if case is not None and about in {case.state, *ABOUT_THE_DAY}:
        send_letter(district, case, about)
