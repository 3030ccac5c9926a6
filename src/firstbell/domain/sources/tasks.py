"""Work of sources that waits in the queue."""

from django.utils import timezone
from procrastinate.contrib.django import app

from firstbell.domain.districts.models import District
from firstbell.domain.sources.bringing import look_into_folders
from firstbell.domain.sources.queueing import SYNC
from firstbell.domain.sources.syncing import carry_on
from firstbell.domain.sources.ticking import begin_due


@app.task(name=SYNC, queue="imports")
def sync_source(district_id: int, sync_id: int) -> None:
    """Fetch from a source and carry the run out."""
    carry_on(District.objects.get(pk=district_id), sync_id)


@app.periodic(cron="* * * * *")
@app.task(name="sources.tick", queue="ticks", queueing_lock="sources.tick")
def tick(timestamp: int) -> None:
    """Each minute: begin what is due, and take what lies ready."""
    del timestamp
    begin_due(timezone.now())
    look_into_folders()
