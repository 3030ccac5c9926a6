"""Ways in beside single sign-on, how long a session lasts, and the way out."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.domain.signon.identity import ADDRESS, metadata
from tests.web.rooms.conftest import PASSWORD, member
from tests.web.signon.conftest import Door
from tests.web.signon.test_saml_way import SamlDoor

from firstbell.domain.accounts.actions import give_membership, open_account, set_credential
from firstbell.domain.accounts.badges import make_badge, secret_of
from firstbell.domain.accounts.bands import BANDS
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import change_method
from firstbell.domain.districts.models import District
from firstbell.domain.districts.rules import limit_sessions
from firstbell.domain.signon.actions import NotSo, Terms, add_connection, change_connection, switch_off, switch_on
from firstbell.domain.signon.models import Key, Serves
from firstbell.domain.signon.passwords import comes_only_by, let_passwords_in
from firstbell.domain.signon.presets import CLIENT_ID, CLIENT_SECRET, ISSUER, METADATA, PRESETS
from firstbell.web.signin.lasting import UNTIL

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _with_second_step(account: Account) -> Account:
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    return account


def _only(door: Door) -> None:
    _with_second_step(door.administrator)
    let_passwords_in(door.school.district, allowed=False, by=OPERATOR)


def _amy(door: Door) -> Account:
    return set_credential(door.school.district, door.school.people["Amy"], "amy", "pass1", by=OPERATOR).account


def _by_password(door: Door) -> Client:
    client = Client()
    client.post(f"/signin/{door.school.district.code}/", {"username": "amy", "password": "pass1"})
    return client


def _is_in(door: Door, client: Client) -> bool:
    return client.get(f"/d/{door.school.district.code}/my-classes/").status_code == 200


def test_who_has_come_by_single_sign_on_comes_by_nothing_else_where_the_district_says_so(door: Door) -> None:
    _amy(door)
    _only(door)
    assert _is_in(door, _by_password(door))  # she has never come by it: nobody is locked out
    by_provider = Client()
    door.enter(by_provider, number="N-Amy")
    assert _is_in(door, by_provider)
    answer = Client().post(f"/signin/{door.school.district.code}/", {"username": "amy", "password": "pass1"})
    assert answer.status_code == 403
    assert "You sign in with Lakeside ID here" in answer.content.decode()
    assert not _is_in(door, _by_password(door))
    badge = secret_of(door.school.district, make_badge(door.school.district, door.school.people["Amy"], by=OPERATOR))
    with_badge = Client()
    with_badge.post(f"/badge/{door.school.district.code}/{badge}/")
    assert not _is_in(door, with_badge)
    wrong = Client().post(f"/signin/{door.school.district.code}/", {"username": "amy", "password": "guess"})
    assert "Lakeside ID here" not in wrong.content.decode()  # a guesser learns nothing


@pytest.mark.parametrize("how", ["off", "method", "another school", "allowed"])
def test_the_password_is_back_where_the_connection_is_not_hers_any_more(door: Door, how: str) -> None:
    amy = _amy(door)
    _only(door)
    door.enter(Client(), number="N-Amy")
    assert comes_only_by(amy) is not None
    if how == "off":
        switch_off(door.school.district, door.connection, by=OPERATOR)
    elif how == "method":
        change_method(door.school.district, "self_managed", by=OPERATOR)
    elif how == "another school":
        values = {ISSUER: door.provider.url, CLIENT_ID: "c", CLIENT_SECRET: ""}
        terms = Terms("Lakeside ID", Key.IDENTIFIER, "number", school_ids=[door.school.other_org_id])
        change_connection(door.school.district, door.connection, values, terms, by=OPERATOR)
    else:
        let_passwords_in(door.school.district, allowed=True, by=OPERATOR)
    assert comes_only_by(amy) is None
    assert _is_in(door, _by_password(door))


def _log_in(account: Account) -> Client:
    client = Client()
    client.post("/account/login/", {"login": account.email, "password": PASSWORD})
    return client


def test_staff_do_not_come_by_e_mail_and_an_administrator_with_a_second_step_does(door: Door) -> None:
    tom = open_account(f"tom.{door.school.district.pk}@lakeside.example", "Tom", password=PASSWORD, by=OPERATOR)
    give_membership(door.school.district, tom, "teacher", person_id=door.school.people["Tom"], by=OPERATOR)
    pat = member(door.school.district, "pat", "district_administrator", door.school.people["Pat"])
    _only(door)
    for name in ("Tom", "Pat"):
        client = Client()
        assert door.enter(client, number=f"N-{name}", sub=f"s-{name}").status_code == 302
        assert "_auth_user_id" in client.session
    for account in (tom, pat):
        assert "_auth_user_id" not in _log_in(account).session
    _with_second_step(pat)
    spare = _log_in(pat)
    assert "account_login" in spare.session  # her code is asked for, as always
    assert comes_only_by(pat) is None


def test_nobody_is_left_without_a_spare_key(door: Door) -> None:
    with pytest.raises(NotSo, match="second step"):
        let_passwords_in(door.school.district, allowed=False, by=OPERATOR)
    office = door.office()
    refused = office.post(door.room("grace/"), {"days": "2", "only": "on"})
    assert refused.status_code == 422
    assert "First set up a second step" in refused.content.decode()
    _with_second_step(door.administrator)
    assert office.post(door.room("grace/"), {"days": "2", "only": "on"}).status_code == 302
    fresh = District.objects.get(pk=door.school.district.pk)
    assert (fresh.sign_on_only, fresh.student_grace_days) == (True, 2)


def test_another_districts_rule_is_not_ours(door: Door) -> None:
    _only(door)
    door.enter(Client(), number="N-Amy")
    assert comes_only_by(member(door.school.district, "eve", "teacher")) is None  # nobody on the roster


def test_a_session_lasts_as_long_as_the_district_says_for_the_role(door: Door) -> None:
    limit_sessions(door.school.district, {"student_hours": 2, "teacher_hours": 5}, by=OPERATOR)
    for name, hours in (("Amy", 2), ("Tom", 5)):
        client = Client()
        door.enter(client, number=f"N-{name}", sub=f"s-{name}")
        assert hours * 3600 - 600 < client.session[UNTIL] - time.time() <= hours * 3600
        assert _is_in(door, client)
        session = client.session
        session[UNTIL] = int(time.time()) - 1
        session.save()
        part = client.get(f"/d/{door.school.district.code}/my-classes/", headers={"HX-Request": "true"})
        assert part.status_code == 401
        assert not _is_in(door, client)
        assert "_auth_user_id" not in client.session


def test_hours_are_set_on_the_page_of_rules(door: Door) -> None:
    office, page = door.office(), f"/d/{door.school.district.code}/members/rules/"
    shown = office.get(page).content.decode()
    assert "Students: hours until they sign in again" in shown
    lengths = {band.name: "8" for band in BANDS}
    assert office.post(page, lengths | {"student_hours": "3", "teacher_hours": ""}).status_code == 302
    hours = District.objects.get(pk=door.school.district.pk).session_hours
    assert hours == {"student_hours": 3, "teacher_hours": 12, "office_hours": 12}
    for wrong in ("0", "13", "x"):
        assert office.post(page, lengths | {"student_hours": wrong}).status_code == 422


def test_who_signs_out_is_offered_the_way_out_at_the_provider(door: Door) -> None:
    door.provider.described = {"end_session_endpoint": f"{door.provider.url}/leave?by=us"}
    client = Client()
    door.enter(client, number="N-Amy")
    assert f"{door.provider.url}/leave" not in str(dict(client.session))  # it names the provider's session: sealed
    page = client.post("/account/logout/").content.decode()
    assert "_auth_user_id" not in client.session
    address = page.partition('href="' + door.provider.url)[2].partition('"')[0].replace("&amp;", "&")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["post_logout_redirect_uri"] == f"http://testserver/signin/{door.school.district.code}/"
    assert (asked["by"], asked["id_token_hint"].count(".")) == ("us", 2)
    assert "Sign out of Lakeside ID too" in page


@pytest.mark.parametrize("address", [None, "javascript:alert(1)", 17])
def test_a_provider_without_a_way_out_is_told_of(door: Door, address: object) -> None:
    door.provider.described = {"end_session_endpoint": address}
    client = Client()
    door.enter(client, number="N-Amy")
    page = client.post("/account/logout/").content.decode()
    assert "you may still be signed in" in page
    assert "javascript:" not in page
    assert not _is_in(door, client)


def test_who_came_by_a_password_signs_out_as_ever(door: Door) -> None:
    _amy(door)
    client = _by_password(door)
    assert client.post("/account/logout/")["Location"] == "/"
    assert not _is_in(door, client)


def test_a_saml_provider_is_asked_to_end_its_session(door: Door) -> None:
    leaves = (
        '<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        f' Location="{ADDRESS}-out"/><md:SingleSignOnService '
    )
    terms = Terms("Lakeside SAML", Key.IDENTIFIER, "number", serves=Serves.STUDENTS)
    said = {METADATA: metadata().replace("<md:SingleSignOnService ", leaves)}
    connection = add_connection(door.school.district, PRESETS["saml"], said, terms, by=OPERATOR)
    switch_on(door.school.district, connection, by=OPERATOR)
    saml, client = SamlDoor(door.school, connection), Client()
    assert saml.enter(client).status_code == 302
    page = client.post("/account/logout/").content.decode()
    assert f'href="{ADDRESS}-out?SAMLRequest=' in page
    back = Client().get(saml.path("saml/left/"), {"SAMLResponse": "whatever"})
    assert back["Location"] == f"/signin/{door.school.district.code}/"
    told = Client().get(saml.path("saml/metadata/")).content.decode()
    assert f"http://testserver{saml.path('saml/left/')}" in told
