"""Lists through the pages: a template, verify, start, undo; and who may."""

import io
from collections.abc import Callable

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.domain.imports.rosters import published
from tests.engine.formats.lists import SIMPLE, STAFF, STUDENTS
from tests.web.rooms.conftest import House, signed_in
from tests.web.runs.conftest import Office

from firstbell.domain.accounts.models import Credential
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run

pytestmark = pytest.mark.usefixtures("static_files", "database")
type Work = Callable[[], None]


def _upload(client: Client, office: Office, sheets: dict[str, str], mode: str = "add") -> str:
    files = [SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in sheets.items()]
    answer = client.post(office.path("lists/"), {"lists": files, "mode": mode})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def _people(office: Office) -> list[str]:
    return sorted(str(one["givenName"]) for one in published(office.district)["users"].values())


def _run(office: Office) -> Run:
    with within(office.district):
        return Run.objects.filter(district_id=office.district.pk).latest("id")


def test_a_list_is_verified_before_anything_changes_then_started_and_undone(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _upload(client, office, SIMPLE)
    work()
    shown = client.get(place)
    assert b"What would happen" in shown.content
    assert _people(office) == []

    started = client.post(f"{place}start/")
    work()
    assert _people(office) == ["Ana", "Bo", "Cy", "Pia", "Tia"]
    assert client.get(started["Location"]).status_code == 200
    assert client.get(place)["Location"] == started["Location"]
    work()  # the log-ins come after the run, by a job of their own
    with within(office.district):
        assert Credential.objects.filter(district_id=office.district.pk).count() == 1

    client.post(f"{started['Location']}undo/")
    assert _people(office) == []


def test_a_list_put_away_changes_nothing(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _upload(client, office, SIMPLE)
    work()
    assert client.post(f"{place}discard/")["Location"] == office.path("lists/")
    work()
    assert _people(office) == []


def test_what_is_wrong_is_told_before_it_is_started(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _upload(client, office, {STUDENTS: "First name,Last name,Schools\nAl,Day,Elm\nAl,Day,Elm\nBo,Lee,Elm\n"})
    work()
    shown = client.get(place).content.decode()
    assert "Some rows are left out" in shown
    assert "name-without-number" in shown
    assert client.get(office.path(f"runs/{_run(office).pk}/findings.xlsx")).status_code == 200


def test_columns_by_other_names_are_proposed_mapped_and_remembered(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    odd = {STUDENTS: "Forename,Surname,Pupil no,School\nAna,Lopez,0012,Elm\n"}
    place = _upload(client, office, odd)
    work()
    unused = client.get(place).context["unused"]
    assert [(one.column, one.proposal, one.shows) for one in unused] == [
        ("Forename", "First name", ("Ana",)),
        ("Pupil no", "", ()),
    ]
    assert _people(office) == []
    again = client.post(f"{place}columns/", {"column-0": "First name", "column-1": "Student number"})["Location"]
    work()
    assert client.get(again).context["unused"] == []
    client.post(f"{again}start/")
    work()
    assert [one["identifier"] for one in published(office.district)["users"].values()] == ["0012"]

    next_one = _upload(client, office, {STUDENTS: "Forename,Surname,Pupil no,School\nBo,Lee,0013,Elm\n"})
    work()
    assert client.get(next_one).context["unused"] == []


def test_pasted_names_are_the_students_of_a_class(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    assert b"There is no class yet" in client.get(office.path("lists/names/")).content
    place = _upload(client, office, {STAFF: SIMPLE[STAFF]})
    work()
    client.post(f"{place}start/")
    work()
    choices = client.get(office.path("lists/names/")).context["form"].fields["group"].choices
    group = next(value for value, label in choices if label.startswith("Homeroom 3A"))
    wrong = client.post(office.path("lists/names/"), {"group": group, "names": "Ana"})
    assert wrong.status_code == 422
    names = "Ana Maria Lopez\nde la Cruz, Bo; bo.cruz; blue fox tent\n"
    pasted = client.post(office.path("lists/names/"), {"group": group, "names": names})["Location"]
    work()
    client.post(f"{pasted}start/")
    work()
    rows = published(office.district)
    people = {key: (one["givenName"], one["familyName"]) for key, one in rows["users"].items()}
    pupils = [people[str(one["userSourcedId"])] for one in rows["enrollments"].values() if one["role"] == "student"]
    assert sorted(pupils) == [("Ana Maria", "Lopez"), ("Bo", "de la Cruz")]
    assert len(rows["classes"]) == 2
    work()  # the log-ins come after the run, by a job of their own
    with within(office.district):
        assert Credential.objects.filter(district_id=office.district.pk, username="bo.cruz").exists()


@pytest.mark.parametrize("kind", ["students", "staff", "classes", "all"])
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_every_template_can_be_had_and_brought_back(office: Office, work: Work, kind: str, ending: str) -> None:
    client = signed_in(office.accounts["administrator"])
    assert client.get(office.path("lists/template/"), {"kind": kind}).status_code == 200
    answer = client.get(office.path("lists/template/file/"), {"kind": kind, "ending": ending, "Students": "Birth date"})
    assert answer.status_code == 200
    name = answer["Content-Disposition"].split('"')[1]
    file = SimpleUploadedFile(name, answer.content)
    place = client.post(office.path("lists/"), {"lists": [file], "mode": "add"})["Location"]
    work()
    assert _run(office).found["error"] == 0
    assert client.get(place).context["tables"] == []


def test_the_roster_to_edit_hides_birth_dates_from_who_may_not_see_them(office: Office, house: House) -> None:
    def columns(client: Client) -> list[str]:
        path = house.path("lists/template/file/")
        body = client.get(path, {"kind": "students", "filled": "1", "ending": ".csv"}).content
        return pl.read_csv(io.BytesIO(body), infer_schema=False).columns

    assert "Birth date" in columns(signed_in(house.accounts["administrator"]))
    assert "Birth date" not in columns(signed_in(house.accounts["it"]))


PAGES = ("lists/", "lists/template/", "lists/template/file/", "lists/names/")


@pytest.mark.parametrize("who", ["teacher", "student"])
@pytest.mark.parametrize("page", PAGES)
def test_lists_are_not_for_teachers_and_students(house: House, who: str, page: str) -> None:
    assert signed_in(house.accounts[who]).get(house.path(page)).status_code == 403


def test_a_stranger_finds_no_lists_and_can_start_none(office: Office, work: Work, stranger: Client) -> None:
    place = _upload(signed_in(office.accounts["administrator"]), office, SIMPLE)
    work()
    own = stranger.get("/", follow=True).redirect_chain[-1][0]
    for path in (place, f"{own}lists/{_run(office).pk}/"):
        assert stranger.get(path).status_code == 404
        assert [stranger.post(f"{path}{verb}/").status_code for verb in ("start", "discard", "columns")] == [404] * 3
    assert stranger.post(office.path("lists/"), {"mode": "add"}).status_code == 404
    for who, status in (("teacher", 403), ("principal", 404)):
        colleague = signed_in(office.accounts[who])
        answers = [colleague.post(f"{place}{verb}/").status_code for verb in ("start", "discard", "columns")]
        assert answers == [status] * 3, who
    assert _people(office) == []


def test_a_run_of_another_source_is_no_list(house: House) -> None:
    client = signed_in(house.accounts["administrator"])
    with within(house.district):
        run = Run.objects.filter(district_id=house.district.pk).earliest("id")
    assert client.get(house.path(f"lists/{run.pk}/")).status_code == 404
    assert client.post(house.path(f"lists/{run.pk}/start/")).status_code == 404
