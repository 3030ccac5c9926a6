"""The owner, the colleague in another school, the stranger, and who is signed out, at each page that changes things."""

import pytest
from django.test import Client
from django.urls import resolve
from tests.web.editing.conftest import Village
from tests.web.rooms.conftest import signed_in

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.web.classes import urls as classes
from firstbell.web.people import urls as people
from firstbell.web.schools import urls as schools
from firstbell.web.terms import urls as terms

pytestmark = pytest.mark.usefixtures("static_files", "database")

OF_THE_DISTRICT = [
    "schools/add/",
    "schools/SCHOOL/",
    "schools/EMPTY/remove/",
    "schools/EMPTY/restore/",
    "terms/add/",
    "terms/TERM/",
    "terms/TERM/remove/",
    "terms/TERM/restore/",
]
OF_A_SCHOOL = [
    "people/STUDENT/edit/",
    "people/STUDENT/remove/",
    "people/STUDENT/restore/",
    "people/STUDENT/roles/add/",
    "people/STUDENT/roles/ROLE/",
    "people/STUDENT/roles/ROLE/remove/",
    "people/STUDENT/move/",
    "people/STUDENT/last-day/",
    "people/STUDENT/merge/PUPIL/",
    "people/STUDENT/apart/PUPIL/",
    "classes/CLASS/edit/",
    "classes/CLASS/remove/",
    "classes/CLASS/restore/",
    "classes/CLASS/members/add/",
    "classes/CLASS/members/PLACE/",
    "classes/CLASS/members/PLACE/remove/",
]
OF_EVERY_EDITOR = ["people/add/", "classes/add/", "people/many/", "classes/many/"]
POST_ONLY = {path for path in (*OF_THE_DISTRICT, *OF_A_SCHOOL) if path.endswith("restore/")}
POST_ONLY |= {"people/many/", "classes/many/", "people/STUDENT/apart/PUPIL/"}


def _statuses(client: Client, village: Village, page: str) -> set[int]:
    got = {client.post(village.path(page)).status_code}
    return got if page in POST_ONLY else got | {client.get(village.path(page)).status_code}


@pytest.mark.parametrize("page", [*OF_THE_DISTRICT, *OF_A_SCHOOL, *OF_EVERY_EDITOR])
def test_who_may_not_edit_changes_nothing(village: Village, stranger: Client, page: str) -> None:
    for who in ("principal", "teacher", "student"):
        refused = _statuses(signed_in(village.accounts[who]), village, page)
        assert refused <= {403, 404}, who
    assert _statuses(stranger, village, page) == {404}
    assert _statuses(Client(), village, page) == {302}
    assert (village.live("users"), village.live("classes"), village.live("orgs")) == (5, 1, 3)


@pytest.mark.parametrize("page", OF_A_SCHOOL)
def test_a_registrar_of_another_school_sees_the_page_that_is_not_there(village: Village, page: str) -> None:
    colleague = signed_in(village.accounts["colleague"])
    assert _statuses(colleague, village, page) == {404}
    not_there = colleague.post(village.path("people/999999999999/edit/"))
    assert colleague.post(village.path(page)).content == not_there.content


@pytest.mark.parametrize("page", OF_THE_DISTRICT)
def test_schools_and_terms_are_not_a_registrars(village: Village, page: str) -> None:
    assert _statuses(signed_in(village.accounts["registrar"]), village, page) <= {403, 404}


@pytest.mark.parametrize("page", [page for page in (*OF_A_SCHOOL, *OF_EVERY_EDITOR) if page not in POST_ONLY])
def test_the_registrar_and_the_administrator_come_in(village: Village, administrator: Client, page: str) -> None:
    for client in (signed_in(village.accounts["registrar"]), administrator):
        assert client.get(village.path(page)).status_code == 200


def test_a_registrar_chooses_among_her_own_schools_and_sends_no_other(village: Village) -> None:
    registrar = signed_in(village.accounts["registrar"])
    form = registrar.get(village.path("people/add/")).context["form"]
    assert {value for value, _ in form.fields["orgSourcedId"].choices} == {str(village.rows["SCHOOL"])}
    sent = {"givenName": "A", "familyName": "B", "role": "student", "orgSourcedId": village.rows["OTHER"]}
    assert registrar.post(village.path("people/add/"), {**sent, "enabledUser": "true"}).status_code == 422
    assert village.live("users") == 5


READ = {
    "schools", "schools_export", "terms", "terms_export",
    "people", "person", "person_demographics", "person_history", "person_why", "person_field",
    "person_reported", "person_everything", "people_export", "people_duplicates", "person_merge",
    "classes", "classes_export", "class", "class_history", "class_field", "my_classes",
}  # fmt: skip
"""Pages of these rooms that only show something; who sees them is told by tests/web/rooms."""


def test_what_somebody_did_is_for_who_did_it_and_for_administrators(
    village: Village, administrator: Client, stranger: Client
) -> None:
    registrar = signed_in(village.accounts["registrar"])
    registrar.post(village.path("people/PUPIL/remove/"))
    with within(village.district):
        event = list_events(village.district.pk)[0].pk
    page = f"acts/{event}/"
    assert [client.get(village.path(page)).status_code for client in (registrar, administrator)] == [200, 200]
    administrator.post(village.path("people/STUDENT/remove/"))
    with within(village.district):
        hers = list_events(village.district.pk)[0].pk
    for client, path in (
        (registrar, f"acts/{hers}/"),
        (signed_in(village.accounts["colleague"]), page),
        (stranger, page),
        (administrator, "acts/999999/"),
    ):
        assert client.get(village.path(path)).status_code == 404
        assert client.post(village.path(f"{path}undo/")).status_code == 404
    assert signed_in(village.accounts["teacher"]).post(village.path(f"{page}undo/")).status_code == 403
    assert village.live("users") == 3
    registrar.post(village.path(f"{page}undo/"))
    assert village.live("users") == 4


def test_every_page_of_these_rooms_that_writes_is_walked(village: Village) -> None:
    walked = {resolve(village.path(page)).url_name for page in (*OF_THE_DISTRICT, *OF_A_SCHOOL, *OF_EVERY_EDITOR)}
    rooms = (people.urlpatterns, classes.urlpatterns, schools.urlpatterns, terms.urlpatterns)
    assert {pattern.name for room in rooms for pattern in room} - READ == walked
