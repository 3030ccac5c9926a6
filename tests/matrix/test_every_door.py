"""Every address, each method, everybody: who gets in is what the table and the roles' permissions say."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from tests.matrix.doors import DOORS, NOT_SET_UP, NOWHERE, TOKEN, Door
from tests.matrix.routes import BY_PATTERN, IN, NOT_THERE, OUT, ROUTES, expected, filled
from tests.matrix.world import ELSEWHERE, PARAMETERS, World

from firstbell.domain.accounts.models import Role
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.wall import within

pytestmark = pytest.mark.usefixtures("database")

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NO_ID = 2**62
TO_A_DOOR = re.compile(rf"({reverse(settings.LOGIN_URL)}|/signin/[a-z0-9-]+/)\?next=")
"""The installation's, or the district's own where people come in by single sign-on."""
WITHOUT_A_TOKEN: dict[object, int] = {TOKEN: 401, NOT_SET_UP: 404}


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    names = ROUTES.keys() - NOWHERE.keys()
    assert names - DOORS.keys() == set(), "add a row to tests/matrix/doors.py"
    assert DOORS.keys() - names == set(), "a row without an address"
    assert len(ROUTES) == len(BY_PATTERN), "two addresses have one name"


def test_everything_in_an_address_is_known() -> None:
    asked = {parameter for name, route in ROUTES.items() if name not in NOWHERE for parameter in route.parameters}
    assert asked - PARAMETERS.keys() == set(), "add a line to tests/matrix/world.PARAMETERS"


def test_every_role_comes_to_the_doors(world: World) -> None:
    assert {person.name for person in world.people} >= {role.value for role in Role}


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_opens_to_whom_the_table_says_and_to_nobody_else(world: World, name: str) -> None:
    door, wrong = DOORS[name], []
    for refused in (True, False):  # who is refused comes first, and has changed nothing
        at = filled(world, name) if refused else {}
        before = _last_event(world)
        for number, person in enumerate(world.people):
            for method in door.methods if door.is_foreign else _tried(door, number):
                wanted = expected(name, door, method, person)
                if (wanted == IN) is refused:
                    continue
                client = person.comes() if door.is_foreign else person.client
                answer = _outcome(_ask(world, name, door, method, client, at))
                if answer != wanted:
                    wrong.append(f"{method} as {person.name}: {answer}, expected {wanted}")
        assert not refused or _last_event(world) == before, "somebody who was refused has changed something"
    assert wrong == []


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if "code" in route.parameters))
def test_not_yours_and_not_there_are_the_same_answer(world: World, name: str) -> None:
    door = DOORS[name]
    for person in world.people:
        for method in door.methods:
            if expected(name, door, method, person) != NOT_THERE:
                continue
            nothing: dict[str, object] = {"code": "no-such-district"} if person.place == ELSEWHERE else _made_up(name)
            theirs, nowhere = (_ask(world, name, door, method, person.comes(), at) for at in (None, nothing))
            assert (theirs.status_code, theirs["Content-Type"]) == (nowhere.status_code, nowhere["Content-Type"])
            assert _content(theirs) == _content(nowhere), f"{method} as {person.name}"


@pytest.mark.parametrize("name", sorted(name for name, door in DOORS.items() if set(door.methods) - {"GET"}))
def test_nothing_is_changed_without_a_token(world: World, name: str) -> None:
    door = DOORS[name]
    administrator = world.people[0]
    for method in set(door.methods) - {"GET"}:
        answer = _ask(world, name, door, method, administrator.comes(strictly=True))
        assert answer.status_code == WITHOUT_A_TOKEN.get(door.methods[method], 403), method


def test_what_is_nowhere_in_the_api_is_nowhere_for_everybody(world: World) -> None:
    for person in world.people:
        for method in METHODS:
            for path in NOWHERE.values():
                assert person.client.generic(method, path).status_code == 404, f"{method} {path} as {person.name}"


def _tried(door: Door, number: int) -> list[str]:
    """The methods of the door, and of those that it has not, each person another: so each is tried by several."""
    others = [method for method in METHODS if method not in door.methods]
    return [*(method for method in METHODS if method in door.methods), *others[number % max(len(others), 1) :][:1]]


def _ask(
    world: World, name: str, door: Door, method: str, client: Client, at: dict[str, object] | None = None
) -> HttpResponseBase:
    parts = at if at and at.keys() >= set(ROUTES[name].parameters) else filled(world, name) | (at or {})
    path = reverse(name, kwargs=parts)
    answer = _send(door, method, path, client)
    if isinstance(answer, StreamingHttpResponse):
        list(answer)  # to its end, where it closes its file
    return answer


def _send(door: Door, method: str, path: str, client: Client) -> HttpResponseBase:
    if method == "GET":
        return client.get(path)
    if door.is_json:
        return client.generic(method, path, b"{}", content_type="application/json")
    if method == "POST":
        return client.post(path, door.body())
    return client.generic(method, path)


def _outcome(answer: HttpResponseBase) -> str | int:
    """In: done, or refused for what was sent. Out: to the door, or told to sign in."""
    status = answer.status_code
    if status == 401 or (status == 302 and TO_A_DOOR.match(answer["Location"])):
        return OUT
    return status if status in {403, 404, 405} or status >= 500 else IN


def _made_up(name: str) -> dict[str, object]:
    """The first thing of the address under a number that nothing has."""
    first = next((each for each in ROUTES[name].parameters if each.endswith("_id")), None)
    return {first: NO_ID} if first else {"code": "no-such-district"}


def _content(answer: HttpResponseBase) -> bytes:
    return getattr(answer, "content", b"")


def _last_event(world: World) -> int:
    with within(world.house.district):
        newest = Event.objects.filter(district_id=world.house.district.pk).order_by("-id").first()
    return newest.pk if newest else 0
