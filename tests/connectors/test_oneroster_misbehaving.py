"""OneRoster servers as they are: each of these was met in the wild (oneroster.md 3.4 and 5)."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.connectors.oneroster_server import (
    HERE,
    IMPATIENT,
    ROOTS,
    Objects,
    Sis,
    modes_in,
    objects_of,
    rows_in,
    running,
)
from tests.connectors.servers import Asked, Reply, in_json

from firstbell.connectors.contract import About, Completeness, Fetched, ForGood, ForNow, Trouble
from firstbell.engine.sample import sample

type Rows = list[dict[str, object]]


@pytest.fixture
def objects() -> Objects:
    """A roster with several pages of people and enrollments."""
    return objects_of(sample(250), "1.2")


def pull(sis: Sis, folder: Path, **more: str) -> Fetched:
    folder.mkdir(exist_ok=True)
    with running(sis):
        return IMPATIENT.fetch(sis.values(**more), folder, HERE, memory="", whole=False, told=lambda name, count: None)


def ensure_whole(fetched: Fetched, folder: Path, objects: Objects) -> None:
    assert fetched.completeness is Completeness.WHOLE
    for name, rows in objects.items():
        assert {row["sourcedId"] for row in rows_in(folder, name)} == {row["sourcedId"] for row in rows}, name


def ensure_nobody_is_missed(fetched: Fetched, folder: Path) -> None:
    assert fetched.completeness is Completeness.DELTA
    assert modes_in(folder)["users"] == "delta"
    assert modes_in(folder)["roles"] == "delta"
    assert any(note.startswith("users") and "not sure" in note for note in fetched.notes)
    assert "since" not in json.loads(fetched.memory)
    for row in rows_in(folder, "users"):
        assert row["status"] == "active"
        assert row["dateLastModified"]


@pytest.mark.parametrize("most", [1, 7, 99, 100])
@pytest.mark.parametrize("totals", [True, False])
@pytest.mark.parametrize("links", [True, False])
def test_a_limit_that_is_cut_without_a_word(tmp_path: Path, most: int, totals: bool, links: bool) -> None:  # noqa: FBT001
    small = objects_of(sample(30), "1.2")
    ensure_whole(pull(Sis(small, most=most, totals=totals, links=links), tmp_path), tmp_path, small)


def of_users(page: Callable[[Rows, Asked], Reply | None]) -> Callable[[str, Rows, Asked], Reply | None]:
    return lambda name, rows, asked: page(rows, asked) if name == "users" else None


def test_a_server_that_sends_the_same_page_again_and_again(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects, totals=False)
    sis.shape = of_users(lambda rows, asked: sis.page("users", rows, asked, offset=0))
    ensure_nobody_is_missed(pull(sis, tmp_path), tmp_path)


def test_a_server_that_repeats_pages_though_it_counts_more(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects)
    sis.shape = of_users(lambda rows, asked: sis.page("users", rows, asked, offset=0))
    ensure_nobody_is_missed(pull(sis, tmp_path), tmp_path)


def test_a_server_whose_offset_counts_whole_pages_only(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects)

    def page(rows: Rows, asked: Asked) -> Reply:
        size = int(asked.query["limit"])
        return sis.page("users", rows, asked, offset=int(asked.query["offset"]) // size * size)

    sis.shape = of_users(page)
    ensure_whole(pull(sis, tmp_path), tmp_path, objects)


def test_a_next_on_another_host_is_never_followed(tmp_path: Path, objects: Objects) -> None:
    stranger = Sis(objects)
    with running(stranger) as elsewhere:
        sis = Sis(objects)

        def page(rows: Rows, asked: Asked) -> Reply:
            reply = sis.page("users", rows, asked)
            reply.headers["Link"] = f'<{elsewhere.url}{asked.path}?cursor=2>; rel="next"'
            return reply

        sis.shape = of_users(page)
        ensure_whole(pull(sis, tmp_path), tmp_path, objects)
        assert elsewhere.connections == 0


def test_a_server_that_knows_cursors_and_no_offset(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects, totals=False)

    def page(rows: Rows, asked: Asked) -> Reply:
        at = int(asked.query.get("cursor", "0"))
        more = {"Link": f'<{asked.path}?cursor={at + 50}>; rel="next"'} if at + 50 < len(rows) else {}
        return in_json({"users": rows[at : at + 50]}, 200, packed=False, **more)

    sis.shape = of_users(page)
    ensure_whole(pull(sis, tmp_path), tmp_path, objects)


def test_links_in_circles_come_to_an_end(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects, totals=False)

    def page(rows: Rows, asked: Asked) -> Reply:
        at = int(asked.query.get("cursor", "0"))
        return in_json({"users": rows[at * 50 : at * 50 + 50]}, 200, Link=f'<?cursor={(at + 1) % 3}>; rel="next"')

    sis.shape = of_users(page)
    ensure_nobody_is_missed(pull(sis, tmp_path), tmp_path)


@pytest.mark.parametrize("totals", [True, False])
def test_somebody_who_leaves_while_we_read_takes_nobody_along(tmp_path: Path, objects: Objects, totals: bool) -> None:  # noqa: FBT001
    sis = Sis(objects, totals=totals)
    left = objects["users"][0]["sourcedId"]

    def page(rows: Rows, asked: Asked) -> None:
        if asked.query["offset"] != "0" and rows[0]["sourcedId"] == left:
            del rows[0]

    sis.shape = of_users(page)
    fetched = pull(sis, tmp_path)
    assert fetched.completeness is Completeness.WHOLE
    came = {row["sourcedId"] for row in rows_in(tmp_path, "users")}
    assert came - {left} == {row["sourcedId"] for row in objects["users"]}


def test_rows_that_never_stand_still_remove_nobody(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects, totals=False)

    def page(rows: Rows, asked: Asked) -> None:
        if asked.query["offset"] != "0":
            del rows[0]

    sis.shape = of_users(page)
    ensure_nobody_is_missed(pull(sis, tmp_path), tmp_path)


def test_somebody_who_comes_while_we_read_is_taken(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects)
    newcomer = {**objects["users"][0], "sourcedId": "newcomer"}

    def page(rows: Rows, asked: Asked) -> None:
        if asked.query["offset"] != "0" and newcomer not in rows:
            rows.insert(0, newcomer)

    sis.shape = of_users(page)
    ensure_whole(pull(sis, tmp_path), tmp_path, objects)


def test_a_total_that_counts_more_than_there_is_removes_nobody(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects)

    def page(rows: Rows, asked: Asked) -> Reply:
        reply = sis.page("users", rows, asked)
        reply.headers["X-Total-Count"] = str(len(rows) + 5)
        return reply

    sis.shape = of_users(page)
    fetched = pull(sis, tmp_path)
    ensure_nobody_is_missed(fetched, tmp_path)


def test_a_total_that_is_too_small_ends_nothing_early(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects)

    def page(rows: Rows, asked: Asked) -> Reply:
        reply = sis.page("users", rows, asked)
        reply.headers["X-Total-Count"] = "3"
        return reply

    sis.shape = of_users(page)
    ensure_whole(pull(sis, tmp_path), tmp_path, objects)


def test_what_lies_behind_the_last_page_may_be_an_error(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects)

    def page(rows: Rows, asked: Asked) -> Reply | None:
        return in_json({}, 404) if int(asked.query["offset"]) >= len(rows) else None

    sis.shape = of_users(page)
    ensure_whole(pull(sis, tmp_path, page_size=str(len(objects["users"]))), tmp_path, objects)


def once_each(status: int, **headers: str) -> Callable[[Asked], Reply | None]:
    """The first request for each address is refused."""
    refused: set[str] = set()

    def before(asked: Asked) -> Reply | None:
        if asked.url in refused or asked.path == "/token":
            return None
        refused.add(asked.url)
        return Reply(status, b"busy", {name.replace("_", "-"): text for name, text in headers.items()})

    return before


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_passes_is_asked_again(tmp_path: Path, objects: Objects, status: int) -> None:
    sis = Sis(objects, before=once_each(status, Retry_After="2"))
    ensure_whole(pull(sis, tmp_path), tmp_path, objects)


def test_a_connection_that_is_cut_is_made_again(tmp_path: Path, objects: Objects) -> None:
    met: set[str] = set()
    sis = Sis(objects)

    def shape(name: str, rows: Rows, asked: Asked) -> Reply | None:
        if asked.url in met:
            return None
        met.add(asked.url)
        reply = sis.page(name, rows, asked)
        return Reply(200, reply.body, reply.headers, cut=len(reply.body) // 2)

    sis.shape = shape
    ensure_whole(pull(sis, tmp_path), tmp_path, objects)


def test_a_page_that_is_too_heavy_is_halved(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects)
    sis.before = lambda asked: in_json({}, 502) if int(asked.query.get("limit", "1")) > 300 else None
    ensure_whole(pull(sis, tmp_path, page_size="2000"), tmp_path, objects)


def test_a_server_that_stays_down_is_tried_again_later_and_goes_on_where_it_was(
    tmp_path: Path, objects: Objects
) -> None:
    sis = Sis(objects)
    down = True
    asked_later: list[str] = []

    def before(asked: Asked) -> Reply | None:
        if not down:
            asked_later.append(asked.path.rpartition("/")[2])
        behind = "enrollments" in asked.path and int(asked.query["offset"]) > 300
        return in_json({}, 503) if down and behind else None

    sis.before = before
    with running(sis):
        values = sis.values()
        with pytest.raises(ForNow):
            IMPATIENT.fetch(values, tmp_path, HERE, memory="", whole=False, told=lambda name, count: None)
        assert not list(tmp_path.glob("*.csv"))
        down = False
        fetched = IMPATIENT.fetch(values, tmp_path, HERE, memory="", whole=False, told=lambda name, count: None)
    ensure_whole(fetched, tmp_path, objects)
    assert set(asked_later) == {"token", "enrollments", "demographics"}
    pages = len(objects["enrollments"]) // 99
    assert asked_later.count("enrollments") < pages


@pytest.mark.parametrize(
    ("answer", "about", "says"),
    [
        (Reply(200, b"<!DOCTYPE html><title>Sign in</title>", {"Content-Type": "text/html"}), About.LOG_IN, "web page"),
        (Reply(200, b"  <html>", {"Content-Type": "application/json"}), About.LOG_IN, "web page"),
        (Reply(200, b"who knows", {"Content-Type": "text/plain"}), About.CONTENT, "no JSON"),
        (Reply(200, b"[" * 200_000, {"Content-Type": "application/json"}), About.CONTENT, "no JSON"),
        (Reply(200, b"", {}), About.CONTENT, "no JSON"),
        (in_json({"imsx_codeMajor": "failure", "imsx_codeMinor": "forbidden"}), About.CONTENT, "forbidden"),
        (in_json({"statusInfoSet": [{"imsx_codeMinor": "invalid data"}]}), About.CONTENT, "invalid"),
        (in_json({"users": None}), About.CONTENT, "no list"),
        (in_json("users"), About.CONTENT, "no list"),
        (in_json({}, 401), About.LOG_IN, "log-in"),
        (in_json({}, 403), About.SCOPE, "may not read users"),
        (in_json({}, 404), About.VERSION, "no list of users"),
        (in_json({}, 418), About.CONTENT, "418"),
        (Reply(200, gzip.compress(bytes(300 * 2**20)), {"Content-Encoding": "gzip"}), About.CONTENT, "unfolds"),
        (Reply(302, b"", {"Location": "https://login.example/"}), About.REACHED, "another address"),
    ],
    ids=[
        *("sign-in", "page", "words", "nested", "nothing", "failure", "status", "null", "text"),
        *("401", "403", "404", "418", "bomb", "redirect"),
    ],
)
def test_what_is_no_list_ends_the_fetch_and_leaves_nothing_to_import(
    tmp_path: Path, answer: Reply, about: About, says: str
) -> None:
    sis = Sis(objects_of(sample(10), "1.2"), shape=of_users(lambda rows, asked: answer))
    with pytest.raises(ForGood, match=says) as told:
        pull(sis, tmp_path)
    assert told.value.about is about
    assert not list(tmp_path.glob("*.csv"))


@pytest.mark.parametrize("name", ["users", "orgs"])
def test_an_empty_list_of_people_or_schools_is_a_broken_server(tmp_path: Path, name: str) -> None:
    sis = Sis(objects_of(sample(10), "1.2") | {name: []})
    with pytest.raises(ForGood, match="empty"):
        pull(sis, tmp_path)
    assert not list(tmp_path.glob("*.csv"))


@pytest.mark.parametrize("shape", [lambda rows: rows, lambda rows: {"people": rows, "imsx_codeMajor": "success"}])
def test_a_list_under_another_name_or_none_is_read(tmp_path: Path, shape: Callable[[Rows], object]) -> None:
    objects = objects_of(sample(10), "1.2")

    def page(rows: Rows, asked: Asked) -> Reply:
        at = int(asked.query["offset"])
        return in_json(shape(rows[at : at + 100]), 200, Content_Type="text/plain")

    ensure_whole(pull(Sis(objects, shape=of_users(page)), tmp_path), tmp_path, objects)


def test_a_sort_that_is_refused_is_left_out(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects, before=lambda asked: in_json({}, 400) if "sort" in asked.query else None)
    ensure_whole(pull(sis, tmp_path), tmp_path, objects)


def test_demographics_that_are_not_granted_stay_as_they_are(tmp_path: Path, objects: Objects) -> None:
    sis = Sis(objects)
    sis.before = lambda asked: in_json({}, 403) if "demographics" in asked.path else None
    fetched = pull(sis, tmp_path)
    assert fetched.completeness is Completeness.WHOLE
    assert "demographics" not in modes_in(tmp_path)
    assert "The log-in may not read demographics; they stay as they are." in fetched.notes


def test_who_is_marked_as_deleted_is_left_out_of_a_whole_fetch(tmp_path: Path, objects: Objects) -> None:
    words = ["tobedeleted", "ToBeDeleted", "inactive", "tobedeleted "]
    for row, word in zip(objects["users"], words, strict=False):
        row["status"] = word.strip()
    fetched = pull(Sis(objects), tmp_path)
    assert fetched.completeness is Completeness.WHOLE
    kept = {row["sourcedId"] for row in rows_in(tmp_path, "users")}
    assert kept == {row["sourcedId"] for row in objects["users"][len(words) :]}
    assert all(row["status"] == "" == row["dateLastModified"] for row in rows_in(tmp_path, "users"))


def test_members_as_real_servers_send_them(tmp_path: Path) -> None:
    objects = objects_of(sample(10), "1.2")
    objects["users"][0] |= {
        "sourcedId": 4711,
        "enabledUser": False,
        "givenName": "Line\r\nBreak",
        "middleName": None,
        "grades": "KG",
        "agents": ["a-1", {"sourcedId": "a-2"}, {"href": "x"}, None],
        "userIds": [{"type": "SIS", "identifier": "1{2}"}, {"type": "x"}, "junk"],
        "metadata": {"jobCode": 7, "nested": {"b": 1, "a": [True]}, "empty": None},
        "userProfiles": [{"profileId": "p", "profileType": "LMS", "vendorId": "v", "credentials": [CREDENTIAL]}],
    }
    objects["academicSessions"][0] |= {"startDate": "2026-08-15T00:00:00-05:00"}
    pull(Sis(objects), tmp_path)
    person = next(row for row in rows_in(tmp_path, "users") if row["sourcedId"] == "4711")
    assert person["enabledUser"] == "false"
    assert (person["givenName"], person["middleName"], person["grades"]) == ("Line Break", "", "KG")
    assert (person["agentSourcedIds"], person["userIds"]) == ("a-1,a-2", "{SIS:1 2}")
    assert (person["metadata.jobCode"], person["metadata.nested"]) == ("7", '{"a": [true], "b": 1}')
    assert rows_in(tmp_path, "academicSessions")[0]["startDate"] == "2026-08-15"
    assert [row["username"] for row in rows_in(tmp_path, "userProfiles")] == ["mlee"]
    assert "h1dden" not in "".join(path.read_text() for path in tmp_path.iterdir())


CREDENTIAL = {"type": "sso", "username": "mlee", "password": "h1dden"}


def test_a_token_that_ends_in_the_middle_is_fetched_anew(tmp_path: Path, objects: Objects) -> None:
    tokens = iter(["first", "second"])
    sis = Sis(objects)

    def before(asked: Asked) -> Reply | None:
        if asked.path == "/token":
            return in_json({"access_token": next(tokens), "expires_in": 3600})
        ended = asked.headers["authorization"] == "Bearer first" and "enrollments" in asked.path
        return in_json({}, 401) if ended else None

    sis.before = before
    ensure_whole(pull(sis, tmp_path), tmp_path, objects)


def test_several_lists_are_read_at_once_but_no_more_calls_than_set(tmp_path: Path, objects: Objects) -> None:
    ensure_whole(pull(Sis(objects), tmp_path, at_once="4"), tmp_path, objects)


def test_a_roster_larger_than_allowed_stops(tmp_path: Path, objects: Objects) -> None:
    from dataclasses import replace

    sis = Sis(objects)
    with running(sis), pytest.raises(Trouble, match="larger"):
        IMPATIENT.fetch(
            sis.values(), tmp_path, replace(HERE, most_bytes=20_000), memory="", whole=False, told=lambda name, n: None
        )


def test_what_was_fetched_of_another_server_is_not_gone_on_with(tmp_path: Path, objects: Objects) -> None:
    broken = Sis(objects, before=lambda asked: in_json({}, 403) if "enrollments" in asked.path else None)
    with pytest.raises(ForGood):
        pull(broken, tmp_path)
    other = objects_of(sample(12, seed=5), "1.2")
    ensure_whole(pull(Sis(other), tmp_path), tmp_path, other)


def test_the_version_stands_in_the_address(tmp_path: Path) -> None:
    objects = objects_of(sample(10), "1.1")
    sis = Sis(objects, "1.1")
    with running(sis) as server:
        for address in (f"{server.url}/sis", f"{server.url}/sis/", f"{server.url}{ROOTS['1.2']}/users"):
            folder = tmp_path / str(len(address))
            folder.mkdir()
            values = sis.values(address=address)
            fetched = IMPATIENT.fetch(values, folder, HERE, memory="", whole=False, told=lambda name, count: None)
            ensure_whole(fetched, folder, objects)
