"""Puts syncs into the queue, in the caller's transaction."""

from procrastinate.contrib.django import app

from firstbell.domain.districts.models import District
from firstbell.domain.sources.models import Sync

SYNC = "sources.sync"


def sync_later(district: District, sync: Sync, *, seconds: int = 0) -> None:
    """Have a worker do this. One district's work goes one after another, and a source has one job that waits: so a
    large district, or one with many sources, never stands in the queue more often than it has sources.
    """
    wait = {"schedule_in": {"seconds": seconds}} if seconds else {}
    task = app.configure_task(SYNC, lock=f"district-{district.pk}", queue="imports", **wait)  # type: ignore[arg-type]
    task.defer(district_id=district.pk, sync_id=sync.pk)
