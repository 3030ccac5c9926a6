"""A sync: rehearsed first, remembered once applied, tried again where that helps, and carried on where it stopped."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.domain.sources.conftest import SECRET, Fetching
from tests.domain.sources.shelf import CODE
from tests.engine.district import lakeside
from tests.working import work_until_idle

from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.contract import About, Fetched, ForGood, ForNow, Paused, Values
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import User
from firstbell.domain.sources import syncing
from firstbell.domain.sources.actions import NotSo, add_connection, change_connection, pause_connection
from firstbell.domain.sources.models import Connection, Sync
from firstbell.domain.sources.sealed import open_secrets
from firstbell.domain.sources.syncing import carry_on


def _people(district: District) -> int:
    with within(district):
        return User.objects.filter(removed_at=None).count()


def test_the_first_sync_changes_nothing_until_a_person_approves_it(fetching: Fetching) -> None:
    fetching.sync()
    assert fetching.runs[0].state == "held"
    assert _people(fetching.district) == 0
    fetching.approve()
    assert _people(fetching.district) > 0
    assert fetching.connection.rehearsed_at is not None
    assert fetching.connection.source.held == ""
    assert fetching.runs[0].decided_by == "Paula Principal"


def test_a_fetch_goes_on_from_what_its_last_try_left_and_nothing_stays_behind(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, whole = [], fetching.shelf.fetch

    def cut_off(values: Values, into: Path, *rest: Any, **named: Any) -> Fetched:
        found.append(sorted(path.name for path in into.iterdir()))
        if len(found) < 3:
            (into / f"part-{len(found)}").write_text("half", encoding="utf-8")
            raise ForNow("Cut off.", about=About.REACHED)
        for path in into.iterdir():
            path.unlink()
        return whole(values, into, *rest, **named)

    monkeypatch.setattr(fetching.shelf, "fetch", cut_off)
    sync = fetching.ask()
    for _ in range(3):
        carry_on(fetching.district, sync.pk)
    assert found == [[], ["part-1"], ["part-1", "part-2"]]
    assert fetching.runs[0].state == "held"
    folder = settings.FIRSTBELL_HOME / "fetching"
    assert not list(folder.glob(f"{fetching.district.pk}-*"))
    left = folder / "0-0"
    left.mkdir()
    os.utime(left, (1, 1))
    fetching.sync()
    assert not left.exists()


def test_after_the_rehearsal_a_sync_goes_by_itself(fetching: Fetching) -> None:
    fetching.rehearse()
    fetching.lay(lakeside(5))
    fetching.sync()
    assert fetching.runs[0].state == "applied"
    assert fetching.runs[0].package_name == "Shelf.zip"
    assert fetching.connection.last_good_at is not None


def test_a_rehearsal_that_is_discarded_leaves_the_next_one_a_rehearsal(fetching: Fetching) -> None:
    fetching.sync()
    discard_run(fetching.district, fetching.runs[0], by=OPERATOR)
    fetching.sync()
    assert fetching.runs[0].state == "held"
    assert _people(fetching.district) == 0


def test_what_was_fetched_is_remembered_once_it_is_applied_and_not_before(fetching: Fetching) -> None:
    fetching.sync()
    assert fetching.connection.memory == ""
    fetching.approve()
    assert fetching.connection.memory == '{"fetch": 1}'
    fetching.sync()
    assert fetching.shelf.asked == [("", True), ('{"fetch": 1}', False)]


def test_everything_is_fetched_again_where_it_was_long_ago_or_somebody_wants_it(fetching: Fetching) -> None:
    fetching.rehearse()
    fetching.sync(whole=True)
    connection = fetching.connection
    assert connection.whole_at is not None
    connection.whole_at -= timedelta(days=syncing.WHOLE_EVERY_DAYS)
    with within(fetching.district):
        connection.save()
    fetching.sync()
    assert [whole for _, whole in fetching.shelf.asked] == [True, True, True]


def test_asking_twice_is_asking_once(fetching: Fetching) -> None:
    first, second = fetching.ask(), fetching.ask()
    assert first.pk == second.pk
    jobs = ProcrastinateJob.objects.filter(task_name="sources.sync", args__sync_id=first.pk)
    assert jobs.count() == 1


def test_a_worker_does_what_somebody_asked_for(fetching: Fetching) -> None:
    fetching.rehearse()
    fetching.lay(lakeside(6))
    fetching.ask()
    work_until_idle()
    assert fetching.runs[0].state == "applied"
    assert fetching.runs[0].started_by == "Paula Principal"


def test_a_transient_trouble_is_tried_again_as_a_new_job_and_says_so(fetching: Fetching) -> None:
    fetching.shelf.fails = [ForNow("The server does not answer.", about=About.REACHED, wait=90)]
    sync = fetching.sync()
    assert sync.state == "waiting"
    assert fetching.connection.trouble == "The server does not answer."
    later = ProcrastinateJob.objects.filter(args__sync_id=sync.pk, scheduled_at__isnull=False)
    assert later.count() == 1
    assert carry_on(fetching.district, sync.pk).state == "run"
    fetching.approve()
    assert fetching.connection.trouble == ""


def test_a_trouble_that_does_not_pass_is_given_up_till_the_next_time(fetching: Fetching) -> None:
    fetching.shelf.fails = [ForNow("Too many requests.", about=About.REACHED) for _ in range(9)]
    sync = fetching.sync()
    for _ in syncing.WAITS:
        sync = carry_on(fetching.district, sync.pk)
    assert sync.state == "trouble"
    assert sync.tries == len(syncing.WAITS) + 1


def test_what_needs_a_person_is_not_tried_again(fetching: Fetching) -> None:
    fetching.shelf.fails = [ForGood("The log-in was refused.", about=About.LOG_IN, remedy="Enter the new secret.")]
    sync = fetching.sync()
    assert sync.state == "trouble"
    assert fetching.connection.remedy == "Enter the new secret."
    assert not ProcrastinateJob.objects.filter(args__sync_id=sync.pk, scheduled_at__isnull=False).exists()


def test_a_fault_of_a_connector_does_not_block_its_source(fetching: Fetching) -> None:
    fetching.shelf.fails = [RuntimeError("a bug")]
    with pytest.raises(RuntimeError, match="a bug"):
        fetching.sync()
    assert fetching.sync().state == "run"


def test_a_source_that_is_paused_there_is_no_trouble(fetching: Fetching) -> None:
    fetching.shelf.fails = [Paused("Clever has paused this district for summer.")]
    assert fetching.sync().state == "paused"
    assert fetching.connection.trouble == ""


def test_nothing_new_makes_no_run_and_the_roster_is_in_step(fetching: Fetching) -> None:
    fetching.rehearse()
    before = fetching.connection.last_good_at
    for path in fetching.folder.iterdir():
        path.unlink()
    assert fetching.sync().state == "nothing_new"
    assert len(fetching.runs) == 1
    after = fetching.connection.last_good_at
    assert before
    assert after
    assert after > before


def test_while_it_is_paused_nothing_is_fetched(fetching: Fetching) -> None:
    pause_connection(fetching.district, fetching.connection, "We change the SIS.", by=OPERATOR)
    assert fetching.sync().state == "dropped"
    assert fetching.shelf.asked == []


def test_a_worker_that_died_after_its_run_began_goes_on_with_that_run(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching.rehearse()
    fetching.lay(lakeside(5))
    sync = fetching.ask()
    with monkeypatch.context() as dying:
        dying.setattr(syncing, "_finish_run", lambda district, run_id: None)
        carry_on(fetching.district, sync.pk)
    assert fetching.runs[0].state == "received"
    carry_on(fetching.district, sync.pk)
    assert fetching.runs[0].state == "applied"
    assert len(fetching.runs) == 2, "the retried job made a run of its own"
    assert len(fetching.shelf.asked) == 2, "the retried job fetched again"


def test_secrets_reach_the_connector_and_nobody_else(fetching: Fetching, owner: object) -> None:
    fetching.rehearse()
    assert fetching.shelf.passwords[-1] == SECRET
    assert SECRET.encode() not in bytes(fetching.connection.secrets)
    assert SECRET not in str(fetching.connection.settings)
    events = list_events(fetching.district.pk, subject_kind="source", subject_id=fetching.source_id)
    assert SECRET not in str([event.detail for event in events])


def test_a_blank_secret_keeps_the_one_that_is_there(fetching: Fetching) -> None:
    values = {"folder": "/elsewhere", "password": ""}
    change_connection(fetching.district, fetching.connection, values, by=OPERATOR)
    assert open_secrets(fetching.district, fetching.connection) == {"password": SECRET}
    assert fetching.connection.settings == {"folder": "/elsewhere"}


def test_two_sources_never_share_a_name(fetching: Fetching) -> None:
    with pytest.raises(NotSo, match="already"):
        add_connection(fetching.district, "Shelf nightly", KINDS[CODE], {"folder": "/"}, by=OPERATOR)


def test_a_stranger_s_wall_hides_connections_and_syncs(fetching: Fetching, other_district: District) -> None:
    fetching.sync()
    with within(other_district):
        assert not Sync.objects.exists()
        assert not Connection.objects.exists()
        assert not Run.objects.exists()
    assert frozenset() == settings.FIRSTBELL_REACHABLE_HOSTS
