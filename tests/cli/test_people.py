"""`firstbell invite`, `new-password` and `staff`: what an operator does about people, each by a link to hand over."""

import re
import uuid

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from tests.working import alone

from firstbell.cli.main import main
from firstbell.domain.accounts.actions import close_account, open_account
from firstbell.domain.accounts.models import Role
from firstbell.domain.accounts.queries import find_account, list_memberships
from firstbell.domain.accounts.visits import find_staff
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "a bell at half past nine"


def _run(*arguments: str) -> Result:
    return alone(lambda: CliRunner().invoke(main, list(arguments), catch_exceptions=False))


@pytest.fixture
def email() -> str:
    return f"ada.{uuid.uuid4().hex}@example.org"


def _path(result: Result) -> str:
    assert result.exit_code == 0, result.output
    found = re.fullmatch(r"https://rosters\.example\.org(/\S+)", result.output.strip())
    assert found is not None, result.output
    return found[1]


def _set_password(path: str) -> None:
    client = Client()
    form = client.get(path, follow=True)
    where = form.redirect_chain[-1][0]
    assert client.post(where, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302


URL = ("--url", "https://rosters.example.org/")


def test_the_first_administrator_of_a_district_is_let_in_by_a_link(district: District, email: str) -> None:
    path = _path(_run("invite", email, "--district", district.code, "--name", "Ada L", "--by", "Olga", *URL))
    entered = {"name": "Ada Lovelace", "password": PASSWORD, "again": PASSWORD}
    assert Client().post(path, entered).status_code == 302
    account = find_account(email)
    assert account is not None
    assert [one.role for one in list_memberships(account)] == [Role.DISTRICT_ADMINISTRATOR]
    with within(district):
        assert any("Olga" in event.actor_name for event in list_events(district.pk, subject_kind="invitation"))


def test_nobody_is_invited_as_what_there_is_not(district: District, email: str) -> None:
    for role in ("student", "janitor"):
        result = _run("invite", email, "--district", district.code, "--role", role)
        assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert _run("invite", email, "--district", "no-such-district").exit_code == 2


def test_a_forgotten_password_is_set_anew_by_a_link(email: str) -> None:
    account = open_account(email, "Ada Lovelace", password="a bell before eight", by=OPERATOR)
    _set_password(_path(_run("new-password", email.upper(), *URL)))
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_who_has_no_account_or_a_closed_one_gets_no_link(email: str) -> None:
    assert _run("new-password", email).exit_code == 1
    close_account(open_account(email, "Ada Lovelace", by=OPERATOR), by=OPERATOR)
    result = _run("new-password", email)
    assert (result.exit_code, "/account/" in result.output) == (1, False)


def test_somebody_becomes_vendor_staff_and_ceases_to_be(email: str) -> None:
    _set_password(_path(_run("staff", email, "--role", "customer_success", "--name", "Cal Sutter", *URL)))
    account = find_account(email)
    assert account is not None
    staff = find_staff(account)
    assert staff is not None
    assert (staff.role, account.name, account.check_password(PASSWORD)) == ("customer_success", "Cal Sutter", True)
    assert _run("staff", email, "--end").exit_code == 0
    assert find_staff(account) is None
    assert _run("staff", email, "--end").exit_code == 1
