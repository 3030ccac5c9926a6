"""A district asks, and is answered: whose a request is, when it is due, who may see it, and what is mailed."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from tests.postbox import Postbox, receiving
from tests.working import work_until_idle

from firstbell.domain.accounts.actions import close_account
from firstbell.domain.accounts.models import StaffMembership, StaffRole
from firstbell.domain.accounts.staff import add_staff, remove_staff
from firstbell.domain.accounts.viewer import Viewer, view_as_operator
from firstbell.domain.advice.access import NoSuchRequest, access_request_of_vendor, wanted_by
from firstbell.domain.advice.asking import (
    Asked,
    BadRequest,
    NotOpen,
    answer_request,
    ask,
    escalate_requests,
    take_request,
    withdraw_request,
)
from firstbell.domain.advice.contacts import BadContact, end_contact, name_contact
from firstbell.domain.advice.forgetting import forget_requests
from firstbell.domain.advice.models import ContactRequest, ContactRole, RequestLine
from firstbell.domain.advice.queries import find_owner, find_request, list_contacts, list_request_lines, list_requests
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
    district: District,
    viewer: Viewer,
    message: str = "May we have 20 more seats?",
    email: str = "",
    now: dt.datetime = NOW,
) -> ContactRequest:
    return ask(district, Asked(message, "/d/x/method/", email), SETTINGS, now=now, by=viewer)


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
    with pytest.raises(BadContact):
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


def _works_here(name: str, role: StaffRole = StaffRole.CUSTOMER_SUCCESS) -> StaffMembership:
    return add_staff(f"{name}-{uuid.uuid4().hex}@vendor.example", name, role, by=OPERATOR)


@pytest.mark.parametrize("leaves", ["is closed", "works there no more"])
def test_who_left_gets_no_request_and_hands_on_those_that_are_open(
    district: District, viewer: Viewer, leaves: str
) -> None:
    rosa, ed = _works_here("Rosa"), _works_here("Ed", StaffRole.ACCOUNT_EXECUTIVE)
    for role, who in ((ContactRole.CUSTOMER_SUCCESS, rosa), (ContactRole.ACCOUNT_EXECUTIVE, ed)):
        name_contact(district, role, who.account.name, (who.account.email or "").upper(), by=OPERATOR)
    request = _ask(district, viewer)
    assert request.owner_name == "Rosa"
    if leaves == "is closed":
        close_account(rosa.account, by=OPERATOR)
    else:
        remove_staff(rosa, by=OPERATOR)
    assert [contact.name for contact in list_contacts(district)] == ["Ed"]
    assert _ask(district, viewer).owner_name == "Ed"
    for _ in range(2):
        escalate_requests(district, SETTINGS, now=NOW, by=SYSTEM)
    found = find_request(district, request.pk)
    assert found is not None
    assert (found.owner_name, found.escalated_at, found.due_at) == ("Ed", None, request.due_at)
    with within(district):
        verbs = [event.verb for event in list_events(district.pk, subject_kind="request", subject_id=request.pk)]
    assert verbs.count("request.handed_on") == 1


def test_a_backup_who_left_keeps_what_is_open_and_nobody_is_written_to_again(
    district: District, viewer: Viewer
) -> None:
    gone = _works_here("Gone")
    settings = AdviceSettings(contact=Contact("Gone", gone.account.email or ""))
    request = ask(district, Asked("Who?"), settings, now=NOW, by=viewer)
    remove_staff(gone, by=OPERATOR)
    escalate_requests(district, settings, now=NOW, by=SYSTEM)
    with within(district):
        verbs = [event.verb for event in list_events(district.pk, subject_kind="request", subject_id=request.pk)]
    assert verbs == ["request.asked"]


def test_a_request_is_open_to_whom_it_was_sent_and_to_operators(
    district: District, other_district: District, viewer: Viewer
) -> None:
    rosa, ed = _works_here("Rosa"), _works_here("Ed", StaffRole.ACCOUNT_EXECUTIVE)
    stranger, tess = _works_here("Sten"), _works_here("Tess", StaffRole.TECHNICAL_SERVICES)
    operator = _works_here("Otis", StaffRole.OPERATOR)
    name_contact(district, ContactRole.CUSTOMER_SUCCESS, "Rosa", rosa.account.email or "", by=OPERATOR)
    request = _ask(district, viewer)
    name_contact(other_district, ContactRole.CUSTOMER_SUCCESS, "Sten", stranger.account.email or "", by=OPERATOR)
    for who in (rosa, operator):
        assert access_request_of_vendor(who, district.code, request.pk)[1].pk == request.pk
        assert request.pk in _waiting(who)
    for who in (ed, stranger, tess):
        with pytest.raises(NoSuchRequest):
            access_request_of_vendor(who, district.code, request.pk)
        assert request.pk not in _waiting(who)
    with pytest.raises(NoSuchRequest):
        access_request_of_vendor(rosa, other_district.code, request.pk)
    name_contact(district, ContactRole.ACCOUNT_EXECUTIVE, "Ed", ed.account.email or "", by=OPERATOR)
    take_request(district, request, ed, by=OPERATOR)
    assert access_request_of_vendor(ed, district.code, request.pk)[1].owner_name == "Ed"
    answer_request(district, request, "Yes.", now=NOW, by=OPERATOR)
    assert request.pk not in _waiting(ed)
    with pytest.raises(NotOpen):
        take_request(district, request, rosa, by=OPERATOR)


def _waiting(who: StaffMembership) -> set[int]:
    return {line.request_id for line in list_request_lines(wanted_by(who), limit=10_000)}


def test_settled_requests_are_erased_in_time_and_open_ones_stay(district: District, viewer: Viewer) -> None:
    request, still_open = _ask(district, viewer), _ask(district, viewer)
    withdraw_request(district, request, by=OPERATOR)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    assert forget_requests(district, before=later, by=SYSTEM) == 1
    assert [one.pk for one in list_requests(district)] == [still_open.pk]
    assert not RequestLine.objects.filter(request_id=request.pk).exists()


def test_requests_are_behind_the_wall_and_contacts_are_of_their_district(
    district: District, other_district: District, viewer: Viewer
) -> None:
    request = _ask(district, viewer)
    name_contact(district, ContactRole.CUSTOMER_SUCCESS, "Rosa", "rosa@vendor.example", by=OPERATOR)
    assert find_request(other_district, request.pk) is None
    assert list_contacts(other_district) == []
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from advice_contactrequest")
        assert cursor.fetchone() == (0,)
        cursor.execute("select to_jsonb(l)::text from advice_requestline l where request_id = %s", [request.pk])
        assert "seats" not in cursor.fetchone()[0], "the vendor's lists hold nothing of what was written"


def test_owner_backup_and_who_asked_get_real_letters(district: District, viewer: Viewer, postbox: Postbox) -> None:
    rosa, ada = (f"{name}-{uuid.uuid4().hex}@example.org" for name in ("rosa", "ada"))
    name_contact(district, ContactRole.CUSTOMER_SUCCESS, "Rosa", rosa, by=OPERATOR)
    # of today: the worker's clock may give what was late long ago to the backup, before the letter is written
    request = _ask(district, viewer, "May we have 20 more seats?", ada, dt.datetime.now(dt.UTC))
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
