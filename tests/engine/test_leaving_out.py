"""What a source sends and the district does not want counts as not sent."""

from pathlib import Path

import polars as pl
import pytest
from tests.engine.district import lakeside, write_files

from firstbell.engine.formats import read
from firstbell.engine.leaving_out import BadPattern, LeftOut, ensure_good, leave_out
from firstbell.engine.package import open_package
from firstbell.engine.reading import Reading


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return read(open_package(write_files(tmp_path / "lakeside", dict(lakeside().contents()))))


def ids(reading: Reading, table: str, column: str = "sourcedId") -> set[str]:
    return set(reading.tables[table][column].drop_nulls().to_list())


def test_a_class_goes_with_its_enrollments_and_nothing_else(reading: Reading) -> None:
    gone = reading.tables["classes"].row(0, named=True)
    before = {name: rows.height for name, rows in reading.tables.items()}
    held = reading.tables["enrollments"].filter(pl.col("classSourcedId") == gone["sourcedId"]).height
    told = leave_out(reading, {"classes": [gone["title"].upper()]})
    assert gone["sourcedId"] not in ids(reading, "classes")
    assert gone["sourcedId"] not in ids(reading, "enrollments", "classSourcedId")
    assert {one.table: one.count for one in told} == {"classes": 1, "enrollments": held}
    assert reading.tables["users"].height == before["users"]
    assert told[0] == LeftOut("classes", 1, before["classes"], (gone["title"],))


def test_a_course_goes_with_its_classes(reading: Reading) -> None:
    course = reading.tables["courses"].row(0, named=True)
    leave_out(reading, {"courses": [course["title"]]})
    assert course["sourcedId"] not in ids(reading, "classes", "courseSourcedId")
    assert ids(reading, "enrollments", "classSourcedId") <= ids(reading, "classes")


def test_a_person_goes_with_all_that_is_theirs(reading: Reading) -> None:
    person = reading.tables["enrollments"]["userSourcedId"][0]
    leave_out(reading, {"users": [person]})
    for table, column in (("users", "sourcedId"), ("roles", "userSourcedId"), ("enrollments", "userSourcedId")):
        assert person not in ids(reading, table, column)
    assert all(person not in agents.split(",") for agents in ids(reading, "users", "agentSourcedIds"))


def test_a_star_stands_for_anything_and_nothing_else_is_special(reading: Reading) -> None:
    users = reading.tables["users"]
    assert leave_out(reading, {"users": [".*", "(", "[a-z]+", "?"]}) == []
    leave_out(reading, {"users": ["*@*"]})
    assert ids(reading, "users", "email") == set()
    assert reading.tables["users"].height == users["email"].null_count()


def test_nothing_is_left_out_where_nothing_is_said(reading: Reading) -> None:
    assert leave_out(reading, {}) == []


@pytest.mark.parametrize(
    ("patterns", "says"),
    [
        ({"classes": ["*"]}, "everything"),
        ({"classes": ["* *"]}, "everything"),
        ({"users": ["x" * 101]}, "longer"),
        ({"users": [str(number) for number in range(201)]}, "at most"),
        ({"orgs": ["x"]}, "nothing can be left out"),
    ],
)
def test_a_pattern_that_would_do_harm_is_refused(patterns: dict[str, list[str]], says: str) -> None:
    with pytest.raises(BadPattern, match=says):
        ensure_good(patterns)
