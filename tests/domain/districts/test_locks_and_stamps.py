"""One writer at a time, and numbers that only grow: proved with two real connections."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from django.db import connections

from firstbell.domain.districts.locks import lock, try_lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import OutsideTheWall, within

MOMENT = 0.3
LONG = 20


class Aside:
    """Runs functions in another thread, which has a connection of its own."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def start[T](self, work: Callable[[], T]) -> "Future[T]":
        """Start `work` there; its connection is closed when it ends."""

        def run() -> T:
            try:
                return work()
            finally:
                connections.close_all()

        return self._pool.submit(run)


@pytest.fixture
def aside(database: None) -> Iterator[Aside]:
    """Other threads."""
    with ThreadPoolExecutor(8) as pool:
        yield Aside(pool)


def _locked(district: District) -> bool:
    with within(district):
        return try_lock(district)


def test_the_lock_is_had_by_one_transaction_at_a_time(district: District, aside: Aside) -> None:
    with within(district):
        lock(district)
        assert not aside.start(lambda: _locked(district)).result(LONG)
    assert aside.start(lambda: _locked(district)).result(LONG)


def test_who_comes_second_waits_until_the_first_has_committed(district: District, aside: Aside) -> None:
    def second() -> str:
        with within(district):
            lock(district)
            return District.objects.get(pk=district.pk).name

    with within(district):
        lock(district)
        waiting = aside.start(second)
        with pytest.raises(StillWaiting):
            waiting.result(MOMENT)
        District.objects.filter(pk=district.pk).update(name="Renamed meanwhile")
    assert waiting.result(LONG) == "Renamed meanwhile"


def test_another_districts_lock_is_free(district: District, other_district: District, aside: Aside) -> None:
    with within(district):
        lock(district)
        assert aside.start(lambda: _locked(other_district)).result(LONG)


def test_the_lock_ends_with_a_failure_too(district: District, aside: Aside) -> None:
    def lock_and_fail() -> None:
        with within(district):
            lock(district)
            raise LookupError

    with pytest.raises(LookupError):
        lock_and_fail()
    assert aside.start(lambda: _locked(district)).result(LONG)


def test_the_lock_may_be_taken_twice(district: District) -> None:
    with within(district):
        lock(district)
        lock(district)
        assert try_lock(district)


def test_locks_and_stamps_are_taken_within_the_district(district: District, other_district: District) -> None:
    for act in (lock, try_lock, lambda district: take_stamps(district, 1)):
        with pytest.raises(OutsideTheWall):
            act(district)
        with within(other_district), pytest.raises(OutsideTheWall):
            act(district)


def test_stamps_follow_one_another(district: District) -> None:
    with within(district):
        assert take_stamps(district, 3) == 1
        assert take_stamps(district, 1) == 4
    assert District.objects.get(pk=district.pk).last_stamp == district.last_stamp == 4


def test_no_stamps_are_a_mistake(district: District) -> None:
    with within(district), pytest.raises(ValueError, match="0 stamps"):
        take_stamps(district, 0)


def test_stamps_of_a_transaction_that_failed_are_given_again(district: District) -> None:
    def take_and_fail() -> None:
        with within(district):
            take_stamps(district, 5)
            raise LookupError

    with pytest.raises(LookupError):
        take_and_fail()
    with within(district):
        assert take_stamps(district, 1) == 1


def test_the_second_transaction_waits_and_its_stamps_are_higher(district: District, aside: Aside) -> None:
    def second() -> int:
        with within(district):
            return take_stamps(district, 1)

    with within(district):
        first = take_stamps(district, 10)
        waiting = aside.start(second)
        with pytest.raises(StillWaiting):
            waiting.result(MOMENT)
    assert waiting.result(LONG) == first + 10


def test_stamps_taken_by_many_at_once_never_overlap(district: District, aside: Aside) -> None:
    together = threading.Barrier(4)

    def take() -> list[int]:
        fresh = District.objects.get(pk=district.pk)
        together.wait(LONG)
        taken = []
        for _ in range(10):
            with within(fresh):
                first = take_stamps(fresh, 3)
                taken += [first, first + 1, first + 2]
        assert taken == sorted(taken)
        return taken

    everyones = [stamp for work in [aside.start(take) for _ in range(4)] for stamp in work.result(LONG)]
    assert sorted(everyones) == list(range(1, 121))
