"""No page offers what its reader would be refused: no button that cannot be pressed, no link to what is not there.

What a page offers is read from its HTML: forms with a button that sends them, and links. Where a door refuses, the page
must not have them. In a view, ask `visit.may_change(permission)`; in a template, `shell.only_looks`. For who only
looks, every form that changes something is closed besides (`web.closing`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import override
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import Resolver404, resolve, reverse
from tests.matrix.doors import DOORS
from tests.matrix.routes import IN, expected, filled
from tests.matrix.states import STATES, State, address_of
from tests.matrix.world import ELSEWHERE, HERE, SIGNED_OUT, Person, World

from firstbell.web.frame import ROOMS

pytestmark = pytest.mark.usefixtures("database")

HTMX = ("get", "post", "put", "patch", "delete")
OUR_PATHS = "/static/"
SENDS = {"submit", "image"}


@dataclass
class Form:
    """A form, and whether there is a button that sends it."""

    method: str
    action: str
    name: str = ""
    is_sent: bool = False


@dataclass
class Offers(HTMLParser):
    """What a page offers: method and address."""

    here: str
    found: set[tuple[str, str]] = field(default_factory=set)
    _forms: list[Form] = field(default_factory=list)
    _open: list[Form] = field(default_factory=list)
    _closed: list[bool] = field(default_factory=list)
    """Of each fieldset that is open here, whether it disables what is in it."""

    def __post_init__(self) -> None:
        super().__init__()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        for verb in HTMX:
            if f"hx-{verb}" in has:
                self._add(verb, has[f"hx-{verb}"])
        if tag == "a" and has.get("href"):
            self._add("get", has["href"])
        elif tag == "form":
            form = Form(has.get("method", "get"), has.get("action") or self.here, has.get("id", ""))
            self._forms.append(form)
            self._open.append(form)
        elif tag == "fieldset":
            self._closed.append("disabled" in has)
        elif tag in {"button", "input"} and has.get("type", "submit" if tag == "button" else "text") in SENDS:
            self._button(has)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open:
            self._open.pop()
        elif tag == "fieldset" and self._closed:
            self._closed.pop()

    def _button(self, has: dict[str, str]) -> None:
        if "disabled" in has or any(self._closed):
            return
        named = [form for form in self._forms if form.name == has.get("form")] if "form" in has else self._open[-1:]
        for form in named:
            form.is_sent = True
            if has.get("formaction"):
                self._add(has.get("formmethod", form.method), has["formaction"])

    def _add(self, method: str, address: str) -> None:
        whole = urlsplit(urljoin(self.here, address))
        if not whole.scheme and not whole.netloc and whole.path and not whole.path.startswith(OUR_PATHS):
            self.found.add((method.upper(), whole.path + (f"?{whole.query}" if whole.query else "")))

    def read(self, page: str) -> set[tuple[str, str]]:
        """All of them."""
        self.feed(page)
        for form in self._forms:
            if form.is_sent:
                self._add(form.method, form.action)
        return self.found


def test_offers_are_read_from_a_page() -> None:
    page = """<a href="next/">x</a><a href="https://example.org/">y</a><div hx-get="/part/"></div>
    <form method="post" action="/sent/"><button>z</button></form><form method="post" action="/not-sent/"></form>
    <form id="f" method="post"></form><button form="f">k</button>
    <form action="/q/"><button disabled>n</button><button type="button">n</button></form>
    <form method="post" action="/n/"><fieldset disabled><fieldset></fieldset><button>n</button></fieldset></form>"""
    sent = {("POST", "/sent/"), ("POST", "/here/")}
    assert Offers("/here/").read(page) == {("GET", "/here/next/"), ("GET", "/part/")} | sent


FOLLOWERS = {"district_administrator", "principal"}
"""As whom links are followed to their end: who sees all, and who sees one school."""
TABS = {room.name for room in ROOMS} - {"home"}
GALLERY = "web:design"
"""It shows what pages are made of, and leads nowhere."""
PAGES = sorted(
    name for name, door in DOORS.items() if "GET" in door.methods and name.startswith("web:") and name != GALLERY
)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_offers_what_would_be_refused(world: World, name: str) -> None:
    door = DOORS[name]
    readers = [person for person in _readers(world) if expected(name, door, "GET", person) == IN]
    address = reverse(name, kwargs=filled(world, name))
    assert [line for person in readers for line in _wrong(person, address)] == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state.door} {state.says}")
def test_nor_does_it_in_another_state(world: World, state: State) -> None:
    address, seen = address_of(world, state), []
    for person in _readers(world):
        if person.client.get(address).status_code == 200:
            seen.append(person.name)
            assert list(_wrong(person, address)) == []
    assert "visiting staff" in seen, "a state that no visitor sees shows nothing of what is offered"


def _readers(world: World) -> list[Person]:
    """One of each kind: colleagues at another school have the same pages of their own."""
    return [person for person in world.people if person.place in {HERE, SIGNED_OUT} or person.name == "stranger"]


def _wrong(person: Person, address: str) -> list[str]:
    answer = _get(person, address)
    if not isinstance(answer, HttpResponse) or answer.status_code != 200:
        return []
    if not answer.headers["Content-Type"].startswith("text/html"):
        return []
    offered = sorted(Offers(address).read(answer.content.decode()))
    wrong = [(method, path, why) for method, path in offered if (why := _refusal(person, method, path))]
    if not wrong and person.name in FOLLOWERS:
        answers = [(path, _get(person, path).status_code) for path in _first_links(offered)]
        wrong = [("GET", path, f"it answers {status}") for path, status in answers if status >= 400]
    return [f"{person.name} is offered {method} {path} on {address}: {why}" for method, path, why in wrong]


def _first_links(offered: Iterable[tuple[str, str]]) -> Iterable[str]:
    """One link to each kind of page. The rooms, which every page leads to, are pages of these tests themselves."""
    links = {resolve(urlsplit(path).path).view_name: path for method, path in offered if method == "GET"}
    named = [(name.removeprefix("web:"), path) for name, path in links.items() if not DOORS[name].is_foreign]
    return [path for name, path in named if name not in TABS]


def _refusal(person: Person, method: str, path: str) -> str:
    """Why it would be refused; blank where it would not."""
    try:
        name = resolve(urlsplit(path).path).view_name
    except Resolver404:
        return "there is no such address"
    if name not in DOORS:
        return "no such door"
    door = DOORS[name]
    if door.is_foreign:
        return ""
    answer = expected(name, door, method, person)
    if answer == IN or (answer == 404 and person.place != ELSEWHERE):  # of another school: the page shows one's own
        return ""
    return f"it would answer {answer}"


def _get(person: Person, path: str) -> HttpResponseBase:
    answer: HttpResponseBase = person.client.get(path)
    if isinstance(answer, StreamingHttpResponse):
        list(answer)  # to its end, where it closes its file
    return answer
