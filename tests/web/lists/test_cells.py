"""Faulty cells put right in the page: another version of the list, and the first one is kept as it came."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.domain.imports.rosters import published
from tests.engine.formats.lists import STUDENTS
from tests.web.rooms.conftest import member, signed_in
from tests.web.runs.conftest import Office

from firstbell.domain.accounts.models import Credential
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.erasing import erase_due
from firstbell.domain.imports.folder import MENDED, RunFolder
from firstbell.domain.imports.lists import change_cells
from firstbell.domain.imports.mending import Cell
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import open_kept_input
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE
from firstbell.domain.roster.editing.people import remove_person
from firstbell.domain.roster.models import User

pytestmark = pytest.mark.usefixtures("static_files", "database")
type Work = Callable[[], None]
HEADER = "First name,Last name,Student number,Email,Username,Password,Schools,Birth date"
TEXT = f"""{HEADER}
Ana,Lopez,0012,ana at example.org,ana.l,blue fox tent,Elm,
Al,Day,,,,,Elm,
Al,Day,,,,,Elm,
Bo,Lee,0013,,bo.lee,,Elm,
"""
EMAIL, NUMBER, PASSWORD = 3, 2, 5


def _cell(record: int, place: int, file: str = "Students.csv") -> str:
    return f"cell:{record}:{place}:{file}"


def _bring(client: Client, office: Office, text: str = TEXT) -> str:
    file = SimpleUploadedFile(f"{STUDENTS}.csv", text.encode())
    answer = client.post(office.path("lists/"), {"lists": [file], "mode": "add"})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def _last(office: Office) -> Run:
    with within(office.district):
        return Run.objects.filter(district_id=office.district.pk).latest("id")


def _run(office: Office, pk: int) -> Run:
    with within(office.district):
        return Run.objects.get(district_id=office.district.pk, pk=pk)


def _numbers(office: Office) -> list[str]:
    return sorted(str(one["identifier"]) for one in published(office.district)["users"].values())


def test_faulty_cells_are_changed_in_the_page_and_the_first_version_is_kept(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _bring(client, office)
    work()
    first = _last(office)
    assert "Put cells right here" in client.get(place).content.decode()

    page = client.get(f"{place}cells/")
    shown = {(one.record.record, cell.label): cell for one in page.context["records"] for cell in one.wrong}
    assert {key[0] for key in shown} == {1, 2, 3}
    assert shown[1, "Email"].value == "ana at example.org"
    assert b"blue fox tent" not in page.content  # no page shows a password again

    said = {_cell(1, EMAIL): "ana@example.org", _cell(2, NUMBER): "0021", _cell(3, NUMBER): "0022", "other": "x"}
    again = client.post(f"{place}cells/", said)["Location"]
    work()
    second = _last(office)
    assert (second.version_of, second.found["error"]) == (first.pk, 0)
    assert _run(office, first.pk).state == RunState.DISCARDED

    told = client.get(again).content.decode()
    assert "3 cells put right here" in told
    assert "ana at example.org" in told
    client.post(f"{again}start/")
    work()
    work()
    assert _numbers(office) == ["0012", "0013", "0021", "0022"]
    with within(office.district):  # the password that nobody saw came along
        assert Credential.objects.filter(district_id=office.district.pk, username="ana.l").exists()
        event = Event.objects.get(district_id=office.district.pk, verb="run.cells_changed")
    assert event.detail == {"before": first.pk, "cells": 3, "columns": ["Email", "Student number"]}
    assert "ana@example.org" not in str(event.detail)
    with open_kept_input(office.district, _run(office, first.pk)) as (_, kept), zipfile.ZipFile(kept) as archive:
        content = archive.read(f"{STUDENTS}.csv").decode()
    assert "ana at example.org" in content
    assert "0021" not in content
    assert "3 cells put right here" in client.get(office.path(f"runs/{second.pk}/")).content.decode()


def test_nothing_is_lost_of_what_will_not_do(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _bring(client, office)
    work()
    first = _last(office)
    same = client.post(f"{place}cells/", {_cell(1, EMAIL): "ana at example.org"})
    assert same.status_code == 422
    assert "No cell was changed" in same.content.decode()
    long = client.post(f"{place}cells/", {_cell(1, EMAIL): "a" * 5000, _cell(2, NUMBER): "0021"})
    assert long.status_code == 422
    assert 'value="0021"' in long.content.decode()
    assert _last(office).pk == first.pk


def test_only_cells_that_the_page_shows_can_be_changed(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _bring(client, office)
    work()
    sound, secret, nowhere = _cell(4, NUMBER), _cell(1, PASSWORD), _cell(1, 0, "Staff.csv")
    said = {sound: "666", secret: "known to me", nowhere: "x", _cell(999, 0): "x", _cell(1, 99): "x", "cell:x:1:a": "x"}
    said |= {f"cell:{'9' * 5000}:1:a": "x", f"cell:{'9' * 15}:1:a": "x", "cell:²:1:a": "x", "cell:1": "x"}
    answer = client.post(f"{place}cells/", urlencode(said), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422


def test_of_two_who_change_a_list_at_once_the_second_hears_it(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _bring(client, office)
    work()
    stale = _last(office)
    client.post(f"{place}cells/", {_cell(1, EMAIL): "ana@example.org"})
    with pytest.raises(NotNow):
        change_cells(office.district, stale, [Cell("Students.csv", 1, EMAIL, "other@example.org")], by=OPERATOR)
    late = client.post(f"{place}cells/", {_cell(1, EMAIL): "other@example.org"})
    assert late["Location"] == place  # which shows what became of it
    with within(office.district):
        assert Run.objects.filter(district_id=office.district.pk, version_of=stale.pk).count() == 1


def test_another_district_and_who_brings_no_lists_see_nothing_of_it(office: Office, work: Work) -> None:
    place = _bring(signed_in(office.accounts["administrator"]), office)
    work()
    assert signed_in(office.accounts["teacher"]).get(f"{place}cells/").status_code in {403, 404}
    assert signed_in(office.accounts["teacher"]).post(f"{place}cells/", {}).status_code in {403, 404}


def test_rows_with_what_families_reported_are_for_who_may_see_it(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _bring(client, office, TEXT.replace("bo.lee,,Elm,", "bo.lee,,Elm,2031-02-30"))
    work()
    assert client.get(f"{place}cells/").context["total"] == 4
    ira = signed_in(member(office.district, "ira", "it_administrator"))
    assert ira.get(f"{place}cells/").context["records"] == []
    assert ira.post(f"{place}cells/", {_cell(1, EMAIL): "ana@example.org"}).status_code == 422


def test_changed_cells_of_somebody_who_is_erased_go_too(office: Office, work: Work) -> None:
    client = signed_in(office.accounts["administrator"])
    place = _bring(client, office)
    work()
    again = client.post(f"{place}cells/", {_cell(1, EMAIL): "ana@example.org"})["Location"]
    work()
    client.post(f"{again}start/")
    work()
    second = _last(office)
    assert RunFolder(office.district, second.pk).has(MENDED)
    with within(office.district):
        ana = User.objects.get(district_id=office.district.pk, identifier="0012")
    remove_person(office.district, ana.id, by=AT_THE_COMMAND_LINE)
    days = office.district.retention_days + 1
    erase_due(office.district, at=timezone.now() + timedelta(days=days))
    assert not RunFolder(office.district, second.pk).has(MENDED)


def test_a_workbook_becomes_the_lists_on_its_sheets(office: Office, work: Work) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True})
    sheet = book.add_worksheet("Students")
    for row, line in enumerate(TEXT.splitlines()):
        sheet.write_row(row, 0, line.split(","))
    book.close()
    client = signed_in(office.accounts["administrator"])
    file = SimpleUploadedFile("class.xlsx", body.getvalue())
    place = str(client.post(office.path("lists/"), {"lists": [file], "mode": "add"})["Location"])
    work()
    records = client.get(f"{place}cells/").context["records"]
    name = next(cell.name for one in records for cell in one.wrong if cell.label == "Email")
    again = client.post(f"{place}cells/", {name: "ana@example.org"})["Location"]
    work()
    client.post(f"{again}start/")
    work()
    people = published(office.district)["users"].values()
    assert [one["email"] for one in people if one["identifier"] == "0012"] == ["ana@example.org"]
