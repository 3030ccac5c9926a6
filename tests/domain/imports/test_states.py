"""A run's state is one column with one table of moves; every move is written down."""

import pytest
from tests.domain.imports.rosters import PRINCIPAL, Door
from tests.engine.district import lakeside

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import MOVES, WAITING, NotNow, move

ALL = [(before, after) for before in RunState for after in RunState]


@pytest.fixture
def run(sis: Door) -> Run:
    return sis.receive(lakeside())


def _events(door: Door, run: Run) -> list[tuple[str, object]]:
    with within(door.district):
        events = list_events(door.district.pk, subject_kind="run", subject_id=run.pk)
    return [(event.verb, event.detail.get("from")) for event in events]


@pytest.mark.parametrize(("before", "after"), [pair for pair in ALL if pair[1] in MOVES[pair[0]]])
def test_an_allowed_move_is_made_and_written_down(sis: Door, run: Run, before: RunState, after: RunState) -> None:
    with within(sis.district):
        Run.objects.filter(pk=run.pk).update(state=before)
        move(run, after, by=PRINCIPAL)
        assert Run.objects.get(pk=run.pk).state == after
    assert _events(sis, run)[0] == (f"run.{after.value}", before.value)


def test_every_other_move_is_refused_and_nothing_is_written_down(sis: Door, run: Run) -> None:
    told = _events(sis, run)
    for before, after in ALL:
        if after in MOVES[before]:
            continue
        with within(sis.district):
            Run.objects.filter(pk=run.pk).update(state=before)
            with pytest.raises(NotNow):
                move(run, after, by=PRINCIPAL)
            assert Run.objects.get(pk=run.pk).state == before
    assert _events(sis, run) == told


def test_every_state_has_its_moves_and_the_waiting_ones_have_an_end() -> None:
    assert MOVES.keys() == set(RunState)
    assert all(MOVES[state] for state in WAITING)


def test_a_run_tells_its_whole_way(sis: Door) -> None:
    run = sis.bring(lakeside())
    sis.undo(run)
    assert [verb for verb, _ in reversed(_events(sis, run))] == [
        "run.received",
        "run.working",
        "run.applied",
        "run.undone",
    ]
