"""Puts the work of a run into the queue, in the caller's transaction."""

from procrastinate.contrib.django import app

from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run

CARRY_OUT = "imports.carry_out"
USE_PASSWORDS = "imports.use_passwords"


def later(task: str, district: District, run: Run) -> None:
    """Have a worker do this; the runs of one district go one after another."""
    app.configure_task(task, lock=f"district-{district.pk}", queue="imports").defer(
        district_id=district.pk, run_id=run.pk
    )
