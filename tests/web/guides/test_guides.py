"""Guides: each step knows whether it is done and what is missing, and docs/guides says the same."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.editing.conftest import Village, administrator, empty_district, village
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.models import User
from firstbell.web.guides.all_guides import GUIDES
from firstbell.web.guides.page import COMMAND, guide_pages

pytestmark = pytest.mark.usefixtures("database", "static_files")

__all__ = ["administrator", "village"]

DOCS = Path(__file__).resolve().parents[3] / "docs" / "guides"


def _steps(client: Client, path: str) -> list[tuple[str, list[str]]]:
    return [(line.state, [gap.label for gap in line.gaps]) for line in client.get(path).context["steps"]]


def test_the_pages_in_docs_are_the_guides() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert written == guide_pages(), COMMAND


def test_an_empty_school_is_told_to_begin_at_the_beginning() -> None:
    district = empty_district()
    client = signed_in(member(district, "dana", "district_administrator"))
    path = f"/d/{district.code}/guides/first-roster/"
    steps = _steps(client, path)
    assert steps[0] == ("next", ["There is no school yet", "There is no term that is not over yet"])
    assert {state for state, _ in steps[1:]} == {"ahead"}
    add_org(district, {"name": "Maple Hill", "type": "school"}, by=BY)
    assert _steps(client, path)[0] == ("next", ["There is no term that is not over yet"])


def test_a_step_that_misses_nothing_is_done_and_the_next_says_what_it_misses(
    village: Village, administrator: Client
) -> None:
    steps = _steps(administrator, village.path("guides/first-roster/"))
    assert [state for state, _ in steps] == ["done", "done", "done", "next", "ahead", "ahead"]
    assert steps[3][1] == ["1 student has no class"]
    assert steps[4][1] == ["2 students’ cards are not printed"]
    assert steps[5][1][-1] == "There is one administrator only"
    assert administrator.get(village.path("guides/")).context["guides"][0][2:] == (3, 6)


def test_what_is_missing_leads_to_those_who_miss_it(village: Village, administrator: Client) -> None:
    steps = administrator.get(village.path("guides/first-roster/")).context["steps"]
    links = [gap.url for line in steps for gap in line.gaps if gap.url]
    assert len(links) == 4
    for url in links:
        assert administrator.get(url).context["total"].startswith(("1 ", "2 "))


def test_every_step_is_done_on_a_page_that_there_is_and_opens(village: Village, administrator: Client) -> None:
    for guide in GUIDES.values():
        for step in guide.steps:
            assert step.doorways, step.title
            for door in step.doorways:
                path = reverse(f"web:{door.page}", args=[village.district.code])
                assert administrator.get(path).status_code == 200, door.label


def test_a_registrar_is_led_to_no_page_that_is_the_whole_districts(village: Village) -> None:
    registrar = signed_in(village.accounts["registrar"])
    steps = registrar.get(village.path("guides/first-roster/")).context["steps"]
    doors = [door.url for line in steps for door in line.doorways]
    assert doors
    assert village.path("schools/add/") not in doors
    assert {registrar.get(url).status_code for url in doors} == {200}


def test_a_guide_that_there_is_not_is_not_there(village: Village, administrator: Client) -> None:
    assert administrator.get(village.path("guides/no-such-guide/")).status_code == 404


def test_the_guide_to_a_new_year_waits_until_the_grades_moved_up(village: Village, administrator: Client) -> None:
    path = village.path("guides/new-school-year/")
    assert [state for state, _ in _steps(administrator, path)] == ["done", "next", "ahead", "ahead"]
    students = User.objects.filter(id__in=[village.rows["STUDENT"], village.rows["PUPIL"]])
    with within(village.district):
        students.update(grades=["04"])
    sent = {"school": [village.rows["SCHOOL"]], "term": village.rows["TERM"], "sure": "yes"}
    sent[f"move-{village.rows['SCHOOL']}-04"] = "up"
    for _ in range(2):
        page = administrator.post(village.path("school-year/"), sent).content.decode()
        sent |= {**dict(re.findall(r'name="(seen|looked)" value="([^"]*)"', page)), "then": "do"}
    steps = _steps(administrator, path)
    assert [state for state, _ in steps] == ["done", "done", "next", "ahead"]
    assert steps[2][1] == ["2 students have no class", "1 class has no students"]


def test_home_shows_the_steps_until_all_are_done(village: Village, administrator: Client) -> None:
    page = administrator.get(village.path()).content.decode()
    assert "Put students into classes" in page
    assert village.path("guides/first-roster/") in page
