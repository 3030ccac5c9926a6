"""What waits for a person, what goes meanwhile, and what the person's word covers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from tests.domain.imports.rosters import PRINCIPAL, Door, changes, found, published, reasons, state
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.imports import filing, loading
from firstbell.domain.imports.actions import approve_run, discard_run
from firstbell.domain.imports.folder import RunFolder, changes_of
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.sources import change_settings

STUDENTS = 40


def _broken(*, leavers: int = 10) -> Roster:
    """A night in which many are missing, one is new and one is renamed."""
    roster = lakeside(STUDENTS + 1).without(*(f"s{number}" for number in range(leavers)))
    roster.row("users", "s20")["familyName"] = "Renamed"
    return roster


@pytest.fixture
def held(sis: Door) -> Run:
    sis.bring(lakeside(STUDENTS))
    return sis.bring(_broken())


def test_a_record_that_was_left_out_counts_as_present(sis: Door) -> None:
    sis.bring(lakeside())
    faulty = lakeside()
    faulty.row("users", "s0")["givenName"] = ""
    run = sis.bring(faulty)
    assert run.state == RunState.APPLIED
    assert changes(run) == {}
    assert {"s0"} <= published(sis.district)["users"].keys()
    assert "e-s0" in published(sis.district)["enrollments"]


def test_what_the_rules_find_stands_with_the_run(sis: Door) -> None:
    faulty = lakeside()
    faulty.row("enrollments", "e-s0")["classSourcedId"] = "nowhere"
    run = sis.bring(faulty)
    assert run.found["error"] == 1
    assert "reference-missing" in found(sis.district, run)


def test_an_id_that_cannot_be_read_stops_removals_of_its_kind(sis: Door) -> None:
    sis.bring(lakeside())
    faulty = lakeside().without("s1")
    faulty.row("users", "s0")["sourcedId"] = ""
    run = sis.bring(faulty)
    assert "users" not in changes(run)
    assert "removals-stopped" in found(sis.district, run)
    assert {"s0", "s1"} <= published(sis.district)["users"].keys()


def test_a_held_run_without_a_safe_part_changes_nothing(sis: Door) -> None:
    change_settings(sis.district, sis.source, {"safe_part_goes": False}, by=PRINCIPAL)
    sis.bring(lakeside(STUDENTS))
    before = state(sis.district)
    run = sis.bring(_broken())
    assert run.state == RunState.HELD
    assert not run.safe_part_applied
    assert state(sis.district) == before


def test_the_safe_part_goes_and_removals_wait(sis: Door, held: Run) -> None:
    assert held.state == RunState.HELD
    assert reasons(held) == {"too-many-removals"}
    people = published(sis.district)["users"]
    assert {f"s{number}" for number in range(STUDENTS + 1)} <= people.keys()
    assert people["s20"]["familyName"] == "Renamed"


def test_approved_the_removals_follow_and_the_run_tells_all_it_did(sis: Door, held: Run) -> None:
    sis.approve(held)
    assert held.state == RunState.APPLIED
    assert changes(held)["users"] == {"added": 1, "updated": 1, "removed": 10}
    people = published(sis.district)["users"]
    assert "s0" not in people
    assert len(people) == STUDENTS + 1 - 10 + 2


def test_an_approval_names_who_gave_it(sis: Door, held: Run) -> None:
    sis.approve(held)
    events = {event.verb: event for event in list_events_within(sis, held)}
    assert events["run.approved"].actor_name == "Paula Principal"
    assert events["run.approved"].detail["reasons"] == ["too-many-removals"] * len(held.reasons)
    assert held.decided_by == "Paula Principal"


def list_events_within(door: Door, run: Run):  # type: ignore[no-untyped-def]
    with within(door.district):
        return list_events(door.district.pk, subject_kind="run", subject_id=run.pk)


def test_discarded_the_removals_never_come(sis: Door, held: Run) -> None:
    before = state(sis.district)
    discard_run(sis.district, held, by=PRINCIPAL)
    assert held.state == RunState.DISCARDED
    assert state(sis.district) == before
    with pytest.raises(NotNow):
        approve_run(sis.district, held, by=PRINCIPAL)


def test_an_approval_does_not_cover_what_grew_since(sis: Door, held: Run) -> None:
    approve_run(sis.district, held, by=PRINCIPAL)
    with within(sis.district):
        fewer = [{**reason, "count": reason["count"] - 1} for reason in held.reasons]
        Run.objects.filter(pk=held.pk).update(reasons=fewer)
    before = state(sis.district)
    carry_out(sis.district, held)
    assert held.state == RunState.HELD
    assert state(sis.district) == before


def test_an_approval_outlives_a_fault_of_ours(sis: Door, held: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    approve_run(sis.district, held, by=PRINCIPAL)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "touch_rows", _fail)
        with pytest.raises(OSError, match="disk"):
            carry_out(sis.district, held)
    assert held.state == RunState.FAILED
    assert carry_out(sis.district, held).state == RunState.APPLIED


def _fail(*args: object, **more: object) -> None:
    raise OSError("disk")


def test_what_a_failed_transaction_said_of_a_run_goes_with_it(sis: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    sis.bring(lakeside(STUDENTS))
    run = sis.receive(_broken())
    before = state(sis.district)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "_move", _fail)
        with pytest.raises(OSError, match="disk"):
            carry_out(sis.district, run)
    with within(sis.district):
        run.refresh_from_db()
    assert (run.state, run.first_stamp, run.safe_part_applied) == (RunState.FAILED, 0, False)
    assert state(sis.district) == before
    assert carry_out(sis.district, run).state == RunState.HELD
    assert run.safe_part_applied
    assert published(sis.district)["users"]["s20"]["familyName"] == "Renamed"


def test_an_older_file_is_not_approved_after_a_newer_one(sis: Door, held: Run) -> None:
    sis.bring(lakeside(STUDENTS))
    with pytest.raises(NotNow, match="newer"):
        approve_run(sis.district, held, by=PRINCIPAL)


def test_a_run_planned_against_an_older_roster_is_planned_again(sis: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    sis.bring(lakeside())
    planned: list[int] = []
    file_plan = filing.file_plan

    def change_the_roster_first(*args: object) -> None:
        planned.append(1)
        if len(planned) == 1:
            with within(sis.district):
                take_stamps(sis.district, 1)
        file_plan(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "file_plan", change_the_roster_first)
    assert sis.bring(lakeside().without("s0")).state == RunState.APPLIED
    assert len(planned) == 2


def test_a_roster_that_never_holds_still_fails_the_run_and_stays_as_it_is(
    sis: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    sis.bring(lakeside())
    file_plan = filing.file_plan

    def change_the_roster(*args: object) -> None:
        with within(sis.district):
            take_stamps(sis.district, 1)
        file_plan(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "file_plan", change_the_roster)
    before = published(sis.district)
    with pytest.raises(loading.Interrupted):
        sis.bring(lakeside().without("s0"))
    assert published(sis.district) == before


def test_the_files_of_an_earlier_plan_do_not_stay(sis: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first plan changes people; meanwhile the same file is applied by another run, so the second has nothing."""
    sis.bring(lakeside())
    renamed = lakeside()
    renamed.row("users", "s0")["familyName"] = "Renamed"
    file_plan, plans = filing.file_plan, []

    def bring_aside() -> None:
        try:
            sis.bring(renamed)
        finally:
            connections.close_all()

    def let_another_run_go_first(*args: object) -> None:
        plans.append(1)
        file_plan(*args)  # type: ignore[arg-type]
        if len(plans) == 1:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(bring_aside).result()

    slow = sis.receive(renamed)
    monkeypatch.setattr(loading, "file_plan", let_another_run_go_first)
    carry_out(sis.district, slow)
    assert changes(slow) == {}
    assert not RunFolder(sis.district, slow.pk).has(changes_of("users"))


def test_a_dry_run_changes_nothing_and_says_what_would_be(sis: Door) -> None:
    sis.bring(lakeside(STUDENTS))
    before = state(sis.district)
    run = sis.bring(_broken(), dry_run=True)
    assert run.state == RunState.CHECKED
    assert changes(run)["users"] == {"added": 1, "updated": 1, "removed": 10}
    assert reasons(run) == {"too-many-removals"}
    assert state(sis.district) == before


def test_a_package_of_which_nothing_can_be_used_is_refused_in_words(sis: Door) -> None:
    sis.bring(lakeside())
    before = state(sis.district)
    damaged = sis.folder / "damaged.zip"
    damaged.write_bytes(b"PK\x03\x04 this is no zip")
    run = sis.bring(damaged)
    assert run.state == RunState.REFUSED
    assert run.message
    assert state(sis.district) == before
