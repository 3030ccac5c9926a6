"""What is tidied at night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from firstbell.domain.districts.queries import list_districts
from firstbell.domain.signon.forgetting import forget_old_sign_ins

QUEUE = "signon"


@app.periodic(cron="41 3 * * *")
@app.task(name="signon.forget_old_sign_ins", queue=QUEUE, queueing_lock="signon.forget_old_sign_ins")
def forget(timestamp: int) -> None:
    """Once a night."""
    del timestamp
    for district in list_districts():
        forget_old_sign_ins(district, now=timezone.now())
