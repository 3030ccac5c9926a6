"""A night of many districts: four workers, killed (-9) at random, and each run applied exactly once.

FIRSTBELL_TEST_DISTRICTS=200 makes it as large as a night of 200; fewer are enough to see each kind of death.
"""

import os
import random
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.conftest import new_district
from tests.domain.sources.shelf import CODE, Shelf, kind_of
from tests.engine.district import lakeside
from tests.working import alone

from firstbell.connectors.catalogue import KINDS
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import User
from firstbell.domain.roster.sources import hold_source
from firstbell.domain.sources.actions import add_connection, ask_for_sync, note_due
from firstbell.domain.sources.models import Connection, Sync
from firstbell.domain.sources.queries import list_syncs
from firstbell.domain.sources.ticking import begin_due

MANY = int(os.environ.get("FIRSTBELL_TEST_DISTRICTS", "24"))
WORKERS = 4
SEED = random.SystemRandom().randrange(10**6)
SILENT_SECONDS = 2
PATIENCE = 240 + 3 * MANY
WORKER = Path(__file__).with_name("fleet_worker.py")


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf()
    monkeypatch.setitem(KINDS, CODE, kind_of(made))
    return made


def _district(folder: Path, name: str = "Fleet") -> tuple[District, Connection]:
    """A district with a source whose rehearsal is over."""
    district = new_district(name)
    made = add_connection(district, uuid.uuid4().hex, KINDS[CODE], {"folder": str(folder), "password": ""}, by=OPERATOR)
    hold_source(district, made.source, "", by=OPERATOR)
    return district, made


def _worker() -> "subprocess.Popen[bytes]":
    place = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.Popen([sys.executable, str(WORKER)], env=place, stderr=subprocess.DEVNULL)


def _revive() -> None:
    """What a worker's minute does (imports.retry_left_work), with less patience."""
    stalled = async_to_sync(app.job_manager.get_stalled_jobs)(queue="imports", seconds_since_heartbeat=SILENT_SECONDS)
    for job in stalled:
        async_to_sync(app.job_manager.retry_job)(job)


def _work_and_kill(job_ids: list[int]) -> int:
    """Four workers do all of it, while one after the other is killed. Returns the deaths."""
    dice, deaths, end = random.Random(SEED), 0, time.monotonic() + PATIENCE
    workers = [_worker() for _ in range(WORKERS)]
    try:
        while ProcrastinateJob.objects.filter(pk__in=job_ids).exclude(status="succeeded").exists():
            assert time.monotonic() < end, f"seed {SEED}: not done after {deaths} deaths"
            time.sleep(dice.uniform(0.3, 1.2))
            alone(_revive)
            if deaths < max(6, MANY // 4) and ProcrastinateJob.objects.filter(status="doing").exists():
                place = dice.randrange(WORKERS)
                workers[place].kill()
                workers[place].wait()
                workers[place], deaths = _worker(), deaths + 1
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return deaths


@pytest.mark.slow
def test_each_run_of_a_night_is_applied_exactly_once_though_workers_are_killed(
    shelf: Shelf, database: None, tmp_path: Path
) -> None:
    lakeside().write(tmp_path)
    moment = datetime(2026, 10, 31, 12, tzinfo=UTC)
    fleet = [_district(tmp_path) for _ in range(MANY)]
    for district, connection in fleet:
        with within(district):
            note_due(district, connection, moment)
    for _ in range(2):  # two schedulers
        begin_due(moment + timedelta(days=1))
    syncs = [sync for district, connection in fleet for sync in list_syncs(district, connection.source_id)]
    assert len(syncs) == MANY
    jobs = ProcrastinateJob.objects.filter(task_name="sources.sync", args__sync_id__in=[sync.pk for sync in syncs])
    connections.close_all()
    deaths = _work_and_kill(list(jobs.values_list("pk", flat=True)))
    assert deaths >= 5, f"seed {SEED}: the workers were too fast to be killed"
    people = set()
    for district, connection in fleet:
        with within(district):
            run = Run.objects.get(district_id=district.pk, source_id=connection.source_id)
            assert run.state == "applied", f"seed {SEED}: {run.state} {run.message}"
            assert Event.objects.filter(district_id=district.pk, verb="run.applied").count() == 1, f"seed {SEED}"
            people.add((User.objects.filter(removed_at=None).count(), run.last_stamp - run.first_stamp))
            assert Sync.objects.get(source_id=connection.source_id).run_id == run.pk
        district.refresh_from_db()
        assert district.last_stamp == run.last_stamp
    assert len(people) == 1, f"seed {SEED}: {people}"


def test_a_district_with_many_sources_lets_others_go_before_its_second(
    shelf: Shelf, database: None, tmp_path: Path
) -> None:
    lakeside().write(tmp_path)
    large, first = _district(tmp_path, "Large")
    more = [
        add_connection(large, f"More {number}", KINDS[CODE], {"folder": str(tmp_path)}, by=OPERATOR)
        for number in range(3)
    ]
    syncs = [ask_for_sync(large, connection.source, by=OPERATOR) for connection in (first, *more)]
    small, only = _district(tmp_path, "Small")
    syncs.append(ask_for_sync(small, only.source, by=OPERATOR))
    jobs = ProcrastinateJob.objects.filter(task_name="sources.sync", args__sync_id__in=[sync.pk for sync in syncs])
    order = [job.args["district_id"] for job in jobs.order_by("-priority", "id")]
    assert order == [large.pk, small.pk, large.pk, large.pk, large.pk]
    jobs.delete()
