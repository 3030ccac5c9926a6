"""Passwords of lists: too short ones are told, and who came without one gets what the district's rule says."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.engine.formats.lists import STUDENTS
from tests.web.rooms.conftest import signed_in
from tests.web.runs.conftest import Office

from firstbell.domain.accounts.models import Credential
from firstbell.domain.districts.wall import within

pytestmark = pytest.mark.usefixtures("static_files", "database")
type Work = Callable[[], None]
TEXT = """First name,Last name,Student number,Grade,Username,Password,Schools
Ana,Lopez,0012,9,ana.l,short,Elm
Bo,Lee,0013,9,bo.lee,blue fox tent,Elm
Cy,Ng,0014,9,cy.ng,,Elm
"""


def _verified(client: Client, office: Office, work: Work) -> str:
    file = SimpleUploadedFile(f"{STUDENTS}.csv", TEXT.encode())
    place = str(client.post(office.path("lists/"), {"lists": [file], "mode": "add"})["Location"])
    work()
    return place


def _started(client: Client, place: str, work: Work) -> str:
    run = str(client.post(f"{place}start/")["Location"])
    work()
    work()
    return client.get(run).content.decode()


def _rule(client: Client, office: Office, kind: str) -> None:
    path = office.path("members/rules/")
    form = client.get(path).context["form"]
    said = {bound.name: bound.value() for bound in form if bound.name != "second_factor"}
    assert client.post(path, {**said, "first_log_in": kind}).status_code == 302


def _usernames(office: Office) -> set[str]:
    with within(office.district):
        return set(Credential.objects.filter(district_id=office.district.pk).values_list("username", flat=True))


def test_a_short_password_is_told_and_a_longer_one_is_written_in_the_page(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _verified(client, office, work)
    assert "password-short" in client.get(place).content.decode()
    page = client.get(f"{place}cells/")
    (cell,) = [cell for one in page.context["records"] for cell in one.wrong if cell.label == "Password"]
    assert (cell.value, cell.is_secret) == ("", True)
    assert client.post(f"{place}cells/", {cell.name: ""}).status_code == 422  # blank leaves it
    again = str(client.post(f"{place}cells/", {cell.name: "green owl lamp"})["Location"])
    work()
    shown = client.get(again).content.decode()
    assert "1 cell put right here" in shown
    assert "green owl" not in shown
    _started(client, again, work)
    assert _usernames(office) == {"ana.l", "bo.lee"}


def test_who_has_no_password_is_offered_what_the_rule_says(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    _rule(client, office, "badges")
    page = _started(client, _verified(client, office, work), work)
    assert _usernames(office) == {"bo.lee"}
    assert "2 students have no way to sign in yet" in page
    assert "kind=badges" in page
    cards = client.get(office.path("cards/people/?all=yes&lack=sign-in&kind=badges"))
    assert {bearer.username for bearer, *_ in cards.context["rows"]} == {"ana.l", "cy.ng"}
    assert cards.context["kind"] == "badges"


def test_a_rule_that_gives_nothing_offers_nothing(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    _rule(client, office, "nothing")
    assert "no way to sign in yet" not in _started(client, _verified(client, office, work), work)
