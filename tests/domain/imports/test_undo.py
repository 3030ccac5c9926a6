"""Undo of the latest run restores content exactly; of an older one field by field, and what it cannot it tells."""

import pytest
from tests.domain.imports.rosters import PRINCIPAL, Door, changes, open_door, published, reasons, row_id
from tests.domain.imports.test_identity import _recycled, _renumbered
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.models import Record, Source
from firstbell.domain.roster.sources import change_settings, hold_source
from firstbell.engine.sample import sample


def _night() -> Roster:
    roster = lakeside(5).without("s1")
    roster.row("users", "s0").update(familyName="Renamed", email="ada@example.org")
    roster.row("classes", "c-elm")["location"] = "R12"
    return roster


def test_undo_of_the_latest_run_restores_the_roster_exactly(sis: Door) -> None:
    sis.bring(lakeside())
    before = published(sis.district)
    run = sis.bring(_night())
    undo = sis.undo(run)
    assert published(sis.district) == before
    assert (run.state, undo.state, undo.of_run_id) == (RunState.UNDONE, RunState.APPLIED, run.pk)
    assert undo.conflicts == []


def test_undo_of_a_night_of_a_whole_district_restores_it_exactly(sis: Door) -> None:
    change_settings(sis.district, sis.source, {"removed_share": 50}, by=PRINCIPAL)
    sis.bring(sample(120))
    before = published(sis.district)
    run = sis.bring(sample(120, day=1, churn=0.1))
    assert changes(run)
    sis.undo(run)
    assert published(sis.district) == before


def test_undo_of_the_first_run_leaves_an_empty_roster(sis: Door) -> None:
    sis.undo(sis.bring(lakeside()))
    assert not any(published(sis.district).values())


def test_a_run_that_changed_nothing_cannot_be_undone(sis: Door) -> None:
    sis.bring(lakeside())
    with pytest.raises(NotNow):
        sis.undo(sis.bring(lakeside()))


def test_a_run_is_undone_once(sis: Door) -> None:
    run = sis.bring(lakeside())
    sis.undo(run)
    with pytest.raises(NotNow):
        sis.undo(run)


def test_undo_of_an_older_run_keeps_what_was_changed_since_and_says_so(sis: Door) -> None:
    sis.bring(lakeside())
    older = sis.bring(_night())
    newer = _night()
    newer.row("users", "s0")["familyName"] = "Twice"
    sis.bring(newer)
    undo = sis.undo(older)
    person = published(sis.district)["users"]["s0"]
    assert person["familyName"] == "Twice"
    assert person["email"] is None
    assert published(sis.district)["classes"]["c-elm"]["location"] is None
    assert [(one["table"], one["key"], one["column"]) for one in undo.conflicts] == [("users", "s0", "familyName")]


def test_undo_of_an_older_run_keeps_whom_a_newer_one_needs(sis: Door) -> None:
    sis.bring(lakeside())
    older = sis.bring(lakeside(5))
    newer = lakeside(5)
    newer["enrollments"].append(
        {**newer.row("enrollments", "e-s4"), "sourcedId": "late", "classSourcedId": "c-oak", "schoolSourcedId": "oak"}
    )
    sis.bring(newer)
    undo = sis.undo(older)
    after = published(sis.district)
    assert after["enrollments"]["late"]["userSourcedId"] in after["users"]
    assert "e-s4" not in after["enrollments"]
    assert {(one["table"], one["key"]) for one in undo.conflicts} == {("users", "s4")}


def test_undo_of_an_older_run_brings_nothing_back_whose_class_is_gone(sis: Door) -> None:
    sis.bring(lakeside())
    older = sis.bring(lakeside().without("e-s0"))
    gone = lakeside().without("c-elm")
    sis.bring(gone)
    undo = sis.undo(older)
    assert "e-s0" not in published(sis.district)["enrollments"]
    assert {(one["table"], one["key"]) for one in undo.conflicts} == {("enrollments", "e-s0")}


def test_undo_of_an_approved_run_takes_its_safe_part_back_too(sis: Door) -> None:
    sis.bring(lakeside(40))
    before = published(sis.district)
    held = sis.bring(lakeside(41).without(*(f"s{number}" for number in range(10))))
    assert held.safe_part_applied
    sis.undo(sis.approve(held))
    assert published(sis.district) == before


