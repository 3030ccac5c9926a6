"""The Programs page: who reads, letting one in with its secret once, and shutting one out."""

import re

import pytest
from tests.web.rooms.conftest import House, signed_in

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.sharing.access import NotAClient
from firstbell.domain.sharing.actions import add_client, give_token
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS

pytestmark = pytest.mark.usefixtures("database")


def test_a_program_is_let_in_and_its_secret_is_shown_once(house: House) -> None:
    client = signed_in(house.accounts["administrator"])
    page = client.post(house.path("programs/"), {"name": "Reading Hour"})
    shown = re.findall(r"<dd>([\w-]{32,})</dd>", page.content.decode())
    assert len(shown) == 2
    given = give_token(shown[0], shown[1], [])
    assert not any("demographics" in scope for scope in given.scopes)
    again = client.get(house.path("programs/")).content.decode()
    assert "Reading Hour" in again
    assert shown[1] not in again


def test_who_may_not_see_demographics_lets_nobody_see_them(house: House) -> None:
    client = signed_in(house.accounts["it"])
    client.post(house.path("programs/"), {"name": "Too curious", "demographics": "on"})
    made = ApiClient.objects.get(district=house.district, name="Too curious")
    assert not any("demographics" in scope for scope in made.scopes)
    assert "families reported" not in client.get(house.path("programs/")).content.decode().split("Let a program in")[1]


def test_a_program_is_shut_out(house: House) -> None:
    made = add_client(house.district, "Math Path", list(SCOPE_URIS), by=OPERATOR)
    client = signed_in(house.accounts["administrator"])
    answer = client.post(house.path(f"programs/{made.client.pk}/revoke/"), follow=True)
    assert "Math Path reads nothing any more." in answer.content.decode()
    with pytest.raises(NotAClient):
        give_token(made.client.client_id, made.secret, [])


def test_a_program_without_a_name_is_not_let_in(house: House) -> None:
    page = signed_in(house.accounts["administrator"]).post(house.path("programs/"), {"name": " "})
    assert page.status_code == 422
