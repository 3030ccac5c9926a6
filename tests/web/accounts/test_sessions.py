"""Sessions: another key at each log-in, over with a new password, listed, and ended from elsewhere."""

import pytest
from django.test import Client
from tests.web.rooms.conftest import PASSWORD, member

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District

pytestmark = pytest.mark.usefixtures("database")
NEW = "a bell at half past nine"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) Firefox/150"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605 Safari/604"
CHROMEBOOK = "Mozilla/5.0 (X11; CrOS x86_64) Chrome/150 Safari/537"


@pytest.fixture
def account(district: District) -> Account:
    return member(district, "ada", "district_administrator")


def _sign_in(account: Account, client: Client | None = None, agent: str = "Firefox") -> Client:
    client = client or Client(headers={"User-Agent": agent})
    client.post("/account/login/", {"login": account.email, "password": PASSWORD})
    return client


def _is_in(client: Client) -> bool:
    return client.get("/choose/").status_code == 200


def test_signing_in_makes_another_session_than_before(account: Account) -> None:
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    _sign_in(account, client)
    assert client.session.session_key != session.session_key
    assert not Client(headers={"Cookie": f"sessionid={session.session_key}"}).session.get("_auth_user_id")


def test_a_students_session_is_another_too(district: District) -> None:
    set_credential(district, 7, "ada", "bluebird", by=OPERATOR)
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    client.post(f"/signin/{district.code}/", {"username": "ada", "password": "bluebird"})
    assert "_auth_user_id" in client.session
    assert client.session.session_key != session.session_key


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(account: Account) -> None:
    here, elsewhere = _sign_in(account), _sign_in(account)
    before = here.session.session_key
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert (_is_in(here), _is_in(elsewhere)) == (True, False)
    assert here.session.session_key != before


def test_one_sees_where_one_is_signed_in_and_ends_the_others(account: Account, district: District) -> None:
    here, elsewhere = _sign_in(account, agent=LINUX), _sign_in(account, agent=PHONE)
    stranger = _sign_in(member(district, "cora", "teacher"), agent=CHROMEBOOK)
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on an iPhone" in page
    assert "Chromebook" not in page
    here.post("/account/sessions/")
    assert (_is_in(here), _is_in(elsewhere), _is_in(stranger)) == (True, False, True)
    assert "Safari" not in here.get("/account/sessions/").content.decode()
