"""*Test the connection*: it says exactly what fails, and shows the first rows where nothing does."""

from collections.abc import Callable

import pytest
from tests.connectors.oneroster_server import HERE, Objects, Sis, objects_of, running
from tests.connectors.servers import Asked, Reply, in_json

from firstbell.connectors import contract
from firstbell.connectors.contract import About, Surroundings
from firstbell.connectors.oneroster_rest.kind import KIND
from firstbell.engine.sample import sample


def check(sis: Sis, around: Surroundings = HERE, **more: str) -> contract.Tested:
    assert KIND.connector is not None
    with running(sis):
        return KIND.connector.test_connection(sis.values(**more), around)


@pytest.fixture(scope="module")
def objects() -> Objects:
    return objects_of(sample(30), "1.2")


def test_a_good_connection_is_told_step_by_step_with_the_first_rows(objects: Objects) -> None:
    tested = check(Sis(objects))
    assert tested.good
    steps = [probe.about for probe in tested.probes]
    order = list(About)
    assert steps == sorted(steps, key=order.index)
    assert set(order) - set(steps) == {About.TLS}  # the test speaks to this machine without it
    users = next(sample for sample in tested.samples if sample.name == "users")
    assert users.rows[0][users.columns.index("familyName")] == objects["users"][0]["familyName"]
    assert len(users.rows) == 5
    assert "password" not in users.columns


Before = Callable[[Asked], Reply | None]


@pytest.mark.parametrize(
    ("before", "about", "says"),
    [
        (lambda asked: in_json({"error": "invalid_client"}, 401) if asked.path == "/token" else None, "log_in", "key"),
        (lambda asked: in_json({}, 401) if "authorization" in asked.headers else None, "log_in", "log-in"),
        (lambda asked: in_json({}, 403) if "users" in asked.path else None, "scope", "may not read users"),
        (lambda asked: in_json({}, 404) if "users" in asked.path else None, "version", "no list of users"),
        (lambda asked: Reply(200, b"<html>") if "orgs" in asked.path else None, "log_in", "web page"),
        (lambda asked: in_json({"users": []}) if "users" in asked.path else None, "content", "users is empty"),
        (lambda asked: in_json({}, 429) if "users" in asked.path else None, "content", "too often"),
    ],
    ids=["client", "log-in", "scope", "list", "page", "empty", "busy"],
)
def test_the_first_thing_that_fails_ends_the_test_and_is_named(
    objects: Objects, before: Before, about: str, says: str
) -> None:
    tested = check(Sis(objects, before=before))
    assert not tested.good
    assert [probe.good for probe in tested.probes][:-1] == [True] * (len(tested.probes) - 1)
    last = tested.probes[-1]
    assert (last.about, last.good) == (about, False)
    assert says in last.says
    assert last.remedy.endswith(".")


def test_a_wrong_version_is_told_with_the_right_one() -> None:
    sis = Sis(objects_of(sample(10), "1.1"), "1.1")
    tested = check(sis, version="1.2")
    assert tested.probes[-1].about is About.VERSION
    assert "speaks OneRoster 1.1" in tested.probes[-1].says


def test_an_address_that_may_not_be_reached_is_told(objects: Objects) -> None:
    tested = check(Sis(objects), Surroundings(), address="https://127.0.0.1/", token_address="")
    assert tested.probes[-1].about is About.NAME
    assert "private network" in tested.probes[-1].says


def test_a_host_without_tls_is_told(objects: Objects) -> None:
    sis = Sis(objects)
    with running(sis) as server:
        assert KIND.connector is not None
        address = f"https://127.0.0.1:{server.port}"
        tested = KIND.connector.test_connection(sis.values(address=address, token_address=""), HERE)
    assert tested.probes[-1].about is About.TLS


def test_demographics_that_are_not_granted_are_no_fault(objects: Objects) -> None:
    tested = check(Sis(objects, before=lambda asked: in_json({}, 403) if "demographics" in asked.path else None))
    assert tested.good
    assert any("not demographics" in probe.says for probe in tested.probes)


def test_a_test_never_quotes_the_secret(objects: Objects) -> None:
    for before in (lambda asked: None, lambda asked: in_json({"error": "s3cret"}, 401)):
        assert "s3cret" not in str(check(Sis(objects, before=before)))
