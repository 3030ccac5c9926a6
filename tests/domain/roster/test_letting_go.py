"""A source lets go of its rows: they stay as they are, and are the next source's, or nobody's."""

from pathlib import Path

import pytest
from tests.domain.imports.conftest import sis
from tests.domain.imports.rosters import PRINCIPAL, Door, changes, open_door, published, row, row_id
from tests.domain.imports.test_identity import _as_other_source, _renumbered
from tests.engine.district import lakeside

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import RunState
from firstbell.domain.roster import letting_go
from firstbell.domain.roster.columns import MODELS
from firstbell.domain.roster.letting_go import let_go
from firstbell.domain.roster.models import Record, Source
from firstbell.domain.roster.sources import NotHeld, change_settings, hold_source, release_source

__all__ = ["sis"]


def _owners(door: Door) -> set[int | None]:
    with within(door.district):
        return {
            owner
            for model in MODELS.values()
            for owner in model._default_manager.filter(district_id=door.district.pk).values_list("source_id", flat=True)
        }


def test_rows_stay_as_they_are_and_belong_to_nobody(sis: Door) -> None:
    sis.bring(lakeside())
    sis.bring(lakeside().without("s3"))
    before = published(sis.district)
    gone = let_go(sis.district, sis.source, by=PRINCIPAL)
    assert published(sis.district) == before
    assert _owners(sis) == {None}
    assert gone["users"] == {"inherited": 0, "nobody": 6}
    with within(sis.district):
        assert not Record.objects.filter(source_id=sis.source.pk, present=True).exists()


def test_who_let_go_stands_in_the_audit_and_the_roster_has_a_new_version(sis: Door) -> None:
    sis.bring(lakeside())
    with within(sis.district):
        sis.district.refresh_from_db()
        version = sis.district.last_stamp
    let_go(sis.district, sis.source, by=PRINCIPAL)
    with within(sis.district):
        sis.district.refresh_from_db()
        event = list_events(sis.district.pk, subject_kind="source", subject_id=sis.source.pk)[0]
    assert sis.district.last_stamp == version + 1
    assert (event.verb, event.actor_name) == ("source.let_go", "Paula Principal")
    assert event.detail["rows"]["users"]["nobody"] == 6


def test_the_next_in_rank_inherits_whom_it_has_and_what_it_says_counts(sis: Door, tmp_path: Path) -> None:
    other = open_door(sis.district, tmp_path / "other", "other")
    sis.bring(lakeside())
    theirs = _as_other_source(lakeside().without("s1"))
    theirs.row("users", "dir-s0")["email"] = "theirs@example.org"
    other.bring(theirs)
    gone = let_go(sis.district, sis.source, by=PRINCIPAL)
    assert gone["users"] == {"inherited": 5, "nobody": 1}
    assert row(sis, "users", row_id(sis, "users", "s0")).source_id == other.source.pk
    assert row(sis, "users", row_id(sis, "users", "s1")).source_id is None
    other.bring(theirs)
    assert published(sis.district)["users"]["s0"]["email"] == "theirs@example.org"


def test_a_contributor_inherits_nobody(sis: Door, tmp_path: Path) -> None:
    other = open_door(sis.district, tmp_path / "other", "other")
    change_settings(sis.district, other.source, {"contributes": {"users": ["email"]}}, by=PRINCIPAL)
    sis.bring(lakeside())
    other.bring(_as_other_source(lakeside()))
    let_go(sis.district, sis.source, by=PRINCIPAL)
    assert _owners(sis) == {None}


def test_rows_of_another_source_are_not_touched(sis: Door, tmp_path: Path) -> None:
    other = open_door(sis.district, tmp_path / "other", "other")
    sis.bring(lakeside(1))
    theirs = _as_other_source(lakeside(3))
    other.bring(theirs)
    let_go(sis.district, sis.source, by=PRINCIPAL)
    assert row(other, "users", row_id(other, "users", "dir-s2")).source_id == other.source.pk
    assert changes(other.bring(theirs)) == {}


def test_the_same_file_again_takes_every_row_back(sis: Door) -> None:
    sis.bring(lakeside())
    before = published(sis.district)
    let_go(sis.district, sis.source, by=PRINCIPAL)
    run = sis.bring(lakeside())
    assert run.state == RunState.APPLIED
    assert not any("added" in counts or "removed" in counts for counts in changes(run).values())
    assert published(sis.district) == before
    assert _owners(sis) == {sis.source.pk}


def test_people_who_come_back_under_new_ids_are_known_by_their_declared_keys(sis: Door) -> None:
    sis.bring(lakeside())
    s0, people = row_id(sis, "users", "s0"), published(sis.district)["users"].keys()
    let_go(sis.district, sis.source, by=PRINCIPAL)
    run = sis.bring(_renumbered(lakeside()).only("users"))
    assert run.state == RunState.APPLIED
    assert row_id(sis, "users", "new-s0") == s0
    assert published(sis.district)["users"].keys() == people
    assert row(sis, "users", s0).source_id == sis.source.pk


def test_who_is_missing_from_the_next_file_stays_with_nobody(sis: Door) -> None:
    sis.bring(lakeside())
    let_go(sis.district, sis.source, by=PRINCIPAL)
    run = sis.bring(lakeside().without("s0"))
    assert run.state == RunState.APPLIED
    assert "s0" in published(sis.district)["users"]
    assert row(sis, "users", row_id(sis, "users", "s0")).source_id is None


def test_the_undo_of_a_run_takes_nobody_away_whom_its_source_let_go(sis: Door) -> None:
    run = sis.bring(lakeside())
    before = published(sis.district)
    let_go(sis.district, sis.source, by=PRINCIPAL)
    undo = sis.undo(run)
    assert published(sis.district) == before
    assert any("was let go" in str(conflict["says"]) for conflict in undo.conflicts)


def test_what_is_missing_altogether_from_the_next_file_is_no_reason_to_wait(sis: Door) -> None:
    sis.bring(lakeside())
    let_go(sis.district, sis.source, by=PRINCIPAL)
    assert sis.bring(lakeside().only("orgs", "users")).state == RunState.APPLIED


def test_it_happens_whole_or_not_at_all(sis: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    sis.bring(lakeside())

    def fail(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(letting_go, "take_stamps", fail)
    with pytest.raises(OSError, match="disk"):
        let_go(sis.district, sis.source, by=PRINCIPAL)
    assert _owners(sis) == {sis.source.pk}


def test_a_held_source_is_released_once(sis: Door) -> None:
    hold_source(sis.district, sis.source, "Run 1 was undone.", by=PRINCIPAL)
    release_source(sis.district, sis.source, by=PRINCIPAL)
    with within(sis.district):
        source = Source.objects.get(pk=sis.source.pk)
        events = list_events(sis.district.pk, subject_kind="source", subject_id=sis.source.pk)
    assert source.held == ""
    assert events[0].verb == "source.released"
    with pytest.raises(NotHeld):
        release_source(sis.district, source, by=PRINCIPAL)
