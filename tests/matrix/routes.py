"""The addresses of the router, and what each answers to whom by the table of doors."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLResolver, get_resolver
from tests.matrix.doors import (
    ADULT,
    ANYONE,
    DOORS,
    MEMBER,
    NOT_SET_UP,
    SENT_TO,
    SIGNED_IN,
    STAFF,
    TOKEN,
    Audience,
    Door,
    Needs,
)
from tests.matrix.world import ELSEWHERE, OTHER_SCHOOL, PARAMETERS, SIGNED_OUT, Person, World

IN, OUT, NOT_THERE, NOT_TAKEN = "in", "out", 404, 405


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


def expected(name: str, door: Door, method: str, person: Person) -> str | int:
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
    if wanted is SENT_TO:
        return NOT_THERE
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


def filled(world: World, name: str) -> dict[str, object]:
    """All that stands in the address; what a request may use up is made anew."""
    door, parameters = DOORS[name], ROUTES[name].parameters
    given = dict(door.at) | dict(door.made(world.house) if door.made else {})
    return {each: given[each] if each in given else world.parameter(each) for each in parameters}