def test_undo_of_a_discarded_run_takes_its_safe_part_back(sis: Door) -> None:
    sis.bring(lakeside(40))
    before = published(sis.district)
    held = sis.bring(lakeside(41).without(*(f"s{number}" for number in range(10))))
    discard_run(sis.district, held, by=PRINCIPAL)
    sis.undo(held)
    assert published(sis.district) == before


def _keys(door: Door) -> dict[tuple[int, str], tuple[int, bool]]:
    with within(door.district):
        records = Record.objects.filter(district_id=door.district.pk, source_id=door.source.pk, present=True)
        return {(record.kind, record.source_key): (record.row_id, record.present) for record in records}


def test_undo_of_a_renumbering_gives_the_old_ids_back(sis: Door) -> None:
    sis.bring(lakeside())
    before, keys = published(sis.district), _keys(sis)
    new = _renumbered(lakeside())
    new.row("users", "new-s0")["familyName"] = "Family0"
    new.row("users", "new-s0")["email"] = "ada@example.org"
    run = sis.approve(sis.bring(new))
    sis.undo(run)
    assert published(sis.district) == before
    assert _keys(sis) == keys


def test_undo_of_a_renumbering_that_changed_nothing_else_gives_the_old_ids_back(sis: Door) -> None:
    sis.bring(lakeside())
    before, keys = published(sis.district), _keys(sis)
    run = sis.approve(sis.bring(_renumbered(lakeside())))
    assert changes(run) == {}
    sis.undo(run)
    assert published(sis.district) == before
    assert _keys(sis) == keys


def test_undo_of_an_id_that_carried_another_person_brings_the_first_back(sis: Door) -> None:
    sis.bring(lakeside())
    before, keys = published(sis.district), _keys(sis)
    sis.undo(sis.approve(sis.bring(_recycled())))
    assert published(sis.district) == before
    assert _keys(sis) == keys


def test_undo_leaves_whom_another_source_has_as_well(sis: Door) -> None:
    other = open_door(sis.district, sis.folder / "other", "other")
    sis.bring(lakeside())
    run = sis.bring(lakeside(5))
    theirs = _renumbered(lakeside(5), "dir-").only("users")
    other.bring(theirs)
    s4 = row_id(sis, "users", "s4")
    undo = sis.undo(run)
    assert "s4" in published(sis.district)["users"]
    assert row_id(other, "users", "dir-s4") == s4
    assert {(one["table"], one["key"]) for one in undo.conflicts} == {("users", "s4")}


def test_after_an_undo_the_source_waits_until_it_is_released(sis: Door) -> None:
    sis.bring(lakeside())
    sis.undo(sis.bring(_night()))
    tonight = sis.bring(_night())
    assert (tonight.state, reasons(tonight)) == (RunState.HELD, {"source-held"})
    assert "undone by Paula Principal" in str(tonight.reasons[0]["says"])
    discard_run(sis.district, tonight, by=PRINCIPAL)
    with within(sis.district):
        source = Source.objects.get(pk=sis.source.pk)
    hold_source(sis.district, source, "", by=PRINCIPAL)
    released = sis.bring(_night())
    assert released.state == RunState.APPLIED
    assert changes(released)["users"] == {"added": 1, "updated": 1, "removed": 1} or changes(released)["users"] == {
        "restored": 1,
        "updated": 1,
        "removed": 1,
    }


def test_a_source_that_is_held_while_a_run_is_planned_waits(sis: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from firstbell.domain.imports import filing, loading

    sis.bring(lakeside())
    run = sis.bring(_night())
    file_plan, plans = filing.file_plan, []

    def undo_meanwhile(*args: object) -> None:
        plans.append(1)
        file_plan(*args)  # type: ignore[arg-type]
        if len(plans) == 1:
            sis.undo(run)

    monkeypatch.setattr(loading, "file_plan", undo_meanwhile)
    again = _night()
    again.row("users", "s2")["familyName"] = "Else"
    tonight = sis.bring(again)
    assert len(plans) == 2
    assert "source-held" in reasons(tonight)
