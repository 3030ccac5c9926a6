"""A program that has itself told of changes: signed, in order, again until taken, never more than it may see."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.api.oneroster.conftest import V1P2, Product, product_of, said
from tests.api.oneroster.test_grants import newcomer
from tests.api.oneroster.test_polling import pull
from tests.api.oneroster.town import Said, bring, make_town, next_day
from tests.connectors.servers import Asked, Reply, Server, serving
from tests.working import work_until_idle

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.models import Org, User
from firstbell.domain.sharing.actions import revoke_client
from firstbell.domain.sharing.calling import WAITS, begin_calls, tell_program
from firstbell.domain.sharing.granting import set_grant
from firstbell.domain.sharing.models import Calling, Delivery
from firstbell.domain.sharing.presets import Wish
from firstbell.domain.sharing.webhooks import find_webhook

TOWN = make_town(7, students=16)
WEBHOOK = "/ims/oneroster/changes/webhook"
type Held = dict[str, dict[str, Any]]


class Listener:
    """A program's address: keeps the messages, and answers as it is set to."""

    def __init__(self) -> None:
        self.answers = 204
        self.server: Server

    def respond(self, asked: Asked) -> Reply:
        return Reply(self.answers)

    @property
    def came(self) -> list[Asked]:
        return self.server.asked

    def changes(self, *, since: int = 0) -> list[Any]:
        return [change for asked in self.came[since:] for change in json.loads(asked.body)["changes"]]


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setattr(settings, "FIRSTBELL_REACHABLE_HOSTS", frozenset({"127.0.0.1"}))
    monkeypatch.setattr(settings, "FIRSTBELL_URL", "http://testserver")  # as where the tests' programs read
    made = Listener()
    with serving(made.respond) as made.server:
        yield made


@pytest.fixture
def product(district: District, tmp_path: Path) -> Product:
    bring(district, TOWN, tmp_path)
    return product_of(district)


def send(product: Product, method: str, content: object = None, path: str = WEBHOOK) -> HttpResponse:
    """A request with the program's token."""
    answer = Client().generic(
        method,
        path,
        json.dumps(content) if content is not None else "",
        content_type="application/json",
        headers={"authorization": f"Bearer {product.token}"},
    )
    assert isinstance(answer, HttpResponse)
    return answer


def register(product: Product, listener: Listener, path: str = "") -> Any:
    answer = send(product, "PUT", {"url": f"{listener.server.url}/{path}"})
    assert answer.status_code == 200, answer.content
    return said(answer)


def tell(product: Product, *, later: dt.timedelta = dt.timedelta()) -> None:
    """What a worker does."""
    tell_program(product.district, product.client.client.pk, clock=lambda: timezone.now() + later)


def take_over(held: Held, changes: list[Any]) -> None:
    for change in changes:
        held[change["table"]][change["record"]["sourcedId"]] = change["record"]


def add(product: Product) -> str:
    """Somebody comes to the north school; their published id."""
    with within(product.district):
        north = Org.objects.get(district_id=product.district.pk, sourced_id="north")
    who = {"givenName": "Pat", "familyName": "New", "email": "pat@example.org", "phone": "555-0101"}
    person_id = add_person(product.district, who, [{"role": "student", "orgSourcedId": str(north.id)}], by=BY)
    with within(product.district):
        return User.objects.get(district_id=product.district.pk, id=person_id).sourced_id


def said_of(product: Product) -> str:
    """What is in the way."""
    hook = find_webhook(product.client.client)
    assert hook is not None
    return hook.trouble


def deliveries(product: Product) -> list[Delivery]:
    with within(product.district):
        return list(Delivery.objects.filter(client=product.client.client).order_by("pk"))


