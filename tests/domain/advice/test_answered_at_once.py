"""Two people at the same request in the same moment: one of them answers it, the other is told."""

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from firstbell.domain.accounts.viewer import view_as_operator
from firstbell.domain.advice.asking import Asked, NotOpen, answer_request, ask, withdraw_request
from firstbell.domain.advice.models import ContactRequest
from firstbell.domain.advice.queries import find_request
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

NOW = dt.datetime(2099, 11, 24, 15, 0, tzinfo=dt.UTC)


def _wait_until_somebody_waits() -> None:
    """For the lock of a row: seen from within the transaction that has it."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where not granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("the other one does not wait for the row")


def _how_it_went(work: Callable[[], object]) -> str:
    try:
        work()
    except NotOpen as late:
        return str(late)
    finally:
        connections.close_all()
    return "done"


def test_who_comes_while_a_request_is_being_answered_is_told_so(district: District) -> None:
    settings = AdviceSettings()
    request = ask(district, Asked("May we?"), settings, now=NOW, by=view_as_operator(district))
    stale = find_request(district, request.pk)
    assert stale is not None
    with ThreadPoolExecutor(1) as thread:
        with within(district):
            ContactRequest.objects.select_for_update().get(district_id=district.pk, pk=request.pk)
            other = thread.submit(_how_it_went, lambda: withdraw_request(district, stale, by=OPERATOR))
            _wait_until_somebody_waits()
            answer_request(district, request, "Yes.", now=NOW, by=OPERATOR)
        assert other.result(timeout=60) == f"Request {request.pk} is answered already."
    found = find_request(district, request.pk)
    assert found is not None
    assert (found.state, found.answer) == ("answered", "Yes.")
