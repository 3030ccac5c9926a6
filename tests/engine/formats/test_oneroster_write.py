"""Canonical tables become OneRoster packages that others can read, and nothing is lost silently."""

import csv
import datetime as dt
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from firstbell.engine.formats.note import Written
from firstbell.engine.formats.oneroster.layouts import LAYOUTS
from firstbell.engine.formats.oneroster.write import Version, write
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.sample import sample
from firstbell.engine.tables import TABLES

VERSIONS: tuple[Version, ...] = ("1.1", "1.2")
NIGHT = dt.datetime(2026, 9, 9, 2, 5, tzinfo=dt.timezone(dt.timedelta(hours=-7)))


def _read(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / f"{file}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, strict=True))


def _manifest(folder: Path) -> dict[str, str]:
    return {row["propertyName"]: row["value"] for row in _read(folder, "manifest")}


def _noted(written: Written) -> list[tuple[str, str, int]]:
    return [(note.code, note.what, note.count) for note in written.notes]


def _roster(**tables: Sequence[Mapping[str, str | None]]) -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}


def _person(sourced_id: str, **more: str | None) -> dict[str, str | None]:
    return {
        "sourcedId": sourced_id,
        "enabledUser": "true",
        "username": sourced_id,
        "givenName": "Ana",
        "familyName": "Đỗ",
    } | more


def _role(user: str, role: str, org: str, role_type: str = "primary") -> dict[str, str | None]:
    return {
        "sourcedId": f"{user}-{role}-{org}",
        "userSourcedId": user,
        "roleType": role_type,
        "role": role,
        "orgSourcedId": org,
    }


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("day", [0, 20])
@pytest.mark.parametrize("name", ["roster", "roster.zip"])
def test_a_strict_check_of_a_sample_finds_nothing(tmp_path: Path, version: Version, day: int, name: str) -> None:
    written = write(sample(1_200, day=day, churn=0.03), tmp_path / name, version=version)
    reading, checked = inspect(open_package(tmp_path / name), strict=True)
    assert checked.findings.rows() == []
    assert reading.version == version
    assert {table: checked.tables[table].height for table in written.files} == written.files