def test_who_is_told_ends_with_what_reading_all_gives(product: Product, listener: Listener, tmp_path: Path) -> None:
    north = newcomer(product.district, Said(schools=("north",), hidden=frozenset({"users.email"})))
    programs = {"whole": product, "north": north}
    secrets = {name: register(program, listener, name)["secret"] for name, program in programs.items()}
    held = {name: pull(program, V1P2) for name, program in programs.items()}
    rows = TOWN
    for night in range(2):
        rows = next_day(rows, 70 + night)
        bring(product.district, rows, tmp_path, f"night-{night}")
        for program in programs.values():
            tell(program)
    for name, program in programs.items():
        came = [asked for asked in listener.came if asked.path == f"/{name}"]
        assert came, name
        for asked in came:
            at, _, digest = asked.headers["firstbell-signature"].removeprefix("t=").partition(",v1=")
            signed = hmac.new(secrets[name].encode(), f"{at}.".encode() + asked.body, hashlib.sha256)
            assert signed.hexdigest() == digest
            take_over(held[name], json.loads(asked.body)["changes"])
        assert held[name] == pull(program, V1P2), name
    assert b"@example.org" not in b"".join(asked.body for asked in listener.came if asked.path == "/north")
    before = len(listener.came)
    tell(product)
    assert len(listener.came) == before


def test_what_is_not_taken_comes_again_by_the_same_key_and_is_set_aside_at_last(
    product: Product, listener: Listener
) -> None:
    register(product, listener)
    listener.answers = 500
    add(product)
    later = dt.timedelta()
    for wait in (*WAITS, dt.timedelta()):
        tell(product, later=later)
        tell(product, later=later)  # before its time nothing comes
        later += wait + dt.timedelta(seconds=5)
    assert len(listener.came) == len(WAITS) + 1
    assert len({asked.headers["idempotency-key"] for asked in listener.came}) == 1
    told = said(send(product, "GET"))
    assert told["trouble"] == "It answered 500."
    assert [(one["state"], one["tries"]) for one in told["messages"]] == [("dead", len(WAITS) + 1)]
    listener.answers = 200
    add(product)
    tell(product)
    assert said(send(product, "GET"))["trouble"] == ""
    assert [one.state for one in deliveries(product)] == ["dead", "taken"]


def test_what_is_told_again_never_brings_back_what_was(product: Product, listener: Listener, tmp_path: Path) -> None:
    register(product, listener)
    held = pull(product, V1P2)
    listener.answers = 503
    rows = next_day(TOWN, 71)
    bring(product.district, rows, tmp_path, "first")
    for number in range(len(WAITS) + 1):
        tell(product, later=dt.timedelta(days=number))
    listener.answers = 200
    bring(product.district, next_day(rows, 72), tmp_path, "second")
    tell(product)
    dead = [one for one in deliveries(product) if one.state == "dead"]
    assert dead
    given = len(listener.came)
    for one in reversed(dead):
        assert send(product, "POST", {"key": one.key}, f"{WEBHOOK}/replay").status_code == 202
    tell(product)
    assert {asked.headers["idempotency-key"] for asked in listener.came[given:]} <= {one.key for one in dead}
    for asked in listener.came:  # the failed ones too: a program may have taken what it did not say it took
        take_over(held, json.loads(asked.body)["changes"])
    assert held == pull(product, V1P2)
    assert {one.state for one in deliveries(product)} == {"taken"}


def test_a_message_that_waits_shows_nothing_that_was_withdrawn_meanwhile(product: Product, listener: Listener) -> None:
    register(product, listener)
    listener.answers = 500
    add(product)
    tell(product)
    before = len(listener.came)
    hidden = Wish(hidden=frozenset({"users.email", "users.phone"}))
    set_grant(product.client.client, hidden, by=OPERATOR, is_sure=True)
    listener.answers = 200
    tell(product, later=dt.timedelta(hours=1))
    people = [one["record"] for one in listener.changes(since=before) if one["table"] == "users"]
    assert people
    assert not any({"email", "phone"} & set(person) for person in people)


def test_a_message_that_waits_says_nothing_of_what_came_later(product: Product, listener: Listener) -> None:
    """Else a program that took the first try, and did not say so, would pass over the rest by the key."""
    register(product, listener)
    listener.answers = 500
    first = add(product)
    tell(product)
    second = add(product)
    listener.answers = 200
    tell(product, later=dt.timedelta(hours=1))
    said_by = {
        asked.headers["idempotency-key"]: {
            one["record"]["sourcedId"] for one in json.loads(asked.body)["changes"] if one["table"] == "users"
        }
        for asked in listener.came
    }
    assert sorted(said_by.values(), key=lambda ids: first not in ids) == [{first}, {second}]


