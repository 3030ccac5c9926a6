"""Work about advice that waits in the queue, or comes by the clock."""

from datetime import timedelta

from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from firstbell.domain.advice.actions import forget_prospects
from firstbell.domain.advice.asking import escalate_requests
from firstbell.domain.advice.forgetting import forget_requests
from firstbell.domain.advice.letters import may_write, send_about_request, send_prospect
from firstbell.domain.advice.models import Prospect
from firstbell.domain.advice.queries import ALL, find_request
from firstbell.domain.advice.queueing import QUEUE, TELL_OF_PROSPECT, WRITE
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import list_districts
from firstbell.domain.districts.rounds import visit_each

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


@app.task(name=WRITE, queue=QUEUE, retry=FEW_TIMES)
def write(about: str, district_id: int, request_id: int) -> None:
    """Write a letter about a request, as it is by then."""
    district = District.objects.get(pk=district_id)
    request = find_request(district, request_id, ALL)
    if request is not None:
        send_about_request(about, district, request)


@app.periodic(cron="*/10 * * * *")
@app.task(name="advice.escalate_requests", queue=QUEUE, queueing_lock="advice.escalate_requests")
def escalate_late_requests(timestamp: int) -> None:
    """Give what was left for two working days to the deployment's contact."""
    del timestamp
    settings, now = django_settings.FIRSTBELL_ADVICE, timezone.now()
    visit_each(
        "advice.escalate_requests",
        list_districts(),
        lambda district: escalate_requests(district, settings, now=now, by=SYSTEM),
    )


@app.periodic(cron="17 5 * * *")
@app.task(name="advice.forget", queue=QUEUE, queueing_lock="advice.forget")
def forget_what_is_old(timestamp: int) -> None:
    """Erase what has been kept long enough."""
    del timestamp
    forget_prospects(today=timezone.localdate(), by=SYSTEM)
    before = timezone.now() - timedelta(days=django_settings.FIRSTBELL_ADVICE.keep_days)
    visit_each("advice.forget", list_districts(), lambda district: forget_requests(district, before=before, by=SYSTEM))
