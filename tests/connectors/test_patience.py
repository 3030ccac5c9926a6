"""What passes is tried again, as slowly as the other system asks, and never by too many at once."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from firstbell.connectors.contract import About, ForGood, ForNow
from firstbell.connectors.patience import Busy, Patience, asked_to_wait
from firstbell.connectors.transport import Answer

NOW = dt.datetime(2026, 11, 30, 4, 0, tzinfo=dt.UTC)


def answer(status: int, **headers: str) -> Answer:
    return Answer(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, b"", "https://sis.example"
    )


def calls(*given: Answer | Exception) -> Callable[[], Answer]:
    left = list(given)

    def call() -> Answer:
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    return call


def patient(waits: list[float], **said: int) -> Patience:
    return Patience(sleep=waits.append, now=lambda: NOW, chance=lambda: 1.0, **said)


def test_what_passes_is_asked_again_and_each_wait_is_longer() -> None:
    waits: list[float] = []
    cut = ForNow("cut", about=About.CONTENT)
    got = patient(waits).ask(calls(answer(500), cut, answer(503), answer(200)))
    assert got.status == 200
    assert waits == [1, 2, 4]


def test_waits_end_at_the_longest() -> None:
    waits: list[float] = []
    with pytest.raises(Busy) as told:
        patient(waits, attempts=9).ask(calls(*[answer(500)] * 9))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert told.value.status == 500


def test_what_needs_a_person_is_not_asked_again() -> None:
    waits: list[float] = []
    with pytest.raises(ForGood):
        patient(waits).ask(calls(ForGood("no", about=About.LOG_IN), answer(200)))
    assert waits == []


def test_an_answer_that_is_no_is_an_answer() -> None:
    assert patient([]).ask(calls(answer(404))).status == 404


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "17"}, 17),
        ({"retry_after": "Mon, 30 Nov 2026 04:00:45 GMT"}, 45),
        ({"retry_after": "Mon, 30 Nov 2026 03:59:00 GMT"}, 0),
        ({"retry_after": "soon"}, 0),
        ({"retry_after": "-5"}, 0),
        ({"retry_after": "９"}, 0),
        ({"retry_after": "9" * 400}, 999_999_999),
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) + 30)}, 30),
        ({"x_ratelimit_reset": "12"}, 12),
        ({}, 0),
    ],
)
def test_how_long_it_asks_us_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert asked_to_wait(answer(429, **headers), NOW) == seconds


def test_we_wait_as_long_as_it_asks() -> None:
    waits: list[float] = []
    patient(waits).ask(calls(answer(429, retry_after="45"), answer(200)))
    assert waits == [45]


def test_a_wait_that_is_too_long_for_a_run_ends_it_and_says_how_long() -> None:
    waits: list[float] = []
    with pytest.raises(ForNow, match="7200 seconds") as told:
        patient(waits).ask(calls(answer(429, retry_after="7200"), answer(200)))
    assert waits == []
    assert told.value.wait == 7200


def test_no_more_calls_than_allowed_are_in_the_air() -> None:
    patience = Patience(at_once=2)
    counting, in_the_air, most = threading.Lock(), 0, 0

    def call() -> Answer:
        nonlocal in_the_air, most
        with counting:
            in_the_air += 1
            most = max(most, in_the_air)
        time.sleep(0.02)
        with counting:
            in_the_air -= 1
        return answer(200)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: patience.ask(call), range(16)))
    assert most == 2
