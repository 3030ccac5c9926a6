"""Work is queued with the transaction that asks for it, and done by a worker, all as the application role."""

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.working import work_until_idle

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import current_district_id, within

QUEUE = "tests"


@app.task(name="tests.look_around", queue=QUEUE)
def look_around(district_id: int) -> None:
    """Fails where the wall is not that of its district."""
    with within(District.objects.get(pk=district_id)):
        assert current_district_id() == district_id


def test_a_worker_does_what_waits(district: District) -> None:
    job_id = look_around.defer(district_id=district.pk)
    work_until_idle(QUEUE)
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
