"""The workbook of a run: rows for those who may see them, words for the others, and no password for anybody."""

import io
import zipfile
from pathlib import Path

import fastexcel
import pytest
from django.test import Client
from tests.conftest import new_district
from tests.engine.district import lakeside
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.sources import add_source, hold_source

pytestmark = pytest.mark.usefixtures("static_files", "database")
CANARY = "tr0ub4dor"


def _run(district: District, folder: Path, *, header: str = "demographics.csv") -> Run:
    """People with passwords, one of them without a name, and birth dates that are none."""
    roster = lakeside(8)
    for user in roster["users"]:
        user["password"] = CANARY
    roster.row("users", "s1").update(givenName="", familyName="Lovelace")
    roster.row("demographics", "s2")["birthDate"] = "31 June"
    roster.row("users", "s4")["agentSourcedIds"] = "S3"
    package = roster.write(folder / "in")
    (package / "demographics.csv").rename(package / header)
    source = add_source(district, "SIS", by=OPERATOR)
    return carry_out(district, receive_path(district, source, package, by=OPERATOR))


def _held_run(district: District, folder: Path) -> Run:
    """One whose input waits with its passwords, under a name that only the source's correction knows."""
    roster = lakeside(8)
    for user in roster["users"]:
        user["password"] = CANARY
    roster.row("users", "s1")["givenName"] = ""
    package = roster.write(folder / "in")
    users = package / "users.csv"
    users.write_text(users.read_text().replace("password", "Kode", 1))
    renames: list[object] = [{"kind": "rename-column", "file": "users.csv", "column": "Kode", "to": "password"}]
    source = add_source(district, "SIS", by=OPERATOR, settings={"corrections": renames})
    hold_source(district, source, "looked at first", by=OPERATOR)
    return carry_out(district, receive_path(district, source, package, by=OPERATOR))


def _book(client: Client, district: District, run: Run) -> bytes:
    answer = client.get(f"/d/{district.code}/runs/{run.pk}/findings.xlsx")
    assert answer.status_code == 200
    return answer.content


def _text(book: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_an_administrator_gets_the_rows_as_they_came_without_passwords(district: District, tmp_path: Path) -> None:
    run = _run(district, tmp_path)
    book = _book(signed_in(member(district, "owner", "district_administrator")), district, run)
    assert fastexcel.read_excel(book).sheet_names == ["Summary", "demographics.csv", "users.csv"]
    assert "2: s1, Lovelace" in _text(book)
    assert "Did you mean s3?" in _text(book)
    assert "31 June" in _text(book)
    assert CANARY not in _text(book)


def test_the_rows_of_a_run_that_waits_show_no_password_whatever_its_column_is_called(
    district: District, tmp_path: Path
) -> None:
    run = _held_run(district, tmp_path)
    assert run.state == "held"
    book = _book(signed_in(member(district, "owner", "district_administrator")), district, run)
    assert fastexcel.read_excel(book).sheet_names == ["Summary", "users.csv"]
    assert "Kode" in _text(book)
    assert CANARY not in _text(book)


def test_a_principal_gets_the_causes_and_no_row(district: District, tmp_path: Path) -> None:
    run = _run(district, tmp_path)
    book = _book(signed_in(member(district, "colleague", "principal")), district, run)
    assert fastexcel.read_excel(book).sheet_names == ["Summary"]
    assert "givenName is blank" in _text(book)
    assert "Did you mean" not in _text(book)
    assert "Lovelace" not in _text(book)
    assert "31 June" not in _text(book)


@pytest.mark.parametrize("name", ["demographics.csv", "families.csv"])
def test_who_may_not_see_demographics_gets_no_row_of_them_whatever_their_file_is_called(
    district: District, tmp_path: Path, name: str
) -> None:
    run = _run(district, tmp_path, header=name)
    book = _book(signed_in(member(district, "it", "it_administrator")), district, run)
    assert fastexcel.read_excel(book).sheet_names == ["Summary", "users.csv"]
    assert "31 June" not in _text(book)


def test_for_a_stranger_and_for_nobody_there_is_no_workbook(district: District, tmp_path: Path) -> None:
    run = _run(district, tmp_path)
    path = f"/d/{district.code}/runs/{run.pk}/findings.xlsx"
    other = member(new_district("Hilltop Charter School"), "stranger", "district_administrator")
    assert signed_in(other).get(path).status_code == 404
    assert Client().get(path).status_code == 302
    assert signed_in(member(district, "teacher", "teacher")).get(path).status_code == 403


def test_the_page_tells_what_follows_and_explains_each_code(district: District, tmp_path: Path) -> None:
    run = _run(district, tmp_path)
    client = signed_in(member(district, "owner", "district_administrator"))
    page = client.get(f"/d/{district.code}/runs/{run.pk}/").content.decode()
    assert "1 enrollment was left out because what userSourcedId points to was left out." in page
    assert "In all, it leaves out 4 records." in page
    assert "/help/findings/value-missing/" in page
    assert "Workbook to fix from" in page
    listed = client.get(f"/d/{district.code}/runs/{run.pk}/findings/").content.decode()
    assert "Workbook to fix from" in listed


def test_what_a_finding_means_can_be_read_by_anybody() -> None:
    page = Client().get("/help/findings/version-1.0/")
    assert page.status_code == 200
    assert "Choose OneRoster CSV 1.1 or 1.2" in page.content.decode()
    assert "<em>detail</em>" in page.content.decode()
    assert Client().get("/help/findings/").status_code == 200
    assert Client().get("/help/findings/no-such-code/").status_code == 404
