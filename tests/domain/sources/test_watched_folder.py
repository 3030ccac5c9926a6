"""A folder that somebody else writes into: taken when it is whole, each drop once."""

from pathlib import Path

import pytest
from django.conf import settings
from tests.engine.district import lakeside
from tests.working import work_until_idle

from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.drop import Drop
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.rounds import RoundFailed
from firstbell.domain.imports.queries import list_runs
from firstbell.domain.sources import bringing
from firstbell.domain.sources.actions import add_connection, pause_connection
from firstbell.domain.sources.bringing import look_into_folders, watched_drop
from firstbell.domain.sources.models import Connection


@pytest.fixture
def connection(district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setattr(settings, "FIRSTBELL_WATCHED", tmp_path)
    monkeypatch.setattr(settings, "FIRSTBELL_DROP_QUIET", 0)
    return add_connection(district, "SIS share", KINDS["watched_folder"], {}, by=OPERATOR)


@pytest.fixture
def drop(district: District, connection: Connection) -> Drop:
    found = watched_drop(district, connection)
    assert found
    found.folder.mkdir(parents=True)
    return found


def _lay(drop: Drop) -> None:
    lakeside().write(drop.folder)


def test_what_lies_there_whole_becomes_one_run(district: District, drop: Drop) -> None:
    _lay(drop)
    assert look_into_folders() == 1
    assert look_into_folders() == 0
    work_until_idle()
    (run,) = list_runs(district)
    assert (run.state, run.package_name, run.started_by) == ("held", "files.zip", "SIS share")
    assert list(drop.folder.iterdir()) == []
    assert list(drop.aside.iterdir()) == []


def test_what_is_still_coming_is_left_alone(
    district: District, connection: Connection, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_DROP_QUIET", 120)
    _lay(drop)
    assert look_into_folders() == 0
    (drop.folder / "done").touch()
    assert look_into_folders() == 1


def test_who_dies_after_taking_loses_nothing(district: District, drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    _lay(drop)
    with monkeypatch.context() as dying:
        dying.setattr(bringing, "receive_path", _dies)
        with pytest.raises(KeyboardInterrupt):
            look_into_folders()
    assert list_runs(district) == []
    assert look_into_folders() == 1
    assert len(list_runs(district)) == 1


def _dies(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_while_the_source_is_paused_nothing_is_taken(district: District, connection: Connection, drop: Drop) -> None:
    _lay(drop)
    pause_connection(district, connection, "Summer.", by=OPERATOR)
    assert look_into_folders() == 0
    assert drop.files() != []


def test_without_the_operator_s_folder_there_is_nothing_to_look_into(
    district: District, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_WATCHED", None)
    assert watched_drop(district, connection) is None
    assert look_into_folders() == 0


def test_a_folder_that_cannot_be_read_keeps_no_other_from_its_turn(
    district: District, drop: Drop, other_district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = watched_drop(
        other_district, add_connection(other_district, "Share", KINDS["watched_folder"], {}, by=OPERATOR)
    )
    assert theirs is not None
    theirs.folder.mkdir(parents=True)
    _lay(drop)
    _lay(theirs)
    takes = bringing.watched_drop
    first, second = sorted((district, other_district), key=lambda one: one.code)

    def watched(whose: District, connection: Connection) -> Drop | None:
        if whose.pk == first.pk:
            raise PermissionError(13, "Permission denied")
        return takes(whose, connection)

    monkeypatch.setattr(bringing, "watched_drop", watched)
    with pytest.raises(RoundFailed, match=first.code):
        look_into_folders()
    assert [len(list_runs(one)) for one in (first, second)] == [0, 1]
