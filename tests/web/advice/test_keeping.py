"""Keeping advice on the page: by anyone, seldom enough, and only what can be so."""

import uuid
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from playwright.sync_api import expect
from tests.postbox import receiving
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.working import work_until_idle

from firstbell.domain.advice.models import Prospect
from firstbell.domain.advice.settings import AdviceSettings, Contact

ANSWERS = "accounts=120&mobility=rarely&frequency=yearly&current=manual"
KEEP = "/which-method/keep/"
SETTINGS = AdviceSettings(contact=Contact("Rosa in Rostering", "rosa@vendor.example"))

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture(autouse=True)
def _nobody_kept_yet(database: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def name() -> str:
    """A district's name that no other test has."""
    return f"Lakeside {uuid.uuid4().hex}"


def test_advice_is_kept_told_to_the_contact_and_its_reference_said(name: str) -> None:
    client = Client()
    with receiving() as postbox, override_settings(FIRSTBELL_ADVICE=SETTINGS):
        answer = client.post(
            KEEP, {"answers": ANSWERS, "district_name": name, "email": "ada@lakeside.example"}, follow=True
        )
        work_until_idle("advice")
        (letter,) = [one for one in postbox.to("rosa@vendor.example") if name in one["Subject"].replace("\n", "")]
    prospect = Prospect.objects.get(district_name=name)
    assert (prospect.method, prospect.email) == ("assisted", "ada@lakeside.example")
    text = answer.content.decode()
    assert prospect.reference in text
    assert "Rosa in Rostering hears of it by e-mail." in text
    assert "One-Time Assisted fits you best" in text
    assert prospect.reference in letter.get_content()


def test_without_a_mail_server_nothing_is_promised(name: str) -> None:
    text = Client().post(KEEP, {"answers": ANSWERS, "district_name": name}, follow=True).content.decode()
    assert Prospect.objects.get(district_name=name).reference in text
    assert "by e-mail" not in text


def test_what_cannot_be_so_is_said_at_its_field_and_nothing_is_kept(name: str) -> None:
    text = Client().post(KEEP, {"answers": ANSWERS, "district_name": name, "nces": "12"}).content.decode()
    assert "An NCES number has 7 digits for a district, 12 for a school." in text
    assert not Prospect.objects.filter(district_name=name).exists()


def test_without_answers_there_is_nothing_to_keep(name: str) -> None:
    answer = Client().post(KEEP, {"district_name": name}, follow=True)
    assert answer.redirect_chain == [("/which-method/", 302)]
    assert "Answer a question first" in answer.content.decode()
    assert not Prospect.objects.filter(district_name=name).exists()


def test_a_form_of_another_site_keeps_nothing(name: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(KEEP, {"answers": ANSWERS, "district_name": name})
    assert answer.status_code == 403
    assert not Prospect.objects.filter(district_name=name).exists()


def test_who_keeps_too_much_is_slowed_down(name: str) -> None:
    client = Client()
    statuses = [client.post(KEEP, {"answers": ANSWERS, "district_name": name}).status_code for _ in range(11)]
    assert statuses == [302] * 10 + [429]
    assert Prospect.objects.filter(district_name=name).count() == 10


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_the_form_is_accessible_and_what_was_typed_stays_while_answers_change(
    open_page: OpenPage, name: str, width: int
) -> None:
    page = open_page(f"/which-method/?{ANSWERS}", width=width)
    page.get_by_text("Keep this advice with us").click()
    assert violations(page) == []
    assert sideways(page) == 0
    page.get_by_label("Name of your district or school").fill(name)
    page.get_by_label("How many people, staff and students together?").fill("40")
    page.get_by_label("Now and then, as needed").check()
    expect(page.get_by_role("heading", name="Self-Managed fits you best")).to_be_visible()
    expect(page.get_by_label("Name of your district or school")).to_have_value(name)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Your advice is kept until")).to_be_visible()
    assert Prospect.objects.get(district_name=name).method == "self_managed"
