"""The page that takes a file of old and new ids."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.domain.imports.rosters import Door, open_door, row_id
from tests.engine.district import lakeside
from tests.web.rooms.conftest import signed_in
from tests.web.runs.conftest import Office, office

__all__ = ["office"]

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    source = open_door(office.district, tmp_path / "sis", "SIS")
    source.bring(lakeside())
    return source


def _sent(text: str, **more: str) -> dict[str, object]:
    return {"table": "users", "file": SimpleUploadedFile("ids.csv", text.encode()), **more}


def test_new_ids_are_looked_at_and_taken_and_what_is_wrong_is_told_at_the_file(office: Office, door: Door) -> None:
    client, path = signed_in(office.accounts["administrator"]), office.path(f"sources/{door.source.pk}/new-ids/")
    kept = row_id(door, "users", "s0")
    look = client.post(path, _sent("old,new\ns0,n0\n", look="yes")).content.decode()
    assert "1 person would have new ids" in look
    assert row_id(door, "users", "s0") == kept
    wrong = client.post(path, _sent("old,new\nnobody,n0\n", save="yes"))
    assert wrong.status_code == 422
    assert "nobody is no id that SIS has sent" in wrong.content.decode()
    assert client.post(path, {"table": "users", "save": "yes"}).status_code == 422
    client.post(path, _sent("old,new\ns0,n0\n", save="yes"))
    assert row_id(door, "users", "n0") == kept
    assert signed_in(office.accounts["teacher"]).get(path).status_code in {403, 404}
