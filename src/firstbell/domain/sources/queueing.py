"""Puts syncs into the queue, in the caller's transaction."""

from procrastinate.contrib.django import app

from firstbell.domain.districts.models import District
from firstbell.domain.sources.models import Sync

SYNC = "sources.sync"
LOWEST = 100


def sync_later(district: District, sync: Sync, *, seconds: int = 0) -> None:
    """Have a worker do this. One district's work goes one after another. The second source of a district stands behind
    the first of every other, and so on: who has many waits for their own, and nobody else does.
    """
    waiting = Sync.objects.filter(district_id=district.pk, state=Sync.State.WAITING).exclude(pk=sync.pk).count()
    task = app.configure_task(
        SYNC,
        lock=f"district-{district.pk}",
        queue="imports",
        priority=-min(waiting, LOWEST),
        schedule_in={"seconds": seconds} if seconds else None,
    )
    task.defer(district_id=district.pk, sync_id=sync.pk)
