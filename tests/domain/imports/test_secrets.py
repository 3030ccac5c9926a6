"""Passwords are used and never kept, logged or shown; a run's folder opens for its own district alone."""

import csv
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.domain.imports.rosters import PRINCIPAL, Door, open_door, published, row_id
from tests.engine.district import District as Roster
from tests.engine.district import lakeside, write_files
from tests.engine.workbooks import workbook

from firstbell.domain.accounts.models import Credential
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_streams import Unsealable
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.folder import FINDINGS, INPUT, PASSWORDS, RECEIVED, RunFolder
from firstbell.domain.imports.keeping import NOT_KEPT
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState, Touch
from firstbell.domain.imports.passwords import use_passwords
from firstbell.domain.roster.models import Record, Source, User

CANARY = "Canary-7f3a-secret"
ADDRESS = "192.0.2.7"


def _with_passwords(roster: Roster) -> Roster:
    for person in roster["users"]:
        person["password"] = CANARY
    return roster


def _files(district: District) -> Path:
    return Path(default_storage.path(f"runs/{district.pk}"))


def _readable(district: District, run: Run, *, but: str = "") -> str:
    """Everything that a run's folder holds, opened and unpacked, as text."""
    root = _files(district) / str(run.pk)
    names = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    texts: list[str] = []
    for name in names:
        if name == but:
            continue
        with RunFolder(district, run.pk).open(name) as plain:
            if name.endswith(".parquet"):
                texts.append(pl.read_parquet(plain).write_ndjson())
            else:
                with zipfile.ZipFile(plain) as archive:
                    texts += [archive.read(entry).decode() for entry in archive.namelist()]
    return "\n".join(texts)


def _database(owner: BaseDatabaseWrapper) -> str:
    """Every row of every table, as text."""
    with owner.cursor() as cursor:
        tables = owner.introspection.table_names(cursor)
        texts: list[str] = []
        for table in tables:
            cursor.execute(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{table}\" t")
            texts.append(cursor.fetchone()[0])
    return "\n".join(texts)


