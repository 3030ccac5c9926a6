"""What is tidied at night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from firstbell.domain.districts.queries import list_districts
from firstbell.domain.districts.rounds import visit_each
from firstbell.domain.signon.forgetting import forget_old_sign_ins

QUEUE = "signon"


@app.periodic(cron="41 3 * * *")
@app.task(name="signon.forget_old_sign_ins", queue=QUEUE, queueing_lock="signon.forget_old_sign_ins")
def forget(timestamp: int) -> None:
    """Once a night."""
    del timestamp
    now = timezone.now()
    visit_each("signon.forget_old_sign_ins", list_districts(), lambda district: forget_old_sign_ins(district, now=now))