def test_a_clock_finds_whom_there_is_something_to_tell(product: Product, listener: Listener) -> None:
    register(product, listener)
    begin_calls(timezone.now())
    work_until_idle("calls")
    assert listener.came == []
    calling = Calling.objects.get(client_id=product.client.client.pk)
    assert calling.stamp >= 0
    begin_calls(timezone.now())
    calling.refresh_from_db()
    assert calling.at <= timezone.now()  # nothing to tell: nobody took it up
    new = add(product)
    begin_calls(timezone.now())
    work_until_idle("calls")
    assert [one["record"]["sourcedId"] for one in listener.changes() if one["table"] == "users"] == [new]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://hooks.example.org/x", "encrypted"),
        ("ftp://hooks.example.org/x", "https://"),
        ("https://user:pass@hooks.example.org/x", "password"),
        ("nonsense", "https://"),
        (7, "text"),
    ],
)
def test_what_is_no_address_is_refused(product: Product, url: object, words: str) -> None:
    answer = send(product, "PUT", {"url": url})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert send(product, "GET").status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "10.0.0.8", "[::1]"])
def test_an_address_within_our_own_network_is_never_called(product: Product, host: str) -> None:
    with serving(lambda asked: Reply(200)) as server:
        assert send(product, "PUT", {"url": f"https://{host}:{server.port}/x"}).status_code == 200
        add(product)
        tell(product)
        assert (server.asked, server.connections) == ([], 0)
    assert "private network" in said(send(product, "GET"))["trouble"]


def test_hostile_bodies_are_400(product: Product) -> None:
    token = {"authorization": f"Bearer {product.token}"}
    for content in (b"{", b"[]", b"\xff", b"[" * 9000, b'{"url":"' + b"x" * 20_000 + b'"}'):
        answer = Client().put(WEBHOOK, content, "application/json", headers=token)
        assert answer.status_code == 400, content[:20]
    assert send(product, "POST", {"key": "a\0b"}, f"{WEBHOOK}/replay").status_code == 400
    assert send(product, "POST", {"key": "nobody's"}, f"{WEBHOOK}/replay").status_code == 404
    assert Client().get(WEBHOOK).status_code == 401
    assert send(product, "POST").status_code == 405


def test_one_program_neither_sees_nor_ends_what_another_is_told(product: Product, listener: Listener) -> None:
    register(product, listener)
    listener.answers = 500
    add(product)
    for number in range(len(WAITS) + 1):
        tell(product, later=dt.timedelta(days=number))
    other = product_of(product.district, "Other")
    assert send(other, "GET").status_code == 404
    assert send(other, "DELETE").status_code == 204
    [mine] = deliveries(product)
    assert send(other, "POST", {"key": mine.key}, f"{WEBHOOK}/replay").status_code == 404
    register(other, listener, "other")
    assert send(other, "POST", {"key": mine.key}, f"{WEBHOOK}/replay").status_code == 404
    assert [one.state for one in deliveries(product)] == ["dead"]


def test_who_was_shut_out_is_told_nothing_more(product: Product, listener: Listener) -> None:
    register(product, listener)
    revoke_client(product.client.client, by=OPERATOR)
    add(product)
    tell(product)
    assert listener.came == []
    assert not Calling.objects.filter(client_id=product.client.client.pk).exists()


def test_outside_of_the_days_of_its_grant_nothing_is_told_and_later_all_of_it(
    product: Product, listener: Listener
) -> None:
    register(product, listener)
    client = product.client.client
    set_grant(client, Wish(ends=dt.date(2020, 1, 1)), by=OPERATOR, is_sure=True)
    new = add(product)
    tell(product)
    assert listener.came == []
    assert "ended" in said_of(product)
    set_grant(client, Wish(), by=OPERATOR)
    tell(product, later=dt.timedelta(hours=2))
    assert new in {one["record"]["sourcedId"] for one in listener.changes()}
