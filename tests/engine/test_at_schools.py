"""Records with findings and the schools that they speak of."""

import polars as pl
from tests.engine.district import lakeside, planned

from firstbell.engine import findings
from firstbell.engine.at_schools import schools_of_records


def _at(*places: tuple[str, int]) -> dict[tuple[str, int], list[str]]:
    result = planned(lakeside())
    orgs = result.comparison.ids["orgs"]
    found = pl.concat([findings.one("value-missing", file=file, record=record) for file, record in places])
    at = schools_of_records(found, result.reading.tables, orgs)
    named = at.join(orgs, left_on="school", right_on="row_id").sort("file", "record", "key")
    told: dict[tuple[str, int], list[str]] = {}
    for file, record, key in named.select("file", "record", "key").rows():
        told.setdefault((file, record), []).append(key)
    return told


def test_people_are_at_the_schools_of_their_roles_and_places_at_the_school_of_their_class() -> None:
    files = ("users.csv", "roles.csv", "enrollments.csv", "demographics.csv", "classes.csv", "courses.csv")
    told = _at(*((file, 1) for file in files), ("orgs.csv", 2))
    assert told == {(file, 1): ["elm"] for file in files} | {("orgs.csv", 2): ["elm"]}


def test_a_term_is_of_no_school_and_what_names_no_known_school_neither() -> None:
    assert _at(("academicSessions.csv", 1)) == {}
    assert schools_of_records(
        findings.none(), {}, pl.DataFrame(schema={"key": pl.String, "row_id": pl.Int64})
    ).is_empty()


def test_somebody_at_two_schools_is_told_to_both() -> None:
    roster = lakeside()
    roster["roles"].append(
        {"sourcedId": "r2", "userSourcedId": "s0", "roleType": "secondary", "role": "student", "orgSourcedId": "oak"}
    )
    result = planned(roster)
    found = findings.one("value-missing", file="users.csv", record=1)
    assert schools_of_records(found, result.reading.tables, result.comparison.ids["orgs"]).height == 2
