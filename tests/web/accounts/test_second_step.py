"""The second step: an app's code after the password, codes on paper, and who has to have one."""

import re
import uuid

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from tests.web.rooms.conftest import PASSWORD, House, house, member

from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.rules import ask_for_second_factor
from firstbell.domain.districts.wall import within

__all__ = ["house"]
pytestmark = pytest.mark.usefixtures("database")


def _sign_in(account: Account, password: str = PASSWORD) -> Client:
    client = Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}")
    client.post("/account/login/", {"login": account.email, "password": password})
    return client


def _is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _prove(client: Client) -> None:
    """Give the password once more, as protected pages ask."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def _set_up(client: Client) -> str:
    """The app's secret."""
    _prove(client)
    page = client.get("/account/second-step/app/").content.decode()
    found = re.search(r'<code class="secret">(\w+)</code>', page)
    assert found is not None
    assert "<svg" in page
    done = client.post("/account/second-step/app/", {"code": _code(found[1])})
    assert done["Location"] == "/account/second-step/codes/"
    return found[1]


@pytest.fixture
def account(district: District) -> Account:
    return member(district, "ada", "district_administrator")


def test_after_the_password_a_code_is_asked_for(account: Account) -> None:
    secret = _set_up(_sign_in(account))
    client = _sign_in(account)
    assert not _is_in(client)
    assert client.get(f"/d/{account.memberships.get().district.code}/")["Location"].startswith("/account/login/")
    client.post("/account/second-step/authenticate/", {"code": "000000"})
    assert not _is_in(client)
    client.post("/account/second-step/authenticate/", {"code": _code(secret)})
    assert _is_in(client)


def test_a_code_on_paper_works_once(account: Account) -> None:
    client = _sign_in(account)
    _set_up(client)
    codes = re.findall(r"<li><code>(\w+)</code></li>", client.get("/account/second-step/codes/").content.decode())
    assert len(codes) == 10
    first, second = _sign_in(account), _sign_in(account)
    first.post("/account/second-step/authenticate/", {"code": codes[0]})
    second.post("/account/second-step/authenticate/", {"code": codes[0]})
    assert (_is_in(first), _is_in(second)) == (True, False)


def test_secrets_of_the_second_step_are_sealed(account: Account) -> None:
    secret = _set_up(_sign_in(account))
    kept = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    assert get_adapter().decrypt(kept) == secret


def test_a_district_that_asks_its_administrators_leads_them_to_set_one_up(district: District, account: Account) -> None:
    client, teacher = _sign_in(account), _sign_in(member(district, "tom", "teacher"))
    rules = f"/d/{district.code}/members/rules/"
    assert client.post(rules, {"second_factor": "on", "young": 4, "middle": 6, "old": 8}).status_code == 302
    for path in (f"/d/{district.code}/", f"/d/{district.code}/people/"):
        assert client.get(path)["Location"] == "/account/second-step/"
    assert client.get(f"/api/manage/v1/districts/{district.code}/runs").status_code == 403
    assert teacher.get(f"/d/{district.code}/my-classes/").status_code == 200
    _set_up(client)
    assert client.get(f"/d/{district.code}/people/").status_code == 200
    assert client.get(f"/api/manage/v1/districts/{district.code}/runs").status_code == 200
    with within(district):
        assert "district.second_factor" in {event.verb for event in list_events(district.pk)}


def test_who_must_have_one_keeps_the_last(district: District, account: Account) -> None:
    client = _sign_in(account)
    _set_up(client)
    ask_for_second_factor(district, of_administrators=True, by=OPERATOR)
    client.post("/account/second-step/app/off/")
    assert Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()
    ask_for_second_factor(district, of_administrators=False, by=OPERATOR)
    client.post("/account/second-step/app/off/")
    assert not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def test_a_last_passkey_stays_too(district: District, account: Account) -> None:
    client = _sign_in(account)
    key = Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue key"})
    ask_for_second_factor(district, of_administrators=True, by=OPERATOR)
    _prove(client)
    answer = client.post(f"/account/second-step/passkeys/{key.pk}/remove/")
    assert "your last second step" in answer.content.decode()
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_beside_a_second_step_a_password_of_eight_will_do_and_holds_it(account: Account) -> None:
    client = _sign_in(account)
    wanted = {"oldpassword": PASSWORD, "password1": "bluebird7x", "password2": "bluebird7x"}
    client.post("/account/password/change/", wanted)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    _set_up(client)
    short = wanted | {"password1": "blue7xy", "password2": "blue7xy"}
    client.post("/account/password/change/", short)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    client.post("/account/password/change/", wanted)
    account.refresh_from_db()
    assert account.check_password("bluebird7x")
    client.post("/account/second-step/app/off/")
    assert Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def test_setting_one_up_asks_for_the_password_once_more(account: Account) -> None:
    for path in ("app/", "passkeys/add/"):
        assert _sign_in(account).get(f"/account/second-step/{path}")["Location"].startswith("/account/reauthenticate/")


def test_a_student_has_no_second_step(house: House) -> None:
    client = Client()
    client.force_login(house.accounts["student"], backend="firstbell.domain.accounts.signin.StudentBackend")
    assert client.get("/account/second-step/").status_code == 403
    assert "Second step" not in client.get(house.path("my-classes/")).content.decode()


def test_somebody_elses_passkey_is_not_there(district: District, account: Account) -> None:
    other = member(district, "cora", "teacher")
    key = Authenticator.objects.create(user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "Red key"})
    client = _sign_in(account)
    _prove(client)
    for path in (f"passkeys/{key.pk}/", f"passkeys/{key.pk}/remove/"):
        assert client.get(f"/account/second-step/{path}").status_code == 404
        assert client.post(f"/account/second-step/{path}").status_code == 404
