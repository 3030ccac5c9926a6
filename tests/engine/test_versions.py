"""One district in every dress of OneRoster that we take, and 1.0, which we do not."""

import polars as pl
import pytest
from tests.engine.district import actions, as_1p1, codes, csv_text, lakeside, plan_files, planned, roster_of

from firstbell.engine.formats.oneroster.layouts import LAYOUTS, USERS_1P2_FIRST_TEXT
from firstbell.engine.pipeline import Plan, Refused


def test_1_1_and_1_2_of_a_district_give_the_same_people_roles_and_enrollments() -> None:
    district = lakeside()
    second = {"sourcedId": "r2", "userSourcedId": "t-elm", "roleType": "primary", "role": "teacher"}
    district["roles"].append({**second, "orgSourcedId": "oak"})
    newer, older = roster_of(district), roster_of(as_1p1(district))
    for table in ("users", "enrollments", "demographics", "classes"):
        content = [name for name in newer.live(table).columns if name != "row_id" and not name.endswith("SourcedId")]
        assert newer.live(table).select(content).equals(older.live(table).select(content)), table
    roles = [_roles(known.live("roles"), known.live("users"), known.live("orgs")) for known in (newer, older)]
    assert roles[0].equals(roles[1])
    assert roles[0].height == 7


def _roles(roles: pl.DataFrame, users: pl.DataFrame, orgs: pl.DataFrame) -> pl.DataFrame:
    people = users.select(pl.col("row_id").alias("userSourcedId"), person="key")
    schools = orgs.select(pl.col("row_id").alias("orgSourcedId"), school="key")
    named = roles.join(people, on="userSourcedId").join(schools, on="orgSourcedId")
    return named.select("person", "school", "role", "roleType").sort(pl.all())


def test_people_and_schools_whose_ids_hold_a_slash_keep_each_their_role() -> None:
    older = as_1p1(lakeside().only("orgs", "users", "roles"))
    older["orgs"].append({**older.row("orgs", "oak"), "sourcedId": "elm/oak"})
    theirs = {"s0": "elm/oak", "s0/elm": "oak"}
    older.row("users", "s1")["sourcedId"] = "s0/elm"
    for person, school in theirs.items():
        older.row("users", person)["orgSourcedIds"] = school
    roles = planned(older).checked.tables["roles"].select("userSourcedId", "orgSourcedId")
    assert dict(roles.rows()).items() >= theirs.items()


def test_moving_from_1_1_to_1_2_changes_no_person_and_no_role() -> None:
    known = roster_of(as_1p1(lakeside()))
    assert actions(planned(lakeside(), known)) == {}


def test_a_role_taken_from_a_person_in_1_1_is_removed_by_a_delta_too() -> None:
    district = as_1p1(lakeside())
    district.row("users", "t-elm")["orgSourcedIds"] = "elm,oak"
    known = roster_of(district)
    delta = as_1p1(lakeside()).only("users")
    delta.files["users"] = [
        {**delta.row("users", "t-elm"), "status": "active", "dateLastModified": "2026-08-20T04:00:00Z"}
    ]
    delta.modes["users"] = "delta"
    assert actions(planned(delta, known)) == {"roles": {"removed": 1}}


def test_users_of_the_first_1_2_text_with_resources_read_alike() -> None:
    contents: dict[str, str | bytes] = dict(lakeside().contents())
    contents["users.csv"] = csv_text([*USERS_1P2_FIRST_TEXT], lakeside()["users"])
    result = plan_files(contents, roster_of(lakeside()))
    assert isinstance(result, Plan)
    assert actions(result) == {}
    assert codes(result) == set()
    assert "resourceSourcedIds" not in LAYOUTS["1.2"]["users"].columns


@pytest.mark.parametrize("told_by", ["manifest", "header"])
def test_1_0_is_answered_with_what_to_export_instead(told_by: str) -> None:
    contents: dict[str, str | bytes] = dict(as_1p1(lakeside()).contents())
    if told_by == "manifest":
        said = str(contents["manifest.csv"])
        contents["manifest.csv"] = said.replace("oneroster.version,1.1", "oneroster.version,1.0")
    else:
        del contents["manifest.csv"]
        contents["demographics.csv"] = "sourcedId,status,dateLastModified,userSourcedId,sex,birthdate\n"
    result = plan_files(contents)
    assert isinstance(result, Refused)
    assert "version-1.0" in codes(result)
    assert not codes(result) & {"column-missing", "column-missing-required"}


def test_a_version_that_the_manifest_spells_otherwise_is_told_by_the_headers() -> None:
    for district in (lakeside(), as_1p1(lakeside())):
        contents: dict[str, str | bytes] = dict(district.contents())
        contents["manifest.csv"] = str(contents["manifest.csv"]).replace("oneroster.version,1", "oneroster.version,v1")
        result = plan_files(contents, roster_of(district))
        assert isinstance(result, Plan)
        assert result.reading.version == district.version
        assert actions(result) == {}
