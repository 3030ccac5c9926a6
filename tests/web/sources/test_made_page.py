"""The page of rules for what a source does not send: looked at first, saved then, and log-ins that come of it."""

from pathlib import Path

import pytest
from tests.domain.imports.rosters import Door, open_door
from tests.engine.test_deriving import nameless
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, signed_in
from tests.web.runs.conftest import Office, office

from firstbell.domain.accounts.models import Credential
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.passwords import use_passwords
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import policy_of

__all__ = ["office"]

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    source = open_door(office.district, tmp_path / "sis", "SIS", updated_share=100)
    assert source.bring(nameless()).state == "applied"
    return source


def _path(office: Office, door: Door) -> str:
    return office.path(f"sources/{door.source.pk}/made/")


def test_what_is_made_is_seen_saved_and_used(office: Office, door: Door) -> None:
    client = signed_in(office.accounts["administrator"])
    rules = {"student_username": "{given:1}{family}", "student_password": "{family}-{number}"}
    seen = client.post(_path(office, door), {**rules, "look": "yes"}).context["seen"]["lines"]
    assert {line["label"]: line["made"] for line in seen} == {
        "Usernames of students": 4,
        "First passwords of students": 0,  # they are here already
    }
    assert "afamily0" in seen[0]["examples"]
    with within(door.district):
        assert policy_of(Source.objects.get(pk=door.source.pk)).derives == {}
    client.post(_path(office, door), {**rules, "save": "yes"})
    run = door.bring(nameless(6))
    assert run.state == "applied"
    assert use_passwords(door.district, run) == 2
    with within(door.district):
        names = Credential.objects.filter(district=door.district).values_list("username", flat=True)
        assert sorted(names) == ["efamily4", "ffamily5"]


def test_a_pattern_that_cannot_be_is_told_at_its_field(office: Office, door: Door) -> None:
    answer = signed_in(office.accounts["administrator"]).post(
        _path(office, door), {"student_email": "{username}", "save": "yes"}
    )
    assert answer.status_code == 422
    assert "domain" in answer.content.decode()
    for name in ("principal", "teacher"):
        assert signed_in(office.accounts[name]).get(_path(office, door)).status_code in {403, 404}


@pytest.mark.browser
def test_the_rules_fit_a_phone(open_page: OpenPage, office: Office, door: Door) -> None:
    page = open_page("/account/login/", width=320)
    page.get_by_label("Email").fill(office.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(_path(office, door))
    page.get_by_label("Usernames of students").fill("{given:1}{family}")
    page.get_by_role("button", name="See what it does").click()
    assert violations(page) == []
    assert sideways(page) <= 0
