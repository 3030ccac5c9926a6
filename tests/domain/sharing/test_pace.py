"""A program that asks too often is told when to come again, and no other program waits for it."""

import pytest
from django.conf import settings

from firstbell.domain.sharing.pace import Pace, TooFast


def test_a_minute_of_questions_is_saved_up_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_READS_A_MINUTE", 30)
    now = 1000.0
    pace = Pace(lambda: now)
    for _ in range(30):
        pace.count(1)
    with pytest.raises(TooFast) as refused:
        pace.count(1)
    assert refused.value.wait == 2
    pace.count(2)
    now += 2
    pace.count(1)
    with pytest.raises(TooFast):
        pace.count(1)
    now += 10_000
    for _ in range(30):
        pace.count(1)
    with pytest.raises(TooFast):
        pace.count(1)


def test_nought_is_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_READS_A_MINUTE", 0)
    pace = Pace(lambda: 0.0)
    for _ in range(100):
        pace.count(1)
