"""Who is who in a run: many names, read under their letters."""

import unicodedata

import pytest
from tests.web.rooms.conftest import House, signed_in
from tests.web.rooms.conftest import house as house  # noqa: PLC0414 - the fixture

from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries.takeover import MOST
from firstbell.domain.roster.models import User

pytestmark = pytest.mark.usefixtures("static_files", "database")


def test_newcomers_stand_under_their_letters_each_once_and_lead_to_their_pages(house: House) -> None:
    with within(house.district):
        run = Run.objects.filter(source__kind="upload", state="applied").earliest("id")
    page = signed_in(house.accounts["administrator"]).get(house.path(f"runs/{run.pk}/who/"))
    letters = page.context["new"]
    assert [one.letter for one in letters] == sorted({one.letter for one in letters})
    people = [person for one in letters for person in one.people]
    assert len(people) == len({url for _, url in people}) == MOST
    with within(house.district):
        families = dict(User.objects.values_list("id", "family_name"))
    for one in letters:
        names = [families[int(url.rstrip("/").rsplit("/", 1)[1])] or "" for _, url in one.people]
        assert {unicodedata.normalize("NFD", name)[0].upper() for name in names} == {one.letter}
    name, url = people[0]
    assert name in signed_in(house.accounts["administrator"]).get(url).content.decode()
