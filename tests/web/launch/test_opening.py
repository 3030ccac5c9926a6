"""A program learns who opened it: what its grant says, by a code that is good once, for it, where it was sent."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.domain.signon.conftest import NOON, School, new_school
from tests.web.launch.conftest import BACK, START, Program, account_of, browser_of, new_program
from tests.web.rooms.conftest import signed_in

from firstbell.domain.accounts.actions import close_account
from firstbell.domain.accounts.models import StaffRole
from firstbell.domain.accounts.staff import add_staff, begin_visit
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.queries import today_of
from firstbell.domain.launch.actions import end_launch, give_new_secret
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import remove_person
from firstbell.domain.sharing.actions import revoke_client
from firstbell.domain.sharing.disclosing import received_of
from firstbell.domain.sharing.granting import set_grant, withhold
from firstbell.domain.sharing.presets import Preset, Wish
from firstbell.domain.signon.models import Serves

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _tiles(browser: Client, school: School) -> str:
    page = browser.get(f"/d/{school.district.code}/my-classes/").content.decode()
    return page.partition("Your programs")[2]


def test_a_tile_leads_to_the_program_and_the_program_learns_who_came(school: School, program: Program) -> None:
    amy = browser_of(school, "Amy")
    tile = f"/d/{school.district.code}/open/{program.launch.program_id}/"
    assert "Reading Hour" in _tiles(amy, school)
    assert tile in _tiles(amy, school)
    begun = amy.get(tile)["Location"]
    assert begun.startswith(f"{START}&iss=")
    assert parse_qs(urlsplit(begun).query)["client_id"] == [program.launch.client_id]
    claims = program.told(amy)
    assert claims["sub"] == school.row("Amy").sourced_id
    assert (claims["given_name"], claims["family_name"], claims["name"]) == ("Amy", "Whitfield", "Amy Whitfield")
    assert (claims["roles"], claims["district"]) == (["student"], school.district.code)
    assert (claims["email"], claims["email_verified"]) == ("amy@lakeside.example", False)
    assert claims["nonce"] == "a-nonce"
    (received,) = received_of(school.district, school.people["Amy"])
    assert (received.program, received.table) == ("Reading Hour", "users")


def test_what_was_not_asked_for_is_not_told(school: School, program: Program) -> None:
    claims = program.told(browser_of(school, "Amy"), scope="openid")
    assert claims["sub"]
    assert not {"name", "given_name", "preferred_username", "email"} & claims.keys()


def test_hidden_fields_are_never_told_nor_by_userinfo(school: School, program: Program) -> None:
    hidden = frozenset({"users.email", "users.grades"})
    set_grant(program.client, Wish(hidden=hidden), by=OPERATOR)
    school.change("Amy", grades=["03"])
    amy = browser_of(school, "Amy")
    tokens = program.trade(program.code(amy)).json()  # type: ignore[attr-defined]
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    more = Client().get(program.path("userinfo"), headers=bearer).json()
    for claims in (program.read(tokens["id_token"]), more):
        assert claims["given_name"] == "Amy"
        assert not {"email", "email_verified", "grades"} & claims.keys()
    assert "refresh_token" not in tokens


def test_a_nameless_grant_tells_a_pseudonym_that_stays_and_is_no_other_programs(
    school: School, program: Program
) -> None:
    other = new_program(school, "Maths Hour")
    for one in (program, other):
        set_grant(one.client, Wish(Preset.ANONYMOUS), by=OPERATOR)
    amy = browser_of(school, "Amy")
    first, again, elsewhere = program.told(amy), program.told(amy), other.told(amy)
    assert first["sub"] == again["sub"] != elsewhere["sub"]
    person = school.row("Amy")
    for claims in (first, elsewhere):
        assert not {"Amy", "Whitfield", person.username, person.email, person.sourced_id} & set(
            map(str, claims.values())
        )
        assert "email" not in claims
        assert "preferred_username" not in claims


def test_a_code_is_good_once(school: School, program: Program) -> None:
    code = program.code(browser_of(school, "Amy"))
    tokens = program.trade(code)
    assert tokens.status_code == 200
    again = program.trade(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")  # type: ignore[attr-defined]


def test_a_code_of_another_program_is_worth_nothing(school: School, program: Program) -> None:
    other = new_program(school, "Maths Hour")
    other.verifier = program.verifier
    assert other.trade(program.code(browser_of(school, "Amy"))).status_code == 400


BAD_TRADES: dict[str, tuple[dict[str, str | None], int]] = {
    "another proof": ({"code_verifier": "x" * 50}, 400),
    "no proof": ({"code_verifier": None}, 400),
    "another address": ({"redirect_uri": "https://reading.example/other"}, 400),
    "another secret": ({"client_secret": "guess"}, 401),
    "no secret": ({"client_secret": None}, 401),
    "another code": ({"code": "guess"}, 400),
    "another program": ({"client_id": "nobody"}, 401),
    "a password": ({"grant_type": "password", "username": "amy", "password": "pass-Amy"}, 400),
    "the program itself": ({"grant_type": "client_credentials"}, 400),
    "what lasts": ({"grant_type": "refresh_token", "refresh_token": "x"}, 400),
    "a device": ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "x"}, 400),
}


def test_a_trade_that_is_not_right_gives_nothing(school: School, program: Program) -> None:
    amy = browser_of(school, "Amy")
    for name, (instead, status) in BAD_TRADES.items():
        code = program.code(amy)
        answer = program.trade(instead.get("code") or code, **{k: v for k, v in instead.items() if k != "code"})
        assert answer.status_code == status, name
        assert "token" not in answer.content.decode(), name


ELSEWHERE = [
    "https://evil.example/",
    "https://reading.example/signed-in/",
    "https://reading.example/signed-in?to=evil",
    "https://reading.example/signed-in#x",
    "https://reading.example.evil.example/signed-in",
    "https://evil@reading.example/signed-in",
    "http://reading.example/signed-in",
    "javascript:alert(1)",
    None,
]


def test_nobody_is_led_where_the_district_did_not_say(school: School, program: Program) -> None:
    amy = browser_of(school, "Amy")
    for address in ELSEWHERE:
        for browser, prompt in ((amy, None), (Client(), "none")):
            answer = program.ask(browser, redirect_uri=address, prompt=prompt)
            assert answer.status_code == 400, address
            assert "Location" not in answer


def test_a_program_without_a_proof_key_is_told_so(school: School, program: Program) -> None:
    amy = browser_of(school, "Amy")
    for instead in ({"code_challenge": None}, {"code_challenge_method": "plain"}, {"code_challenge_method": None}):
        came = parse_qs(urlsplit(program.ask(amy, **instead)["Location"]).query)
        assert (came["error"], came["state"]) == (["invalid_request"], ["a-state"])
        assert "code" not in came


def test_nothing_but_a_code_is_given(school: School, program: Program) -> None:
    amy = browser_of(school, "Amy")
    for kind in ("token", "id_token", "id_token token", "code id_token", "none"):
        answer = program.ask(amy, response_type=kind)
        assert "token=" not in answer.get("Location", ""), kind
        assert "code=" not in answer.get("Location", ""), kind


def test_who_is_signed_out_signs_in_at_the_district_first_and_goes_on(school: School, program: Program) -> None:
    account_of(school, "Amy")
    browser = Client()
    door = program.ask(browser)["Location"]
    assert door.startswith(f"/signin/{school.district.code}/?next=")
    onward = browser.post(door, {"username": "amy", "password": "pass-Amy"})["Location"]
    assert browser.get(onward)["Location"].startswith(f"{BACK}?code=")
    silent = program.ask(Client(), prompt="none")["Location"]
    assert "error=login_required" in silent
    assert "code=" not in silent


def test_who_is_withheld_opens_nothing_and_sees_no_tile(school: School, program: Program) -> None:
    amy, ben = browser_of(school, "Amy"), browser_of(school, "Ben")
    code = program.code(amy)
    withhold(school.district, school.people["Amy"], program.client, "Their family said no.", by=OPERATOR)
    assert "Reading Hour" not in _tiles(amy, school)
    assert "Reading Hour" in _tiles(ben, school)
    assert program.ask(amy).status_code == 403
    assert amy.get(f"/d/{school.district.code}/open/{program.launch.program_id}/").status_code == 403
    assert program.trade(code).status_code == 400  # the code was given before
    assert program.told(ben)["given_name"] == "Ben"


def test_outside_of_the_schools_of_the_grant_nobody_opens_it(school: School, program: Program) -> None:
    set_grant(program.client, Wish(schools=(school.org_id,)), by=OPERATOR)
    amy, ben = browser_of(school, "Amy"), browser_of(school, "Ben")
    assert "Reading Hour" in _tiles(amy, school)
    assert program.told(amy)["given_name"] == "Amy"
    assert "Reading Hour" not in _tiles(ben, school)
    assert program.ask(ben).status_code == 403
    school.add("Zoe")  # who comes today has a tile today
    assert "Reading Hour" in _tiles(browser_of(school, "Zoe"), school)


def test_a_grant_that_ended_ends_the_tile_the_codes_and_the_tokens(school: School, program: Program) -> None:
    amy = browser_of(school, "Amy")
    code, token = program.code(amy), program.trade(program.code(amy)).json()["access_token"]  # type: ignore[attr-defined]
    yesterday = today_of(school.district) - dt.timedelta(days=1)
    set_grant(program.client, Wish(ends=yesterday), by=OPERATOR)
    assert "Reading Hour" not in _tiles(amy, school)
    assert program.ask(amy).status_code == 403
    assert program.trade(code).status_code == 400
    asked = Client().get(program.path("userinfo"), headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 401


@pytest.mark.parametrize("how", ["shut out", "ended", "new secret"])
def test_what_the_district_ends_is_over_at_once(school: School, program: Program, how: str) -> None:
    amy = browser_of(school, "Amy")
    code = program.code(amy)
    if how == "shut out":
        revoke_client(program.client, by=OPERATOR)
    elif how == "ended":
        end_launch(program.launch, by=OPERATOR)
    else:
        give_new_secret(program.launch, by=OPERATOR)
    assert program.trade(code).status_code in {400, 401}
    assert program.ask(amy).status_code == {"shut out": 403, "ended": 404, "new secret": 302}[how]


def test_who_left_or_was_closed_between_code_and_token_is_told_of_no_more(school: School, program: Program) -> None:
    amy, ben = browser_of(school, "Amy"), browser_of(school, "Ben")
    codes = program.code(amy), program.code(ben)
    remove_person(school.district, school.people["Amy"], by=BY)
    close_account(account_of(school, "Ben"), by=OPERATOR)
    for code in codes:
        assert program.trade(code).status_code == 400


def test_who_is_gone_and_whose_roles_were_left_behind_is_told_of_no_more(school: School, program: Program) -> None:
    amy = browser_of(school, "Amy")
    code = program.code(amy)
    school.change("Amy", removed_at=NOON)
    assert program.trade(code).status_code == 400


def test_a_tile_is_of_those_whom_it_serves(school: School) -> None:
    staff = new_program(school, "Grade Book", serves=Serves.STAFF)
    amy, tom = browser_of(school, "Amy"), browser_of(school, "Tom")
    assert "Grade Book" not in _tiles(amy, school)
    assert staff.ask(amy).status_code == 403
    assert "Grade Book" in _tiles(tom, school)
    assert staff.told(tom)["roles"] == ["teacher"]


def test_a_visitor_of_the_vendor_opens_nothing(school: School, program: Program) -> None:
    staff = add_staff(f"v.{school.district.pk}@vendor.example", "Vic", StaffRole.OPERATOR, by=OPERATOR)
    Authenticator.objects.create(user=staff.account, type=Authenticator.Type.TOTP, data={})
    visitor = signed_in(staff.account)
    assert program.ask(visitor).status_code == 404
    begin_visit(school.district, staff, "They asked for help.", by=OPERATOR)
    assert program.ask(visitor).status_code == 403
    assert visitor.get(f"/d/{school.district.code}/open/{program.launch.program_id}/").status_code == 403


def test_another_districts_people_programs_and_tokens_are_not_there(school: School, program: Program) -> None:
    other = new_school("Hilltop")
    theirs = new_program(other, "Reading Hour")
    amy, hers = browser_of(school, "Amy"), browser_of(other, "Amy")
    assert program.ask(hers).status_code == 404
    assert amy.get(theirs.path("authorize"), theirs.asks()).status_code == 404
    code = program.code(amy)
    there = Client().post(
        theirs.path("token"),
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_id": program.launch.client_id,
            "client_secret": program.made.secret,
            "code_verifier": program.verifier,
        },
    )
    assert there.status_code == 401
    token = program.trade(program.code(amy)).json()["access_token"]  # type: ignore[attr-defined]
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client().get(theirs.path("userinfo"), headers=bearer).status_code == 401
    assert Client().get(program.path("userinfo"), headers=bearer).status_code == 200
    keys = {Client().get(one.path("keys")).json()["keys"][0]["n"] for one in (program, theirs)}
    assert len(keys) == 2
    for path in ("oidc/keys", "oidc/token", "oidc/userinfo", "oidc/authorize", "oidc/.well-known/openid-configuration"):
        assert Client().get(f"/d/no-such-district/{path}").status_code in {404, 405}
