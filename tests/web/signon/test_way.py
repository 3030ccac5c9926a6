"""The way to an identity provider and back: who gets in, what goes along, and what comes to nothing."""

import time
from urllib.parse import parse_qs

import pytest
from django.test import Client
from tests.domain.signon.conftest import School, new_school
from tests.domain.signon.provider import CLIENT, OTHER_KEY, SECRET, by_hand, good_claims, jwk, signed
from tests.web.rooms.conftest import signed_in
from tests.web.signon.conftest import Door

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import Account, Membership
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import change_method
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import remove_person
from firstbell.domain.signon.actions import Terms, change_connection, switch_off
from firstbell.domain.signon.models import Key, SignIn
from firstbell.domain.signon.presets import CLIENT_ID, CLIENT_SECRET, ISSUER
from firstbell.domain.signon.queries import list_sign_ins

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _last(door: Door) -> SignIn:
    return list_sign_ins(door.school.district)[0]


def _is_in(client: Client, school: School) -> bool:
    return client.get(f"/d/{school.district.code}/my-classes/").status_code == 200


def test_a_student_comes_in_and_gets_to_the_page_they_wanted(door: Door) -> None:
    client, wanted = Client(), f"/d/{door.school.district.code}/my-classes/?week=2"
    away = client.get(wanted)
    assert away["Location"].startswith(f"/signin/{door.school.district.code}/?next=")
    page = client.get(away["Location"]).content.decode()
    assert "Sign in with Lakeside ID" in page
    answer = door.enter(client, wanted, number="N-Amy")
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert _is_in(client, door.school)
    assert (_last(door).outcome, _last(door).person_id) == ("in", door.school.people["Amy"])


def test_the_way_carries_a_state_a_nonce_and_a_proof_key_and_the_secret_only_behind_it(door: Door) -> None:
    client = Client()
    asked = door.go(client)
    assert asked["redirect_uri"] == f"http://testserver{door.path('back/')}"
    assert (asked["client_id"], asked["code_challenge_method"], asked["response_type"]) == (CLIENT, "S256", "code")
    assert SECRET not in str(asked)
    door.provider.claims = {"number": "N-Amy"}
    door.come_back(client, code="a-code", state=asked["state"])
    (traded,) = [one for one in door.provider.asked if one.path == "/token"]
    form = {name: values[0] for name, values in parse_qs(traded.body.decode()).items()}
    assert len(form["code_verifier"]) >= 43
    assert (form["code"], form["redirect_uri"]) == ("a-code", asked["redirect_uri"])
    assert {name.lower(): value for name, value in traded.headers.items()}["authorization"].startswith("Basic ")


@pytest.mark.parametrize("onward", ["https://evil.test/", "//evil.test/d/", "/d/other-district/", "/account/", "\\\\x"])
def test_nobody_is_led_out_of_their_district(door: Door, onward: str) -> None:
    answer = door.enter(Client(), onward, number="N-Amy")
    assert answer["Location"] == f"/d/{door.school.district.code}/"


def test_a_stranger_stays_out_and_the_office_reads_why(door: Door) -> None:
    client = Client()
    answer = door.enter(client, number="N-4711")
    assert answer.status_code == 403
    noted = _last(door)
    page = answer.content.decode()
    assert f"number <strong>{noted.pk}</strong>" in page
    assert "N-4711" not in page
    assert not _is_in(client, door.school)
    log = door.office().get(door.room("log/")).content.decode()
    assert "Nobody on the roster has it." in log
    assert "N-4711" in log
    assert Membership.objects.filter(district=door.school.district).count() == 1  # the administrator's


def test_the_teacher_next_door_reads_no_log(door: Door) -> None:
    client = Client()
    door.enter(client, number="N-Tom")
    assert client.get(door.room("log/")).status_code == 403


def test_who_leaves_the_roster_is_out_with_the_next_request(door: Door) -> None:
    client = Client()
    door.enter(client, number="N-Tom")
    assert _is_in(client, door.school)
    remove_person(door.school.district, door.school.people["Tom"], by=BY)
    answer = client.get(f"/d/{door.school.district.code}/my-classes/")
    assert answer["Location"] == f"/signin/{door.school.district.code}/"
    assert "Single sign-on does not let you in" not in client.get("/choose/").content.decode()
    assert client.get("/choose/").status_code == 302


