"""Clever's API: a district becomes a OneRoster package, and nothing of it is lost on the way."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.connectors.clever_server import IMPATIENT, CleverServer, running, student
from tests.connectors.oneroster_server import HERE, modes_in, rows_in
from tests.connectors.servers import Asked, Reply, in_json

from firstbell.connectors.clever.kind import KIND
from firstbell.connectors.contract import About, Completeness, Fetched, ForGood, Paused
from firstbell.engine import findings
from firstbell.engine.formats import read
from firstbell.engine.package import open_package
from firstbell.engine.reading import Mode


def fetch(clever: CleverServer, folder: Path, *, memory: str = "", whole: bool = False, **more: str) -> Fetched:
    folder.mkdir(exist_ok=True)
    with running(clever):
        values = clever.values(**more)
        return IMPATIENT.fetch(values, folder, HERE, memory=memory, whole=whole, told=lambda name, count: None)


def by_id(folder: Path, file: str) -> dict[str, dict[str, str]]:
    return {row["sourcedId"]: row for row in rows_in(folder, file)}


def test_a_district_is_a_package_without_a_fault(tmp_path: Path) -> None:
    fetched = fetch(CleverServer(), tmp_path)
    assert fetched.completeness is Completeness.WHOLE
    reading = read(open_package(tmp_path))
    assert (reading.format, reading.version) == ("OneRoster", "1.2")
    severe = {findings.Severity.FATAL, findings.Severity.ERROR}
    assert not {
        code for part in reading.findings for code in part["code"] if findings.CATALOGUE[code].severity in severe
    }
    assert all(reading.mode(table) is Mode.BULK for table in ("orgs", "classes", "users", "roles", "enrollments"))


def test_people_are_known_by_clevers_id_and_keep_their_other_ones(tmp_path: Path) -> None:
    fetch(CleverServer(), tmp_path)
    ada = by_id(tmp_path, "users")["u1"]
    assert (ada["givenName"], ada["preferredGivenName"], ada["username"]) == ("Ada", "Addie", "amoss")
    assert (ada["identifier"], ada["userIds"], ada["grades"]) == ("7u1", "{SIS:9u1}", "03")
    assert ada["agentSourcedIds"] == "u6"
    assert ada["metadata.locker"] == "12" or by_id(tmp_path, "demographics")["u1"]["metadata.locker"] == "12"


def test_needs_and_race_stand_with_the_demographics(tmp_path: Path) -> None:
    fetch(CleverServer(), tmp_path)
    ada = by_id(tmp_path, "demographics")["u1"]
    assert (ada["birthDate"], ada["sex"], ada["asian"], ada["white"]) == ("2017-03-04", "female", "true", "false")
    assert (ada["hispanicOrLatinoEthnicity"], ada["metadata.Frl_status"]) == ("false", "Free")
    assert "Free" not in by_id(tmp_path, "users")["u1"].values()


def test_somebody_with_two_roles_is_one_person_with_both(tmp_path: Path) -> None:
    fetch(CleverServer(), tmp_path)
    assert len(rows_in(tmp_path, "users")) == 7
    held = {(row["userSourcedId"], row["orgSourcedId"], row["role"]) for row in rows_in(tmp_path, "roles")}
    assert held == {
        ("u1", "s1", "student"),
        ("u2", "s1", "student"),
        ("u2", "s2", "student"),
        ("u3", "s1", "teacher"),
        ("u4", "s1", "teacher"),
        ("u4", "s1", "principal"),
        ("u5", "d1", "ext:staff"),
        ("u6", "d1", "parent"),
        ("u7", "d1", "districtAdministrator"),
    }


def test_a_section_becomes_a_class_with_its_people(tmp_path: Path) -> None:
    fetch(CleverServer(), tmp_path)
    classes = by_id(tmp_path, "classes")
    assert (classes["k1"]["courseSourcedId"], classes["k1"]["termSourcedIds"]) == ("c1", "t1")
    assert (classes["k1"]["classType"], classes["k2"]["classType"]) == ("scheduled", "homeroom")
    people = {
        (row["classSourcedId"], row["userSourcedId"], row["role"], row["primary"])
        for row in rows_in(tmp_path, "enrollments")
    }
    assert people == {
        ("k1", "u3", "teacher", "true"),
        ("k1", "u4", "teacher", "false"),
        ("k1", "u1", "student", ""),
        ("k1", "u2", "student", ""),
        ("k2", "u4", "teacher", "true"),
    }


def test_a_section_without_course_or_term_still_has_both(tmp_path: Path) -> None:
    fetch(CleverServer(), tmp_path)
    homeroom = by_id(tmp_path, "classes")["k2"]
    assert homeroom["courseSourcedId"] in by_id(tmp_path, "courses")
    assert by_id(tmp_path, "academicSessions")[homeroom["termSourcedIds"]]["type"] == "schoolYear"


def test_the_last_day_of_a_term_is_one_of_it(tmp_path: Path) -> None:
    fetch(CleverServer(), tmp_path)
    fall = by_id(tmp_path, "academicSessions")["t1"]
    assert (fall["startDate"], fall["endDate"], fall["schoolYear"]) == ("2026-08-17", "2026-12-19", "2027")
    assert "t2" not in by_id(tmp_path, "academicSessions")


@pytest.mark.parametrize("most", [1, 3, 99])
def test_pages_that_are_too_large_are_halved_and_followed_by_cursor(tmp_path: Path, most: int) -> None:
    clever = CleverServer()
    clever.lists.users += [student(f"x{number}", "Sam", f"Poole {number}") for number in range(230)]
    clever.before = lambda asked: (
        in_json({}, 413)
        if int(asked.query.get("limit", "1")) > max(most, 100) and asked.path.endswith("users")
        else None
    )
    fetch(clever, tmp_path)
    assert len(rows_in(tmp_path, "users")) == 237


def test_a_next_on_another_host_is_never_followed_nor_an_end_without_end(tmp_path: Path) -> None:
    clever = CleverServer()
    endless = {"data": [{"data": {"id": "t1"}}], "links": [{"rel": "next", "uri": "/v3.1/terms?x"}]}
    clever.before = lambda asked: in_json(endless) if asked.path.endswith("terms") else None
    with pytest.raises(ForGood, match="without end"):
        fetch(clever, tmp_path)


def test_where_nothing_has_happened_nothing_is_fetched(tmp_path: Path) -> None:
    clever = CleverServer()
    first = fetch(clever, tmp_path / "first")
    clever.asked.clear()
    second = fetch(clever, tmp_path / "second", memory=first.memory)
    assert second.completeness is Completeness.NOTHING_NEW
    assert {asked.path for asked in clever.asked} == {"/v3.1/districts", "/v3.1/events"}
    assert list((tmp_path / "second").iterdir()) == []


def test_where_something_has_happened_all_is_fetched_and_who_has_left_is_missing(tmp_path: Path) -> None:
    clever = CleverServer()
    first = fetch(clever, tmp_path / "first")
    assert clever.events is not None
    clever.events.append("e2")
    gone = clever.lists.users.pop(1)
    second = fetch(clever, tmp_path / "second", memory=first.memory)
    assert second.completeness is Completeness.WHOLE
    assert set(modes_in(tmp_path / "second").values()) == {"bulk"}
    assert gone["id"] not in by_id(tmp_path / "second", "users")
    assert json.loads(second.memory)["event"] == "e2"
    clever.events.append("e3")
    clever.lists.users.append(gone)
    fetch(clever, tmp_path / "third", memory=second.memory)
    before, after = by_id(tmp_path / "first", "users"), by_id(tmp_path / "third", "users")
    assert after[str(gone["id"])] == before[str(gone["id"])]  # restored under its old id


@pytest.mark.parametrize("events", [None, ["e9"], []])
def test_without_events_or_with_forgotten_ones_all_is_fetched(tmp_path: Path, events: list[str] | None) -> None:
    clever = CleverServer()
    first = fetch(clever, tmp_path / "first")
    clever.events = events
    second = fetch(clever, tmp_path / "second", memory=first.memory)
    assert second.completeness is Completeness.WHOLE


@pytest.mark.parametrize("memory", ["no JSON", "[]", '{"event": "e1"}', '{"district": "other", "event": "e1"}'])
def test_what_is_remembered_of_another_district_is_nothing(tmp_path: Path, memory: str) -> None:
    assert fetch(CleverServer(), tmp_path, memory=memory).completeness is Completeness.WHOLE


def test_a_paused_district_is_not_fetched(tmp_path: Path) -> None:
    clever = CleverServer()
    clever.lists.district |= {"state": "paused", "pause_end": "2027-08-02T00:00:00Z"}
    with pytest.raises(Paused, match="until 2027-08-02"):
        fetch(clever, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["users", "sections", "terms"])
def test_a_fetch_that_breaks_off_goes_on_where_it_was(tmp_path: Path, name: str) -> None:
    clever = CleverServer()
    once: list[str] = []

    def before(asked: Asked) -> Reply | None:
        if asked.path.endswith(name) and len(once) < 6:
            once.append(asked.path)
            return in_json({}, 503) if name != "sections" or "starting_after" not in asked.query else None
        return None

    clever.before = before
    with running(clever):
        values = clever.values()
        for _ in range(3):
            try:
                IMPATIENT.fetch(values, tmp_path, HERE, memory="", whole=False, told=lambda name, count: None)
                break
            except Exception:
                assert not list(tmp_path.glob("*.csv"))
    assert len(rows_in(tmp_path, "users")) == 7
    assert len(rows_in(tmp_path, "orgs")) == 3
    assert by_id(tmp_path, "users")["u1"]["agentSourcedIds"] == "u6"
    assert len(rows_in(tmp_path, "enrollments")) == 5


@pytest.mark.parametrize("empty", ["schools", "users"])
def test_a_district_that_shares_nothing_is_told_and_nothing_is_removed(tmp_path: Path, empty: str) -> None:
    clever = CleverServer()
    setattr(clever.lists, empty, [])
    with pytest.raises(ForGood, match="shares no"):
        fetch(clever, tmp_path)
    assert not list(tmp_path.glob("*.csv"))


@pytest.mark.parametrize(
    ("before", "about"),
    [
        (lambda asked: in_json({}, 401), About.LOG_IN),
        (lambda asked: in_json({}, 403) if "sections" in asked.path else None, About.SCOPE),
        (lambda asked: in_json({}, 404), About.VERSION),
        (lambda asked: Reply(200, b"<html>"), About.CONTENT),
        (lambda asked: in_json({"data": []}), About.SCOPE),
        (lambda asked: in_json({"data": [1]}) if "users" in asked.path else None, About.CONTENT),
    ],
    ids=["token", "scope", "address", "page", "none", "junk"],
)
def test_what_fails_is_told_by_the_fetch_and_by_the_test_of_the_connection(
    tmp_path: Path, before: Callable[[Asked], Reply | None], about: About
) -> None:
    clever = CleverServer(before=before)
    with pytest.raises(ForGood) as told:
        fetch(clever, tmp_path)
    assert told.value.about is about
    assert told.value.remedy
    assert "t0ken" not in str(told.value)
    assert KIND.connector is not None
    with running(clever):
        tested = KIND.connector.test_connection(clever.values(), HERE)
    assert not tested.good
    assert tested.probes[-1].about is about


def test_a_good_connection_shows_whose_it_is_and_the_first_rows() -> None:
    clever = CleverServer()
    assert KIND.connector is not None
    with running(clever):
        tested = KIND.connector.test_connection(clever.values(), HERE)
    assert tested.good
    assert any("Birch Unified" in probe.says for probe in tested.probes)
    assert [sample.name for sample in tested.samples] == ["schools", "students", "teachers"]
    assert "t0ken" not in str(tested)


def test_a_pause_is_told_by_the_test_of_the_connection() -> None:
    clever = CleverServer()
    clever.lists.district |= {"state": "paused"}
    assert KIND.connector is not None
    with running(clever):
        tested = KIND.connector.test_connection(clever.values(), HERE)
    assert not tested.good
    assert "paused" in tested.probes[-1].says
