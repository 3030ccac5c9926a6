"""The safe part of a held run, let go by a person: what no reason to wait is about. The rest waits on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.domain.imports.killing import kill_at_every_statement
from tests.domain.imports.rosters import PRINCIPAL, Door, open_door, published, reasons, row, row_id, state
from tests.domain.imports.test_identity import _as_other_source, _recycled, _renumbered
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.imports import loading
from firstbell.domain.imports.actions import apply_safe_part, approve_run, discard_run
from firstbell.domain.imports.folder import RunFolder, safe_part_of
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.models import Record
from firstbell.domain.roster.sources import change_settings, hold_source

STUDENTS = 40


def _mixed() -> Roster:
    """A night with too many leavers, too many new teachers, somebody new and somebody renamed."""
    roster = lakeside(STUDENTS + 1).without(*(f"s{number}" for number in range(10)))
    roster.row("users", "s20")["familyName"] = "Renamed"
    roster["roles"].extend(_teaches(f"s{number}") for number in range(30, 35))
    return roster


def _teaches(person: str) -> dict[str, str]:
    return {"sourcedId": f"staff-{person}", "userSourcedId": person, "roleType": "secondary", "role": "teacher"} | {
        "orgSourcedId": "elm"
    }


def _ask(door: Door, run: Run) -> Run:
    """A person asks for the safe part, and a worker carries it out."""
    apply_safe_part(door.district, run, by=PRINCIPAL)
    return carry_out(door.district, run)


@pytest.fixture
def held(sis: Door) -> Run:
    sis.bring(lakeside(STUDENTS))
    run = sis.bring(_mixed())
    assert (run.state, reasons(run)) == (RunState.HELD, {"too-many-removals", "role-gains"})
    assert not run.safe_part_applied
    return run


def test_what_no_reason_is_about_goes_and_the_rest_waits_on(sis: Door, held: Run) -> None:
    assert _ask(sis, held).state == RunState.HELD
    after = published(sis.district)
    assert {f"s{number}" for number in range(STUDENTS + 1)} <= after["users"].keys()
    assert after["users"]["s20"]["familyName"] == "Renamed"
    assert after["roles"]["r-s40"]["role"] == "student"
    assert not [key for key in after["roles"] if key.startswith("staff-")]
    assert held.safe_part_applied
    assert reasons(held) == {"too-many-removals", "role-gains"}


def test_what_would_go_is_told_before_and_is_what_goes(sis: Door, held: Run) -> None:
    told = held.safe_counts
    assert told["users"] == {"added": 1, "updated": 1, "removed": 0, "restored": 0}
    assert told["roles"]["added"] == 1
    assert held.counts["roles"]["added"] == 6
    _ask(sis, held)
    frame = RunFolder(sis.district, held.pk).read_frame(safe_part_of("users"))
    assert frame is not None
    assert frame["action"].sort().to_list() == ["added", "updated"]
    assert held.safe_counts == told


def test_approved_afterwards_the_rest_follows_and_the_run_tells_all(sis: Door, held: Run) -> None:
    _ask(sis, held)
    assert sis.approve(held).state == RunState.APPLIED
    after = published(sis.district)
    assert "s0" not in after["users"]
    assert "staff-s30" in after["roles"]
    assert {name: held.counts[name]["added"] for name in ("users", "roles")} == {"users": 1, "roles": 6}
    assert held.counts["users"]["removed"] == 10
    assert sis.bring(_mixed()).counts["users"]["updated"] == 0


def test_undone_afterwards_the_roster_is_as_it_was(sis: Door) -> None:
    sis.bring(lakeside(STUDENTS))
    before = published(sis.district)
    run = sis.bring(_mixed())
    _ask(sis, run)
    sis.approve(run)
    undo = sis.undo(run)
    assert published(sis.district) == before
    assert undo.conflicts == []


def test_discarded_and_undone_the_roster_is_as_it_was(sis: Door) -> None:
    sis.bring(lakeside(STUDENTS))
    before = published(sis.district)
    run = sis.bring(_mixed())
    _ask(sis, run)
    discard_run(sis.district, run, by=PRINCIPAL)
    assert sis.undo(run).conflicts == []
    assert published(sis.district) == before


def test_ids_that_were_renumbered_with_the_safe_part_go_back_with_the_undo(sis: Door) -> None:
    """Many systems number enrollments anew each night: those of the safe part are forgotten by no later plan."""
    sis.bring(lakeside(STUDENTS))
    night = _mixed()
    for entry in night["enrollments"]:
        entry["sourcedId"] = f"night-{entry['sourcedId']}"
    run = sis.bring(night)
    _ask(sis, run)
    sis.approve(run)
    sis.undo(run)
    with within(sis.district):
        assert not Record.objects.filter(source_id=sis.source.pk, source_key__startswith="night-", present=True)
        assert Record.objects.get(source_id=sis.source.pk, source_key="e-s20").present


def test_who_asked_for_it_stands_in_the_audit(sis: Door, held: Run) -> None:
    apply_safe_part(sis.district, held, by=PRINCIPAL)
    with within(sis.district):
        event = list_events(sis.district.pk, subject_kind="run", subject_id=held.pk)[0]
    assert (event.verb, event.actor_name) == ("run.approved", "Paula Principal")
    assert event.detail["part"] == "safe"
    assert event.detail["goes"]["users"]["added"] == 1


def test_a_run_with_too_many_updates_lets_the_others_go(sis: Door) -> None:
    sis.bring(lakeside(STUDENTS))
    night = lakeside(STUDENTS + 1)
    for person in night["users"]:
        person["middleName"] = "Maria"
    run = sis.bring(night)
    assert reasons(run) == {"too-many-updates"}
    _ask(sis, run)
    people = published(sis.district)["users"]
    assert people["s40"]["middleName"] == "Maria"
    assert people["s0"]["middleName"] is None
    sis.approve(run)
    assert published(sis.district)["users"]["s0"]["middleName"] == "Maria"


def test_an_id_that_carries_another_person_waits_and_nobody_points_to_who_is_not_there(sis: Door) -> None:
    sis.bring(lakeside(STUDENTS))
    old = row_id(sis, "users", "s0")
    night = _with_recycled()
    night.row("users", "s5")["agentSourcedIds"] = "s0,t-elm"
    run = sis.bring(night)
    assert "id-recycled" in reasons(run)
    _ask(sis, run)
    people = published(sis.district)["users"]
    assert people["s0"]["familyName"] == "Family0"
    assert people["s5"]["agentSourcedIds"] == ["t-elm"]
    assert people["s20"]["familyName"] == "Renamed"
    assert sis.approve(run).state == RunState.APPLIED
    assert row_id(sis, "users", "s0") != old
    assert published(sis.district)["users"]["s5"]["agentSourcedIds"] == ["s0-2", "t-elm"]


def _with_recycled() -> Roster:
    roster = lakeside(STUDENTS)
    roster.row("users", "s0").update(_recycled().row("users", "s0"))
    roster.row("users", "s20")["familyName"] = "Renamed"
    return roster


def test_rows_that_another_source_has_too_are_not_handed_over_before_the_removals_go(sis: Door, tmp_path: Path) -> None:
    other = open_door(sis.district, tmp_path / "other", "other")
    sis.bring(lakeside(STUDENTS))
    other.bring(_as_other_source(lakeside(STUDENTS)).without(*(f"dir-s{number}" for number in range(2, STUDENTS))))
    run = sis.bring(lakeside(STUDENTS + 1).without(*(f"s{number}" for number in range(12))))
    assert run.safe_part_applied
    discard_run(sis.district, run, by=PRINCIPAL)
    assert row(sis, "users", row_id(sis, "users", "s0")).source_id == sis.source.pk


def _hold_renumbered(sis: Door) -> Run:
    sis.bring(lakeside())
    return sis.bring(_renumbered(lakeside()))


def _hold_of_held_source(sis: Door) -> Run:
    sis.bring(lakeside())
    hold_source(sis.district, sis.source, "Run 1 was undone by Paula.", by=PRINCIPAL)
    return sis.bring(lakeside(5))


def _hold_only_removals(sis: Door) -> Run:
    change_settings(sis.district, sis.source, {"safe_part_goes": False}, by=PRINCIPAL)
    sis.bring(lakeside(STUDENTS))
    return sis.bring(lakeside(STUDENTS).without(*(f"s{number}" for number in range(10))))


def _already(sis: Door) -> Run:
    sis.bring(lakeside(STUDENTS))
    return _ask(sis, sis.bring(_mixed()))


def _applied(sis: Door) -> Run:
    return sis.bring(lakeside())


def _superseded(sis: Door) -> Run:
    sis.bring(lakeside(STUDENTS))
    run = sis.bring(_mixed())
    newer = lakeside(STUDENTS)
    newer.row("users", "s1")["familyName"] = "Newer"
    sis.bring(newer)
    return run


@pytest.mark.parametrize(
    ("held_run", "says"),
    [
        (_hold_renumbered, "renumbered"),
        (_hold_of_held_source, "source is held"),
        (_hold_only_removals, "nothing in this run"),
        (_already, "already"),
        (_applied, "applied"),
        (_superseded, "newer"),
    ],
)
def test_where_there_is_no_safe_part_it_is_said_why(sis: Door, held_run: Callable[[Door], Run], says: str) -> None:
    run = held_run(sis)
    before, stood = state(sis.district), run.state
    with pytest.raises(NotNow, match=says):
        apply_safe_part(sis.district, run, by=PRINCIPAL)
    with within(sis.district):
        assert Run.objects.get(pk=run.pk).state == stood
    assert state(sis.district) == before


@pytest.mark.parametrize("held_run", [_hold_renumbered, _hold_of_held_source, _hold_only_removals])
def test_a_run_that_is_one_thing_offers_no_part(sis: Door, held_run: Callable[[Door], Run]) -> None:
    run = held_run(sis)
    assert run.state == RunState.HELD
    assert run.safe_counts == {}
    assert not run.has_safe_part


def test_a_source_that_is_held_meanwhile_stops_the_part_too(sis: Door, held: Run) -> None:
    apply_safe_part(sis.district, held, by=PRINCIPAL)
    hold_source(sis.district, held.source, "Run 1 was undone by Paula.", by=PRINCIPAL)
    people = published(sis.district)
    carry_out(sis.district, held)
    assert (held.state, held.safe_part_applied) == (RunState.HELD, False)
    assert "source-held" in reasons(held)
    assert published(sis.district) == people


def test_with_the_setting_off_a_person_may_let_it_go_all_the_same(sis: Door) -> None:
    change_settings(sis.district, sis.source, {"safe_part_goes": False}, by=PRINCIPAL)
    sis.bring(lakeside(STUDENTS))
    run = sis.bring(lakeside(STUDENTS + 1).without(*(f"s{number}" for number in range(10))))
    assert not run.safe_part_applied
    _ask(sis, run)
    assert {"s0", "s40"} <= published(sis.district)["users"].keys()


def test_where_the_reasons_have_grown_since_nothing_goes(sis: Door, held: Run) -> None:
    apply_safe_part(sis.district, held, by=PRINCIPAL)
    with within(sis.district):
        fewer = [{**reason, "count": reason["count"] - 1} for reason in held.reasons]
        Run.objects.filter(pk=held.pk).update(reasons=fewer)
    before = state(sis.district)
    carry_out(sis.district, held)
    assert (held.state, held.safe_part_applied, held.only_safe_part) == (RunState.HELD, False, False)
    assert state(sis.district) == before


def test_where_no_reason_is_left_the_removals_wait_all_the_same(sis: Door, held: Run) -> None:
    """Who asked for a part has not asked for the rest, whatever the guard says by now."""
    apply_safe_part(sis.district, held, by=PRINCIPAL)
    lenient: dict[str, object] = {"removed_share": 100, "removed_people": 1000, "role_gains": 1000}
    change_settings(sis.district, held.source, lenient, by=PRINCIPAL)
    carry_out(sis.district, held)
    assert held.state == RunState.HELD
    assert reasons(held) == {"too-many-removals", "role-gains"}
    assert "s0" in published(sis.district)["users"]
    assert sis.approve(held).state == RunState.APPLIED


def test_a_word_for_all_of_it_takes_the_place_of_one_for_a_part(
    sis: Door, held: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(sis, held)
    approve_run(sis.district, held, by=PRINCIPAL)
    assert not held.only_safe_part
    assert carry_out(sis.district, held).state == RunState.APPLIED


def test_the_word_for_a_part_outlives_a_fault_of_ours(sis: Door, held: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_safe_part(sis.district, held, by=PRINCIPAL)
    before = state(sis.district)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "file_safe_part", _fail)
        with pytest.raises(OSError, match="disk"):
            carry_out(sis.district, held)
    assert held.state == RunState.FAILED
    assert state(sis.district) == before
    assert carry_out(sis.district, held).state == RunState.HELD
    assert held.safe_part_applied
    assert "s0" in published(sis.district)["users"]


def _fail(*args: object, **more: object) -> None:
    raise OSError("disk")


@pytest.mark.slow
def test_killed_at_any_statement_the_safe_part_has_gone_or_not(sis: Door) -> None:
    change_settings(sis.district, sis.source, {"safe_part_goes": False, "guarded_from": 2}, by=PRINCIPAL)
    sis.bring(lakeside())
    night = lakeside(5).without("s1")
    night.row("users", "s0")["familyName"] = "Renamed"
    run = sis.bring(night)
    assert run.has_safe_part
    apply_safe_part(sis.district, run, by=PRINCIPAL)
    before = state(sis.district)
    deaths = kill_at_every_statement(sis, run, ends=RunState.HELD, before=before)
    assert deaths > 30
    with within(sis.district):
        done = Run.objects.get(pk=run.pk)
    assert done.safe_part_applied
    people = published(sis.district)["users"]
    assert {"s1", "s4"} <= people.keys()
    assert people["s0"]["familyName"] == "Renamed"
