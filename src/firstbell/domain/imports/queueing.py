"""Puts the work of a run into the queue, in the caller's transaction."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker

from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run

CARRY_OUT = "imports.carry_out"
USE_PASSWORDS = "imports.use_passwords"
FILL_PRACTICE = "imports.fill_practice"
SILENT_FOR = timedelta(seconds=45)
"""A worker tells every ten seconds that it is there."""


def later(task: str, district: District, run: Run) -> None:
    """Have a worker do this; the runs of one district go one after another."""
    app.configure_task(task, lock=f"district-{district.pk}", queue="imports").defer(
        district_id=district.pk, run_id=run.pk
    )


def fill_later(practice: District, *, by: Actor) -> None:
    """Have a worker fill a practice space."""
    app.configure_task(FILL_PRACTICE, lock=f"district-{practice.pk}", queue="imports").defer(
        district_id=practice.pk, by=[by.kind, by.id, by.name]
    )


def has_worker() -> bool:
    """Whether any worker is there to take up what waits."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - SILENT_FOR).exists()
