"""A district asks, and is answered: whose a request is, when it is due, who may see it, and what is mailed."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from tests.postbox import Postbox, receiving
from tests.working import work_until_idle

from firstbell.domain.accounts.viewer import Viewer, view_as_operator
from firstbell.domain.advice.asking import (
    Asked,
    BadRequest,
    NotOpen,
    answer_request,
    ask,
    end_contact,
    escalate_requests,
    forget_requests,
    name_contact,
    withdraw_request,
)
from firstbell.domain.advice.models import ContactRequest, ContactRole
from firstbell.domain.advice.queries import find_owner, find_request, list_contacts, list_requests
from firstbell.domain.advice.settings import AdviceSettings, Contact
from firstbell.domain.advice.working_days import after_working_days
from firstbell.domain.audit.actor import OPERATOR, SYSTEM
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

BACKUP = f"backup-{uuid.uuid4().hex}@vendor.example"
SETTINGS = AdviceSettings(contact=Contact("The backup", BACKUP))
NOW = dt.datetime(2026, 11, 24, 15, 0, tzinfo=dt.UTC)  # a Tuesday

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def viewer(district: District) -> Viewer:
    return view_as_operator(district)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with receiving() as box, override_settings(FIRSTBELL_ADVICE=SETTINGS):
        yield box


def _ask(
    district: District, viewer: Viewer, message: str = "May we have 20 more seats?", email: str = ""
) -> ContactRequest:
    return ask(district, Asked(message, "/d/x/method/", email), SETTINGS, now=NOW, by=viewer)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23T15:00", "2026-11-25T15:00"),  # Monday
        ("2026-11-26T15:00", "2026-11-30T15:00"),  # Thursday, over the weekend
        ("2026-11-27T15:00", "2026-12-01T15:00"),  # Friday
        ("2026-11-28T15:00", "2026-12-02T00:00"),  # Saturday counts from Monday
        ("2026-10-30T15:00", "2026-11-03T15:00"),  # summer time ends between
    ],
)
def test_two_working_days_leave_out_the_weekend_and_keep_the_hour(asked: str, due: str) -> None:
    chicago = after_working_days(NOW, 0, time_zone="America/Chicago").tzinfo
    moment = dt.datetime.fromisoformat(asked).replace(tzinfo=chicago)
    found = after_working_days(moment.astimezone(dt.UTC), 2, time_zone="America/Chicago")
    assert found.replace(tzinfo=None).isoformat(timespec="minutes") == due


def test_a_request_is_the_first_contacts_and_without_any_the_backups(district: District, viewer: Viewer) -> None:
    assert _ask(district, viewer).owner_name == "The backup"
    name_contact(district, ContactRole.ACCOUNT_EXECUTIVE, "Ed", "ed@vendor.example", by=OPERATOR)
    assert find_owner(district, SETTINGS).name == "Ed"
    name_contact(district, ContactRole.CUSTOMER_SUCCESS, "Rosa", "rosa@vendor.example", by=OPERATOR)
    assert [contact.name for contact in list_contacts(district)] == ["Rosa", "Ed"]
    assert _ask(district, viewer).owner_name == "Rosa"
    assert end_contact(district, ContactRole.CUSTOMER_SUCCESS, by=OPERATOR)
    assert not end_contact(district, ContactRole.CUSTOMER_SUCCESS, by=OPERATOR)
    assert _ask(district, viewer).owner_name == "Ed"


@pytest.mark.parametrize(("name", "email"), [("", "a@b.example"), ("A\nB", "a@b.example"), ("A", "nobody")])
def test_a_contact_that_cannot_be_one_is_refused(district: District, name: str, email: str) -> None:
    with pytest.raises(BadRequest):
        name_contact(district, ContactRole.ACCOUNT_EXECUTIVE, name, email, by=OPERATOR)


def test_an_empty_or_endless_message_is_no_request(district: District, viewer: Viewer) -> None:
    for message in ("  ", "x" * 5001, "a\0b"):
        with pytest.raises(BadRequest):
            _ask(district, viewer, message)


def test_a_request_is_answered_once_or_taken_back(district: District, viewer: Viewer) -> None:
    request = _ask(district, viewer)
    answer_request(district, request, "Yes.", now=NOW, by=OPERATOR)
    found = find_request(district, request.pk)
    assert found is not None
    assert (found.state, found.answer, found.answered_by) == ("answered", "Yes.", "Operator")
    with pytest.raises(NotOpen):
        answer_request(district, request, "No.", now=NOW, by=OPERATOR)
    with pytest.raises(NotOpen):
        withdraw_request(district, request, by=OPERATOR)
    other = _ask(district, viewer)
    withdraw_request(district, other, by=OPERATOR)
    assert list_requests(district, only_open=True) == []
    with within(district):
        events = list_events(district.pk, subject_kind="request")
    assert {event.verb for event in events} == {"request.asked", "request.answered", "request.withdrawn"}
    assert "seats" not in str([event.detail for event in events])


def test_what_is_left_for_two_working_days_becomes_the_backups_once(district: District, viewer: Viewer) -> None:
    name_contact(district, ContactRole.CUSTOMER_SUCCESS, "Rosa", "rosa@vendor.example", by=OPERATOR)
    request, answered = _ask(district, viewer), _ask(district, viewer)
    answer_request(district, answered, "Yes.", now=NOW, by=OPERATOR)
    early = request.due_at - dt.timedelta(seconds=1)
    assert escalate_requests(district, SETTINGS, now=early, by=SYSTEM) == 0
    assert escalate_requests(district, SETTINGS, now=request.due_at, by=SYSTEM) == 1
    assert escalate_requests(district, SETTINGS, now=request.due_at, by=SYSTEM) == 0
    found = find_request(district, request.pk)
    assert found is not None
    assert (found.owner_name, found.state, found.escalated_at) == ("The backup", "open", request.due_at)


def test_settled_requests_are_erased_in_time_and_open_ones_stay(district: District, viewer: Viewer) -> None:
    request, still_open = _ask(district, viewer), _ask(district, viewer)
    withdraw_request(district, request, by=OPERATOR)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    assert forget_requests(district, before=later, by=SYSTEM) == 1
    assert [one.pk for one in list_requests(district)] == [still_open.pk]


def test_requests_and_contacts_are_behind_the_wall(
    district: District, other_district: District, viewer: Viewer
) -> None:
    request = _ask(district, viewer)
    name_contact(district, ContactRole.CUSTOMER_SUCCESS, "Rosa", "rosa@vendor.example", by=OPERATOR)
    assert find_request(other_district, request.pk) is None
    assert list_contacts(other_district) == []
    for table in ("advice_contactrequest", "advice_districtcontact"):
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)


def test_owner_backup_and_who_asked_get_real_letters(district: District, viewer: Viewer, postbox: Postbox) -> None:
    rosa, ada = (f"{name}-{uuid.uuid4().hex}@example.org" for name in ("rosa", "ada"))
    name_contact(district, ContactRole.CUSTOMER_SUCCESS, "Rosa", rosa, by=OPERATOR)
    request = _ask(district, viewer, "May we have 20 more seats?", ada)
    work_until_idle("advice")
    (letter,) = postbox.to(rosa)
    assert "May we have 20 more seats?" in letter.get_content()
    assert f"firstbell answer {request.pk} --district {district.code}" in letter.get_content()
    escalate_requests(district, SETTINGS, now=request.due_at, by=SYSTEM)
    work_until_idle("advice")
    assert any(f"Request {request.pk}:" in str(one["Subject"]) for one in postbox.to(BACKUP))
    answer_request(district, request, "Yes, from Monday.", now=NOW, by=OPERATOR)
    work_until_idle("advice")
    (answer,) = postbox.to(ada)
    assert "Yes, from Monday." in answer.get_content()