def test_a_password_leaves_no_trace_but_the_log_in_it_opened(
    sis: Door, owner: BaseDatabaseWrapper, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    faulty = _with_passwords(lakeside())
    faulty["users"].append({**faulty["users"][0], "sourcedId": "no-name", "givenName": ""})
    run = sis.bring(faulty)
    assert use_passwords(sis.district, run) > 0
    assert "s0" in _readable(sis.district, run)
    assert CANARY not in _readable(sis.district, run)
    assert CANARY not in _database(owner)
    out, err = capfd.readouterr()
    assert CANARY not in out + err + caplog.text
    assert not any(CANARY.encode() in path.read_bytes() for path in _files(sis.district).rglob("*") if path.is_file())


def test_the_kept_input_has_its_rows_and_no_passwords(sis: Door) -> None:
    run = sis.bring(_with_passwords(lakeside()))
    folder = RunFolder(sis.district, run.pk)
    assert not folder.has(RECEIVED)
    with folder.open(INPUT) as plain, zipfile.ZipFile(plain) as archive:
        users = pl.read_csv(archive.read("users.csv"), infer_schema=False)
    assert users["sourcedId"].to_list() == [person["sourcedId"] for person in lakeside()["users"]]
    assert users["password"].null_count() == users.height


@pytest.mark.parametrize("passwords", [True, False])
def test_the_same_file_again_is_kept_as_the_first_was(sis: Door, *, passwords: bool) -> None:
    roster = _with_passwords(lakeside()) if passwords else lakeside()
    first, again = sis.bring(roster), sis.bring(roster)
    assert again.message.startswith("The same file")
    kept = [RunFolder(sis.district, run.pk) for run in (first, again)]
    with kept[0].open(INPUT) as before, kept[1].open(INPUT) as after:
        assert after.read() == before.read()
    assert not kept[1].has(RECEIVED)
    assert CANARY not in _readable(sis.district, again)


@pytest.mark.parametrize("column", ["metadata.pwd", "PassCode"])
def test_a_password_under_another_name_is_not_kept_either(sis: Door, column: str) -> None:
    roster = lakeside()
    for person in roster["users"]:
        person[column] = CANARY
    assert CANARY not in _readable(sis.district, sis.bring(roster))


@pytest.mark.parametrize("alone", [True, False], ids=["a file alone", "in a package"])
def test_a_file_without_a_header_is_not_kept(sis: Door, tmp_path: Path, *, alone: bool) -> None:
    contents: dict[str, str | bytes] = {**_with_passwords(lakeside()).contents()}
    rows = str(contents["users.csv"]).partition("\n")[2]
    assert CANARY in rows
    names = ("users.csv",) if alone else tuple(contents)
    folder = write_files(tmp_path / "package", {name: contents[name] for name in names} | {"users.csv": rows})
    run = sis.bring(folder / "users.csv" if alone else folder)
    assert run.state == RunState.REFUSED
    kept = _readable(sis.district, run)
    assert NOT_KEPT in kept
    assert CANARY not in kept
    assert alone or "Lakeside" in kept, "the other files are kept"


def test_a_file_of_a_few_cells_without_a_header_is_not_kept(sis: Door, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text(f"s0,Ann,{CANARY}\ns1,David,{CANARY}\n")
    assert CANARY not in _readable(sis.district, sis.bring(tmp_path / "users.csv"))


def test_a_workbook_with_passwords_is_kept_without_them(sis: Door, tmp_path: Path) -> None:
    contents = _with_passwords(lakeside()).contents()
    sheets = {name.removesuffix(".csv"): list(csv.reader(text.splitlines())) for name, text in contents.items()}
    (tmp_path / "roster.xlsx").write_bytes(workbook(sheets))
    run = sis.bring(tmp_path / "roster.xlsx")
    assert run.state == RunState.APPLIED
    assert use_passwords(sis.district, run) == 6
    kept = _readable(sis.district, run)
    assert "Family0" in kept
    assert CANARY not in kept


def test_a_password_column_that_stands_twice_is_not_kept(sis: Door, tmp_path: Path) -> None:
    contents: dict[str, str | bytes] = {**_with_passwords(lakeside()).contents()}
    contents["users.csv"] = str(contents["users.csv"]).replace("pronouns", "password", 1)
    run = sis.bring(write_files(tmp_path / "package", contents))
    assert run.state == RunState.REFUSED
    assert CANARY not in _readable(sis.district, run)


def test_while_a_run_waits_its_passwords_are_sealed_and_discarded_they_are_gone(sis: Door) -> None:
    sis.bring(lakeside(40))
    held = sis.bring(_with_passwords(lakeside(40).without(*(f"s{number}" for number in range(10)))))
    assert held.state == RunState.HELD
    assert not any(CANARY.encode() in path.read_bytes() for path in _files(sis.district).rglob("*") if path.is_file())
    discard_run(sis.district, held, by=PRINCIPAL)
    assert CANARY not in _readable(sis.district, held)
    assert not RunFolder(sis.district, held.pk).has(PASSWORDS)


def test_a_dry_run_keeps_no_passwords(sis: Door) -> None:
    run = sis.bring(_with_passwords(lakeside()), dry_run=True)
    assert run.state == RunState.CHECKED
    assert CANARY not in _readable(sis.district, run)


def test_a_failed_run_keeps_its_passwords_sealed_until_it_has_an_end(
    sis: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    from firstbell.domain.imports import loading

    def fail(*args: object, **more: object) -> None:
        raise OSError("disk")

    run = sis.receive(_with_passwords(lakeside()))
    with monkeypatch.context() as patch:
        patch.setattr(loading, "touch_rows", fail)
        with pytest.raises(OSError, match="disk"):
            carry_out(sis.district, run)
    assert not any(CANARY.encode() in path.read_bytes() for path in _files(sis.district).rglob("*") if path.is_file())
    discard_run(sis.district, run, by=PRINCIPAL)
    assert CANARY not in _readable(sis.district, run)


def test_a_student_signs_in_with_the_first_password(sis: Door) -> None:
    run = sis.bring(_with_passwords(lakeside()))
    assert use_passwords(sis.district, run) == 6
    account = authenticate_student(sis.district, "user.s0", CANARY, address=ADDRESS)
    assert account is not None
    assert authenticate_student(sis.district, "user.s0", "wrong", address=ADDRESS) is None
    assert not RunFolder(sis.district, run.pk).has(PASSWORDS)
    assert use_passwords(sis.district, run) == 0


def test_a_first_password_never_replaces_one_that_is_in_use(sis: Door) -> None:
    use_passwords(sis.district, sis.bring(_with_passwords(lakeside())))
    again = _with_passwords(lakeside())
    for person in again["users"]:
        person.update(password="another-one", phone="555")
    assert use_passwords(sis.district, sis.bring(again)) == 0
    assert authenticate_student(sis.district, "user.s0", CANARY, address=ADDRESS) is not None


def test_a_folder_of_one_district_does_not_open_for_another(
    sis: Door, other_district: District, tmp_path: Path
) -> None:
    run = sis.bring(lakeside())
    theirs = open_door(other_district, tmp_path / "theirs")
    their_run = theirs.bring(lakeside(5))
    assert not RunFolder(other_district, run.pk).has(FINDINGS)
    stolen = _files(other_district) / str(their_run.pk) / INPUT
    shutil.copyfile(_files(sis.district) / str(run.pk) / INPUT, stolen)
    with pytest.raises(Unsealable), RunFolder(other_district, their_run.pk).open(INPUT):
        pass


def test_a_folder_of_one_run_does_not_open_for_another(sis: Door) -> None:
    first, second = sis.bring(lakeside()), sis.bring(lakeside(5))
    folder = _files(sis.district)
    shutil.copyfile(folder / str(first.pk) / INPUT, folder / str(second.pk) / INPUT)
    with pytest.raises(Unsealable), RunFolder(sis.district, second.pk).open(INPUT):
        pass


@pytest.mark.parametrize(
    "model", [Run, Source, Record, User, Touch, Event, Credential], ids=lambda model: model.__name__
)
def test_with_another_districts_wall_nothing_of_ours_is_seen(
    sis: Door, other_district: District, model: type[Run]
) -> None:
    run = sis.bring(_with_passwords(lakeside()))
    use_passwords(sis.district, run)
    sis.bring(lakeside(3))
    ours = {"district_id": sis.district.pk}
    with within(sis.district):
        assert model.objects.filter(**ours).exists()
    with within(other_district):
        assert not model.objects.filter(**ours).exists()
    assert not model.objects.filter(**ours).exists(), "and outside every wall neither"


def test_the_same_package_in_two_districts_makes_two_rosters(
    sis: Door, other_district: District, tmp_path: Path
) -> None:
    theirs = open_door(other_district, tmp_path / "theirs")
    sis.bring(lakeside())
    theirs.bring(lakeside())
    assert published(sis.district) == published(other_district)
    assert row_id(sis, "users", "s0") != row_id(theirs, "users", "s0")
    connections.close_all()
