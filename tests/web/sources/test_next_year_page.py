"""The page of next year: staged, looked at, called off."""

from pathlib import Path

import pytest
from tests.domain.imports.rosters import Door, open_door
from tests.engine.district import lakeside
from tests.web.rooms.conftest import signed_in
from tests.web.runs.conftest import Office, office

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.next_year import next_year_of

__all__ = ["office"]

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    source = open_door(office.district, tmp_path / "sis", "SIS")
    source.bring(lakeside())
    return source


def _staged(door: Door) -> object:
    with within(door.district):
        return next_year_of(Source.objects.get(pk=door.source.pk))


def test_next_year_is_staged_told_and_called_off(office: Office, door: Door) -> None:
    client, path = signed_in(office.accounts["administrator"]), office.path(f"sources/{door.source.pk}/next-year/")
    assert client.post(path, {"on": "soon"}).status_code == 422
    client.post(path, {"on": "2027-08-01", "terms": "2028"})
    assert _staged(door) is not None
    shown = client.get(path).content.decode()
    assert "From 1 August 2027 on" in shown
    assert "1 term" in shown
    assert "Look at it now" not in shown  # its files are brought
    assert "its files are brought" in client.post(path, {"look": "yes"}, follow=True).content.decode()
    client.post(path, {"call_off": "yes"})
    assert _staged(door) is None
    assert signed_in(office.accounts["teacher"]).get(path).status_code in {403, 404}
