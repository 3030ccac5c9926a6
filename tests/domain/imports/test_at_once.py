"""Several at once: one after another within a district, side by side between districts."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from tests.domain.imports.rosters import PRINCIPAL, Door, open_door, published, state
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.states import NotNow
from firstbell.domain.imports.undoing import undo_run
from firstbell.domain.roster.models import User

LONG = 60


def _at_once[T](*works: Callable[[], T]) -> list[T | BaseException]:
    """All works begin together, each with a connection of its own; what they return or raise."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T | BaseException:
        try:
            start.wait(LONG)
            return work()
        except BaseException as fault:
            return fault
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(LONG) for future in [pool.submit(run, work) for work in works]]


def _fresh(door: Door, run: Run) -> tuple[District, Run]:
    district = District.objects.get(pk=door.district.pk)
    with within(district):
        return district, Run.objects.select_related("source").get(pk=run.pk)


def _renamed(name: str) -> Roster:
    roster = lakeside()
    for number in range(4):
        roster.row("users", f"s{number}")["familyName"] = name
    roster.row("classes", "c-elm")["location"] = name
    return roster


@pytest.mark.parametrize("attempt", range(3))
def test_two_imports_of_one_district_end_like_one_after_the_other(sis: Door, attempt: int) -> None:
    sis.bring(lakeside())
    runs = [sis.receive(_renamed("First")), sis.receive(_renamed("Second"))]

    def work(run: Run) -> Callable[[], str]:
        return lambda: carry_out(*_fresh(sis, run)).state

    assert _at_once(*(work(run) for run in runs)) == [RunState.APPLIED] * 2
    after = published(sis.district)
    names = {after["users"][f"s{number}"]["familyName"] for number in range(4)}
    assert names | {after["classes"]["c-elm"]["location"]} in ({"First"}, {"Second"})
    with within(sis.district):
        stamps = sorted((run.first_stamp, run.last_stamp) for run in Run.objects.filter(pk__in=[r.pk for r in runs]))
    assert stamps[0][1] < stamps[1][0], "the stamps of two runs never mix"


def test_two_first_imports_of_one_source_make_nobody_twice(sis: Door) -> None:
    runs = [sis.receive(lakeside()), sis.receive(lakeside())]
    done = _at_once(*((lambda run=run: carry_out(*_fresh(sis, run)).state) for run in runs))
    assert done == [RunState.APPLIED] * 2
    assert len(published(sis.district)["users"]) == 6
    with within(sis.district):
        assert User.objects.filter(district_id=sis.district.pk).count() == 6


def test_of_two_approvals_at_once_one_wins(sis: Door) -> None:
    sis.bring(lakeside(40))
    held = sis.bring(lakeside(40).without(*(f"s{number}" for number in range(10))))
    answers = _at_once(*[lambda: approve_run(*_fresh(sis, held), by=PRINCIPAL)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "NotNow"]


def test_of_two_workers_at_once_one_carries_the_run_out(sis: Door) -> None:
    run = sis.receive(lakeside())
    answers = _at_once(*[lambda: carry_out(*_fresh(sis, run)).state] * 2)
    assert sorted(str(answer) for answer in answers if not isinstance(answer, NotNow)) == ["applied"]
    assert sum(isinstance(answer, NotNow) for answer in answers) == 1


def test_of_two_undos_at_once_one_wins(sis: Door) -> None:
    run = sis.bring(lakeside())
    answers = _at_once(*[lambda: undo_run(*_fresh(sis, run), by=PRINCIPAL).state] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotNow", "RunState"]


def test_districts_at_once_do_not_mix(district: District, other_district: District, tmp_path: Path) -> None:
    here, there = open_door(district, tmp_path / "here"), open_door(other_district, tmp_path / "there")
    ours, theirs = here.receive(_renamed("Ours")), there.receive(_renamed("Theirs"))
    done = _at_once(
        lambda: carry_out(*_fresh(here, ours)).state,
        lambda: carry_out(*_fresh(there, theirs)).state,
    )
    assert done == [RunState.APPLIED] * 2
    for door, name in ((here, "Ours"), (there, "Theirs")):
        people = published(door.district)["users"]
        assert {people[f"s{number}"]["familyName"] for number in range(4)} == {name}
    assert state(district)["stamp"] == state(other_district)["stamp"]
