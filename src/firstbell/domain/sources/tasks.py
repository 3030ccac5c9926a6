"""Work of sources that waits in the queue."""

from datetime import datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import list_districts, today_of
from firstbell.domain.districts.rounds import go_round
from firstbell.domain.roster.editing.leaving import let_leave
from firstbell.domain.sources.ahead import look_ahead
from firstbell.domain.sources.asking import ASK, send_question
from firstbell.domain.sources.bringing import look_into_folders
from firstbell.domain.sources.cutting_over import cut_over
from firstbell.domain.sources.expiring import expire_holds
from firstbell.domain.sources.letters import tell
from firstbell.domain.sources.noticing import QUEUE, TELL
from firstbell.domain.sources.queueing import SYNC
from firstbell.domain.sources.syncing import carry_on
from firstbell.domain.sources.ticking import begin_due

FEW_TIMES = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name=SYNC, queue="imports")
def sync_source(district_id: int, sync_id: int) -> None:
    """Fetch from a source and carry the run out."""
    carry_on(District.objects.get(pk=district_id), sync_id)


@app.task(name=TELL, queue=QUEUE, retry=FEW_TIMES)
def tell_people(district_id: int, notice_id: int) -> None:
    """Write the letters of a notice."""
    tell(District.objects.get(pk=district_id), notice_id)


@app.task(name=ASK, queue=QUEUE, retry=FEW_TIMES)
def ask_about_run(district_id: int, question_id: int) -> None:
    """Send a letter to whoever keeps the student information system."""
    send_question(District.objects.get(pk=district_id), question_id)


@app.periodic(cron="7 * * * *")
@app.task(name="sources.look_ahead", queue=QUEUE, queueing_lock="sources.look_ahead")
def look_ahead_everywhere(timestamp: int) -> None:
    """Each hour: cut-overs, whose last day has passed, days off and last days that come, holds that nobody answers or
    that end, Mondays the week."""
    del timestamp
    steps = (cut_over, _let_leave, expire_holds, look_ahead)
    each = ((district, step) for district in list_districts() for step in steps)
    go_round("sources.look_ahead", each, lambda district, step: step(district, timezone.now()))


def _let_leave(district: District, now: datetime) -> None:
    del now  # the district has its own day
    let_leave(district, today_of(district))


@app.periodic(cron="* * * * *")
@app.task(name="sources.tick", queue="ticks", queueing_lock="sources.tick")
def tick(timestamp: int) -> None:
    """Each minute: begin what is due, and take what lies ready."""
    del timestamp
    begin_due(timezone.now())
    look_into_folders()
