"""Who is who in a run: many names, read under their letters."""

import pytest
from tests.web.rooms.conftest import House, signed_in
from tests.web.rooms.conftest import house as house  # noqa: PLC0414 - the fixture

from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries.takeover import MOST

pytestmark = pytest.mark.usefixtures("static_files", "database")


def test_newcomers_stand_under_their_letters_each_once_and_lead_to_their_pages(house: House) -> None:
    with within(house.district):
        run = Run.objects.filter(source__kind="upload", state="applied").earliest("id")
    page = signed_in(house.accounts["administrator"]).get(house.path(f"runs/{run.pk}/who/"))
    letters = page.context["new"]
    assert [one.letter for one in letters] == sorted({one.letter for one in letters})
    people = [person for one in letters for person in one.people]
    assert len(people) == len({url for _, url in people}) == MOST
    for one in letters:
        assert all(name.split()[-1][0] == one.letter for name, _ in one.people)
    name, url = people[0]
    assert name in signed_in(house.accounts["administrator"]).get(url).content.decode()