@pytest.mark.parametrize("how", ["off", "method"])
def test_sessions_end_when_the_connection_or_the_method_does(door: Door, how: str) -> None:
    client, part = Client(), Client(headers={"HX-Request": "true"})
    door.enter(client, number="N-Amy")
    part.cookies = client.cookies
    if how == "off":
        switch_off(door.school.district, door.connection, by=OPERATOR)
    else:
        change_method(door.school.district, "self_managed", by=OPERATOR)
    assert part.get(f"/d/{door.school.district.code}/my-classes/").status_code == 401
    assert not _is_in(client, door.school)
    assert client.get(door.path()).status_code == 404


def test_a_session_by_password_does_not_hang_on_the_connection(door: Door) -> None:
    set_credential(door.school.district, door.school.people["Amy"], "amy", "pass1", by=OPERATOR)
    client = Client()
    client.post(f"/signin/{door.school.district.code}/", {"username": "amy", "password": "pass1"})
    switch_off(door.school.district, door.connection, by=OPERATOR)
    assert _is_in(client, door.school)


def test_the_account_of_the_password_is_the_account_of_the_provider(door: Door) -> None:
    account = set_credential(door.school.district, door.school.people["Amy"], "amy", "pass1", by=OPERATOR).account
    client = Client()
    door.enter(client, number="N-Amy")
    assert client.session["_auth_user_id"] == str(account.pk)


def test_another_who_was_signed_in_is_out_first(door: Door) -> None:
    client = door.office()
    door.enter(client, number="N-Amy")
    assert client.session["_auth_user_id"] != str(door.administrator.pk)
    assert client.get(door.room()).status_code == 403


def test_another_districts_door_is_not_there(door: Door) -> None:
    other = new_school("Hilltop").district
    for rest in ("", "back/"):
        path = f"/signin/{other.code}/by/{door.connection.pk}/{rest}"
        assert Client().get(path).status_code == 404
        assert Client().get(f"/signin/no-such-district/by/{door.connection.pk}/{rest}").status_code == 404
    assert signed_in(door.administrator).get(f"/d/{other.code}/sign-in/{door.connection.pk}/").status_code == 404


def test_a_way_back_opens_once_and_only_in_the_browser_that_went(door: Door) -> None:
    client, thief = Client(), Client()
    door.provider.claims = {"number": "N-Amy"}
    state = door.go(client)["state"]
    assert door.come_back(thief, code="a-code", state=state).status_code == 403
    assert door.come_back(client, code="a-code", state="another").status_code == 403
    assert door.come_back(client, code="a-code", state=state).status_code == 302
    fresh = Client()
    fresh.cookies = client.cookies
    assert door.come_back(fresh, code="a-code", state=state).status_code == 403


