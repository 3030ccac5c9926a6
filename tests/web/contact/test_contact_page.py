"""The Contact page: asking, what became of it, and who sees whose requests."""

import html
import uuid

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import House, signed_in
from tests.web.rooms.conftest import house as house  # noqa: PLC0414 - the fixture
from tests.web.rooms.conftest import stranger as stranger  # noqa: PLC0414 - the fixture

from firstbell.cli.main import main
from firstbell.domain.advice.models import ContactRequest
from firstbell.domain.advice.queries import ALL, list_requests

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _asked(house: House, role: str, message: str) -> ContactRequest:
    answer = signed_in(house.accounts[role]).post(house.path("contact/"), {"message": message, "page": "/elsewhere/"})
    assert answer.status_code == 302
    request = list_requests(house.district)[0]
    assert (request.message, request.page) == (message, "")
    return request


def _page(house: House, role: str) -> str:
    answer = signed_in(house.accounts[role]).get(house.path("contact/"))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_request_is_asked_answered_by_the_operator_and_read(house: House) -> None:
    request = _asked(house, "administrator", "May we have more seats?")
    assert "has the next step" in _page(house, "administrator")
    listed = CliRunner().invoke(main, ["requests", "--district", house.district.code])
    assert "May we have more seats?" in listed.stdout
    arguments = ["answer", str(request.pk), "Yes, from Monday.", "--district", house.district.code]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert CliRunner().invoke(main, arguments).exit_code == 1
    assert CliRunner().invoke(main, ["answer", "999999999", "x", "--district", house.district.code]).exit_code == 2
    assert "Yes, from Monday." in _page(house, "administrator")


def test_who_runs_the_district_sees_all_and_others_their_own(house: House) -> None:
    mine = _asked(house, "principal", "A principal's question")
    assert "A principal's question" in _page(house, "principal")
    assert "A principal's question" in _page(house, "administrator")
    assert "A principal's question" not in _page(house, "other principal")
    path = house.path(f"contact/{mine.pk}/withdraw/")
    assert signed_in(house.accounts["other principal"]).post(path).status_code == 404
    assert signed_in(house.accounts["teacher"]).post(path).status_code == 404
    assert signed_in(house.accounts["principal"]).post(path).status_code == 302
    assert "Withdrawn" in _page(house, "principal")


def test_a_student_asks_the_school_which_answers_and_the_vendor_is_not_asked(house: House) -> None:
    before = len(list_requests(house.district))
    words = f"Where is my class? {uuid.uuid4().hex}"
    page = _page(house, "student")
    assert "Ask the office of" in page
    assert "mailto:" not in page, "a child is told names and no addresses"
    assert signed_in(house.accounts["student"]).post(house.path("contact/"), {"message": words}).status_code == 302
    assert len(list_requests(house.district)) == before
    assert words in _page(house, "student")
    assert words not in _page(house, "teacher")
    assert words not in _page(house, "other principal")
    home = signed_in(house.accounts["principal"]).get(house.path()).content.decode()
    assert "Read and answer" in home
    assert words in _page(house, "principal")
    mine = next(one for one in list_requests(house.district, ALL) if one.message == words)
    client = signed_in(house.accounts["principal"])
    path = house.path(f"contact/{mine.pk}/answer/")
    assert "Question" in client.post(path, {"text": " "}, follow=True).content.decode()
    assert "is answered" in client.post(path, {"text": "In room 12."}, follow=True).content.decode()
    assert "is answered already" in client.post(path, {"text": "No."}, follow=True).content.decode()
    assert "In room 12." in _page(house, "student")
    own = signed_in(house.accounts["student"]).get(house.path("my-classes/")).content.decode()
    assert f"contact/#request-{mine.pk}" in own


def test_a_teacher_asks_the_administrators_who_can_have_the_vendor_answer(house: House) -> None:
    words = f"Can Reading be ordered? {uuid.uuid4().hex}"
    assert house.accounts["administrator"].name in _page(house, "teacher")
    assert signed_in(house.accounts["teacher"]).post(house.path("contact/"), {"message": words}).status_code == 302
    mine = next(one for one in list_requests(house.district, ALL) if one.message == words)
    assert words not in _page(house, "principal")
    path = house.path(f"contact/{mine.pk}/pass-on/")
    assert signed_in(house.accounts["principal"]).post(path).status_code == 403
    client = signed_in(house.accounts["administrator"])
    assert f"Question {mine.pk} is with" in client.post(path, follow=True).content.decode()
    assert client.post(path).status_code == 404
    assert mine.pk in {one.pk for one in list_requests(house.district)}


def test_strangers_ask_nothing(house: House, stranger: Client) -> None:
    before = len(list_requests(house.district, ALL))
    asked = {"message": "Let me in"}
    assert stranger.post(house.path("contact/"), asked).status_code == 404
    assert Client().post(house.path("contact/"), asked).status_code == 302
    assert len(list_requests(house.district, ALL)) == before


def test_an_empty_message_is_said_and_contacts_are_named_at_the_command(house: House) -> None:
    client = signed_in(house.accounts["administrator"])
    assert "This field is required" in client.post(house.path("contact/"), {"message": " "}).content.decode()
    named = CliRunner().invoke(main, ["contacts", house.district.code, "--csm", "Rosa Ruiz <rosa@vendor.example>"])
    assert "Customer Success Manager: Rosa Ruiz <rosa@vendor.example>" in named.stdout
    assert "Ask Rosa Ruiz" in _page(house, "administrator")
    assert CliRunner().invoke(main, ["contacts", house.district.code, "--ae", "nobody"]).exit_code == 2
    ended = CliRunner().invoke(main, ["contacts", house.district.code, "--end", "csm"])
    assert "Nobody is named" in ended.stdout


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_accessible_and_fits(open_page: OpenPage, house: House, width: int) -> None:
    _asked(house, "administrator", "May we have more seats?")
    page = open_page("/account/login/", width=width)
    page.get_by_label("Email").fill(house.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(house.passwords)
    page.get_by_role("button", name="Sign in").click()
    page.goto(house.path("contact/"))
    assert violations(page) == []
    assert sideways(page) == 0
