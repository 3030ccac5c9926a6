"""Work about advice that waits in the queue, or comes by the clock."""

from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from firstbell.domain.advice.actions import forget_prospects
from firstbell.domain.advice.letters import may_write, send_prospect
from firstbell.domain.advice.models import Prospect
from firstbell.domain.advice.queueing import QUEUE, TELL_OF_PROSPECT
from firstbell.domain.audit.actor import SYSTEM

FEW_TIMES = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name=TELL_OF_PROSPECT, queue=QUEUE, retry=FEW_TIMES)
@transaction.atomic
def tell_of_prospect(prospect_id: int) -> None:
    """Write to the contact, unless the prospect is gone or the contact was told.

    The row is locked meanwhile: two workers with the same prospect write one letter.
    """
    prospect = Prospect.objects.select_for_update().filter(pk=prospect_id, told_at=None).first()
    if prospect is None or not may_write(django_settings.FIRSTBELL_ADVICE):
        return
    send_prospect(prospect, django_settings.FIRSTBELL_ADVICE)
    prospect.told_at = timezone.now()
    prospect.save(update_fields=["told_at"])


@app.periodic(cron="17 5 * * *")
@app.task(name="advice.forget_prospects", queue=QUEUE, queueing_lock="advice.forget_prospects")
def forget_old_prospects(timestamp: int) -> None:
    """Erase what has been kept long enough."""
    del timestamp
    forget_prospects(today=timezone.localdate(), by=SYSTEM)
