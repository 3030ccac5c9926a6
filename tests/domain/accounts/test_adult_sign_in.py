"""Adults sign in by e-mail and password, through allauth."""

import uuid

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import ValidationError
from django.test import Client

from firstbell.domain.accounts.actions import AddressTaken, close_account, open_account
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events

PASSWORD = "a bell before eight"


@pytest.fixture
def email() -> str:
    """An address that no other test has."""
    return f"grace.{uuid.uuid4().hex}@example.org"


@pytest.fixture
def account(database: None, email: str) -> Account:
    """An account with a password."""
    return open_account(email, "Grace Hopper", password=PASSWORD, by=OPERATOR)


def _sign_in(email: str, password: str, client: Client | None = None) -> bool:
    client = client or Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}")
    client.post("/account/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_the_e_mail_signs_in_in_any_case(account: Account, email: str) -> None:
    assert _sign_in(email, PASSWORD)
    assert _sign_in(email.upper(), PASSWORD)


def test_a_wrong_password_does_not(account: Account, email: str) -> None:
    assert not _sign_in(email, "a bell after eight")


def test_the_opaque_name_does_not(account: Account) -> None:
    assert not _sign_in(account.username, PASSWORD)


def test_a_closed_account_does_not_and_is_out_at_once(account: Account, email: str) -> None:
    client = Client()
    assert _sign_in(email, PASSWORD, client)
    assert get_user(client) == account
    close_account(account, by=OPERATOR)
    assert not get_user(client).is_authenticated
    assert not _sign_in(email, PASSWORD)


def test_ten_wrong_tries_make_the_right_one_wait(account: Account, email: str) -> None:
    client = Client(REMOTE_ADDR="2001:db8::77")
    for _ in range(10):
        assert not _sign_in(email, "a bell after eight", client)
    assert not _sign_in(email, PASSWORD, client)


def test_nobody_signs_up(database: None, email: str) -> None:
    Client().post("/account/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD})
    assert not Account.objects.filter(email=email).exists()


def test_an_e_mail_is_one_accounts(account: Account, email: str) -> None:
    with pytest.raises(AddressTaken):
        open_account(email.upper(), "Somebody", by=OPERATOR)


@pytest.mark.parametrize("password", ["bluebird", "1q2w3e4r5t6y7u8i", "gracehopper2026"])
def test_a_password_that_is_short_common_or_ones_own_name_is_refused(database: None, password: str) -> None:
    with pytest.raises(ValidationError):
        open_account(f"{uuid.uuid4().hex}@example.org", "Grace Hopper", password=password, by=OPERATOR)


def test_an_account_without_a_password_cannot_sign_in(database: None, email: str) -> None:
    account = open_account(email, "Grace Hopper", by=OPERATOR)
    assert not account.has_usable_password()
    assert not _sign_in(email, "")


def test_an_opened_account_is_written_down_without_its_e_mail(account: Account, email: str) -> None:
    (event,) = list_events(None, subject_kind="account", subject_id=account.pk)
    assert (event.verb, event.detail) == ("account.opened", {})
