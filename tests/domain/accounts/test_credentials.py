"""Usernames and passwords that a district gives to the people on its roster."""

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.db.backends.base.base import BaseDatabaseWrapper

from firstbell.domain.accounts.actions import (
    BadCredential,
    UsernameTaken,
    remove_credential,
    set_credential,
)
from firstbell.domain.accounts.models import Account, Membership, Role
from firstbell.domain.accounts.queries import find_credential, find_credential_of
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

HERE = "192.0.2.1"


def test_the_first_credential_makes_an_account_with_an_opaque_name(district: District) -> None:
    credential = set_credential(district, 7, "ada.l", "bluebird", by=OPERATOR, name="Ada Lovelace")
    account = credential.account
    assert (account.email, account.name) == (None, "Ada Lovelace")
    assert "ada" not in account.username
    membership = Membership.objects.get(account=account)
    assert (membership.district_id, membership.role, membership.person_id) == (district.pk, Role.STUDENT, 7)


def test_a_new_credential_keeps_the_account_and_ends_its_sessions(district: District) -> None:
    first = set_credential(district, 7, "ada.l", "bluebird", by=OPERATOR, name="Ada Lovelace")
    before = Account.objects.get(pk=first.account_id).get_session_auth_hash()
    again = set_credential(district, 7, "ada.lovelace", "blackbird", by=OPERATOR)
    assert (again.pk, again.account_id) == (first.pk, first.account_id)
    after = Account.objects.get(pk=first.account_id)
    assert after.get_session_auth_hash() != before
    assert after.name == "Ada Lovelace"
    assert Membership.objects.filter(account=after).count() == 1
    assert authenticate_student(district, "ada.l", "bluebird", address=HERE) is None
    assert authenticate_student(district, "ada.lovelace", "blackbird", address=HERE) == after


def test_the_password_is_kept_as_an_argon2_hash_only(district: District, owner: BaseDatabaseWrapper) -> None:
    credential = set_credential(district, 7, "ada.l", "bluebird-canary", by=OPERATOR)
    assert identify_hasher(credential.password).algorithm == "argon2"
    with owner.cursor() as cursor:
        cursor.execute("select count(*) from audit_event e where e::text like '%bluebird-canary%'")
        assert cursor.fetchone() == (0,)


def test_a_username_is_one_persons_in_a_district_however_it_is_spelled(district: District) -> None:
    set_credential(district, 7, "Ada.L", "bluebird", by=OPERATOR)
    for spelling in ("ada.l", " ADA.L ", "ada.l"):
        with pytest.raises(UsernameTaken):
            set_credential(district, 8, spelling, "x", by=OPERATOR)
    found = find_credential(district, "ADA.l")
    assert found is not None
    assert found.user_id == 7


def test_a_refused_credential_leaves_no_account_behind(district: District) -> None:
    set_credential(district, 7, "ada", "bluebird", by=OPERATOR)
    with pytest.raises(UsernameTaken):
        set_credential(district, 8, "ada", "bluebird", by=OPERATOR, name="Never was")
    assert not Account.objects.filter(name="Never was").exists()
    assert find_credential_of(district, 8) is None


def test_two_districts_may_have_the_same_username(district: District, other_district: District) -> None:
    ours = set_credential(district, 7, "ada", "bluebird", by=OPERATOR)
    theirs = set_credential(other_district, 7, "ada", "blackbird", by=OPERATOR)
    assert ours.account_id != theirs.account_id
    assert authenticate_student(district, "ada", "blackbird", address=HERE) is None
    assert authenticate_student(other_district, "ada", "blackbird", address=HERE) == theirs.account


@pytest.mark.parametrize(
    ("username", "password"),
    [("", "x"), ("  ", "x"), ("a\nb", "x"), ("a" * 255, "x"), ("ada", ""), ("ada", "  "), ("ada", "x" * 255)],
)
def test_what_cannot_be_typed_is_refused(district: District, username: str, password: str) -> None:
    with pytest.raises(BadCredential, match="has 1 to 254"):
        set_credential(district, 7, username, password, by=OPERATOR)


def test_a_removed_credential_takes_its_account_with_it(district: District) -> None:
    account_id = set_credential(district, 7, "ada", "bluebird", by=OPERATOR).account_id
    assert remove_credential(district, 7, by=OPERATOR)
    assert not remove_credential(district, 7, by=OPERATOR)
    assert not Account.objects.filter(pk=account_id).exists()
    assert authenticate_student(district, "ada", "bluebird", address=HERE) is None


def test_credentials_set_and_removed_are_written_down(district: District) -> None:
    set_credential(district, 7, "ada", "bluebird", by=OPERATOR)
    remove_credential(district, 7, by=OPERATOR)
    with within(district):
        verbs = [event.verb for event in list_events(district.pk, subject_kind="user", subject_id=7)]
    assert verbs == ["credential.removed", "credential.set"]
