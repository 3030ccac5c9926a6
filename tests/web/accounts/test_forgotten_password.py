"""A forgotten password: a link by mail, the same answer whether the address is known, and never too often."""

import re
import uuid

import pytest
from django.test import Client
from tests.web.accounts.conftest import Postbox
from tests.working import work_until_idle

from firstbell.domain.accounts.actions import close_account, open_account
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events

pytestmark = pytest.mark.usefixtures("database")
OLD, NEW = "a bell before eight", "a bell at half past nine"


@pytest.fixture
def account(database: None) -> Account:
    return open_account(f"grace.{uuid.uuid4().hex}@example.org", "Grace Hopper", password=OLD, by=OPERATOR)


def _ask(address: str, client: Client | None = None) -> tuple[int, str, bytes]:
    client = client or Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}")
    answer = client.post("/account/password/reset/", {"email": address}, follow=True)
    return answer.status_code, str(answer.redirect_chain), answer.content


def _link(postbox: Postbox, address: str) -> str:
    work_until_idle("mail")
    (letter,) = postbox.to(address)
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", letter)
    assert found is not None
    return found[1]


def _set(link: str, password: str, client: Client) -> int:
    form = client.get(link, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else link
    return client.post(where, {"password1": password, "password2": password}).status_code


def test_a_link_by_mail_sets_a_new_password_once(account: Account, postbox: Postbox) -> None:
    _ask((account.email or "").upper())
    link = _link(postbox, account.email or "")
    assert _set(link, NEW, Client()) == 302
    account.refresh_from_db()
    assert account.check_password(NEW)
    assert "opens nothing" in Client().get(link, follow=True).content.decode()
    verbs = [event.verb for event in list_events(None, subject_kind="account", subject_id=account.pk)]
    assert verbs[:2] == ["account.password_changed", "account.password_link_made"]


def test_the_answer_is_the_same_for_an_address_that_nobody_has(account: Account, postbox: Postbox) -> None:
    assert _ask(account.email or "") == _ask(f"{uuid.uuid4().hex}@example.org")


def test_a_new_password_ends_the_sessions_of_the_old_one(account: Account, postbox: Postbox) -> None:
    elsewhere = Client()
    elsewhere.post("/account/login/", {"login": account.email, "password": OLD})
    assert "_auth_user_id" in elsewhere.session
    _ask(account.email or "")
    _set(_link(postbox, account.email or ""), NEW, Client())
    assert elsewhere.get("/choose/").status_code == 302


def test_a_closed_account_gets_no_letter(account: Account, postbox: Postbox) -> None:
    close_account(account, by=OPERATOR)
    _ask(account.email or "")
    work_until_idle("mail")
    assert postbox.to(account.email or "") == []


def test_a_short_password_is_refused(account: Account, postbox: Postbox) -> None:
    _ask(account.email or "")
    assert _set(_link(postbox, account.email or ""), "short", Client()) == 200
    account.refresh_from_db()
    assert account.check_password(OLD)


def test_the_sixth_letter_within_the_hour_is_refused(account: Account, postbox: Postbox) -> None:
    statuses = [_ask(account.email or "")[0] for _ in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 429]


def test_the_queue_holds_no_secret(account: Account, postbox: Postbox) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    _ask(account.email or "")
    job = ProcrastinateJob.objects.filter(queue_name="mail").latest("id")
    assert job.args == {"account_id": account.pk, "origin": "http://testserver"}
    work_until_idle("mail")


def test_where_no_mail_is_sent_the_page_says_whom_to_ask(database: None) -> None:
    page = Client().get("/account/password/reset/").content.decode()
    assert "sends no mail" in page
    assert "<form" not in page