@pytest.mark.parametrize("version", VERSIONS)
def test_headers_and_manifest_are_the_published_ones(tmp_path: Path, version: Version) -> None:
    written = write(sample(60), tmp_path, version=version)
    for file in written.files:
        header = (tmp_path / f"{file}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == list(LAYOUTS[version][file].columns)
    manifest = _manifest(tmp_path)
    assert {name.removeprefix("file.") for name in manifest if name.startswith("file.")} == LAYOUTS[version].keys()
    assert manifest["oneroster.version"] == version
    assert {name for name, value in manifest.items() if value == "bulk"} == {f"file.{file}" for file in written.files}
    assert manifest["file.resources"] == "absent"
    assert {path.stem for path in tmp_path.iterdir()} == {*written.files, "manifest"}


def test_1_1_and_1_2_tell_the_same_of_people_and_enrollments(tmp_path: Path) -> None:
    roster = sample(800, day=4)
    for version in VERSIONS:
        write(roster, tmp_path / version, version=version)
    assert _read(tmp_path / "1.1", "enrollments") == _read(tmp_path / "1.2", "enrollments")
    old, new = _read(tmp_path / "1.1", "users"), _read(tmp_path / "1.2", "users")
    shared = [name for name in old[0] if name in new[0]]
    assert [[row[name] for name in shared] for row in old] == [[row[name] for name in shared] for row in new]
    homes: dict[str, set[str]] = {}
    for role in _read(tmp_path / "1.2", "roles"):
        homes.setdefault(role["userSourcedId"], set()).add(role["orgSourcedId"])
    assert {row["sourcedId"]: set(row["orgSourcedIds"].split(",")) for row in old} == homes


def test_text_is_plain_utf_8_with_lf_and_quotes_only_where_needed(tmp_path: Path) -> None:
    orgs: list[dict[str, str | None]] = [
        {"sourcedId": "1", "name": 'The "Łódź", annex', "type": "school"},
        {"sourcedId": "2", "name": "A\r\nB", "type": "school"},
    ]
    write(_roster(orgs=orgs), tmp_path, version="1.2")
    assert (tmp_path / "orgs.csv").read_bytes() == (
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
        '1,,,"The ""Łódź"", annex",school,,\n'
        "2,,,A B,school,,\n"
    ).encode()


def test_extension_columns_stand_at_the_right_in_the_order_of_their_names(tmp_path: Path) -> None:
    people = [
        _person("1", metadata='{"b":"2","ic.legacy":"s+1"}'),
        _person("2", metadata='{"a":"x, \\"y\\""}'),
        _person("3", metadata=None),
    ]
    write(_roster(users=people), tmp_path, version="1.2")
    rows = _read(tmp_path, "users")
    assert list(rows[0])[-3:] == ["metadata.a", "metadata.b", "metadata.ic.legacy"]
    assert [[row["metadata.a"], row["metadata.b"], row["metadata.ic.legacy"]] for row in rows] == [
        ["", "2", "s+1"],
        ['x, "y"', "", ""],
        ["", "", ""],
    ]


def test_several_organizations_of_one_role_become_a_list_with_the_primary_first(tmp_path: Path) -> None:
    roles = [
        _role("1", "teacher", "b", "secondary"),
        _role("1", "teacher", "a"),
        _role("1", "teacher", "c", "secondary"),
    ]
    written = write(_roster(users=[_person("1")], roles=roles), tmp_path, version="1.1")
    assert (_read(tmp_path, "users")[0]["orgSourcedIds"], _read(tmp_path, "users")[0]["role"]) == ("a,b,c", "teacher")
    assert _noted(written) == [("convert-words", "roleType of roles", 2)]


def test_a_second_kind_of_role_is_told_and_not_lost_silently(tmp_path: Path) -> None:
    roles = [_role("1", "teacher", "a"), _role("1", "student", "b", "secondary")]
    written = write(_roster(users=[_person("1")], roles=roles), tmp_path, version="1.1")
    assert _read(tmp_path, "users")[0]["role"] == "teacher"
    assert ("convert-records", "roles of people who have several", 1) in _noted(written)


@pytest.mark.parametrize(
    ("role", "word"),
    [
        ("principal", "administrator"),
        ("siteAdministrator", "administrator"),
        ("districtAdministrator", "administrator"),
        ("systemAdministrator", "administrator"),
        ("administrator", "administrator"),
        ("counselor", "aide"),
        ("ext:nurse", "aide"),
        ("guardian", "guardian"),
    ],
)
def test_roles_get_the_word_that_1_1_has(tmp_path: Path, role: str, word: str) -> None:
    written = write(_roster(users=[_person("1")], roles=[_role("1", role, "a")]), tmp_path, version="1.1")
    assert _read(tmp_path, "users")[0]["role"] == word
    assert bool(written.notes) == (role != word)


def test_people_without_a_role_stay_in_the_file_and_are_told(tmp_path: Path) -> None:
    written = write(
        _roster(users=[_person("1"), _person("2")], roles=[_role("1", "teacher", "a")]), tmp_path, version="1.1"
    )
    assert [row["sourcedId"] for row in _read(tmp_path, "users")] == ["1", "2"]
    assert ("convert-required", "role of people", 1) in _noted(written)
    assert len(write(_roster(users=[_person("1")]), tmp_path, version="1.1").notes) == 1


def test_what_1_1_has_no_column_or_word_for_is_told(tmp_path: Path) -> None:
    tables = _roster(
        users=[_person("1", pronouns="she/her")],
        roles=[_role("1", "student", "a")],
        demographics=[{"sourcedId": "1", "sex": "other"}],
        classes=[{"sourcedId": "k", "title": "K", "classType": "ext:club"}],
        orgs=[{"sourcedId": "a", "name": "A", "type": "ext:camp"}],
        userProfiles=[{"sourcedId": "p", "userSourcedId": "1"}],
    )
    notes = "\n".join(note.says for note in write(tables, tmp_path, version="1.1").notes)
    assert all(word in notes for word in ("pronouns", "sex", "classType", "type of organizations", "user profiles"))
    assert _read(tmp_path, "demographics")[0]["sex"] == ""
    assert _read(tmp_path, "classes")[0]["classType"] == "scheduled"
    assert _read(tmp_path, "orgs")[0]["type"] == "ext:camp"


def test_passwords_are_never_written(tmp_path: Path) -> None:
    written = write(_roster(users=[_person("1", password="Sesame-7")]), tmp_path, version="1.2")
    assert _read(tmp_path, "users")[0]["password"] == ""
    assert _noted(written) == [("convert-password", "password of people", 1)]
    assert "Sesame-7" not in "".join(note.says for note in written.notes)


def test_a_bulk_file_states_no_status_and_leaves_out_what_is_deleted(tmp_path: Path) -> None:
    orgs: list[dict[str, str | None]] = [
        {
            "sourcedId": "1",
            "name": "A",
            "type": "school",
            "status": "tobedeleted",
            "dateLastModified": "2026-01-01T00:00:00.000Z",
        },
        {
            "sourcedId": "2",
            "name": "B",
            "type": "school",
            "status": None,
            "dateLastModified": "2026-01-01T00:00:00.000Z",
        },
    ]
    assert write(_roster(orgs=orgs), tmp_path, version="1.2").files == {"orgs": 1}
    assert [(row["sourcedId"], row["status"], row["dateLastModified"]) for row in _read(tmp_path, "orgs")] == [
        ("2", "", "")
    ]


def test_a_delta_file_states_status_and_moment_of_every_record(tmp_path: Path) -> None:
    orgs: list[dict[str, str | None]] = [
        {
            "sourcedId": "1",
            "name": "A",
            "type": "school",
            "status": "tobedeleted",
            "dateLastModified": "2026-01-01T00:00:00.000Z",
        },
        {"sourcedId": "2", "name": "B", "type": "school", "status": None, "dateLastModified": None},
    ]
    tables = _roster(orgs=orgs, users=[_person("1")], roles=[_role("1", "teacher", "2")])
    write(tables, tmp_path, version="1.2", mode={"orgs": "delta"}, when=NIGHT)
    assert [(row["status"], row["dateLastModified"]) for row in _read(tmp_path, "orgs")] == [
        ("tobedeleted", "2026-01-01T00:00:00.000Z"),
        ("active", "2026-09-09T09:05:00.000Z"),
    ]
    manifest = _manifest(tmp_path)
    assert (manifest["file.orgs"], manifest["file.users"]) == ("delta", "bulk")


def test_a_delta_without_a_time_is_refused(tmp_path: Path) -> None:
    orgs = _roster(orgs=[{"sourcedId": "1", "name": "A", "type": "school"}])
    with pytest.raises(ValueError, match="when its records changed"):
        write(orgs, tmp_path, version="1.2", mode="delta")
    with pytest.raises(ValueError, match="time zone"):
        write(orgs, tmp_path, version="1.2", mode="delta", when=NIGHT.replace(tzinfo=None))


def test_a_table_that_the_format_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no file buses"):
        write(_roster(buses=[{"sourcedId": "1"}]), tmp_path, version="1.2")


def test_an_earlier_package_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    write(sample(10), tmp_path, version="1.2")
    (tmp_path / "notes.txt").write_text("keep", encoding="utf-8")
    write(sample(10), tmp_path, version="1.1")
    assert not (tmp_path / "roles.csv").exists()
    assert (tmp_path / "notes.txt").exists()
    _, checked = inspect(open_package(tmp_path))
    assert "file-unexpected" not in checked.findings["code"].to_list()


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write(sample(50), tmp_path / name, version="1.2")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as package:
        assert package.testzip() is None
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".zip"] == []


def test_what_is_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    roster = sample(400, day=9)
    write(roster, tmp_path, version="1.2")
    reading, _ = inspect(open_package(tmp_path), strict=True)
    for name, rows in roster.items():
        if rows.height:
            columns = [column.name for column in TABLES[name].columns if not column.secret]
            assert reading.tables[name].select(columns).equals(rows.select(columns)), name
