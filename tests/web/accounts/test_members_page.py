"""Members: seen, invited, changed and let go by administrators; an invitation goes by mail or by hand."""

import html
import re
import uuid

import pytest
from django.test import Client
from tests.web.accounts.conftest import Postbox
from tests.web.rooms.conftest import PASSWORD, member, signed_in

from firstbell.domain.accounts.models import Account, Membership
from firstbell.domain.accounts.queries import find_account, list_memberships
from firstbell.domain.districts.models import District

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def administrator(district: District) -> Client:
    return signed_in(member(district, "ada", "district_administrator"))


@pytest.fixture
def address() -> str:
    return f"grace.{uuid.uuid4().hex}@example.org"


def _path(district: District, rest: str = "") -> str:
    return f"/d/{district.code}/members/{rest}"


def _invite(client: Client, district: District, address: str, role: str = "teacher") -> str:
    entered = {"name": "Grace Hopper", "email": address, "role": role}
    answer = client.post(_path(district), entered)
    assert answer.status_code == 200, answer.content.decode()
    return html.unescape(answer.content.decode())


def _link_in(text: str) -> str:
    found = re.search(r"http://testserver(/invited/\S+?/)(?=\s|<)", text)
    assert found is not None, text
    return found[1]


def _take_up(link: str, password: str = PASSWORD) -> int:
    return Client().post(link, {"name": "Grace Hopper", "password": password, "again": password}).status_code


def test_an_invitation_goes_by_mail_and_is_not_shown(
    district: District, administrator: Client, address: str, postbox: Postbox
) -> None:
    page = _invite(administrator, district, address)
    (letter,) = postbox.to(address)
    assert "Ada Whitfield invites you to Lakeside Unified" in letter
    assert "/invited/" not in page
    assert "on its way" in page
    link = _link_in(letter)
    assert "Grace Hopper" in Client().get(link).content.decode()
    assert _take_up(link) == 302
    account = find_account(address)
    assert account is not None
    assert [one.role for one in list_memberships(account)] == ["teacher"]
    again = Client().post("/account/login/", {"login": address, "password": PASSWORD})
    assert again.status_code == 302


@pytest.mark.parametrize("server", ["none", "broken"])
def test_where_no_mail_goes_the_link_is_shown_once_to_hand_over(
    district: District, administrator: Client, address: str, server: str, request: pytest.FixtureRequest
) -> None:
    if server == "broken":
        request.getfixturevalue("broken_server")
    page = _invite(administrator, district, address)
    assert ("sends no mail" if server == "none" else "did not take the letter") in page
    link = _link_in(page)
    assert "/invited/" not in administrator.get(_path(district)).content.decode()
    assert _take_up(link) == 302


def test_a_link_that_is_over_says_so_and_opens_nothing(district: District, administrator: Client, address: str) -> None:
    link = _link_in(_invite(administrator, district, address))
    invitation = re.search(r"invitations/(\d+)/revoke", administrator.get(_path(district)).content.decode())
    assert invitation is not None
    newer = administrator.post(_path(district, f"invitations/{invitation[1]}/again/")).content.decode()
    assert Client().get(link).status_code == 404
    latest = re.search(r"invitations/(\d+)/revoke", newer)
    assert latest is not None
    assert Client().get(_link_in(html.unescape(newer))).status_code == 200
    assert administrator.post(_path(district, f"invitations/{latest[1]}/revoke/")).status_code == 302
    assert Client().get(_link_in(html.unescape(newer))).status_code == 404
    assert _take_up(_link_in(html.unescape(newer))) == 404
    assert find_account(address) is None


@pytest.mark.parametrize("password", ["short", "1q2w3e4r5t6y7u8i", "grace hopper 2026"])
def test_a_password_that_is_short_common_or_ones_name_is_sent_back(
    district: District, administrator: Client, address: str, password: str
) -> None:
    link = _link_in(_invite(administrator, district, address))
    assert _take_up(link, password) == 422
    assert find_account(address) is None


def test_who_has_an_account_is_asked_to_sign_in_and_joins(
    district: District, other_district: District, administrator: Client
) -> None:
    known = member(other_district, "grace", "teacher")
    link = _link_in(_invite(administrator, district, known.email or "", "principal"))
    assert "Sign in to join" in Client().get(link).content.decode()
    stranger = signed_in(member(other_district, "sam", "teacher"))
    assert "Sign out first" in stranger.get(link).content.decode()
    stranger.post(link)
    assert len(list_memberships(known)) == 1
    assert signed_in(known).post(link).status_code == 302
    assert {one.role for one in list_memberships(known)} == {"teacher", "principal"}
    known.refresh_from_db()
    assert known.check_password(PASSWORD)


def test_the_page_urges_a_second_administrator(district: District, administrator: Client) -> None:
    assert "There is one district administrator" in administrator.get(_path(district)).content.decode()
    member(district, "bea", "district_administrator")
    assert "There is one district administrator" not in administrator.get(_path(district)).content.decode()


def test_the_last_administrator_is_told_why_she_stays(district: District, administrator: Client) -> None:
    own = Membership.objects.get(district=district)
    told = administrator.post(_path(district, f"{own.pk}/take/"), follow=True).content.decode()
    assert "keeps one district administrator" in told
    told = administrator.post(_path(district, f"{own.pk}/"), {"role": "teacher"}, follow=True).content.decode()
    assert "keeps one district administrator" in told
    assert Membership.objects.get(pk=own.pk).role == "district_administrator"


def test_a_role_is_changed_and_a_membership_ended_from_the_next_request_on(
    district: District, administrator: Client
) -> None:
    colleague = member(district, "cora", "it_administrator")
    client = signed_in(colleague)
    membership = colleague.memberships.get()
    assert client.get(_path(district)).status_code == 200
    administrator.post(_path(district, f"{membership.pk}/"), {"role": "teacher"})
    assert client.get(_path(district)).status_code == 403
    administrator.post(_path(district, f"{colleague.memberships.get().pk}/take/"))
    assert client.get(f"/d/{district.code}/my-classes/").status_code == 404


def test_an_it_administrator_makes_no_district_administrator(district: District, address: str) -> None:
    it = signed_in(member(district, "ivo", "it_administrator"))
    wanted = {"name": "Eve", "email": address, "role": "district_administrator"}
    assert it.post(_path(district), wanted).status_code == 422
    own = Account.objects.get(pk=int(it.session["_auth_user_id"])).memberships.get()
    assert it.post(_path(district, f"{own.pk}/"), {"role": "district_administrator"}).status_code == 422
    assert Membership.objects.get(pk=own.pk).role == "it_administrator"


def test_a_search_finds_by_name_and_by_address(district: District, administrator: Client) -> None:
    found = member(district, "zora", "teacher")
    for words in ("zora", (found.email or "")[:12]):
        assert [line.name for line in administrator.get(_path(district), {"q": words}).context["members"]] == [
            "Zora Whitfield"
        ]
    assert "Nobody like that" in administrator.get(_path(district), {"q": "xyzzy"}).content.decode()
