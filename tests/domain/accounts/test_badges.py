"""Badges: printed again as often as wanted, voided when lost, and never opening more than the child's own pages."""

import uuid

import pytest
from django.contrib.auth import get_user, login
from django.contrib.sessions.backends.db import SessionStore
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import RequestFactory

from firstbell.domain.accounts.actions import (
    close_account,
    give_membership,
    open_account,
    remove_credential,
    set_credential,
)
from firstbell.domain.accounts.badges import authenticate_badge, find_badge, make_badge, secret_of, void_badge
from firstbell.domain.accounts.forgetting import forget_person
from firstbell.domain.accounts.inviting import invite
from firstbell.domain.accounts.models import Account, Invitation, Membership, Role
from firstbell.domain.accounts.queries import who_can_sign_in
from firstbell.domain.accounts.signin import STUDENT_BACKEND, authenticate_student
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


def _secret(district: District, user_id: int = 7) -> str:
    return secret_of(district, make_badge(district, user_id, name="Amy Whitfield", by=OPERATOR))


def test_a_badge_signs_its_student_in_and_makes_their_account_where_there_is_none(district: District) -> None:
    account = authenticate_badge(district, _secret(district))
    assert account is not None
    assert (account.name, account.email, account.has_usable_password()) == ("Amy Whitfield", None, False)
    membership = Membership.objects.get(account=account)
    assert (membership.district_id, membership.role, membership.person_id) == (district.pk, Role.STUDENT, 7)
    with within(district):
        assert who_can_sign_in(district, [7, 8]) == {7}


def test_badge_and_password_are_of_the_same_account_whichever_came_first(district: District) -> None:
    by_password = set_credential(district, 7, "amy", "bluebird", by=OPERATOR).account
    assert authenticate_badge(district, _secret(district, 7)) == by_password
    by_badge = authenticate_badge(district, _secret(district, 8))
    assert set_credential(district, 8, "ben", "blackbird", by=OPERATOR).account == by_badge


def test_a_badge_that_is_printed_again_is_the_same_and_breaks_nothing(district: District) -> None:
    set_credential(district, 7, "amy", "bluebird", by=OPERATOR)
    assert len({_secret(district) for _ in range(3)}) == 1
    assert authenticate_student(district, "amy", "bluebird", address="192.0.2.9") is not None
    set_credential(district, 7, "amy", "blackbird", by=OPERATOR)
    assert authenticate_badge(district, _secret(district)) is not None


def test_a_voided_badge_opens_nothing_and_the_next_one_is_another(district: District) -> None:
    lost = _secret(district)
    assert void_badge(district, 7, by=OPERATOR)
    assert authenticate_badge(district, lost) is None
    assert not void_badge(district, 7, by=OPERATOR)
    found = _secret(district)
    assert found != lost
    assert authenticate_badge(district, found) is not None


def test_voiding_ends_the_sessions_that_it_began(district: District) -> None:
    account = authenticate_badge(district, _secret(district))
    assert account is not None
    request = RequestFactory().get("/")
    request.session = SessionStore()
    login(request, account, backend=STUDENT_BACKEND)
    assert get_user(request).is_authenticated
    void_badge(district, 7, by=OPERATOR)
    assert not get_user(request).is_authenticated


def test_a_badge_opens_nothing_in_another_district(district: District, other_district: District) -> None:
    assert authenticate_badge(other_district, _secret(district)) is None
    assert find_badge(other_district, 7) is None


def test_an_account_that_is_more_than_a_student_is_not_let_in_by_a_badge(
    district: District, other_district: District
) -> None:
    for user_id, role, where in ((7, Role.TEACHER, district), (8, Role.STUDENT, other_district)):
        secret = _secret(district, user_id)
        account = authenticate_badge(district, secret)
        assert account is not None
        give_membership(where, account, role, by=OPERATOR)
        assert authenticate_badge(district, secret) is None
    secret = _secret(district, 9)
    account = authenticate_badge(district, secret)
    assert account is not None
    Account.objects.filter(pk=account.pk).update(email=f"amy.{account.pk}@example.org")
    assert authenticate_badge(district, secret) is None


def test_a_closed_account_and_one_that_is_gone_are_not_let_in(district: District) -> None:
    secret = _secret(district)
    account = authenticate_badge(district, secret)
    assert account is not None
    close_account(account, by=OPERATOR)
    assert authenticate_badge(district, secret) is None
    set_credential(district, 8, "ben", "blackbird", by=OPERATOR)
    gone = _secret(district, 8)
    remove_credential(district, 8, by=OPERATOR)
    assert authenticate_badge(district, gone) is None


def test_an_account_that_came_with_a_badge_alone_goes_with_what_opens_it(district: District) -> None:
    account = authenticate_badge(district, _secret(district))
    assert account is not None
    void_badge(district, 7, by=OPERATOR)
    assert remove_credential(district, 7, by=OPERATOR)
    assert not Account.objects.filter(pk=account.pk).exists()
    assert not Membership.objects.filter(district=district, person_id=7).exists()
    assert not remove_credential(district, 7, by=OPERATOR)


def test_who_is_erased_has_no_badge_no_invitation_and_no_membership_and_adults_keep_their_account(
    district: District, other_district: District
) -> None:
    child = make_badge(district, 7, name="Amy Whitfield", by=OPERATOR).account
    adult = open_account(f"{uuid.uuid4().hex}@example.org", "Bea Whitfield", by=OPERATOR)
    teaches = give_membership(district, adult, Role.TEACHER, person_id=8, by=OPERATOR)
    runs = give_membership(district, adult, Role.DISTRICT_ADMINISTRATOR, person_id=8, by=OPERATOR)
    elsewhere = give_membership(other_district, adult, Role.TEACHER, person_id=8, by=OPERATOR)
    email = f"{uuid.uuid4().hex}@example.org"
    invite(district, email, "Bea Whitfield", Role.TEACHER, person_id=8, by=OPERATOR)
    for user_id in (7, 8):
        forget_person(district, user_id, by=OPERATOR)
    assert not Account.objects.filter(pk=child.pk).exists()
    assert Account.objects.filter(pk=adult.pk).exists()
    left = Membership.objects.filter(account=adult).values_list("pk", "person_id")
    assert set(left) == {(runs.pk, None), (elsewhere.pk, 8)}
    assert teaches.pk not in dict(left)
    with within(district):
        assert not Invitation.objects.filter(email=email).exists()


def test_the_database_holds_the_secret_sealed_only(district: District, owner: BaseDatabaseWrapper) -> None:
    secret = _secret(district)
    with owner.cursor() as cursor:
        cursor.execute("select digest, sealed from accounts_badge where district_id = %s", [district.pk])
        ((digest, sealed),) = cursor.fetchall()
    assert secret not in digest
    assert secret.encode() not in bytes(sealed)


def test_badges_made_and_voided_are_written_down_without_the_secret(district: District) -> None:
    secret = _secret(district)
    void_badge(district, 7, by=OPERATOR)
    with within(district):
        events = list_events(district.pk, subject_kind="user", subject_id=7)
    assert [event.verb for event in events] == ["badge.voided", "badge.made"]
    assert all(secret not in str(event.detail) for event in events)


@pytest.mark.parametrize("nothing", ["", "x", "x" * 500])
def test_what_is_no_secret_opens_nothing(district: District, nothing: str) -> None:
    assert authenticate_badge(district, nothing) is None
