"""Who changed what by hand, when, before and after: in the timeline of a person and a class, and act by act."""

import pytest
from django.test import Client
from tests.web.editing.conftest import Village, sent
from tests.web.rooms.conftest import signed_in

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import User
from firstbell.web.components.shapes import Moment

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _moments(client: Client, village: Village, page: str) -> list[Moment]:
    moments: list[Moment] = client.get(village.path(page)).context["moments"]
    return moments


def _change(client: Client, village: Village, page: str, **typed: object) -> None:
    path = village.path(page)
    assert client.post(path, sent(client, path, **typed)).status_code == 302


def test_a_persons_timeline_tells_who_did_what_with_before_and_after(village: Village, administrator: Client) -> None:
    registrar = signed_in(village.accounts["registrar"])
    _change(registrar, village, "people/STUDENT/edit/", familyName="King", email="ada@example.org")
    registrar.post(village.path("classes/CLASS/members/PLACE/remove/"))
    told = _moments(administrator, village, "people/STUDENT/history/")
    assert [moment.what for moment in told] == [
        "Left Algebra",
        "Changed: family name from “Byron” to “King”; email is now “ada@example.org”",
        "Joined Algebra as student",
        "Came to the roster",
        "Became student at Maple Hill",
    ]
    assert told[0].why == "by Registrar Whitfield, in Firstbell"
    assert told[2].why == "by Operator, in Firstbell"
    assert told[0].url
    assert administrator.get(told[0].url).status_code == 200


def test_the_principal_sees_what_happened_without_a_link_to_undo_it(village: Village) -> None:
    told = _moments(signed_in(village.accounts["principal"]), village, "people/STUDENT/history/")
    assert len(told) == 3
    assert {moment.url for moment in told} == {""}


def test_a_class_tells_who_put_whom_into_it(village: Village, administrator: Client) -> None:
    administrator.post(
        village.path("classes/CLASS/members/add/"), {"person": [village.rows["PUPIL"]], "role": "student"}
    )
    _change(administrator, village, "classes/CLASS/edit/", title="Algebra I")
    told = _moments(administrator, village, "classes/CLASS/history/")
    assert [moment.what for moment in told] == [
        "Changed: title from “Algebra” to “Algebra I”",
        "Ben Brown joined as student",
        "Emmy Noether joined as teacher",
        "Ada Byron joined as student",
        "Came to the roster",
    ]


def test_the_last_word_on_a_field_is_told(village: Village, administrator: Client) -> None:
    first = _moments(administrator, village, "people/STUDENT/field/family_name/")
    assert [moment.what for moment in first] == ["Came to the roster with “Byron”"]
    _change(administrator, village, "people/STUDENT/edit/", familyName="King")
    last = _moments(administrator, village, "people/STUDENT/field/family_name/")
    assert [moment.what for moment in last] == ["Family name from “Byron” to “King”"]
    title = _moments(administrator, village, "classes/CLASS/field/title/")
    assert [moment.what for moment in title] == ["Came to the roster with “Algebra”"]
    role = _moments(administrator, village, "people/STUDENT/why/ROLE/")
    assert [moment.what for moment in role] == ["Became student at Maple Hill"]


def test_an_act_shows_every_row_and_is_undone_once(village: Village, administrator: Client) -> None:
    administrator.post(village.path("people/STUDENT/remove/"))
    with within(village.district):
        event = list_events(village.district.pk)[0].pk
    path = village.path(f"acts/{event}/")
    page = administrator.get(path)
    assert [(change.kind, change.title) for change in page.context["changes"]] == [
        ("removed", "Ada Byron in Algebra"),
        ("removed", "Ada Byron: student at Maple Hill"),
        ("removed", "Ada Byron"),
    ]
    done = administrator.post(path + "undo/", follow=True).content.decode()
    assert "Undone: all is as it was before." in done
    assert village.live("users", id=village.rows["STUDENT"]) == 1
    assert "undone already" in administrator.post(path + "undo/", follow=True).content.decode()


def test_an_undo_tells_what_was_changed_since(village: Village, administrator: Client) -> None:
    _change(administrator, village, "people/STUDENT/edit/", familyName="King", phone="1")
    with within(village.district):
        event = list_events(village.district.pk)[0].pk
    _change(administrator, village, "people/STUDENT/edit/", familyName="Lovelace")
    told = administrator.post(village.path(f"acts/{event}/undo/"), follow=True).content.decode()
    assert "Undone, but for what was changed since." in told
    with within(village.district):
        row = User.objects.get(id=village.rows["STUDENT"])
    assert (row.family_name, row.phone) == ("Lovelace", None)
