"""How much each page of a district asks the database: a page that the router brings and nobody counted fails here."""

import pytest
from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.matrix.doors import DOORS, NOT_SET_UP, TOKEN
from tests.matrix.routes import ROUTES
from tests.web.rooms.conftest import House, signed_in

pytestmark = pytest.mark.usefixtures("static_files", "database")

HERE = "d/<slug:code>/"
QUESTIONS: dict[str, int] = {
    "web:audit_log": 11,
    "web:badges": 20,
    "web:cards_people": 13,
    "web:case_add": 20,
    "web:cases": 14,
    "web:class_add": 12,
    "web:classes": 24,
    "web:contact": 22,
    "web:guides": 26,
    "web:home": 34,
    "web:list_names": 12,
    "web:list_template": 10,
    "web:list_template_file": 11,
    "web:launch_described": 2,
    "web:launch_keys": 12,
    "web:lists": 11,
    "web:members": 18,
    "web:method": 35,
    "web:my_classes": 11,
    "web:notices": 16,
    "web:people": 23,
    "web:people_duplicates": 18,
    "web:person_add": 11,
    "web:programs": 19,
    "web:ready": 21,
    "web:runs": 14,
    "web:school_year": 14,
    "web:school_add": 11,
    "web:schools": 14,
    "web:sign_in_rules": 10,
    "web:sign_on_add": 11,
    "web:sign_on_log": 18,
    "web:sign_ons": 14,
    "web:source_add": 10,
    "web:sources": 17,
    "web:staff_visits": 14,
    "web:successions": 12,
    "web:term_add": 11,
    "web:terms": 14,
    "web:tokens": 12,
    "web:upload": 11,
}
"""By the name of a page the most that it asks, with three hundred people on the roster or a million."""
PAGES = sorted(
    name
    for name, route in ROUTES.items()
    if route.parameters == ("code",)
    and route.pattern.startswith(HERE)
    and DOORS[name].methods.get("GET") not in {None, TOKEN, NOT_SET_UP}  # what programs ask is no page
    and not DOORS[name].writes
)
"""Every page of a district that is about no one thing in it: all lists are among them, and no export is."""


def test_every_page_without_an_id_has_a_count() -> None:
    assert sorted(set(PAGES) - QUESTIONS.keys()) == [], "open it, count, and add a line to QUESTIONS"
    assert sorted(QUESTIONS.keys() - set(PAGES)) == [], "a count without a page"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_more_than_it_did(house: House, name: str) -> None:
    client = signed_in(house.accounts["administrator"])
    path = house.path(ROUTES[name].pattern.removeprefix(HERE))
    _open(client, path)
    with CaptureQueriesContext(connection) as asked:
        answer = _open(client, path)
    assert answer.status_code in {200, 302, 403}, name
    assert len(asked) <= QUESTIONS.get(name, 0), "\n".join(query["sql"][:200] for query in asked.captured_queries)


def _open(client: Client, path: str) -> HttpResponseBase:
    """Read to its end: a file is closed there."""
    answer: HttpResponseBase = client.get(path)
    if isinstance(answer, StreamingHttpResponse):
        list(answer)
    return answer
