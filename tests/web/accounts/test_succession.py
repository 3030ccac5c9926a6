"""A district whose administrator is gone: somebody asks, two people of the vendor make sure, the old one can object."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests.conftest import new_district
from tests.web.accounts.conftest import Postbox
from tests.web.accounts.test_staff_visits import new_staff
from tests.web.rooms.conftest import PASSWORD, member, signed_in
from tests.working import work_until_idle

from firstbell.domain.accounts.models import Account, StaffMembership, Succession, SuccessionState
from firstbell.domain.accounts.queries import find_account, list_memberships
from firstbell.domain.accounts.succession import (
    BadWords,
    NotNow,
    TooManyWait,
    ask_to_succeed,
    find_succession,
    invite_successor,
    make_sure,
    object_to,
)
from firstbell.domain.accounts.tasks import invite_successors
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

pytestmark = pytest.mark.usefixtures("database")
HOW = "I called the number on the district’s own page and spoke to the superintendent."


@pytest.fixture
def place() -> District:
    return new_district("Juniper Valley Unified")


@pytest.fixture
def gone(place: District) -> Account:
    """The one administrator."""
    return member(place, "olga", "district_administrator")


@pytest.fixture
def first() -> StaffMembership:
    return new_staff()


@pytest.fixture
def second() -> StaffMembership:
    return new_staff()


def _new_address() -> str:
    return f"{uuid.uuid4().hex}@example.org"


def _asked(place: District, address: str = "") -> Succession:
    return ask_to_succeed(place, "Nadia New", address or _new_address(), "Olga retired in June.")


def _again(succession: Succession) -> Succession:
    found = find_succession(succession.pk)
    assert found is not None
    return found


def _announced(place: District, first: StaffMembership, second: StaffMembership, address: str = "") -> Succession:
    asked = make_sure(_asked(place, address), first, HOW, by=OPERATOR)
    return make_sure(asked, second, HOW, by=OPERATOR)


def _over(succession: Succession) -> Succession:
    """The days are over."""
    Succession.objects.filter(pk=succession.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    return _again(succession)


def test_from_the_page_for_signing_in_to_an_administrator_again(
    place: District, gone: Account, first: StaffMembership, second: StaffMembership, postbox: Postbox
) -> None:
    address = _new_address()
    assert "/administrator-gone/" in Client().get(reverse("account_login")).content.decode()
    entered = {"code": place.code, "person_name": "Nadia New", "email": address, "reason": "Olga retired in June."}
    assert (
        Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}").post("/administrator-gone/", entered).status_code == 200
    )
    asked = Succession.objects.get(district=place)

    one, other = signed_in(first.account), signed_in(second.account)
    assert gone.name in one.get("/successions/").content.decode()
    one.post(f"/successions/{asked.pk}/sure/", {"how": HOW})
    again = one.post(f"/successions/{asked.pk}/sure/", {"how": HOW}, follow=True).content.decode()
    assert "Somebody else has to do it" in again
    assert _again(asked).state == SuccessionState.CHECKED
    other.post(f"/successions/{asked.pk}/sure/", {"how": HOW})
    assert _again(asked).state == SuccessionState.ANNOUNCED
    work_until_idle("mail")
    (letter,) = postbox.to(gone.email or "")
    assert HOW in letter
    assert f"/d/{place.code}/members/successions/" in letter
    seen = signed_in(gone).get(f"/d/{place.code}/").content.decode()
    assert "Nadia New asks to become administrator" in seen

    other.post(f"/successions/{asked.pk}/invite/")
    assert _again(asked).state == SuccessionState.ANNOUNCED  # not yet
    invite_successors(0)
    assert postbox.to(address) == []
    _over(asked)
    invite_successors(0)
    invite_successors(0)
    (invitation,) = postbox.to(address)
    link = re.search(rf"/invited/{place.code}/\S+/", invitation)
    assert link is not None
    assert Client().post(link[0], {"name": "Nadia New", "password": PASSWORD, "again": PASSWORD}).status_code == 302
    account = find_account(address)
    assert account is not None
    assert [one.role for one in list_memberships(account)] == ["district_administrator"]
    with within(place):
        verbs = [event.verb for event in list_events(place.pk, subject_kind="succession", subject_id=asked.pk)]
    steps = ("invited", "announced", "checked", "asked")
    assert verbs == [f"succession.{step}" for step in steps]


def test_an_administrator_who_objects_keeps_everybody_out(
    place: District, gone: Account, first: StaffMembership, second: StaffMembership, postbox: Postbox
) -> None:
    address = _new_address()
    announced = _announced(place, first, second, address)
    told = signed_in(gone).get(f"/d/{place.code}/members/successions/").content.decode()
    assert HOW in told
    path = f"/d/{place.code}/members/successions/{announced.pk}/object/"
    signed_in(gone).post(path, {"why": "I am still here."})
    over = _over(announced)
    assert (over.state, over.ended_why) == (SuccessionState.OBJECTED, "I am still here.")
    invite_successors(0)
    with pytest.raises(NotNow):
        invite_successor(over, by=OPERATOR)
    work_until_idle("mail")
    (letter,) = postbox.to(address)
    assert "objected" in letter
    assert "I am still here" not in letter  # between the district and Firstbell
    assert find_account(address) is None


def test_only_the_administrators_of_that_district_object(
    place: District, first: StaffMembership, second: StaffMembership
) -> None:
    announced = _announced(place, first, second)
    elsewhere = new_district("Hilltop Charter School")
    stranger = signed_in(member(elsewhere, "stan", "district_administrator"))
    path = f"members/successions/{announced.pk}/object/"
    assert stranger.post(f"/d/{place.code}/{path}").status_code == 404
    assert stranger.post(f"/d/{elsewhere.code}/{path}").status_code == 404
    assert signed_in(member(place, "terry", "teacher")).post(f"/d/{place.code}/{path}").status_code == 403
    assert _again(announced).state == SuccessionState.ANNOUNCED


def test_nobody_makes_sure_twice_or_without_saying_how(place: District, first: StaffMembership) -> None:
    asked = _asked(place)
    with pytest.raises(BadWords):
        make_sure(asked, first, "fine", by=OPERATOR)
    make_sure(asked, first, HOW, by=OPERATOR)
    with pytest.raises(NotNow):
        make_sure(asked, first, HOW, by=OPERATOR)
    assert _again(asked).state == SuccessionState.CHECKED


def test_nobody_is_invited_before_the_days_are_over(
    place: District, first: StaffMembership, second: StaffMembership, settings: Settings
) -> None:
    settings.FIRSTBELL_OBJECTION_DAYS = 3
    announced = _announced(place, first, second)
    assert announced.due_at is not None
    assert timedelta(days=2, hours=23) < announced.due_at - timezone.now() <= timedelta(days=3)
    with pytest.raises(NotNow):
        invite_successor(announced, by=OPERATOR)


def test_without_a_mail_server_staff_hand_the_link_over(
    place: District, first: StaffMembership, second: StaffMembership
) -> None:
    over = _over(_announced(place, first, second))
    invite_successors(0)
    assert _again(over).state == SuccessionState.ANNOUNCED
    page = signed_in(first.account).post(f"/successions/{over.pk}/invite/").content.decode()
    assert f"/invited/{place.code}/" in page
    assert _again(over).state == SuccessionState.INVITED


@pytest.mark.usefixtures("broken_server")
def test_where_the_letter_cannot_go_it_is_tried_again(
    place: District, first: StaffMembership, second: StaffMembership
) -> None:
    over = _over(_announced(place, first, second))
    invite_successors(0)
    assert _again(over).state == SuccessionState.ANNOUNCED


def test_who_is_refused_is_told_why(place: District, first: StaffMembership, postbox: Postbox) -> None:
    address = _new_address()
    asked = _asked(place, address)
    client = signed_in(first.account)
    client.post(f"/successions/{asked.pk}/refuse/", {"why": " "})
    assert _again(asked).is_open
    client.post(f"/successions/{asked.pk}/refuse/", {"why": "The superintendent does not know you."})
    work_until_idle("mail")
    assert "does not know you" in postbox.to(address)[0]
    with pytest.raises(NotNow):
        object_to(asked, "", by=OPERATOR)


def test_asking_twice_is_asking_once_and_only_so_many_wait(place: District) -> None:
    address = _new_address()
    assert _asked(place, address).pk == _asked(place, address.upper()).pk
    for _ in range(4):
        _asked(place)
    with pytest.raises(TooManyWait):
        _asked(place)


def test_a_site_code_that_nobody_has_is_told(place: District) -> None:
    entered = {"code": "no-such-code", "person_name": "N", "email": "n@example.org", "reason": "gone"}
    assert Client().post("/administrator-gone/", entered).status_code == 422
    assert not Succession.objects.filter(district=place).exists()
