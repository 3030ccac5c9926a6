"""Runs whose worker is gone: killed, or cut off from the database. They become failed, and can be carried out again.

Whoever works on a run holds a lock of its database session for it. PostgreSQL lets go of it when the session ends,
however it ends, so a run that is working and whose lock is free has nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connection

from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.keeping import keep_input
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import NotNow, move

log = structlog.get_logger(__name__)

# Advisory locks are one number for the whole database: this one's upper bits say that it is about a run.
RUN = 0x0F1C << 48

NEWEST = 3
"""So many runs are asked whether their worker went between applying them and putting their input away."""
TRY = "select pg_try_advisory_xact_lock(%s)"
LEFT = "Whoever carried the run out was stopped in the middle. The roster is as it was; try again."


@contextmanager
def worked_on(run: Run) -> Iterator[None]:
    """Hold a run while it is worked on, over any number of transactions. Raises NotNow where another has it."""
    if not _ask("select pg_try_advisory_lock(%s)", run.pk):
        raise NotNow("Somebody works on this run already.")
    try:
        yield
    finally:
        if connection.is_usable():  # else the session is lost, and its locks with it
            _ask("select pg_advisory_unlock(%s)", run.pk)


def recover_runs(district: District) -> list[Run]:
    """Let the runs fail that nobody works on any more, and return them. Their folders are put in order too."""
    with within(district):
        newest = Run.objects.filter(district_id=district.pk, kind="import").order_by("-id")[:NEWEST]
        for run in newest:
            if run.is_settled and run.state != RunState.FAILED and _ask(TRY, run.pk):
                keep_input(district, run)
        working = Run.objects.filter(district_id=district.pk, state=RunState.WORKING).order_by("id")
        left = [run for run in working if _ask(TRY, run.pk)]
        for run in left:
            run.message = LEFT
            move(run, RunState.FAILED, by=SYSTEM, fault="left")
            log.warning("run.left", run_id=run.pk, district_id=district.pk)
    return left


def _ask(question: str, run_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [RUN | run_id])
        return bool(cursor.fetchone()[0])
