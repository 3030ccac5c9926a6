"""A walk through a list has every record that was there all the time exactly once, while others write."""

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from tests.api.oneroster.conftest import Product, Record

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person, remove_person
from firstbell.domain.roster.models import Org


def join(district: District, name: str) -> int:
    """Somebody new, made by hand: whom a source owns can only leave by its files."""
    with within(district):
        school = Org.objects.filter(district_id=district.pk, type="school").order_by("id").first()
    assert school is not None
    who = {"givenName": name, "familyName": name, "username": name.lower()}
    return add_person(district, who, [{"role": "student", "orgSourcedId": str(school.id)}], by=BY)


@contextmanager
def somebody_writes(district: District) -> Iterator[list[int]]:
    """People join, at the front and at the back of every order, and leave again, until the walk is over."""
    over, joined = threading.Event(), list[int]()
    leavers = [join(district, f"Mm{number:02}") for number in range(15)]

    def write() -> None:
        for number in itertools.count():
            if over.is_set():
                break
            joined.append(join(district, f"{'Aa' if number % 2 else 'Zz'}{number}"))
            if number < len(leavers):
                remove_person(district, leavers[number], by=BY)
        connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield joined
    finally:
        over.set()
        thread.join()


def by_offset(product: Product, path: str, **parameters: Any) -> list[str]:
    """As clients walk who count for themselves: the offset grows by the records that came."""
    found: list[str] = []
    while True:
        response = product.ask(path, limit=7, offset=len(found), **parameters)
        [records] = json.loads(response.content).values()
        if not records:
            return found
        found += [one["sourcedId"] for one in records]


@pytest.mark.parametrize("sort", [None, "username", "-username"])
@pytest.mark.parametrize("filter_", [None, "status='active'"])
@pytest.mark.parametrize("by", ["links", "offset"])
def test_a_walk_loses_nobody_and_has_nobody_twice(
    reader: Product, sort: str | None, filter_: str | None, by: str
) -> None:
    asked: Record = {"filter": filter_} if filter_ else {}
    if sort:
        asked |= {"sort": sort.removeprefix("-"), "orderBy": "desc" if sort.startswith("-") else "asc"}
    before = {one["sourcedId"] for one in reader.walk("users", limit=500, **asked)}
    with somebody_writes(reader.district) as joined:
        if by == "offset":
            walked = by_offset(reader, "users", **asked)
        else:
            walked = [str(one["sourcedId"]) for one in reader.walk("users", limit=7, **asked)]
    after = {one["sourcedId"] for one in reader.walk("users", limit=500, **asked)}
    assert joined
    assert len(walked) == len(set(walked))
    assert (before & after) <= set(walked)
