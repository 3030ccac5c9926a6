"""What families reported is for those with its permission, whatever its file is called and what stands beside it."""

import io
import zipfile
from pathlib import Path

import fastexcel
import pytest
from django.test import Client
from tests.engine.district import lakeside, write_files
from tests.engine.formats.uploads import CLEVER, changed
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.models import Role
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.previewing import preview_kept
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.sources import add_source
from firstbell.engine.corrections.kinds import NONE

pytestmark = pytest.mark.usefixtures("static_files", "database")
BORN = "31 June"
MAIL = "mail-at-nowhere"
PLACES = {"page": "", "findings": "findings/", "csv": "findings.csv", "json": "findings.json"}


def _bring(district: District, package: Path) -> Run:
    source = add_source(district, f"SIS {package.name}", by=OPERATOR)
    return carry_out(district, receive_path(district, source, package, by=OPERATOR))


def _oneroster(folder: Path, demographics: str = "demo.csv") -> Path:
    """A birth date and an e-mail address that are none; the demographics go by their header alone."""
    roster = lakeside(8)
    roster.row("demographics", "s2")["birthDate"] = BORN
    roster.row("users", "s3")["email"] = MAIL
    package = roster.write(folder / "oneroster")
    (package / "demographics.csv").rename(package / demographics)
    return package


def _without_demographics(folder: Path) -> Path:
    package = _oneroster(folder, "demographics.csv")
    (package / "demographics.csv").unlink()
    manifest = package / "manifest.csv"
    manifest.write_text(manifest.read_text().replace("file.demographics,bulk", "file.demographics,absent"))
    return package


def _clever(folder: Path) -> Path:
    texts = changed(CLEVER, "students.csv", "11/30/2010,Unknown", f"{BORN},Unknown")
    texts = changed(texts, "students.csv", "Username,Password", "Student_email,Password")
    return write_files(folder / "clever", changed(texts, "students.csv", "Free,ada", f"Free,{MAIL}"))


def _office(district: District) -> tuple[Client, Client]:
    """Who may see demographics, and who may not."""
    reads = member(district, f"head-{district.code}", Role.DISTRICT_ADMINISTRATOR)
    return signed_in(reads), signed_in(member(district, f"it-{district.code}", Role.IT_ADMINISTRATOR))


def _told(client: Client, district: District, run: Run) -> dict[str, str]:
    """Everything that a run gives away, by where."""
    room = f"/d/{district.code}/runs/{run.pk}/"
    places = {name: f"{room}{rest}" for name, rest in PLACES.items()}
    places["api"] = f"/api/manage/v1/districts/{district.code}/runs/{run.pk}/findings.json"
    answers = {name: client.get(path) for name, path in places.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    book = client.get(f"{room}findings.xlsx").content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        inside = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return {name: answer.content.decode() for name, answer in answers.items()} | {"workbook": inside}


def _sheets(client: Client, district: District, run: Run) -> list[str]:
    return fastexcel.read_excel(client.get(f"/d/{district.code}/runs/{run.pk}/findings.xlsx").content).sheet_names


def _input_status(client: Client, district: District, run: Run) -> int:
    return client.get(f"/d/{district.code}/runs/{run.pk}/input/").status_code


def _note(district: District, run: Run) -> None:
    """As the run of an earlier version: nobody noted what its files hold."""
    with within(district):
        Run.objects.filter(pk=run.pk).update(open_columns={})


@pytest.mark.parametrize("name", ["demo.csv", "demographics.csv"])
def test_demographics_in_a_file_of_any_name_are_hidden(district: District, tmp_path: Path, name: str) -> None:
    run = _bring(district, _oneroster(tmp_path, name))
    head, it = _office(district)
    assert all(BORN in told and MAIL in told for told in _told(head, district, run).values())
    for place, told in _told(it, district, run).items():
        assert BORN not in told, place
        assert MAIL in told, place
    assert sorted(_sheets(head, district, run)) == ["Summary", name, "users.csv"]
    assert _sheets(it, district, run) == ["Summary", "users.csv"]
    assert (_input_status(head, district, run), _input_status(it, district, run)) == (200, 404)


def test_demographics_beside_names_are_hidden_and_the_names_are_not(district: District, tmp_path: Path) -> None:
    run = _bring(district, _clever(tmp_path))
    assert run.format == "Clever"
    head, it = _office(district)
    assert all(BORN in told and MAIL in told for told in _told(head, district, run).values())
    for place, told in _told(it, district, run).items():
        assert BORN not in told, place
        assert MAIL in told, place
    assert "students.csv" in _sheets(head, district, run)
    assert "students.csv" not in _sheets(it, district, run)
    assert (_input_status(head, district, run), _input_status(it, district, run)) == (200, 404)


def test_of_an_older_run_nobody_knows_so_all_of_its_files_is_hidden(district: District, tmp_path: Path) -> None:
    run = _bring(district, _without_demographics(tmp_path))
    _note(district, run)
    head, it = _office(district)
    assert all(MAIL in told for told in _told(head, district, run).values())
    assert not any(MAIL in told for told in _told(it, district, run).values())
    assert _sheets(it, district, run) == ["Summary"]
    assert _input_status(it, district, run) == 404


def test_a_package_without_demographics_is_for_all_who_start_runs(district: District, tmp_path: Path) -> None:
    package = _without_demographics(tmp_path)
    run = _bring(district, package)
    _, it = _office(district)
    assert all(MAIL in told for told in _told(it, district, run).values())
    assert _sheets(it, district, run) == ["Summary", "users.csv"]
    assert _input_status(it, district, run) == 200
    again = carry_out(district, receive_path(district, run.source, package, by=OPERATOR))
    assert "nothing to do" in again.message
    assert _input_status(it, district, again) == 200


def test_a_file_that_nobody_understood_may_hold_them(district: District, tmp_path: Path) -> None:
    package = _without_demographics(tmp_path)
    (package / "families.csv").write_text(f"Kind,Geboren\ns2,{BORN}\n")
    run = _bring(district, package)
    head, it = _office(district)
    assert (_input_status(head, district, run), _input_status(it, district, run)) == (200, 404)


@pytest.mark.parametrize("package", [_oneroster, _clever])
def test_a_preview_of_corrections_hides_them_too(district: District, tmp_path: Path, package: object) -> None:
    run = _bring(district, package(tmp_path))  # type: ignore[operator]
    assert BORN in repr(preview_kept(district, run, NONE, sees_demographics=True))
    assert BORN not in repr(preview_kept(district, run, NONE, sees_demographics=False))
