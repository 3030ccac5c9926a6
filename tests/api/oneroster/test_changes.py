"""The feed of changes: who takes a cursor, reads all lists and follows the cursor has what a new reading gives."""

import base64
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.api.oneroster.conftest import V1P2, Product, product_of, said
from tests.api.oneroster.test_grants import grant, newcomer
from tests.api.oneroster.test_polling import pull
from tests.api.oneroster.test_walks import join, somebody_writes
from tests.api.oneroster.town import Said, bring, make_town, next_day

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import remove_person
from firstbell.domain.sharing.oneroster.version import Scope, Version, scope_uri

TOWN = make_town(6)


@pytest.fixture
def product(district: District, tmp_path: Path) -> Product:
    bring(district, TOWN, tmp_path)
    return product_of(district)


def ask(product: Product, **parameters: Any) -> Any:
    response = product.ask("changes", "/ims/oneroster", **parameters)
    assert response.status_code == 200, response.content
    return said(response)


def follow(product: Product, cursor: str, held: dict[str, dict[str, Any]], limit: int = 40) -> str:
    """Take over what changed, page after page."""
    more = True
    while more:
        answer = ask(product, cursor=cursor, limit=limit)
        for change in answer["changes"]:
            record = change["record"]
            assert (change["type"] == "deleted") == (record["status"] == "tobedeleted")
            held[change["table"]][record["sourcedId"]] = record
        cursor, more = answer["cursor"], answer["more"]
    return str(cursor)


@pytest.mark.parametrize("seed", [1, 2])
def test_following_a_cursor_is_the_same_as_reading_all(product: Product, tmp_path: Path, seed: int) -> None:
    north, grade = Said(schools=("north",)), Said(grades=("04",), hidden=frozenset({"users.email"}))
    watchers = [product, newcomer(product.district, north)]
    cursors = [ask(watcher)["cursor"] for watcher in watchers]
    held = [pull(watcher, V1P2) for watcher in watchers]
    rows = TOWN
    for night in range(3):
        rows = next_day(rows, seed * 10 + night)
        bring(product.district, rows, tmp_path, f"night-{night}")
        if night == 1:
            grant(watchers[1].client.client, grade)
        for place, watcher in enumerate(watchers):
            cursors[place] = follow(watcher, cursors[place], held[place], limit=7 + 30 * place)
            assert held[place] == pull(watcher, V1P2)
            assert ask(watcher, cursor=cursors[place])["changes"] == []


def test_what_came_went_and_changed_is_told_apart(product: Product) -> None:
    cursor = ask(product)["cursor"]
    somebody = join(product.district, "Joe")
    first = ask(product, cursor=cursor)
    assert [(one["type"], one["table"]) for one in first["changes"]] == [("created", "users")]
    remove_person(product.district, somebody, by=BY)
    last = ask(product, cursor=first["cursor"])
    assert [(one["type"], one["table"]) for one in last["changes"]] == [("deleted", "users")]


def test_nothing_is_lost_while_somebody_writes(product: Product) -> None:
    cursor, held = ask(product)["cursor"], pull(product, V1P2)
    with somebody_writes(product.district):
        for _ in range(5):
            cursor = follow(product, cursor, held, limit=3)
    follow(product, cursor, held)
    assert held == pull(product, V1P2)


def test_a_cursor_that_is_too_old_is_gone(product: Product) -> None:
    cursor = ask(product)["cursor"]
    join(product.district, "Joe")
    old = dt.datetime.now(dt.UTC) - dt.timedelta(days=31)
    with within(product.district), connection.cursor() as sql:
        sql.execute("update districts_stamptime set told_at = %s where district_id = %s", [old, product.district.pk])
    assert product.ask("changes", "/ims/oneroster", cursor=cursor).status_code == 410
    assert ask(product, cursor=ask(product)["cursor"])["changes"] == []


def test_who_sees_nothing_of_what_changes_does_not_grow_too_old(product: Product) -> None:
    watcher = newcomer(product.district, Said(schools=("north",), roles=("teacher",)))
    cursor = ask(watcher)["cursor"]
    join(product.district, "Joe")
    followed = ask(watcher, cursor=cursor)
    assert followed["changes"] == []
    old = dt.datetime.now(dt.UTC) - dt.timedelta(days=31)
    with within(product.district), connection.cursor() as sql:
        sql.execute("update districts_stamptime set told_at = %s where district_id = %s", [old, product.district.pk])
    join(product.district, "Ann")
    assert ask(watcher, cursor=followed["cursor"])["changes"] == []
    assert watcher.ask("changes", "/ims/oneroster", cursor=cursor).status_code == 410


def test_what_is_no_cursor_is_refused_by_its_name(product: Product) -> None:
    made = [[1], [1, 2, 3], ["a", 1, "x"], [-5, 1, "x"], [2**80, 1, "x"], [1, 1, "\0"], {"a": 1}, None, "x" * 50]
    texts = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in made]
    for text in (*texts, "", "no", "é", "%00", "[" * 5000):
        refused = product.ask("changes", "/ims/oneroster", cursor=text)
        assert refused.status_code == 400, text
        assert "cursor" in refused.content.decode()


def test_a_token_opens_what_its_scopes_do(product: Product) -> None:
    cursor = ask(product)["cursor"]
    start = base64.urlsafe_b64encode(b'[0,0,""]').decode()
    core = product_of(product.district, "Core", scopes=[scope_uri(Version.V1P2, Scope.CORE)])
    tables = {one["table"] for one in ask(core, cursor=start, limit=10_000)["changes"]}
    assert "users" in tables
    assert "demographics" not in tables
    old = product_of(product.district, "Old", scopes=[scope_uri(Version.V1P1, Scope.CORE)])
    assert old.ask("changes", "/ims/oneroster", cursor=cursor).status_code == 403
    assert Client().get("/ims/oneroster/changes").status_code == 401
    assert Client().post("/ims/oneroster/changes").status_code == 405
