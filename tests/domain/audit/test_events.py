"""What happened stays written as it was."""

import pytest
from django.db import ProgrammingError, connection

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import OPERATOR, SYSTEM, Actor
from firstbell.domain.audit.models import Event
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

ADA = Actor("account", "17", "Ada Lovelace")


def _record(district: District, verb: str, subject_id: object = 1, by: Actor = ADA) -> Event:
    return record(district.pk, verb, by=by, subject_kind="run", subject_id=subject_id, detail={"rows": 3})


def test_an_event_says_who_did_what_to_what_and_when(district: District) -> None:
    with within(district):
        written = _record(district, "run.approved", 42)
        (event,) = list_events(district.pk, subject_kind="run")
    assert event == written
    assert (event.actor_kind, event.actor_id, event.actor_name) == ("account", "17", "Ada Lovelace")
    assert (event.verb, event.subject_kind, event.subject_id, event.detail) == (
        "run.approved",
        "run",
        "42",
        {"rows": 3},
    )
    assert event.at is not None


def test_the_newest_come_first_of_one_subject_or_all_and_no_more_than_asked(district: District) -> None:
    with within(district):
        for subject_id, verb in [(1, "run.started"), (2, "run.started"), (1, "run.held")]:
            _record(district, verb, subject_id)
        assert [e.verb for e in list_events(district.pk, subject_kind="run", subject_id=1)] == [
            "run.held",
            "run.started",
        ]
        assert [e.subject_id for e in list_events(district.pk, subject_kind="run", limit=2)] == ["1", "2"]


def test_another_districts_events_are_hidden(district: District, other_district: District) -> None:
    with within(other_district):
        _record(other_district, "run.started")
    with within(district):
        assert list_events(other_district.pk) == []
        assert {event.district_id for event in Event.objects.all()} <= {district.pk, None}


def test_an_event_cannot_be_written_into_another_district(district: District, other_district: District) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), within(district):
        _record(other_district, "run.started")


def test_an_event_of_no_district_is_written_and_read_from_anywhere(district: District) -> None:
    event = record(None, "account.opened", by=OPERATOR, subject_kind="account", subject_id=district.code)
    with within(district):
        record(None, "account.closed", by=SYSTEM, subject_kind="account", subject_id=district.code)
    found = list_events(None, subject_kind="account", subject_id=district.code)
    assert [e.verb for e in found] == ["account.closed", "account.opened"]
    assert found[1] == event


@pytest.mark.parametrize(
    "statement", ["update audit_event set verb = 'nothing'", "delete from audit_event", "truncate audit_event"]
)
def test_the_application_can_neither_change_nor_remove_an_event(district: District, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), within(district), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_event_is_gone_with_the_transaction_that_wrote_it(district: District) -> None:
    def write_and_fail() -> None:
        with within(district):
            _record(district, "run.started", "gone")
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    with within(district):
        assert list_events(district.pk, subject_kind="run") == []
