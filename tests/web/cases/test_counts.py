"""How many questions each page of cases asks the database: no more, however many cases there are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.cases.conftest import TwoSides

pytestmark = pytest.mark.usefixtures("static_files", "database")

OF_THE_DISTRICT = {"cases/": 14, "cases/new/": 20}
OF_THE_DESK = {"/desk/": 6, "/desk/?part=open": 6, "/desk/?part=clean": 6, "/desk/findings/": 5, "/desk/replies/": 5}


def _questions(client: Client, path: str) -> int:
    client.get(path)  # what is asked once a session is asked now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_pages_of_cases_ask_the_database_no_more_than_they_did(sides: TwoSides) -> None:
    office, desk = sides.office, sides.desk
    sides.bring(sides.ask())
    for _ in range(3):
        sides.ask()
    told = {page: _questions(office, sides.path(page)) for page in OF_THE_DISTRICT}
    told |= {page: _questions(desk, page) for page in OF_THE_DESK}
    assert told == OF_THE_DISTRICT | OF_THE_DESK
