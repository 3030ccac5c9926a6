"""A OneRoster server that behaves: what is pulled is what the district would have exported."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.connectors.oneroster_server import HERE, IMPATIENT, MODIFIED, Sis, modes_in, objects_of, rows_in, running
from tests.connectors.servers import Asked, Reply, in_json

from firstbell.connectors.contract import Completeness, Fetched
from firstbell.connectors.oneroster_rest.connector import OneRosterRest
from firstbell.engine.formats import read
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.package import open_package
from firstbell.engine.reading import Reading
from firstbell.engine.sample import sample
from firstbell.engine.tables import TABLES

LATER = "2026-11-20T04:00:00.000Z"


def untold(name: str, count: int) -> None:
    """Nobody looks on."""


def into(folder: Path) -> Path:
    """A folder that is there."""
    folder.mkdir(exist_ok=True)
    return folder


def pull(sis: Sis, folder: Path, *, memory: str = "", whole: bool = False, **more: str) -> Fetched:
    """One fetch from a server that runs as long as it takes. Each server has an address of its own."""
    with running(sis):
        return IMPATIENT.fetch(sis.values(**more), into(folder), HERE, memory=memory, whole=whole, told=untold)


def pull_twice(
    sis: Sis, folder: Path, between: Callable[[], object], *, whole: bool = False
) -> tuple[Fetched, Fetched]:
    """A fetch, something that happens, and a fetch that remembers the first."""
    with running(sis):
        values = sis.values(changes="yes")
        first = IMPATIENT.fetch(values, into(folder / "first"), HERE, memory="", whole=False, told=untold)
        between()
        second = IMPATIENT.fetch(values, into(folder / "second"), HERE, memory=first.memory, whole=whole, told=untold)
    return first, second


def long_ago(sis: Sis) -> None:
    """Nothing was changed in the last minutes before the first fetch, which the second asks for once more."""
    for rows in sis.objects.values():
        for row in rows:
            row["dateLastModified"] = "2026-09-01T04:00:00.000Z"


def told_by(reading: Reading, table: str) -> pl.DataFrame:
    """The content of a table, in no order; ids of roles are made, so they are left out."""
    made = {"roles", "userProfiles"}
    names = [one.name for one in TABLES[table].columns if not (one.name == "sourcedId" and table in made)]
    return reading.tables[table].select(names).sort(names)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("most", [100_000, 37])
def test_a_pulled_roster_equals_the_same_roster_from_csv(tmp_path: Path, version: str, most: int) -> None:
    tables = sample(60)
    write(tables, tmp_path / "exported", version=version)  # type: ignore[arg-type]
    exported = read(open_package(tmp_path / "exported"))
    fetched = pull(Sis(objects_of(tables, version), version, most=most), tmp_path / "pulled")
    pulled = read(open_package(tmp_path / "pulled"))
    assert fetched.completeness is Completeness.WHOLE
    assert pulled.usable
    assert pulled.version == exported.version == version
    for table in exported.tables:
        assert told_by(pulled, table).equals(told_by(exported, table)), table
        assert pulled.mode(table) is exported.mode(table)
    codes = {code for part in pulled.findings for code in part["code"]}
    assert codes == {code for part in exported.findings for code in part["code"]}


def test_nothing_but_the_package_is_left_in_the_folder(tmp_path: Path) -> None:
    pull(Sis(objects_of(sample(20), "1.2")), tmp_path)
    files = [
        "academicSessions",
        "classes",
        "courses",
        "demographics",
        "enrollments",
        "manifest",
        "orgs",
        "roles",
        "users",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.csv" for name in files]


def test_what_has_changed_comes_as_changes_and_who_was_deleted_is_named(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(40), "1.2"))
    people = sis.objects["users"]

    def change() -> None:
        long_ago(sis)
        people[0] |= {"givenName": "Renamed", "dateLastModified": LATER}
        people[1] |= {"status": "tobedeleted", "dateLastModified": LATER}

    _, second = pull_twice(sis, tmp_path, change)
    assert second.completeness is Completeness.DELTA
    assert modes_in(tmp_path / "second") == {"users": "delta", "roles": "delta"}
    rows = rows_in(tmp_path / "second", "users")
    told = {row["sourcedId"]: (row["status"], row["dateLastModified"]) for row in rows}
    assert told == {people[0]["sourcedId"]: ("active", LATER), people[1]["sourcedId"]: ("tobedeleted", LATER)}


def test_changes_bring_all_roles_of_who_has_changed(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(40), "1.2"))
    pull_twice(sis, tmp_path, lambda: sis.objects["users"][0].update(dateLastModified=LATER))
    assert read(open_package(tmp_path / "second")).restates["roles"] == "userSourcedId"
    assert read(open_package(tmp_path / "first")).restates == {}


def test_where_nothing_has_changed_there_is_no_run(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(20), "1.2"))
    first, second = pull_twice(sis, tmp_path, lambda: long_ago(sis))
    assert second.completeness is Completeness.NOTHING_NEW
    assert list((tmp_path / "second").iterdir()) == []
    assert second.memory == first.memory


def test_changes_are_asked_for_from_a_little_before_the_newest_moment_seen(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(20), "1.1"), "1.1")
    asked: list[str] = []
    sis.before = lambda one: asked.append(one.query["filter"]) if "filter" in one.query else None
    pull_twice(sis, tmp_path, lambda: None)
    assert MODIFIED == "2026-11-01T04:00:00.000Z"
    assert set(asked) == {"dateLastModified>'2026-11-01T03:50:00.000Z'"}


def test_a_date_of_next_year_does_not_hide_the_changes_till_then(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(20), "1.2"))
    sis.objects["users"][0]["dateLastModified"] = "2031-01-01T00:00:00Z"
    today = datetime(2026, 11, 30, tzinfo=UTC)
    at = OneRosterRest(patience=IMPATIENT.patience, now=lambda: today)
    with running(sis):
        first = at.fetch(sis.values(changes="yes"), tmp_path, HERE, memory="", whole=False, told=untold)
    assert "2031" not in first.memory


@pytest.mark.parametrize("memory", ["", "no JSON", '{"since": {}}', "[]"])
def test_a_fetch_that_remembers_nothing_is_a_whole_one(tmp_path: Path, memory: str) -> None:
    fetched = pull(Sis(objects_of(sample(20), "1.2")), tmp_path, memory=memory, changes="yes")
    assert fetched.completeness is Completeness.WHOLE


def test_a_whole_fetch_is_one_whatever_is_remembered(tmp_path: Path) -> None:
    _, second = pull_twice(Sis(objects_of(sample(20), "1.2")), tmp_path, lambda: None, whole=True)
    assert second.completeness is Completeness.WHOLE


def test_a_server_that_refuses_to_filter_by_date_is_read_as_a_whole(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(20), "1.2"))

    def before(asked: Asked) -> Reply | None:
        return in_json({"imsx_codeMajor": "failure"}, 400) if "filter" in asked.query else None

    with running(sis):
        values = sis.values(changes="yes")
        first = IMPATIENT.fetch(values, into(tmp_path / "first"), HERE, memory="", whole=False, told=untold)
        sis.before = before
        second = IMPATIENT.fetch(values, into(tmp_path / "second"), HERE, memory=first.memory, whole=False, told=untold)
    assert second.completeness is Completeness.WHOLE
    assert any("does not tell what has changed" in note for note in second.notes)


def test_a_server_that_ignores_the_filter_still_only_brings_changes(tmp_path: Path) -> None:
    sis = Sis(objects_of(sample(20), "1.2"), filters=False)
    with running(sis):
        values = sis.values(changes="yes")
        first = IMPATIENT.fetch(values, into(tmp_path / "first"), HERE, memory="", whole=False, told=untold)
        second = IMPATIENT.fetch(values, into(tmp_path / "second"), HERE, memory=first.memory, whole=False, told=untold)
    assert second.completeness is Completeness.DELTA
    assert set(modes_in(tmp_path / "second").values()) == {"delta"}
