"""A package is known by the columns of its files, so that one format is never taken for another."""

import pytest
from tests.engine.district import as_1p1, lakeside
from tests.engine.formats.uploads import CLEVER, SDS_V1, SDS_V2, SDS_V2P1, Texts, read_texts, without

OTHERS = {
    "OneRoster 1.2": lakeside().contents(),
    "OneRoster 1.1": as_1p1(lakeside()).contents(),
    "Clever ": CLEVER,
    "School Data Sync 1": SDS_V1,
    "School Data Sync 2": SDS_V2,
    "School Data Sync 2.1": SDS_V2P1,
}


@pytest.mark.parametrize("name", OTHERS)
def test_each_format_is_read_as_itself(name: str) -> None:
    reading, _ = read_texts(OTHERS[name])
    assert f"{reading.format} {reading.version}" == name


@pytest.mark.parametrize("name", ["OneRoster 1.2", "OneRoster 1.1"])
def test_one_roster_without_a_manifest_stays_one_roster(name: str) -> None:
    reading, _ = read_texts(without(OTHERS[name], "manifest.csv"))
    assert f"{reading.format} {reading.version}" == name


@pytest.mark.parametrize("name", ["Clever ", "School Data Sync 1", "School Data Sync 2", "School Data Sync 2.1"])
def test_other_names_of_the_files_do_not_hide_the_format(name: str) -> None:
    kept = {"StudentEnrollment.csv", "TeacherRoster.csv"}  # their headers are the same, so only the name tells
    texts = {file if file in kept else f"export {file}": text for file, text in OTHERS[name].items()}
    reading, checked = read_texts(texts)
    assert f"{reading.format} {reading.version}" == name
    assert "file-found-by-header" in set(checked.findings["code"])
    plain = read_texts(OTHERS[name])[1]
    assert {table: rows.height for table, rows in checked.tables.items()} == {
        table: rows.height for table, rows in plain.tables.items()
    }


def test_school_data_sync_is_not_answered_as_one_roster_1_0() -> None:
    for texts in (SDS_V2P1, without(SDS_V2P1, "roles.csv", "relationships.csv", "userFlags.csv")):
        reading, checked = read_texts(texts)
        assert reading.format == "School Data Sync"
        assert "version-1.0" not in set(checked.findings["code"])


def test_one_roster_1_0_is_still_answered_as_such() -> None:
    texts: Texts = {"demographics.csv": "sourcedId,status,dateLastModified,userSourcedId,birthdate,sex\nd,,,s,,\n"}
    texts["users.csv"] = "sourcedId,status,dateLastModified,orgSourcedIds,role,username,userId,givenName,familyName\n"
    _, checked = read_texts(texts)
    assert set(checked.findings["code"]) >= {"version-1.0"}


@pytest.mark.parametrize("name", ["Clever ", "School Data Sync 1", "School Data Sync 2.1"])
def test_a_manifest_says_one_roster_whatever_the_columns_are(name: str) -> None:
    reading, _ = read_texts({**OTHERS[name], "manifest.csv": lakeside().contents()["manifest.csv"]})
    assert reading.format == "OneRoster"


def test_what_fits_no_format_is_no_roster() -> None:
    _, checked = read_texts({"lunch.csv": "day,dish\nMonday,soup\n"})
    assert set(checked.findings["code"]) == {"no-roster-file"}
