"""Every address, each method, everybody: who gets in is what the table and the roles' permissions say."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker
from tests.matrix.doors import (
    ADULT,
    ANYONE,
    DOORS,
    MEMBER,
    NOT_SET_UP,
    NOWHERE,
    SIGNED_IN,
    STAFF,
    TOKEN,
    Audience,
    Door,
    Needs,
)
from tests.matrix.world import ELSEWHERE, OTHER_SCHOOL, PARAMETERS, SIGNED_OUT, Person, World, make_world

from firstbell.domain.accounts.models import Role
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.wall import within

pytestmark = pytest.mark.usefixtures("database")

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
IN, OUT, NOT_THERE, NOT_TAKEN = "in", "out", 404, 405
NO_ID = 2**62


class Route(NamedTuple):
    """One address of the router."""

    name: str
    pattern: str
    parameters: tuple[str, ...]


def _routes(resolver: URLResolver, before: str = "", space: str = "", asked: tuple[str, ...] = ()) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        parameters = (*asked, *entry.pattern.converters, *entry.pattern.regex.groupindex)
        parameters = tuple(dict.fromkeys(parameters))
        if isinstance(entry, URLResolver):
            yield from _routes(entry, pattern, space + (f"{entry.namespace}:" if entry.namespace else ""), parameters)
        else:
            yield Route(f"{space}{entry.name}" if entry.name else pattern, pattern, parameters)


BY_PATTERN = {route.pattern: route for route in reversed(list(_routes(get_resolver())))}
"""The first name of each address: django-ninja gives one to every method of it."""
ROUTES = {route.name: route for route in BY_PATTERN.values()}


@pytest.fixture(scope="session")
def made_world(
    migrated_database: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> World:
    """Made once."""
    with django_db_blocker.unblock():
        return make_world(tmp_path_factory.mktemp("matrix"))


@pytest.fixture
def world(made_world: World, database: None) -> World:
    """The world, with vendor staff on a visit: some doors end it."""
    made_world.let_visitors_in()
    return made_world


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
        at = _filled(world, name) if refused else {}
        before = _last_event(world)
        for person in world.people:
            for method in door.methods if door.is_foreign else METHODS:
                expected = _expected(name, door, method, person)
                if (expected == IN) is refused:
                    continue
                client = person.comes() if door.is_foreign else person.client
                answer = _outcome(_ask(world, name, door, method, client, at))
                if answer != expected:
                    wrong.append(f"{method} as {person.name}: {answer}, expected {expected}")
        assert not refused or _last_event(world) == before, "somebody who was refused has changed something"
    assert wrong == []


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if "code" in route.parameters))
def test_not_yours_and_not_there_are_the_same_answer(world: World, name: str) -> None:
    door = DOORS[name]
    for person in world.people:
        for method in door.methods:
            if _expected(name, door, method, person) != NOT_THERE:
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
        assert answer.status_code == (401 if door.methods[method] is TOKEN else 403), method


def test_what_is_nowhere_in_the_api_is_nowhere_for_everybody(world: World) -> None:
    for person in world.people:
        for method in METHODS:
            for path in NOWHERE.values():
                assert person.client.generic(method, path).status_code == 404, f"{method} {path} as {person.name}"


def _expected(name: str, door: Door, method: str, person: Person) -> str | int:
    wanted = door.methods.get(method)
    if wanted is None:
        return NOT_TAKEN
    if wanted is NOT_SET_UP:
        return NOT_THERE
    if wanted is ANYONE:
        return IN
    if wanted is TOKEN or person.place == SIGNED_OUT:
        return OUT
    if wanted is STAFF:
        return IN if person.is_staff else NOT_THERE
    if wanted is ADULT:
        return IN if person.is_adult else 403
    if wanted is SIGNED_IN:
        return IN
    return _expected_in_the_district(name, door, method, person)


def _expected_in_the_district(name: str, door: Door, method: str, person: Person) -> str | int:
    if person.place == ELSEWHERE:
        return NOT_THERE
    if not _has(door.methods[method], person) or (person.is_read_only and (door.writes or method != "GET")):
        return 403
    if door.hidden_without and not _has(door.hidden_without, person):
        return NOT_THERE
    if person.place == OTHER_SCHOOL and any(PARAMETERS[each].is_of_a_school for each in ROUTES[name].parameters):
        return NOT_THERE
    return IN


def _has(wanted: Needs | Audience, person: Person) -> bool:
    return wanted is MEMBER or (
        isinstance(wanted, Needs)
        and wanted.fulfilled_by(person.permissions, has_whole_district=person.has_whole_district)
    )


def _ask(
    world: World, name: str, door: Door, method: str, client: Client, at: dict[str, object] | None = None
) -> HttpResponseBase:
    filled = at if at and at.keys() >= set(ROUTES[name].parameters) else _filled(world, name) | (at or {})
    path = reverse(name, kwargs=filled)
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


def _filled(world: World, name: str) -> dict[str, object]:
    """All that stands in the address; what a request may use up is made anew."""
    door, parameters = DOORS[name], ROUTES[name].parameters
    given = dict(door.at) | dict(door.made(world.house) if door.made else {})
    return {each: given[each] if each in given else world.parameter(each) for each in parameters}


def _outcome(answer: HttpResponseBase) -> str | int:
    """In: done, or refused for what was sent. Out: to the door, or told to sign in."""
    status = answer.status_code
    if status == 401 or (status == 302 and answer["Location"].startswith(f"{reverse(settings.LOGIN_URL)}?next=")):
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
