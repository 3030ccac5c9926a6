"""Work is queued with the transaction that asks for it, and done by a worker, all as the application role."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from firstbell.cli.main import main
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import current_district_id, within

QUEUE = "tests"


@app.task(name="tests.look_around", queue=QUEUE)
def look_around(district_id: int) -> None:
    """Fails where the wall is not that of its district."""
    with within(District.objects.get(pk=district_id)):
        assert current_district_id() == district_id


def _work() -> None:
    """In a thread of its own: a browser of another test may have left an event loop running in this one."""
    with ThreadPoolExecutor(1) as alone:
        alone.submit(_work_until_idle).result()


def _work_until_idle() -> None:
    try:
        done = CliRunner().invoke(main, ["worker", "--until-idle", "--queue", QUEUE], catch_exceptions=False)
        assert done.exit_code == 0, done.output
    finally:
        connections.close_all()


def test_a_worker_does_what_waits(district: District) -> None:
    job_id = look_around.defer(district_id=district.pk)
    _work()
    assert ProcrastinateJob.objects.get(pk=job_id).status == "succeeded"


def test_work_of_a_transaction_that_failed_was_never_asked_for(district: District) -> None:
    def ask_and_fail() -> None:
        with within(district):
            jobs.append(look_around.defer(district_id=district.pk))
            raise LookupError

    jobs: list[int] = []
    with pytest.raises(LookupError):
        ask_and_fail()
    assert not ProcrastinateJob.objects.filter(pk__in=jobs).exists()
