"""Students sign in, guessers do not, and a class of thirty behind one address is never locked out."""

import uuid

import pytest
from django.contrib.auth import get_user, login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import RequestFactory
from pytest_django import Settings

from firstbell.domain.accounts import throttle
from firstbell.domain.accounts.actions import close_account, set_credential
from firstbell.domain.accounts.models import Account, Guesses
from firstbell.domain.accounts.signin import STUDENT_BACKEND, authenticate_student
from firstbell.domain.accounts.throttle import TooManyGuesses, forget_old_guesses
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District


@pytest.fixture
def address() -> str:
    """An address that no other test comes from."""
    return f"2001:db8::{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}"


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Settings) -> None:
    """Hundreds of guesses in a moment; test_credentials sees to argon2."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _student(district: District, number: int = 1) -> Account:
    return set_credential(district, number, f"student{number}", f"pass{number}", by=OPERATOR).account


def _guess(district: District, username: str, address: str, times: int, password: str = "wrong") -> None:
    for _ in range(times):
        assert authenticate_student(district, username, password, address=address) is None


def _sign_in(district: District, number: int, address: str) -> Account | None:
    return authenticate_student(district, f"student{number}", f"pass{number}", address=address)


def test_the_right_password_signs_in_however_the_name_is_spelled(district: District, address: str) -> None:
    account = _student(district)
    assert _sign_in(district, 1, address) == account
    assert authenticate_student(district, " STUDENT1", "pass1", address=address) == account


def test_the_password_is_the_same_from_every_keyboard(district: District, address: str) -> None:
    account = set_credential(district, 1, "ada", "caf\u00e9", by=OPERATOR).account
    assert authenticate_student(district, "ada", "cafe\u0301", address=address) == account
    assert authenticate_student(district, "ada", "CAF\u00c9", address=address) is None


def test_a_name_that_nobody_has_and_a_wrong_password_are_the_same(district: District, address: str) -> None:
    _student(district)
    assert authenticate_student(district, "nobody", "pass1", address=address) is None
    assert authenticate_student(district, "student1", "pass2", address=address) is None
    assert authenticate_student(district, "student1", "x" * 10_000, address=address) is None


def test_a_closed_account_does_not_sign_in(district: District, address: str) -> None:
    close_account(_student(district), by=OPERATOR)
    assert _sign_in(district, 1, address) is None


def test_after_ten_wrong_tries_even_the_right_one_waits(district: District, address: str) -> None:
    account = _student(district)
    _guess(district, "student1", address, throttle.TRIES)
    with pytest.raises(TooManyGuesses):
        _sign_in(district, 1, address)
    Guesses.objects.update(until="2000-01-01T00:00Z")
    assert _sign_in(district, 1, address) == account


def test_who_signs_in_begins_anew(district: District, address: str) -> None:
    account = _student(district)
    for _ in range(3):
        _guess(district, "student1", address, throttle.TRIES - 1)
        assert _sign_in(district, 1, address) == account


def test_guesses_at_one_name_are_counted_from_everywhere(district: District, address: str) -> None:
    _student(district)
    for number in range(throttle.TRIES_FROM_EVERYWHERE):
        _guess(district, "student1", f"{address}:{number}", 1)
    with pytest.raises(TooManyGuesses):
        _sign_in(district, 1, f"{address}:ffff")


def test_a_class_of_thirty_behind_one_address_is_never_locked_out(district: District, address: str) -> None:
    """Each mistypes four times and then gets it right, while somebody among them guesses at everyone."""
    thirty = range(1, 31)
    accounts = {number: _student(district, number) for number in thirty}
    for number in thirty:
        _guess(district, f"student{number}", address, 4)
        assert _sign_in(district, number, address) == accounts[number]
    for number in range(throttle.MANY_FAILURES):
        _guess(district, f"nobody{number}", address, 1)
    for number in thirty:
        assert _sign_in(district, number, address) == accounts[number]


def test_who_sprays_many_names_from_one_address_has_two_tries_at_each(district: District, address: str) -> None:
    _student(district)
    for number in range(throttle.MANY_FAILURES + 1):
        _guess(district, f"nobody{number}", address, 1)
    _guess(district, "student1", address, throttle.TRIES_WHERE_MANY_FAIL)
    with pytest.raises(TooManyGuesses):
        _sign_in(district, 1, address)


def test_who_sprays_from_many_addresses_has_two_tries_at_each_name_and_a_class_still_comes_in(
    district: District, other_district: District, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number is lowered here, to fail fewer times."""
    monkeypatch.setattr(throttle, "MANY_FAILURES_OF_A_DISTRICT", 40)
    thirty = range(1, 31)
    accounts = {number: _student(district, number) for number in thirty}
    for number in range(41):
        _guess(district, f"nobody{number}", f"{address}:{number}", 1)
    _guess(district, "student1", f"{address}:ffff", throttle.TRIES_WHERE_MANY_FAIL)
    with pytest.raises(TooManyGuesses):
        _sign_in(district, 1, f"{address}:ffff")
    for number in thirty:
        assert _sign_in(district, number, address) == accounts[number]
    _student(other_district)
    _guess(other_district, "student1", f"{address}:ffff", throttle.TRIES - 1)
    assert _sign_in(other_district, 1, f"{address}:ffff")


def test_a_count_cannot_be_taken_back_with_a_transaction(district: District, address: str) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        authenticate_student(district, "student1", "x", address=address)


def test_the_counts_name_nobody(district: District, address: str) -> None:
    _guess(district, "student1", address, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from accounts_guesses g where g::text like any(%s)", [[f"%{address}%", "%student1%"]]
        )
        assert cursor.fetchone() == (0,)


def test_old_counts_are_forgotten(district: District, address: str) -> None:
    _guess(district, "student1", address, 1)
    Guesses.objects.update(until="2000-01-01T00:00Z")
    assert forget_old_guesses() >= 3
    assert not Guesses.objects.filter(until__lt="2001-01-01T00:00Z").exists()


def test_a_session_lasts_until_the_password_is_set_anew_or_the_account_is_closed(
    district: District, address: str
) -> None:
    account = _student(district)
    request = RequestFactory().get("/")
    request.session = SessionStore()
    login(request, account, backend=STUDENT_BACKEND)
    assert get_user(request) == account
    set_credential(district, 1, "student1", "another", by=OPERATOR)
    assert not get_user(request).is_authenticated
    login(request, Account.objects.get(pk=account.pk), backend=STUDENT_BACKEND)
    assert get_user(request).is_authenticated
    close_account(account, by=OPERATOR)
    assert not get_user(request).is_authenticated
