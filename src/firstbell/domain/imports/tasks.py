"""Work of runs that waits in the queue. One district's runs go one after another (the lock)."""

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app

from firstbell.domain.audit.actor import Actor, ActorKind
from firstbell.domain.districts.models import District
from firstbell.domain.districts.rounds import visit_each
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.ending import tell_ended
from firstbell.domain.imports.erasing import erase_due
from firstbell.domain.imports.folder import PASSWORDS, RunFolder
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.passwords import use_passwords
from firstbell.domain.imports.practice import fill
from firstbell.domain.imports.progress import Noted
from firstbell.domain.imports.queueing import CARRY_OUT, FILL_PRACTICE, USE_PASSWORDS, later
from firstbell.domain.imports.recovering import recover_runs
from firstbell.domain.roster.sources import OF_CASES
from firstbell.domain.roster.tallying import list_untallied, tally


@app.task(name=CARRY_OUT, queue="imports")
def carry_out_run(district_id: int, run_id: int) -> None:
    """Carry a run out, unless somebody has done or discarded it meanwhile. One that failed is tried again."""
    district = District.objects.get(pk=district_id)
    recover_runs(district)
    with within(district):
        run = Run.objects.select_related("source").get(pk=run_id, district_id=district_id)
    if run.state not in {RunState.RECEIVED, RunState.APPROVED, RunState.FAILED}:
        tell_ended(district, run)  # whoever carried it out may have been stopped before saying so
        return
    noted = Noted(district, run)
    try:
        carry_out(district, run, told=noted)
    finally:
        noted.forget()
    is_of_case = run.source.kind == OF_CASES  # its log-ins wait for the district's word
    if run.state == RunState.APPLIED and not is_of_case and RunFolder(district, run.pk).has(PASSWORDS):
        later(USE_PASSWORDS, district, run)


@app.task(name=USE_PASSWORDS, queue="imports")
def use_first_passwords(district_id: int, run_id: int) -> None:
    """Open the log-ins that came with a run."""
    district = District.objects.get(pk=district_id)
    with within(district):
        run = Run.objects.select_related("source").get(pk=run_id, district_id=district_id)
    use_passwords(district, run)


@app.task(name=FILL_PRACTICE, queue="imports", retry=3)
def fill_practice(district_id: int, by: tuple[ActorKind, str, str]) -> None:
    """Fill a practice space with made-up people, unless somebody has ended it meanwhile."""
    practice = District.objects.filter(pk=district_id, practice_of__isnull=False).first()
    if practice is not None:
        fill(practice, by=Actor(*by))


@app.periodic(cron="40 8 * * *")
@app.task(name="imports.erase_due", queue="imports", queueing_lock="imports.erase_due")
def erase_people_who_are_due(timestamp: int) -> None:
    """Erase, in every district, who left longer ago than it keeps people: at 8:40 UTC, when schools sleep."""
    del timestamp
    visit_each("imports.erase_due", District.objects.order_by("pk"), erase_due)


@app.periodic(cron="* * * * *")
@app.task(name="imports.tally", queue="imports", lock="imports.tally", queueing_lock="imports.tally")
def tally_large_districts(timestamp: int) -> None:
    """Count large districts whose roster has changed: their lists show what was counted."""
    del timestamp
    visit_each("imports.tally", list_untallied(), tally)


@app.periodic(cron="* * * * *")
@app.task(name="imports.retry_left_work", queue="imports", queueing_lock="imports.retry_left_work")
def retry_left_work(timestamp: int) -> None:
    """Put work back into the queue whose worker is gone: it would keep its district's lock for ever."""
    del timestamp
    for job in async_to_sync(app.job_manager.get_stalled_jobs)(queue="imports"):
        async_to_sync(app.job_manager.retry_job)(job)
