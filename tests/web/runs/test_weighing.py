"""A held run on its page: beside a usual one, school by school, and with a letter to the SIS side; and seasons."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.domain.imports.rosters import Door, open_door
from tests.engine.district import lakeside
from tests.web.accessibility import sideways, violations
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import PASSWORD, signed_in
from tests.web.runs.conftest import Office

from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.seasons import seasons_of
from firstbell.domain.sources.asking import list_questions

pytestmark = pytest.mark.usefixtures("static_files", "database")
STUDENTS = 120
ELM = [f"s{number}" for number in range(0, STUDENTS, 2)]


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    made = open_door(office.district, tmp_path / "sis", "SIS")
    made.bring(lakeside(STUDENTS))
    made.bring(lakeside(STUDENTS).without("s9"))
    return made


@pytest.fixture
def held(door: Door) -> Run:
    run = door.bring(lakeside(STUDENTS).without("s9", *ELM, "s1", "s3"))
    assert run.state == "held"
    return run


def test_the_page_weighs_the_run_and_lets_the_other_schools_go(
    office: Office, held: Run, work: Callable[[], None]
) -> None:
    client = signed_in(office.accounts["administrator"])
    shown = client.get(office.path(f"runs/{held.pk}/"))
    weighed = shown.context["weighed"]
    assert ("People removed", 62, 1, 1) in weighed.lines
    assert weighed.waits == "Elm"
    assert any("per cent of a kind" in limit for limit in weighed.limits)
    assert any("2 removed" in line for line in weighed.goes)
    for _ in range(2):  # a second click finds it decided
        client.post(office.path(f"runs/{held.pk}/others/"))
    work()
    shown = client.get(office.path(f"runs/{held.pk}/"))
    assert shown.context["run"].state == "held"
    assert shown.context["weighed"].waits == ""


def test_the_sis_side_is_asked_from_the_page(office: Office, held: Run, settings: object) -> None:
    settings.FIRSTBELL_SENDS_MAIL = True  # type: ignore[attr-defined]
    client, path = signed_in(office.accounts["administrator"]), office.path(f"runs/{held.pk}/ask/")
    assert client.post(path, {"to": "nobody", "says": ""}).status_code == 422
    client.post(path, {"to": "desk@sis.example", "says": "Was the export cut?"})
    (question,) = list_questions(office.district, held)
    assert question.reply_to == office.accounts["administrator"].email
    assert question.body.startswith("Was the export cut?")
    assert client.get(path).context["form"].initial["to"] == "desk@sis.example"
    assert signed_in(office.accounts["teacher"]).get(path).status_code in {403, 404}


def test_a_season_is_added_told_and_taken_away(office: Office, door: Door) -> None:
    client, today = signed_in(office.accounts["administrator"]), today_of(office.district)
    path = office.path(f"sources/{door.source.pk}/seasons/")
    days = {"first": today.isoformat(), "last": (today + timedelta(days=9)).isoformat()}
    for bad in ({**days}, {**days, "first": "2099-01-01", "additions_only": "on"}, {**days, "removed_share": "200"}):
        assert client.post(path, bad).status_code == 422
    assert client.post(path, {**days, "why": "Roll-over", "removed_people": "2000"}).status_code == 302
    assert client.post(path, {**days, "additions_only": "on"}).status_code == 422  # the days are taken
    assert _seasons(door) == [2000]
    source_page = client.get(office.path(f"sources/{door.source.pk}/")).content.decode()
    assert "up to 2,000 people leave at once" in source_page
    client.post(path, {"remove": today.isoformat()})
    assert _seasons(door) == []


def _seasons(door: Door) -> list[int | None]:
    with within(door.district):
        return [season.removed_people for season in seasons_of(Source.objects.get(pk=door.source.pk))]


@pytest.mark.browser
def test_a_held_run_fits_a_phone(open_page: OpenPage, office: Office, held: Run) -> None:
    page = open_page("/account/login/", width=320)
    page.get_by_label("Email").fill(office.accounts["administrator"].email or "")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(office.path(f"runs/{held.pk}/"))
    page.get_by_text("Beside a usual run").click()
    expect(page.get_by_role("button", name="Let the other schools go").first).to_be_visible()
    assert violations(page) == []
    assert sideways(page) <= 0
    page.get_by_role("link", name="Ask the SIS side").click()
    assert violations(page) == []
    assert sideways(page) <= 0
    page.goto(office.path(f"sources/{held.source_id}/seasons/"))
    assert violations(page) == []
    assert sideways(page) <= 0
