"""Two who save settings of one source at the same moment, each over a connection of their own: both are kept."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections
from tests.domain.imports.rosters import PRINCIPAL, Door, open_door
from tests.domain.sources.conftest import SECRET, Fetching

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import ChangedSince, change_settings, mark_of, with_corrections
from firstbell.domain.sources.actions import change_connection, set_scope
from firstbell.domain.sources.models import Connection
from firstbell.engine.corrections.kinds import RenameColumn
from firstbell.engine.corrections.parsing import parse

LONG = 30


@pytest.fixture
def door(district: District, tmp_path: object) -> Door:
    return open_door(district, tmp_path / "sis", removed_people=50)  # type: ignore[operator]


def _source(door: Door) -> Source:
    with within(door.district):
        return Source.objects.get(pk=door.source.pk)


def _while_another(district: District, mine: Callable[[], object], other: Callable[[], object]) -> None:
    """Do mine in a transaction; while it is open another person begins, and waits for me or is done."""
    pids: list[int] = []
    faults: list[BaseException] = []

    def second() -> None:
        try:
            with within(district):
                with connection.cursor() as cursor:
                    cursor.execute("select pg_backend_pid()")
                    pids.append(cursor.fetchone()[0])
                other()
        except BaseException as fault:  # told to the test below
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=second)
    with within(district):
        mine()
        thread.start()
        until = time.monotonic() + LONG
        while thread.is_alive() and not _waits(pids):
            assert time.monotonic() < until, "the other neither waits nor ends"
            thread.join(0.01)
    thread.join(LONG)
    assert not thread.is_alive()
    assert faults == []


def _waits(pids: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where pid = any(%s) and not granted)", [pids])
        return bool(cursor.fetchone()[0])


def test_two_pages_saved_at_once_keep_what_each_has_set(door: Door) -> None:
    mine, theirs = _source(door), _source(door)
    _while_another(
        door.district,
        lambda: change_settings(door.district, mine, {"removed_people": 7}, by=PRINCIPAL),
        lambda: set_scope(door.district, theirs, {"grades": ["05"]}, by=PRINCIPAL),
    )
    assert _source(door).settings == {"removed_people": 7, "scope": {"grades": ["05"]}}


def test_two_corrections_at_once_are_both_there(door: Door) -> None:
    renames = [RenameColumn("users.csv", "First", "givenName"), RenameColumn("users.csv", "Last", "familyName")]
    mine, theirs = _source(door), _source(door)
    _while_another(
        door.district,
        lambda: change_settings(door.district, mine, with_corrections(renames[:1]), by=PRINCIPAL),
        lambda: change_settings(door.district, theirs, with_corrections(renames), by=PRINCIPAL),
    )
    assert list(parse(_source(door).settings["corrections"]).declared) == renames


def test_who_saves_what_somebody_changed_since_it_was_shown_changes_nothing(door: Door) -> None:
    source = _source(door)
    shown = mark_of(source, ["removed_people"])
    change_settings(door.district, _source(door), {"updated_share": 30}, by=PRINCIPAL)
    change_settings(door.district, source, {"removed_people": 8}, by=PRINCIPAL, shown=shown)
    with pytest.raises(ChangedSince):
        change_settings(door.district, source, {"removed_people": 9}, by=PRINCIPAL, shown=shown)
    assert _source(door).settings == {"removed_people": 8, "updated_share": 30}


def test_a_setting_is_taken_away_and_the_others_stay(door: Door) -> None:
    change_settings(door.district, door.source, {"updated_share": 30}, by=PRINCIPAL)
    change_settings(door.district, door.source, {"removed_people": None}, by=PRINCIPAL)
    assert _source(door).settings == {"updated_share": 30}


def test_a_sync_that_ends_while_its_connection_is_changed_is_not_forgotten(fetching: Fetching) -> None:
    stale = fetching.connection
    values = {**stale.settings, "password": "another"}

    def settles() -> None:
        Connection.objects.filter(pk=stale.pk).update(memory="page 7", trouble="")

    _while_another(
        fetching.district, settles, lambda: change_connection(fetching.district, stale, values, by=PRINCIPAL)
    )
    assert fetching.connection.memory == "page 7"
    assert SECRET not in str(fetching.connection.settings)
