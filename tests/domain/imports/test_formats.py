"""Every format comes in through the one importer: the first night, the same night again, and when somebody leaves."""

from pathlib import Path

import pytest
from tests.domain.imports.rosters import Door, changes, found, published, state
from tests.domain.imports.test_secrets import _readable
from tests.engine.district import District as Roster
from tests.engine.district import lakeside, write_files
from tests.engine.formats.uploads import CLEVER, SDS_V1, SDS_V2, SDS_V2P1, Texts

from firstbell.domain.accounts.models import Credential
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import PASSWORDS
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.passwords import use_passwords
from firstbell.engine.formats.targets import write_as
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect

STUDENTS = 30


def _package(roster: Roster, folder: Path, target: str) -> Path:
    """The roster as a package of a format; the name of a folder tells packages apart."""
    tables = inspect(open_package(roster.write(folder / "oneroster")))[1].tables
    write_as(target, tables, folder / "package")
    return folder / "package"


def _people(door: Door) -> set[object]:
    return {content["username"] for content in published(door.district)["users"].values()}


@pytest.mark.parametrize("target", ["sds-2.1", "clever", "oneroster-1.1"])
def test_a_roster_comes_in_stays_and_loses_who_left(sis: Door, tmp_path: Path, target: str) -> None:
    whole = lakeside(STUDENTS)
    first = sis.bring(_package(whole, tmp_path / "monday", target))
    assert first.state == RunState.APPLIED, first.reasons
    rows = published(sis.district)
    assert len(rows["users"]) == STUDENTS + 2
    assert len(rows["enrollments"]) == STUDENTS + 2
    assert all(content["termSourcedIds"] and content["courseSourcedId"] for content in rows["classes"].values())

    before = state(sis.district)
    again = sis.bring(_package(whole, tmp_path / "tuesday", target))
    assert (again.state, changes(again)) == (RunState.APPLIED, {})
    assert state(sis.district) == before

    left = sis.bring(_package(whole.without("s7"), tmp_path / "wednesday", target))
    assert left.state == RunState.APPLIED, left.reasons
    assert {table: counts for table, counts in changes(left).items() if table != "demographics"} == {
        "users": {"removed": 1},
        "roles": {"removed": 1},
        "enrollments": {"removed": 1},
    }
    assert "user.s7" not in _people(sis)


@pytest.mark.parametrize("texts", [CLEVER, SDS_V1, SDS_V2, SDS_V2P1], ids=["clever", "sds-1", "sds-2", "sds-2.1"])
def test_an_upload_as_a_district_sends_it_comes_in_whole_and_changes_nothing_again(
    sis: Door, tmp_path: Path, texts: Texts
) -> None:
    run = sis.bring(write_files(tmp_path / "one", texts))
    assert run.state == RunState.APPLIED, run.reasons
    tables = inspect(open_package(tmp_path / "one"))[1].tables
    rows = published(sis.district)
    assert {name: len(of_table) for name, of_table in rows.items() if of_table} == {
        name: table.height for name, table in tables.items()
    }
    assert all(content["termSourcedIds"] and content["courseSourcedId"] for content in rows["classes"].values())
    before = state(sis.district)
    same = sis.bring(write_files(tmp_path / "two", texts))
    assert (same.state, changes(same), state(sis.district)) == (RunState.APPLIED, {}, before)


def test_the_run_tells_the_format_and_findings_in_the_files_own_words(sis: Door, tmp_path: Path) -> None:
    texts = {**CLEVER, "enrollments.csv": CLEVER["enrollments.csv"] + "oak,k2,nobody\n"}
    run = sis.bring(write_files(tmp_path / "clever", texts))
    assert run.format == "Clever"
    assert found(sis.district, run) == {"reference-missing"}


@pytest.mark.parametrize(
    ("texts", "username"), [(CLEVER, "ada"), (SDS_V1, "ada"), (SDS_V2, "ada@example.org")], ids=["clever", "1", "2"]
)
def test_passwords_open_log_ins_and_are_kept_nowhere(sis: Door, tmp_path: Path, texts: Texts, username: str) -> None:
    texts = {file: text.replace("Sesame-7", "Canary-7f3a-secret") for file, text in texts.items()}
    run = sis.bring(write_files(tmp_path / "package", texts))
    assert use_passwords(sis.district, run) > 0
    with within(sis.district):
        assert Credential.objects.filter(district_id=sis.district.pk, username=username).exists()
    assert "Canary" not in _readable(sis.district, run)


@pytest.mark.parametrize("header", ["Password", "Pass_word", "pass word", "PASS-WORD"])
def test_a_password_column_is_blanked_in_what_is_kept_however_it_is_spelled(
    sis: Door, tmp_path: Path, header: str
) -> None:
    students = CLEVER["students.csv"].replace("Password", header, 1).replace("Sesame-7", "Canary-7f3a-secret")
    run = sis.bring(write_files(tmp_path / "package", {**CLEVER, "students.csv": students}))
    assert run.state == RunState.APPLIED
    assert "Lee" in _readable(sis.district, run, but=PASSWORDS)
    assert "Canary" not in _readable(sis.district, run, but=PASSWORDS)
    assert use_passwords(sis.district, run) == 1


def test_a_missing_file_removes_nobody(sis: Door, tmp_path: Path) -> None:
    whole = _package(lakeside(STUDENTS), tmp_path / "monday", "clever")
    sis.bring(whole)
    (whole / "teachers.csv").unlink()
    run = sis.bring(whole)
    assert len(published(sis.district)["users"]) == STUDENTS + 2
    assert all("removed" not in counts for counts in changes(run).values())
