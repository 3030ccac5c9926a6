"""Every page of the router in a real browser: axe finds nothing at A and AA, on a phone, on a desk and in the dark,
and nothing stands outside the window.

The pages are those of `doors` with a GET and the states of `states`, each as the first of `world.people` whom it opens
to. A new address is walked without a line here. One test for each room, so that a failure says where.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from playwright.sync_api import Browser, Page
from tests.matrix.doors import DOORS
from tests.matrix.routes import IN, ROUTES, expected, filled
from tests.matrix.states import STATES, address_of
from tests.matrix.world import Person, World
from tests.web.accessibility import wrong_in_any_look

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.browser]


def _room(name: str) -> str:
    """The first word of the address that is not the district's: people, runs, account ..."""
    words = [word for word in ROUTES[name].pattern.replace("^", "").split("/") if word and "<" not in word]
    return next((word for word in words if word not in {"d", "(?P"}), "home")


WALKED = {name: _room(name) for name, door in DOORS.items() if "GET" in door.methods and not name.startswith("manage")}
ROOMS = sorted(set(WALKED.values()))


class Walk:
    """One browser window for each person, kept open from page to page."""

    def __init__(self, browser: Browser, site: str, windows: ExitStack) -> None:
        self._browser, self._site, self._windows = browser, site, windows
        self._pages: dict[str, Page] = {}

    def wrong(self, person: Person, address: str) -> Iterator[str]:
        """What is wrong with a page, however one looks at it."""
        page = self._page(person)
        answer = page.goto(self._site + address)
        assert answer is not None
        assert answer.status == 200, address
        yield from wrong_in_any_look(page)

    def _page(self, person: Person) -> Page:
        if person.name not in self._pages:
            window = self._windows.enter_context(self._browser.new_context(reduced_motion="reduce"))
            if person.account is not None:
                session = person.client.cookies[settings.SESSION_COOKIE_NAME].value
                window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self._site}])
            self._pages[person.name] = window.new_page()
        return self._pages[person.name]


@pytest.fixture
def walk(browser: Browser, site: str) -> Iterator[Walk]:
    """Windows that close with the test."""
    with ExitStack() as windows:
        yield Walk(browser, site, windows)


@pytest.mark.parametrize("room", ROOMS)
def test_axe_finds_nothing_on_any_page_of_a_room(world: World, walk: Walk, room: str) -> None:
    wrong: list[str] = []
    for name in sorted(name for name, its_room in WALKED.items() if its_room == room):
        addresses = [reverse(name, kwargs=filled(world, name))]
        addresses += [address_of(world, state) for state in STATES if state.door == name]
        for address in addresses:
            if reader := _reader(world, name, address):
                wrong += walk.wrong(reader, address)
    assert wrong == []


def _reader(world: World, name: str, address: str) -> Person | None:
    """The first who is shown a whole page there; None where nobody is: a file, a part of a page, a way elsewhere."""
    for person in world.people:
        if expected(name, DOORS[name], "GET", person) == IN or "?" in address or _is_state(name):
            answer: HttpResponseBase = person.client.get(address)
            if isinstance(answer, StreamingHttpResponse):
                list(answer)  # to its end, where it closes its file
            if not isinstance(answer, HttpResponse) or answer.status_code != 200:
                continue
            if answer.headers["Content-Type"].startswith("text/html") and b"<html" in answer.content:
                return person
    return None


def _is_state(name: str) -> bool:
    return any(state.door == name for state in STATES)
