"""Handing out cards: who may, what ends, and what stands on the sheet signs in."""

import re

import pypdfium2
import pytest
from django.http import HttpResponseBase
from django.test import Client
from playwright.sync_api import Page, expect
from tests.conftest import new_district
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import House, make_house, member, signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.badges import find_badge, secret_of
from firstbell.domain.accounts.models import Credential
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.bearers import proposed_username

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(scope="module")
def school(
    migrated_database: None,
    django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> House:
    """A house of this module's own, whose passwords may change."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return make_house(tmp_path_factory.mktemp("cards"))


def _students(client: Client, path: str) -> list[str]:
    page = client.get(path).content.decode()
    return re.findall(r'name="person" value="(\d+)"', page)


def _printed(client: Client, path: str, people: list[str], kind: str, **more: str) -> HttpResponseBase:
    return client.post(path, {"kind": kind, "paper": "a4", "person": people, **more})


def _text(answer: HttpResponseBase) -> str:
    content = getattr(answer, "content", b"")
    assert answer["Content-Type"] == "application/pdf", content[:2000]
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def _log_ins(text: str) -> list[tuple[str, str]]:
    return re.findall(r"Username +(\S+)\s+Password +(\S+)", text)


def test_what_stands_on_the_sheet_signs_in_and_the_old_password_has_ended(school: House) -> None:
    set_credential(school.district, school.person_ids["student"], "amy", "pass1", by=OPERATOR)
    teacher = signed_in(school.accounts["teacher"])
    path = school.path(f"cards/class/{school.own_class}/")
    everyone = _students(teacher, path)
    asked = _printed(teacher, path, everyone, "passwords")
    assert re.search("(has a password|have passwords) now", getattr(asked, "content", b"").decode())
    assert authenticate_student(school.district, "amy", "pass1", address="10.0.0.1"), "asking changes nothing"
    log_ins = _log_ins(_text(_printed(teacher, path, everyone, "passwords", then="print")))
    assert len(log_ins) == len(everyone)
    for username, password in log_ins:
        assert authenticate_student(school.district, username, password, address="10.0.0.2"), username
    assert authenticate_student(school.district, "amy", "pass1", address="10.0.0.3") is None
    with within(school.district):
        assert Event.objects.filter(verb="cards.printed", detail__cards=len(everyone)).exists()
        hashes = Credential.objects.values_list("password", flat=True)
        assert all(stored.startswith("argon2") for stored in hashes)


def test_a_badge_is_the_same_however_often_it_is_printed(school: House) -> None:
    administrator = signed_in(school.accounts["administrator"])
    path = school.path(f"cards/class/{school.own_class}/")
    one = [str(school.person_ids["student"])]
    _text(_printed(administrator, path, one, "badges"))
    first = find_badge(school.district, school.person_ids["student"])
    _text(_printed(administrator, path, one, "badges"))
    again = find_badge(school.district, school.person_ids["student"])
    assert first is not None
    assert again is not None
    assert secret_of(school.district, first) == secret_of(school.district, again)


def test_usernames_alone_change_nothing(school: House) -> None:
    principal = signed_in(school.accounts["principal"])
    path = school.path(f"cards/school/{school.schools['principal']}/")
    people = _students(principal, path)
    with within(school.district):
        before = list(Credential.objects.order_by("id").values_list("id", "password"))
    text = _text(_printed(principal, path, people, "usernames"))
    assert "Password" not in text
    with within(school.district):
        assert list(Credential.objects.order_by("id").values_list("id", "password")) == before


def test_the_list_of_schools_leads_to_their_cards(school: House) -> None:
    page = signed_in(school.accounts["principal"]).get(school.path("schools/")).content.decode()
    assert school.path(f"cards/school/{school.schools['principal']}/") in page


def test_not_yours_and_not_there_are_the_same(school: House) -> None:
    elsewhere = member(new_district("Hilltop Charter School"), "stranger", "district_administrator")
    other = school.class_of("other principal")
    for account, path in (
        (school.accounts["teacher"], f"cards/class/{other}/"),
        (school.accounts["other principal"], f"cards/class/{school.own_class}/"),
        (school.accounts["other principal"], f"cards/school/{school.schools['principal']}/"),
        (school.accounts["other principal"], f"cards/people/?person={school.person_ids['student']}"),
        (elsewhere, f"cards/class/{school.own_class}/"),
    ):
        answer = signed_in(account).get(school.path(path))
        assert answer.status_code == 404, path
    school.accounts["student"].refresh_from_db()  # another test may have given a new password
    assert signed_in(school.accounts["student"]).get(school.path(f"cards/class/{school.own_class}/")).status_code == 403
    assert signed_in(school.accounts["teacher"]).get(school.path("cards/people/?person=1")).status_code == 403


def test_staff_get_no_card_of_a_student(school: House) -> None:
    administrator = signed_in(school.accounts["administrator"])
    answer = administrator.get(school.path(f"cards/people/?person={school.person_ids['teacher']}"))
    assert answer.status_code == 404


def test_nobody_chosen_is_told_and_prints_nothing(school: House) -> None:
    teacher = signed_in(school.accounts["teacher"])
    answer = _printed(teacher, school.path(f"cards/class/{school.own_class}/"), [], "passwords", then="print")
    assert "Choose whose cards are printed." in getattr(answer, "content", b"").decode()


@pytest.mark.parametrize(
    ("names", "username"),
    [(("Zoë", "O’Neil"), "zoneil"), (("Ánh", "Nguyễn"), "anguyen"), (("小龙", "李"), "student")],
)
def test_a_username_is_proposed_in_plain_letters(names: tuple[str, str], username: str) -> None:
    assert proposed_username(*names) == username


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone", "desk"])
def test_printing_in_a_browser(school: House, open_page: OpenPage, site: str, width: int, *, dark: bool) -> None:
    page: Page = open_page("/static/firstbell/mark.svg", width=width, dark=dark)
    session = signed_in(school.accounts["teacher"]).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    page.goto(school.path(f"classes/{school.own_class}/"))
    page.get_by_role("link", name="Print cards").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cards for")
    assert violations(page) == []
    assert sideways(page) == 0
    page.get_by_role("button", name="Print cards").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("New passwords for")
    assert violations(page) == []
    assert sideways(page) == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="Set them and print").click()
    assert download.value.suggested_filename.startswith("cards-")
