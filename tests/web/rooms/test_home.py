"""A district's home: how the roster stands, what needs a person, and what is next where there is none yet."""

from pathlib import Path

import polars as pl
import pytest
from django.test import Client
from tests.conftest import new_district
from tests.web.rooms.conftest import House, member, signed_in

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import add_district
from firstbell.domain.districts.models import District
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import add_source, hold_source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _night(district: District, source: Source, tables: dict[str, pl.DataFrame], folder: Path) -> Run:
    write(tables, folder / "night.zip", version="1.2")
    return carry_out(district, receive_path(district, source, folder / "night.zip", by=OPERATOR))


def _home(district: District, role: str = "district_administrator") -> str:
    client = signed_in(member(district, "dana", role))
    return " ".join(client.get(f"/d/{district.code}/").content.decode().split())


def test_it_says_how_the_roster_stands_in_one_sentence(house: House) -> None:
    page = signed_in(house.accounts["administrator"]).get(house.path())
    assert page.context["standing"].startswith("300 students, 22 teachers and ")
    assert "In step with PowerSchool nightly as of <time" in page.content.decode()
    assert "Nothing waits for a person." in page.content.decode()


def test_a_principal_reads_of_her_school(house: House) -> None:
    page = signed_in(house.accounts["principal"]).get(house.path())
    assert page.context["figures"].students < 300
    assert page.context["standing"].endswith(" School")


def test_a_held_run_is_told_in_terms_of_people_to_who_decides(tmp_path: Path) -> None:
    district = new_district("Lakeside Unified")
    source = add_source(district, "PowerSchool nightly", by=OPERATOR)
    tables = sample(60, seed=3)
    assert _night(district, source, tables, tmp_path).state == "applied"
    students = tables["users"].filter(pl.col("grades").is_not_null())["sourcedId"]
    left = students.head(40).implode()
    half = {
        name: rows.filter(~pl.col("sourcedId" if name in {"users", "demographics"} else "userSourcedId").is_in(left))
        if name in {"users", "demographics", "roles", "enrollments"}
        else rows
        for name, rows in tables.items()
    }
    run = _night(district, source, half, tmp_path)
    assert run.state == "held"
    said = _home(district)
    assert f"Run {run.pk} of PowerSchool nightly waits for you" in said
    assert run.reasons[0]["says"].split("'")[0] in said
    assert f'href="/d/{district.code}/runs/{run.pk}/"' in said
    assert "waits for an administrator" in _home(district, "principal")
    assert '1<span class="unseen"> waiting for you</span>' in said


def test_a_refused_run_and_a_source_that_waits_are_told(tmp_path: Path) -> None:
    district = new_district("Lakeside Unified")
    source = add_source(district, "PowerSchool nightly", by=OPERATOR)
    (tmp_path / "night.zip").write_bytes(b"not a zip at all")
    run = carry_out(district, receive_path(district, source, tmp_path / "night.zip", by=OPERATOR))
    hold_source(district, source, "Run 1 was undone", by=OPERATOR)
    said = _home(district)
    assert f"Run {run.pk} of PowerSchool nightly was refused" in said
    assert "Every run of PowerSchool nightly waits for a person" in said


def test_a_new_district_is_told_what_is_next() -> None:
    code = new_district("unused").code
    district = add_district(
        f"new-{code}"[:50], "Juniper Charter School", by=OPERATOR, method="self_managed", time_zone="America/Denver"
    )
    said = _home(district)
    assert "There is no school yet" in said
    assert "Or upload a roster" in said
    assert "In step with" not in said
    assert "There is no school yet" not in _home(district, "principal")


def test_the_front_door_leads_home_and_asks_who_has_several_memberships(house: House) -> None:
    from firstbell.domain.accounts.actions import give_membership

    other = new_district("Hilltop Charter School")
    account = member(house.district, "both", "it_administrator")
    client = signed_in(account)
    assert client.get("/")["Location"] == house.path()
    given = give_membership(other, account, "principal", by=OPERATOR)
    assert client.get("/")["Location"] == "/choose/"
    assert "Hilltop Charter School" in client.get("/choose/").content.decode()
    assert client.post("/choose/", {"membership": given.pk})["Location"] == f"/d/{other.code}/"
    assert client.get("/")["Location"] == f"/d/{other.code}/"
    assert client.get(house.path()).status_code == 200
    assert "Change district or role" in client.get(house.path()).content.decode()


def test_nobody_chooses_the_membership_of_another(house: House) -> None:
    client = signed_in(member(house.district, "curious", "it_administrator"))
    other = new_district("Hilltop Charter School")
    theirs = member(other, "stranger", "district_administrator").memberships.get()
    assert client.post("/choose/", {"membership": theirs.pk}).status_code == 200
    assert client.get(f"/d/{other.code}/").status_code == 404


def test_several_roles_in_one_district_are_asked_for(house: House) -> None:
    from firstbell.domain.accounts.actions import give_membership

    account = member(house.district, "double", "it_administrator")
    give_membership(house.district, account, "teacher", person_id=house.person_ids["teacher"], by=OPERATOR)
    assert signed_in(account).get(house.path())["Location"] == "/choose/"
    assert Client().get("/choose/").status_code == 302
