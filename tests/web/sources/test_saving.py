"""Pages of one source that are open beside each other: who saves later takes nothing away unseen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.domain.imports.rosters import Door, open_door
from tests.web.rooms.conftest import signed_in
from tests.web.runs.conftest import Office, office

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Source

__all__ = ["office"]

pytestmark = pytest.mark.usefixtures("static_files", "database")
GUARD = {"removed_share": "10", "removed_people": "50", "updated_share": "50", "role_gains": "3"}
PAGES = {
    "": (GUARD, {**GUARD, "removed_people": "7"}),
    "scope/": ({"grades": "05"}, {"grades": "06"}),
    "made/": ({"student_username": "{given}"}, {"student_username": "{family}"}),
    "left-out/": ({"classes": "Lunch*"}, {"classes": "Study*"}),
    "next-year/": ({"on": "2027-08-01", "terms": "2028"}, {"on": "2027-08-02", "terms": "2028"}),
}


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Door:
    return open_door(office.district, tmp_path / "sis", "SIS")


def _settings(door: Door) -> dict[str, object]:
    with within(door.district):
        found: dict[str, object] = Source.objects.get(pk=door.source.pk).settings
    return found


def _opened(client: Client, path: str) -> Callable[..., int]:
    """Open a page, and give what saves it as it was then."""
    shown = client.get(path).context["shown"]

    def save(said: dict[str, str], **more: str) -> int:
        return client.post(path, {"save": "yes", "shown": more.get("shown", shown), **said}).status_code

    return save


@pytest.mark.parametrize("page", PAGES)
def test_who_saves_a_page_that_somebody_changed_since_is_told_and_may_insist(
    office: Office, door: Door, page: str
) -> None:
    client, path = signed_in(office.accounts["administrator"]), office.path(f"sources/{door.source.pk}/{page}")
    first, second = PAGES[page]
    mine, theirs = _opened(client, path), _opened(client, path)
    assert theirs(first) == 302
    after = _settings(door)
    assert after
    assert mine(second) == 409
    assert _settings(door) == after
    answer = client.post(path, {"save": "yes", "shown": "of another time", **second})
    assert "Somebody else changed these settings" in answer.content.decode()
    assert mine(second, shown=answer.context["shown"]) == 302
    assert _settings(door) != after


def test_other_pages_saved_meanwhile_are_no_matter(office: Office, door: Door) -> None:
    client, base = signed_in(office.accounts["administrator"]), office.path(f"sources/{door.source.pk}/")
    saves = {page: _opened(client, base + page) for page in PAGES}
    assert [saves[page](PAGES[page][0]) for page in PAGES] == [302] * len(PAGES)
    assert {"removed_people", "scope", "derives", "leaves_out", "next"} <= _settings(door).keys()


def test_two_seasons_that_two_people_add_are_both_there_and_cannot_overlap(office: Office, door: Door) -> None:
    client, path = signed_in(office.accounts["administrator"]), office.path(f"sources/{door.source.pk}/seasons/")
    days = [("2027-06-01", "2027-06-10"), ("2027-08-01", "2027-08-10"), ("2027-08-10", "2027-08-12")]
    said = [{"first": first, "last": last, "removed_people": "900"} for first, last in days]
    assert [client.post(path, one).status_code for one in said] == [302, 302, 422]
    client.post(path, {"remove": "2027-06-01"})
    seasons = _settings(door)["seasons"]
    assert isinstance(seasons, list)
    assert [season["first"] for season in seasons] == ["2027-08-01"]


def test_a_look_at_what_is_not_saved_does_not_hide_that_somebody_else_was_faster(office: Office, door: Door) -> None:
    client, path = signed_in(office.accounts["administrator"]), office.path(f"sources/{door.source.pk}/scope/")
    mine, theirs = _opened(client, path), client.get(path).context["shown"]
    assert mine({"grades": "05"}) == 302
    looked = client.post(path, {"look": "yes", "shown": theirs, "grades": "06"})
    assert looked.context["shown"] == theirs
    assert client.post(path, {"save": "yes", "shown": looked.context["shown"], "grades": "06"}).status_code == 409
