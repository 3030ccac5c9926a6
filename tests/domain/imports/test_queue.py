"""Runs in the queue: carried out by a worker, once, also after a worker was lost."""

from django.db.backends.base.base import BaseDatabaseWrapper
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.domain.imports.rosters import PRINCIPAL, Door, published
from tests.engine.district import lakeside
from tests.working import alone, work_until_idle

from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run, discard_run
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.states import move
from firstbell.domain.imports.tasks import carry_out_run, retry_left_work


def _queue(door: Door, run: Run) -> None:
    with within(door.district):
        later(CARRY_OUT, door.district, run)


def _fresh(door: Door, run: Run) -> Run:
    with within(door.district):
        return Run.objects.get(pk=run.pk)


def test_a_worker_carries_a_run_out_and_opens_the_log_ins(sis: Door) -> None:
    roster = lakeside()
    roster.row("users", "s0")["password"] = "first-password"
    run = sis.receive(roster)
    _queue(sis, run)
    work_until_idle()
    assert _fresh(sis, run).state == RunState.APPLIED
    work_until_idle()  # the passwords came into the queue while the run had the district's lock
    assert authenticate_student(sis.district, "user.s0", "first-password", address="192.0.2.1") is not None


def test_a_worker_goes_on_with_what_was_approved(sis: Door) -> None:
    sis.bring(lakeside(40))
    held = sis.bring(lakeside(40).without(*(f"s{number}" for number in range(10))))
    with within(sis.district):
        approve_run(sis.district, held, by=PRINCIPAL)
        later(CARRY_OUT, sis.district, held)
    work_until_idle()
    assert _fresh(sis, held).state == RunState.APPLIED
    assert "s0" not in published(sis.district)["users"]


def test_what_was_discarded_meanwhile_is_not_carried_out(sis: Door) -> None:
    run = sis.receive(lakeside())
    _queue(sis, run)
    discard_run(sis.district, run, by=PRINCIPAL)
    work_until_idle()
    assert _fresh(sis, run).state == RunState.DISCARDED


def test_a_run_whose_worker_was_lost_is_carried_out_by_the_next(sis: Door) -> None:
    run = sis.receive(lakeside())
    with within(sis.district):
        move(run, RunState.WORKING, by=SYSTEM)
    carry_out_run(sis.district.pk, run.pk)
    assert _fresh(sis, run).state == RunState.APPLIED


def test_work_of_a_lost_worker_goes_back_into_the_queue(sis: Door, owner: BaseDatabaseWrapper) -> None:
    run = sis.receive(lakeside())
    _queue(sis, run)
    job = ProcrastinateJob.objects.get(args__run_id=run.pk)
    with owner.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = null where id = %s", [job.pk])
    alone(lambda: retry_left_work(0))
    assert ProcrastinateJob.objects.get(pk=job.pk).status == "todo"
    work_until_idle()
    assert _fresh(sis, run).state == RunState.APPLIED