BAD = {
    "none": lambda url, nonce: by_hand({"alg": "none"}, good_claims(iss=url, nonce=nonce, number="N-Amy")),
    "another key": lambda url, nonce: signed(good_claims(iss=url, nonce=nonce, number="N-Amy"), OTHER_KEY),
    "another nonce": lambda url, nonce: signed(good_claims(iss=url, nonce="x", number="N-Amy")),
    "another application": lambda url, nonce: signed(good_claims(iss=url, nonce=nonce, aud="x", number="N-Amy")),
    "another issuer": lambda url, nonce: signed(good_claims(iss="https://x.test", nonce=nonce, number="N-Amy")),
    "yesterday": lambda url, nonce: signed(
        good_claims(iss=url, nonce=nonce, number="N-Amy", iat=int(time.time()) - 86400)
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_lets_nobody_in(door: Door, name: str) -> None:
    client = Client()
    asked = door.go(client)
    door.provider.token = BAD[name](door.provider.url, asked["nonce"])
    assert door.come_back(client, code="a-code", state=asked["state"]).status_code == 403
    assert not _is_in(client, door.school)
    assert _last(door).outcome == "failed"
    assert _last(door).says.startswith("What the provider sent was refused.")


def test_a_provider_may_change_its_keys_in_between(door: Door) -> None:
    door.enter(Client(), number="N-Amy")
    door.provider.keys = [jwk(OTHER_KEY, kid="next")]
    client = Client()
    asked = door.go(client)
    said = good_claims(iss=door.provider.url, nonce=asked["nonce"], number="N-Amy")
    door.provider.token = signed(said, OTHER_KEY, kid="next")
    assert door.come_back(client, code="a-code", state=asked["state"]).status_code == 302


def test_what_is_not_in_the_token_is_asked_for_and_has_to_be_of_the_same_one(door: Door) -> None:
    door.provider.userinfo = {"sub": "s-1", "number": "N-Amy"}
    assert door.enter(Client()).status_code == 302
    door.provider.userinfo = {"sub": "s-2", "number": "N-Ben"}
    assert door.enter(Client()).status_code == 403
    assert "somebody else" in _last(door).says


def test_a_refusal_of_the_provider_is_told(door: Door) -> None:
    client = Client()
    state = door.go(client)["state"]
    assert door.come_back(client, error="access_denied", state=state).status_code == 403
    assert "access_denied" in _last(door).says


@pytest.mark.parametrize(
    ("described", "says"),
    [
        ({"issuer": "https://evil.test"}, "calls itself"),
        ({"token_endpoint": None}, "lacks token_endpoint"),
        ({"jwks_uri": "http://169.254.169.254/latest"}, ""),
    ],
)
def test_a_provider_that_is_not_who_it_should_be_is_not_asked(
    door: Door, described: dict[str, object], says: str
) -> None:
    door.provider.described = described
    client = Client()
    answer = client.get(door.path())
    if answer.status_code == 302:
        state = parse_qs(answer["Location"])["state"][0]
        answer = door.come_back(client, code="a-code", state=state)  # type: ignore[assignment]
    assert answer.status_code == 403
    assert says in _last(door).says
    assert _last(door).outcome == "failed"


def test_a_provider_that_is_silent_is_told(door: Door) -> None:
    values = {ISSUER: "http://127.0.0.1:9", CLIENT_ID: "c", CLIENT_SECRET: ""}
    change_connection(
        door.school.district, door.connection, values, Terms("Ours", Key.IDENTIFIER, "number"), by=OPERATOR
    )
    assert Client().get(door.path()).status_code == 403
    assert "takes no connection" in _last(door).says


def test_nobody_signs_up_or_connects_by_allauths_own_doors(door: Door) -> None:
    from allauth.socialaccount.models import SocialAccount

    door.enter(Client(), number="N-Amy")
    assert not SocialAccount.objects.exists()
    assert not Account.objects.filter(email__contains="N-Amy").exists()


def test_a_test_shows_the_claims_to_the_administrator_and_signs_nobody_in(door: Door) -> None:
    client = door.office()
    door.provider.claims = {"number": "N-Amy", "department": "7 b"}
    asked = door.go(client, path=door.page("test/"))
    answer = door.come_back(client, code="a-code", state=asked["state"])
    assert answer["Location"] == door.page("tested/")
    page = client.get(door.page("tested/")).content.decode()
    assert "It works" in page
    assert "Amy Whitfield" in page
    assert "7 b" in page
    assert client.session["_auth_user_id"] == str(door.administrator.pk)
    assert client.get(door.page("tested/")).status_code == 302  # shown once
    assert list_sign_ins(door.school.district) == []


def test_a_test_tells_why_somebody_would_not_get_in_also_while_it_is_off(door: Door) -> None:
    switch_off(door.school.district, door.connection, by=OPERATOR)
    client = door.office()
    door.provider.claims = {"number": "N-4711"}
    asked = door.go(client, path=door.page("test/"))
    door.come_back(client, code="a-code", state=asked["state"])
    page = client.get(door.page("tested/")).content.decode()
    assert "They would not get in" in page
    assert "Nobody on the roster has it." in page


def test_a_test_that_fails_says_what_was_wrong(door: Door) -> None:
    door.provider.described = {"issuer": "https://evil.test"}
    client = door.office()
    assert client.get(door.page("test/"))["Location"] == door.page("tested/")
    assert "calls itself" in client.get(door.page("tested/")).content.decode()


def test_nobody_but_an_administrator_tests(door: Door) -> None:
    client = Client()
    door.enter(client, number="N-Tom")
    assert client.get(door.page("test/")).status_code == 403
