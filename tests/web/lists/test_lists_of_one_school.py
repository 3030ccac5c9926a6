"""Lists of a registrar or principal: they change what is of their school, and nothing else, whatever the file says."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.editing.conftest import Village, village
from tests.web.rooms.conftest import signed_in

from firstbell.domain.accounts.models import Credential
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import page_findings
from firstbell.domain.roster.columns import MODELS
from firstbell.domain.roster.editing.classes import add_class
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.places import add_members
from firstbell.domain.roster.models import Class, Role
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

__all__ = ["village"]
pytestmark = pytest.mark.usefixtures("static_files", "database")
type Work = Callable[[], None]
HEADER = "First name,Last name,Username,Password,Student number,Grade,Schools,Classes,Firstbell ID"


@pytest.fixture
def town(village: Village) -> Village:
    """The village with people at the other school too, and one student who has roles and classes at both."""
    rows = village.rows
    elsewhere = [{"role": "student", "orgSourcedId": str(rows["OTHER"])}]
    both = [{"role": "student", "orgSourcedId": str(rows["SCHOOL"])}, *elsewhere]
    sam = {"givenName": "Sam", "familyName": "Strange", "username": "sam", "identifier": "77"}
    rows["STRANGE"] = add_person(village.district, sam, elsewhere, by=BY)
    bea = {"givenName": "Bea", "familyName": "Both", "username": "bea"}
    rows["BOTH"] = add_person(village.district, bea, both, by=BY)
    said = {"title": "Biology", "schoolSourcedId": str(rows["OTHER"]), "termSourcedIds": str(rows["TERM"])}
    rows["BIOLOGY"] = add_class(village.district, said, by=BY)
    add_members(village.district, rows["BIOLOGY"], [rows["BOTH"], rows["STRANGE"]], {"role": "student"}, by=BY)
    add_members(village.district, rows["CLASS"], [rows["BOTH"]], {"role": "student"}, by=BY)
    return village


def _bring(client: Client, town: Village, text: str, *, mode: str = "add", name: str = "Students.csv") -> str:
    answer = client.post(town.path("lists/"), {"lists": [SimpleUploadedFile(name, text.encode())], "mode": mode})
    assert answer.status_code == 302, answer.content[:500]
    return str(answer["Location"])


def _students(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def _told(town: Village) -> list[tuple[str, int | None]]:
    with within(town.district):
        run = Run.objects.filter(district_id=town.district.pk).latest("id")
    return [(row.code, row.record) for row in page_findings(town.district, run).rows if row.severity != "warning"]


def _roster(town: Village) -> dict[str, Any]:
    """All rows, as they are."""
    with within(town.district):
        return {
            name: list(model._default_manager.filter(district_id=town.district.pk).order_by("id").values())
            for name, model in MODELS.items()
        }


def _id(town: Village, table: str, name: str) -> str:
    return town.row(table, name).sourced_id  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("who", ["registrar", "principal"])
def test_one_s_own_school_is_changed_and_the_change_undone(town: Village, work: Work, who: str) -> None:
    client = signed_in(town.accounts[who])
    before = town.live("users")
    ada = _id(town, "users", "STUDENT")
    people = _students("Grace,Hopper,grace,,,8,,Algebra,", f"Ada,Byron,ada,,,9,Maple Hill,Algebra,{ada}")
    place = _bring(client, town, people)
    work()
    shown = client.get(place).content.decode()
    assert "What would happen" in shown
    started = client.post(f"{place}start/")["Location"]
    work()
    assert _told(town) == []
    assert (town.live("users"), town.live("users", grades=["09"])) == (before + 1, 1)
    page = client.get(started).content.decode()
    assert "Undo this run" in page
    client.post(f"{started}undo/")
    assert (town.live("users"), town.live("users", grades=["09"])) == (before, 0)


FOREIGN = {
    "somebody new at another school": lambda town: "Nia,New,nia,,,,Birch Hill,,",
    "somebody of another school by number": lambda town: "Sam,Strange,sam,blue fox tent,77,9,Maple Hill,,",
    "somebody of another school by username": lambda town: "Samuel,Strange,sam,blue fox tent,,9,,,",
    "somebody of another school by our id": lambda town: f"Changed,Strange,,,,9,,,{_id(town, 'users', 'STRANGE')}",
    "one's own student into another school": lambda town: "Ben,Brown,ben,,,,Maple Hill; Birch Hill,,",
    "one's own student into a class elsewhere": lambda town: f"Ben,Brown,ben,,,,,#{_id(town, 'classes', 'BIOLOGY')},",
    "a class of another school": lambda town: "Nia,New,nia,,,,Birch Hill,Biology,",
    "a school that there is not": lambda town: "Nia,New,nia,,,,Elsewhere High,,",
}


@pytest.mark.parametrize("row", FOREIGN.values(), ids=FOREIGN.keys())
@pytest.mark.parametrize("mode", ["add", "replace"])
def test_what_is_of_another_school_is_told_and_stays(
    town: Village, work: Work, row: Callable[[Village], str], mode: str
) -> None:
    client = signed_in(town.accounts["registrar"])
    before = _roster(town)
    everyone = "Ada,Byron,ada,,,,,Algebra,\n" if mode == "replace" else ""
    place = _bring(client, town, _students(row(town)) + everyone, mode=mode)
    work()
    assert ("not-your-school", 1) in _told(town)
    assert "not yours" in client.get(place).content.decode()
    client.post(f"{place}start/")
    work()
    work()
    after = _roster(town)
    for table in ("orgs", "classes", "roles", "enrollments", "users"):
        theirs = [line for line in before[table] if not _is_here(town, table, line)]
        assert [line for line in after[table] if not _is_here(town, table, line)] == theirs, table
    with within(town.district):
        assert not Credential.objects.filter(district_id=town.district.pk).exists()


def _is_here(town: Village, table: str, line: dict[str, Any]) -> bool:
    school = town.rows["SCHOOL"]
    match table:
        case "roles":
            return bool(line["org_id"] == school)
        case "classes" | "enrollments":
            return bool(line["school_id"] == school)
        case "users":
            return (
                line["id"] not in {town.rows["STRANGE"], town.rows["COLLEAGUE"], town.rows["BOTH"]}
                and line["given_name"] != "Nia"
            )
        case _:
            return False


def test_nobody_learns_a_name_of_another_school_from_a_number_or_an_id(town: Village, work: Work) -> None:
    client = signed_in(town.accounts["registrar"])
    strange = _id(town, "users", "STRANGE")
    rows = _students("Nia,New,nia,,77,,Maple Hill,,", f"Nia,New,,,,,,,{strange}", "Nia,New,sam,,,,Maple Hill,,")
    place = _bring(client, town, rows)
    work()
    assert {code for code, _ in _told(town)} >= {"number-of-another", "firstbell-id-unknown"}
    findings = client.get(town.path(f"runs/{place.split('/')[-2]}/findings/")).content.decode()
    assert "somebody else" in findings
    for page in (findings, client.get(place).content.decode()):
        assert "Strange" not in page


def test_a_class_stays_in_its_school_and_none_is_taken(town: Village, work: Work) -> None:
    client = signed_in(town.accounts["registrar"])
    rows = (
        "Class name,School name,Term,Firstbell ID",
        f"Algebra,Birch Hill,,{_id(town, 'classes', 'CLASS')}",
        f"Stolen,Maple Hill,,{_id(town, 'classes', 'BIOLOGY')}",
        "Chemistry,Birch Hill,,",
        "Drama,Maple Hill,A new term,",
        "Economy,Maple Hill,2026-27,",
    )
    place = _bring(client, town, "\n".join(rows) + "\n", name="Classes.csv")
    work()
    assert sorted(_told(town)) == [("kept-by-district", 4), *(("not-your-school", record) for record in (1, 2, 3))]
    client.post(f"{place}start/")
    work()
    with within(town.district):
        found = Class.objects.filter(district_id=town.district.pk, removed_at=None)
        assert sorted(found.values_list("title", "school_id")) == [
            ("Algebra", town.rows["SCHOOL"]),
            ("Biology", town.rows["OTHER"]),
            ("Economy", town.rows["SCHOOL"]),
        ]
    assert town.live("academicSessions") == 1


def test_a_school_is_neither_added_nor_renamed(town: Village, work: Work) -> None:
    client = signed_in(town.accounts["registrar"])
    before = _roster(town)["orgs"]
    ours, theirs = (_id(town, "orgs", name) for name in ("SCHOOL", "OTHER"))
    rows = ("School name,Firstbell ID", "New School,", f"Renamed,{ours}", f"Hijacked,{theirs}")
    place = _bring(client, town, "\n".join(rows) + "\n", name="Schools.csv")
    work()
    assert sorted(_told(town)) == [("kept-by-district", 2), ("not-your-school", 1), ("not-your-school", 3)]
    assert b'commandfor="start"' not in client.get(place).content
    assert _roster(town)["orgs"] == before


def test_the_roster_to_edit_is_one_s_own_and_comes_back_without_a_change(town: Village, work: Work) -> None:
    client = signed_in(town.accounts["registrar"])
    path = town.path("lists/template/file/")
    file = client.get(path, {"kind": "all", "filled": "1", "ending": ".csv"}).content
    with zipfile.ZipFile(io.BytesIO(file)) as sheets:
        read = {name: pl.read_csv(sheets.read(name), infer_schema=False) for name in sheets.namelist()}
    text = "".join(sheet.write_csv() for sheet in read.values())
    assert "Bea" in text
    for theirs in ("Birch", "Biology", "Strange", "College"):
        assert theirs not in text
    before = _roster(town)
    upload = [SimpleUploadedFile(name, sheet.write_csv().encode()) for name, sheet in read.items()][:3]
    place = str(client.post(town.path("lists/"), {"lists": upload, "mode": "replace"})["Location"])
    work()
    assert _told(town) == []
    assert client.get(place).context["tables"] == []
    assert _roster(town) == before


def test_who_is_at_two_schools_keeps_what_is_at_the_other(town: Village, work: Work) -> None:
    client = signed_in(town.accounts["registrar"])
    bea = _id(town, "users", "BOTH")
    place = _bring(client, town, _students(f"Bea,Both,bea,,,,Maple Hill,,{bea}", "Ada,Byron,ada,,,,,Algebra,"))
    work()
    client.post(f"{place}start/")
    work()
    with within(town.district):
        held = Role.objects.filter(user_id=town.rows["BOTH"], removed_at=None)
        assert set(held.values_list("org_id", flat=True)) == {town.rows["SCHOOL"], town.rows["OTHER"]}
    assert town.live("enrollments", user_id=town.rows["BOTH"], class_id=town.rows["BIOLOGY"]) == 1
    assert town.live("enrollments", user_id=town.rows["BOTH"], class_id=town.rows["CLASS"]) == 0


def test_a_list_is_of_those_schools_for_whom_it_was_brought(town: Village, work: Work) -> None:
    registrar, colleague = (signed_in(town.accounts[who]) for who in ("registrar", "colleague"))
    place = _bring(registrar, town, _students("Grace,Hopper,grace,,,8,,Algebra,"))
    work()
    for verb in ("start", "discard", "columns"):
        assert colleague.post(f"{place}{verb}/").status_code == 404
    assert colleague.get(place).status_code == 404
    assert colleague.get(town.path("lists/")).context["runs"] == []
    assert len(signed_in(town.accounts["principal"]).get(town.path("lists/")).context["runs"]) == 1
    run = registrar.post(f"{place}start/")["Location"]
    work()
    assert colleague.post(f"{run}undo/").status_code == 403
    whole = _bring(signed_in(town.accounts["administrator"]), town, _students("Al,Day,al,,,,Maple Hill,,"))
    work()
    assert registrar.get(whole).status_code == 404
    assert registrar.post(f"{whole}start/").status_code == 404


def test_who_left_the_school_starts_nothing_there_any_more(town: Village, work: Work) -> None:
    client = signed_in(town.accounts["registrar"])
    place = _bring(client, town, _students("Grace,Hopper,grace,,,8,,Algebra,"))
    work()
    with within(town.district):
        Role.objects.filter(user_id=town.rows["REGISTRAR"]).update(org_id=town.rows["OTHER"])
    assert client.post(f"{place}start/").status_code == 404


def test_files_of_another_kind_are_refused(town: Village, work: Work, tmp_path: Path) -> None:
    client = signed_in(town.accounts["registrar"])
    write(sample(30, seed=3), tmp_path / "roster.zip", version="1.2")
    upload = SimpleUploadedFile("roster.zip", (tmp_path / "roster.zip").read_bytes())
    before = _roster(town)
    place = str(client.post(town.path("lists/"), {"lists": [upload], "mode": "add"})["Location"])
    work()
    assert "no list on one of Firstbell" in client.get(place).content.decode()
    assert _roster(town) == before
