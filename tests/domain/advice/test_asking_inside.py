"""Teachers ask their administrators and students their school: who answers, who reads it, and what the vendor sees."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import override_settings
from django.utils import timezone
from tests.postbox import Postbox, receiving
from tests.working import work_until_idle

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.actions import close_account, give_membership, open_account, set_credential
from firstbell.domain.accounts.models import Membership, StaffRole
from firstbell.domain.accounts.staff import add_staff, begin_visit
from firstbell.domain.accounts.viewer import Viewer, view_as, view_as_operator
from firstbell.domain.accounts.visits import view_on_visit
from firstbell.domain.advice.access import (
    NoSuchRequest,
    access_question,
    access_question_to_pass_on,
    access_request,
    access_request_of_vendor,
    access_requests,
)
from firstbell.domain.advice.asking import (
    MOST_OPEN,
    Asked,
    BadRequest,
    NotOpen,
    answer_request,
    ask,
    escalate_requests,
    pass_on,
)
from firstbell.domain.advice.contacts import name_contact
from firstbell.domain.advice.forgetting import forget_requests
from firstbell.domain.advice.models import Audience, ContactRequest, ContactRole, RequestLine
from firstbell.domain.advice.queries import ALL, find_request, list_requests
from firstbell.domain.advice.settings import AdviceSettings, Contact
from firstbell.domain.audit.actor import OPERATOR, SYSTEM
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.erasing import erase_due
from firstbell.domain.imports.telling import tell_all
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person, remove_person
from firstbell.domain.roster.editing.schools import add_org

NOW = dt.datetime(2099, 11, 24, 15, 0, tzinfo=dt.UTC)  # a worker's clock, which hands on what is late, is before it
TODAY = NOW.date()
WORDS = "Casey Underwood cannot sign in"

pytestmark = pytest.mark.usefixtures("database")


@dataclass(frozen=True)
class Town:
    """A district with two schools: who runs it, the principal of each, a teacher, and a student of the first."""

    district: District
    settings: AdviceSettings
    administrator: Viewer
    principal: Viewer
    other_principal: Viewer
    teacher: Viewer
    student: Viewer

    def ask(self, by: Viewer, words: str = WORDS) -> ContactRequest:
        return ask(self.district, Asked(words, "", _address(by)), self.settings, now=NOW, by=by)

    def sees(self, viewer: Viewer) -> set[int]:
        with within(self.district):
            return {request.pk for request in access_requests(viewer, self.district, today=TODAY)}

    def question(self, viewer: Viewer, request: ContactRequest) -> ContactRequest:
        with within(self.district):
            return access_question(viewer, self.district, request.pk, today=TODAY)

    def now(self, request: ContactRequest) -> ContactRequest:
        found = find_request(self.district, request.pk, ALL)
        assert found is not None
        return found


def _address(viewer: Viewer) -> str:
    email: str | None = Membership.objects.select_related("account").get(pk=viewer.membership_id or 0).account.email
    return email or ""


@pytest.fixture
def town(district: District) -> Town:
    schools = [add_org(district, {"name": name, "type": "school"}, by=BY) for name in ("Lincoln High", "Adams High")]

    def person(family: str, role: str, school: int) -> int:
        roles = [{"role": role, "orgSourcedId": str(schools[school])}]
        return add_person(district, {"givenName": "Casey", "familyName": family}, roles, by=BY)

    def member(role: str, person_id: int | None = None) -> Viewer:
        account = open_account(f"{uuid.uuid4().hex}@example.org", role.title(), by=OPERATOR)
        return view_as(give_membership(district, account, role, person_id=person_id, by=OPERATOR))

    student = person("Underwood", "student", 0)
    credential = set_credential(district, student, uuid.uuid4().hex, "pass1", name="Casey Underwood", by=OPERATOR)
    whose = Membership.objects.select_related("account").get(account_id=credential.account_id)
    backup = Contact("The backup", f"{uuid.uuid4().hex}@vendor.example")
    return Town(
        district,
        AdviceSettings(contact=backup),
        member("district_administrator"),
        member("principal", person("North", "principal", 0)),
        member("principal", person("South", "principal", 1)),
        member("teacher", person("Taylor", "teacher", 0)),
        view_as(whose),
    )


@pytest.fixture
def postbox(town: Town) -> Iterator[Postbox]:
    with receiving() as box, override_settings(FIRSTBELL_ADVICE=town.settings):
        yield box


def test_a_teacher_asks_the_administrators_and_nobody_else_reads_it(town: Town) -> None:
    request = town.ask(town.teacher)
    assert (request.audience, request.asked_as) == (Audience.DISTRICT, "Teacher")
    assert request.owner_name == f"The administrators of {town.district.name}"
    assert request.pk in town.sees(town.teacher)
    assert request.pk in town.sees(town.administrator)
    for other in (town.principal, town.other_principal, town.student):
        assert request.pk not in town.sees(other)
    with pytest.raises(NoSuchRequest):
        town.question(town.principal, request)
    with pytest.raises(NotAllowed):
        town.question(town.teacher, request)


def test_a_student_asks_the_office_of_their_own_school(town: Town) -> None:
    request = town.ask(town.student)
    assert (request.audience, request.owner_name) == (Audience.SCHOOL, "The office of Lincoln High")
    for who in (town.student, town.principal, town.administrator):
        assert request.pk in town.sees(who)
    for other in (town.other_principal, town.teacher):
        assert request.pk not in town.sees(other)
    with pytest.raises(NoSuchRequest):
        town.question(town.other_principal, request)
    with pytest.raises(NoSuchRequest):  # the one who asked takes it back, and nobody else of the school
        access_request(town.principal, town.district, request.pk)
    answer_request(town.district, town.question(town.principal, request), "Come by.", now=NOW, by=town.principal.actor)
    with pytest.raises(NotOpen):  # the administrator had the page open
        answer_request(town.district, request, "No.", now=NOW, by=town.administrator.actor)
    assert town.now(request).answer == "Come by."
    with within(town.district):
        said = [event.detail for event in list_events(town.district.pk, subject_kind="request")]
    assert "Underwood" not in str(said), "the audit has nothing of what was written"


def test_a_school_without_an_office_that_signs_in_is_answered_by_the_administrators(town: Town) -> None:
    close_account(Membership.objects.get(pk=town.principal.membership_id or 0).account, by=OPERATOR)
    request = town.ask(town.student)
    assert request.owner_name == f"The administrators of {town.district.name}"
    assert town.question(town.administrator, request).audience == Audience.SCHOOL


def test_nobody_of_the_vendor_sees_what_is_asked_inside_a_district(town: Town) -> None:
    rosa = add_staff(f"{uuid.uuid4().hex}@vendor.example", "Rosa", StaffRole.CUSTOMER_SUCCESS, by=OPERATOR)
    otis = add_staff(f"{uuid.uuid4().hex}@vendor.example", "Otis", StaffRole.OPERATOR, by=OPERATOR)
    name_contact(town.district, ContactRole.CUSTOMER_SUCCESS, "Rosa", rosa.account.email or "", by=OPERATOR)
    on_visit = view_on_visit(begin_visit(town.district, rosa, "Looking for a lost class.", by=OPERATOR))
    for request in (town.ask(town.teacher), town.ask(town.student)):
        for who in (rosa, otis):
            with pytest.raises(NoSuchRequest):
                access_request_of_vendor(who, town.district.code, request.pk)
        assert request.pk not in town.sees(on_visit)
        assert not RequestLine.objects.filter(request_id=request.pk).exists()
        assert request.pk not in {one.pk for one in list_requests(town.district)}, "what the operator lists"


def test_an_administrator_has_the_vendor_answer_a_teacher_but_no_student(town: Town) -> None:
    name_contact(town.district, ContactRole.CUSTOMER_SUCCESS, "Rosa", "rosa@vendor.example", by=OPERATOR)
    request, of_student = town.ask(town.teacher), town.ask(town.student)
    with within(town.district):
        with pytest.raises(NotAllowed):
            access_question_to_pass_on(town.principal, town.district, request.pk, today=TODAY)
        with pytest.raises(NoSuchRequest):
            access_question_to_pass_on(town.administrator, town.district, of_student.pk, today=TODAY)
        found = access_question_to_pass_on(town.administrator, town.district, request.pk, today=TODAY)
    later = NOW + dt.timedelta(days=1)
    assert pass_on(town.district, found, town.settings, now=later, by=town.administrator.actor).name == "Rosa"
    now = town.now(request)
    assert (now.audience, now.owner_email) == (Audience.VENDOR, "rosa@vendor.example")
    assert now.due_at > request.due_at
    assert RequestLine.objects.get(request_id=request.pk).owner_name == "Rosa"
    assert request.pk in town.sees(town.teacher), "who asked reads the answer"
    with pytest.raises(NotOpen):
        pass_on(town.district, found, town.settings, now=later, by=town.administrator.actor)


def test_letters_of_a_district_say_that_something_was_asked_and_not_what(town: Town, postbox: Postbox) -> None:
    request, of_student = town.ask(town.teacher), town.ask(town.student)
    work_until_idle("advice")
    (to_administrator,) = postbox.to(_address(town.administrator))
    (to_office,) = postbox.to(_address(town.principal))
    assert f"Question {request.pk} is for The administrators" in to_administrator.get_content()
    assert f"Question {of_student.pk} is for The office of Lincoln High" in to_office.get_content()
    assert postbox.to(_address(town.other_principal)) == []
    answer_request(town.district, request, f"{WORDS}: not any more.", now=NOW, by=OPERATOR)
    work_until_idle("advice")
    (answer,) = postbox.to(_address(town.teacher))
    for letter in (to_administrator, to_office, answer):
        assert "Underwood" not in letter.as_string()
        assert f"/d/{town.district.code}/contact/" in letter.get_content()


def test_what_is_left_for_two_working_days_stays_in_the_district_and_its_administrators_hear_of_it(
    town: Town, postbox: Postbox
) -> None:
    request = town.ask(town.student)
    work_until_idle("advice")
    assert postbox.to(_address(town.administrator)) == []
    assert escalate_requests(town.district, town.settings, now=request.due_at, by=SYSTEM) == 1
    assert escalate_requests(town.district, town.settings, now=request.due_at, by=SYSTEM) == 0
    now = town.now(request)
    assert (now.audience, now.owner_name) == (Audience.SCHOOL, f"The administrators of {town.district.name}")
    work_until_idle("advice")
    (letter,) = postbox.to(_address(town.administrator))
    assert f"Question {request.pk}" in str(letter["Subject"])
    assert postbox.to(town.settings.contact.email) == []
    assert town.question(town.principal, request).pk == request.pk, "the office can still answer"


def test_only_so_many_questions_of_one_person_wait(town: Town) -> None:
    for _ in range(MOST_OPEN):
        request = town.ask(town.student)
    with pytest.raises(BadRequest):
        town.ask(town.student)
    answer_request(town.district, request, "Yes.", now=NOW, by=OPERATOR)
    assert town.ask(town.student).state == "open"


def test_who_is_told_all_that_is_held_is_told_of_questions_and_erasing_takes_them(town: Town) -> None:
    mine, of_another = town.ask(town.student, "Where is my class?"), town.ask(town.teacher)
    person = town.student.person_id or 0
    with within(town.district):
        document = tell_all(town.district, town.administrator, person, today=TODAY)
    assert "Where is my class?" in str(document["requests"])
    assert WORDS not in str(document["requests"])
    remove_person(town.district, person, by=BY)
    erase_due(town.district, at=timezone.now() + dt.timedelta(days=town.district.retention_days + 1))
    assert find_request(town.district, mine.pk, ALL) is None
    assert "Underwood" not in town.now(of_another).message
    with within(town.district), pytest.raises(NotThere):
        tell_all(town.district, town.administrator, person, today=TODAY)


def test_a_settled_question_goes_with_the_districts_own_period(town: Town) -> None:
    request, still_open = town.ask(town.student), town.ask(town.teacher)
    to_the_vendor = ask(town.district, Asked("Seats?"), town.settings, now=NOW, by=view_as_operator(town.district))
    for one in (request, to_the_vendor):
        answer_request(town.district, one, "Yes.", now=NOW, by=OPERATOR)
    with within(town.district):
        long_ago = timezone.now() - dt.timedelta(days=town.district.retention_days + 1)
        ContactRequest.objects.filter(district_id=town.district.pk).update(created_at=long_ago)
    assert forget_requests(town.district, before=long_ago, by=SYSTEM) == 1
    assert find_request(town.district, request.pk, ALL) is None
    assert town.now(still_open).pk == still_open.pk
    assert town.now(to_the_vendor).pk == to_the_vendor.pk
