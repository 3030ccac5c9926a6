"""From a run's page: cards for the students whom it brought and who have no way to sign in."""

from pathlib import Path

import pytest
from django.test import Client
from tests.conftest import new_district
from tests.domain.imports.rosters import PRINCIPAL, Door, open_door
from tests.engine.district import lakeside
from tests.web.rooms.conftest import member, signed_in
from tests.web.runs.conftest import Office, office

from firstbell.domain.accounts.models import Credential
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import User
from firstbell.domain.roster.sources import change_settings

__all__ = ["office"]

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    source = open_door(office.district, tmp_path / "sis", "SIS")
    assert source.bring(lakeside()).state == "applied"
    return source


@pytest.fixture
def night(door: Door) -> Run:
    """A run that brings s4 and s5."""
    return door.bring(lakeside(6))


@pytest.fixture
def administrator(office: Office) -> Client:
    return signed_in(office.accounts["administrator"])


def _offered(client: Client, office: Office, run: Run) -> tuple[str, str, bool] | None:
    offer = client.get(office.path(f"runs/{run.pk}/")).context["first_log_ins"]
    return (offer.says, offer.url, offer.is_by_rule) if offer else None


def _row_ids(office: Office, *keys: str) -> list[int]:
    with within(office.district):
        return sorted(User.objects.filter(sourced_id__in=keys).values_list("id", flat=True))


def test_the_cards_of_a_run_are_for_its_own_new_students_and_end_the_offer(
    office: Office, night: Run, administrator: Client
) -> None:
    says, url, by_rule = _offered(administrator, office, night) or ("", "", True)
    assert (says, by_rule) == ("2 new students have no way to sign in yet", False)
    rows = administrator.get(url).context["rows"]
    new = _row_ids(office, "s4", "s5")
    assert sorted(bearer.user_id for bearer, *_ in rows) == new
    sent = {"person": new, "kind": "passwords", "paper": "letter", "then": "print"}
    printed = administrator.post(office.path("cards/people/"), sent)
    assert printed["Content-Type"] == "application/pdf"
    with within(office.district):
        assert sorted(Credential.objects.filter(district=office.district).values_list("user_id", flat=True)) == new
    assert _offered(administrator, office, night) is None


def test_the_sources_rule_says_which_card_and_makes_it_a_task(
    office: Office, door: Door, night: Run, administrator: Client
) -> None:
    page = office.path(f"sources/{door.source.pk}/made/")
    assert administrator.post(page, {"cards": "tattoo", "save": "yes"}).status_code == 422
    assert administrator.post(page, {"cards": "badges", "save": "yes"}).status_code == 302
    assert administrator.get(page).context["form"]["cards"].value() == "badges"
    _, url, by_rule = _offered(administrator, office, night) or ("", "", False)
    assert by_rule
    assert administrator.get(url).context["kind"] == "badges"


def test_the_list_of_a_runs_new_people_is_kept_while_one_searches(
    office: Office, night: Run, administrator: Client
) -> None:
    path = office.path(f"people/?run={night.pk}")
    assert {row.line.id for row in administrator.get(path).context["people"]} == set(_row_ids(office, "s4", "s5"))
    shown = administrator.get(f"{path}&q=family5").context
    assert [row.line.id for row in shown["people"]] == _row_ids(office, "s5")
    assert shown["form"]["run"].value() == str(night.pk)


def test_a_run_of_another_district_tells_nothing(office: Office, night: Run, tmp_path: Path) -> None:
    district = new_district("Hilltop")
    open_door(district, tmp_path / "other").bring(lakeside())
    stranger = signed_in(member(district, "stranger", "district_administrator"))
    shown = stranger.get(f"/d/{district.code}/people/?run={night.pk}").context
    assert len(shown["people"]) == 6, "as if no run was asked for"
    assert stranger.get(office.path(f"people/?run={night.pk}")).status_code == 404


def test_who_gives_no_passwords_and_who_has_left_the_choice_at_nothing_is_offered_nothing(
    office: Office, door: Door, night: Run, administrator: Client
) -> None:
    office.district.first_log_in = "nothing"
    office.district.save()
    assert _offered(administrator, office, night) is None
    change_settings(office.district, door.source, {"cards": "passwords"}, by=PRINCIPAL)
    assert _offered(administrator, office, night) is not None
    assert signed_in(office.accounts["teacher"]).get(office.path(f"runs/{night.pk}/")).status_code in {403, 404}
