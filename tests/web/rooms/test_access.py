"""The owner, the colleague, the stranger: who sees whom, through the doors, as the application role."""

import html

import pytest
from django.test import Client
from tests.web.rooms.conftest import House, member, signed_in

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Demographics, Enrollment, Role, User

pytestmark = pytest.mark.usefixtures("static_files", "database")
ROOMS = ["", "people/", "classes/", "my-classes/"]


def _status(client: Client, path: str) -> int:
    return client.get(path).status_code


def _pages_of_a_person(house: House, person_id: int) -> list[str]:
    return [house.path(f"people/{person_id}/{page}") for page in ("", "history/", "demographics/")]


@pytest.mark.parametrize("room", ROOMS)
def test_who_is_signed_out_is_led_to_the_door_and_back(house: House, room: str) -> None:
    answer = Client().get(house.path(room))
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={house.path(room)}")


def test_a_part_of_a_page_tells_who_is_signed_out_so(house: House) -> None:
    assert Client().get(house.path("people/"), headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("room", ROOMS)
def test_another_district_looks_like_one_that_there_is_not(house: House, stranger: Client, room: str) -> None:
    theirs, nowhere = stranger.get(house.path(room)), stranger.get(f"/d/no-such-district/{room}")
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.content == nowhere.content


def test_the_stranger_finds_nobody_of_this_district_in_her_own(house: House, stranger: Client) -> None:
    own = stranger.get("/", follow=True).redirect_chain[-1][0]
    person, group = house.student_of("principal"), house.class_of("principal")
    for path in (f"people/{person}/", f"people/{person}/history/", f"classes/{group}/", f"people/?after={person}"):
        assert stranger.get(own + path).status_code == (200 if "?" in path else 404)
    assert stranger.get(own + "people/").context["total"] == "0 people"


@pytest.mark.parametrize("who", ["administrator", "it"])
def test_administrators_see_everyone(house: House, who: str) -> None:
    client = signed_in(house.accounts[who])
    for principal in ("principal", "other principal"):
        assert _status(client, house.path(f"people/{house.student_of(principal)}/")) == 200
        assert _status(client, house.path(f"classes/{house.class_of(principal)}/")) == 200


def test_a_principal_sees_the_people_and_classes_of_her_school_only(house: House) -> None:
    client = signed_in(house.accounts["principal"])
    for path in _pages_of_a_person(house, house.student_of("principal")):
        assert _status(client, path) == 200
    for path in _pages_of_a_person(house, house.student_of("other principal")):
        assert _status(client, path) == 404
    assert _status(client, house.path(f"classes/{house.class_of('principal')}/")) == 200
    assert _status(client, house.path(f"classes/{house.class_of('other principal')}/")) == 404


def test_not_yours_and_not_there_are_the_same_page(house: House) -> None:
    client = signed_in(house.accounts["principal"])
    not_hers = client.get(house.path(f"people/{house.student_of('other principal')}/"))
    not_there = client.get(house.path("people/999999999999/"))
    too_long = client.get(house.path("people/99999999999999999999999/"))
    assert not_hers.status_code == not_there.status_code == too_long.status_code == 404
    assert not_hers.content == not_there.content == too_long.content


def test_lists_and_filters_of_a_principal_tell_nothing_of_other_schools(house: House) -> None:
    client = signed_in(house.accounts["principal"])
    other = house.schools["other principal"]
    hidden = house.student_of("other principal")
    shown = client.get(house.path("people/"))
    assert {str(choice[0]) for choice in shown.context["form"].fields["school"].choices} == {
        "",
        str(house.schools["principal"]),
    }
    assert client.get(house.path(f"people/?school={other}")).context["people"] == []
    with within(house.district):
        person = User.objects.get(id=hidden)
    assert client.get(house.path("people/"), {"q": person.identifier or ""}).context["people"] == []
    begun_behind_hidden = client.get(house.path(f"people/?after={hidden}")).context["people"]
    assert begun_behind_hidden == shown.context["people"]


def test_demographics_are_shown_with_their_own_permission_only(house: House) -> None:
    student = house.student_of("principal")
    page = house.path(f"people/{student}/demographics/")
    with_permission = signed_in(house.accounts["administrator"])
    assert "Date of birth" in with_permission.get(page).content.decode()
    without = signed_in(house.accounts["it"])
    assert _status(without, page) == 403
    assert "emographics" not in without.get(house.path(f"people/{student}/")).content.decode()
    assert "Date of birth" not in with_permission.get(house.path(f"people/{student}/")).content.decode()
    assert _status(signed_in(house.accounts["teacher"]), page) == 403


def test_a_teacher_sees_own_classes_with_their_members_and_no_list_of_people(house: House) -> None:
    client = signed_in(house.accounts["teacher"])
    mine = client.get(house.path("my-classes/")).context["classes"]
    assert mine
    assert client.get(mine[0].url).context["students"]
    others = {row.url for row in mine} ^ {house.path(f"classes/{house.class_of('other principal')}/")}
    assert _status(client, next(url for url in others if url not in {row.url for row in mine})) == 404
    assert [_status(client, house.path(room)) for room in ("people/", "classes/")] == [403, 403]
    assert _status(client, house.path(f"people/{house.person_ids['student']}/")) == 403
    assert client.get(house.path())["Location"] == house.path("my-classes/")


def test_a_student_sees_own_classes_and_who_teaches_them_and_no_other_student(house: House) -> None:
    client = signed_in(house.accounts["student"])
    mine = client.get(house.path("my-classes/")).context["classes"]
    assert mine
    page = client.get(mine[0].url)
    assert page.context["students"] == []
    assert page.context["teachers"]
    with within(house.district):
        places = Enrollment.objects.filter(
            class_id=int(mine[0].url.rstrip("/").rsplit("/", 1)[1]), role="student", removed_at=None
        )
        classmates = User.objects.filter(id__in=places.values("user_id")).exclude(id=house.person_ids["student"])
        usernames = [classmate.username or "" for classmate in classmates]
    assert usernames
    assert not [name for name in usernames if name in page.content.decode()]
    assert _status(client, house.path(f"people/{house.person_ids['student']}/")) == 403


def test_a_student_is_not_in_a_class_that_she_left(house: House) -> None:
    with within(house.district):
        place = Enrollment.objects.filter(user_id=house.person_ids["student"], removed_at=None).first()
        assert place is not None
        Enrollment.objects.filter(id=place.id).update(end_date="2020-01-01")
    try:
        client = signed_in(house.accounts["student"])
        assert _status(client, house.path(f"classes/{place.class_id}/")) == 404
    finally:
        with within(house.district):
            Enrollment.objects.filter(id=place.id).update(end_date=None)


def test_a_role_that_ended_opens_no_school(house: House) -> None:
    client = signed_in(house.accounts["other principal"])
    assert client.get(house.path("people/")).context["people"]
    with within(house.district):
        roles = Role.objects.filter(user_id=house.person_ids["other principal"], role="principal")
        roles.update(end_date="2020-01-01")
    try:
        assert client.get(house.path("people/")).context["people"] == []
    finally:
        with within(house.district):
            roles.update(end_date=None)


def test_a_principal_who_is_nobody_on_the_roster_sees_nobody(house: House) -> None:
    client = signed_in(member(house.district, "nobody", "principal"))
    page = client.get(house.path("people/"))
    assert (page.context["people"], page.context["total"]) == ([], "0 people")
    assert client.get(house.path()).status_code == 200


WHYS = ["history/", "field/title/"]


def test_why_of_a_class_is_for_those_who_see_the_roster_of_its_school(house: House, stranger: Client) -> None:
    own, other = house.class_of("principal"), house.class_of("other principal")
    principal, administrator = signed_in(house.accounts["principal"]), signed_in(house.accounts["administrator"])
    for page in WHYS:
        assert _status(administrator, house.path(f"classes/{other}/{page}")) == 200
        assert _status(principal, house.path(f"classes/{own}/{page}")) == 200
        assert _status(principal, house.path(f"classes/{other}/{page}")) == 404
        assert _status(stranger, house.path(f"classes/{own}/{page}")) == 404
        part = {"HX-Request": "true"}
        assert principal.get(house.path(f"classes/{own}/{page}"), headers=part).status_code == 200
        assert principal.get(house.path(f"classes/{other}/{page}"), headers=part).status_code == 404
        for who in ("teacher", "student"):
            assert _status(signed_in(house.accounts[who]), house.path(f"classes/{house.own_class}/{page}")) == 403
    teachers_page = signed_in(house.accounts["teacher"]).get(house.path(f"classes/{house.own_class}/"))
    assert "What happened" not in teachers_page.content.decode()


def test_why_of_a_field_is_for_those_who_see_the_person(house: House, stranger: Client) -> None:
    own, other = house.student_of("principal"), house.student_of("other principal")
    principal = signed_in(house.accounts["principal"])
    assert _status(principal, house.path(f"people/{own}/field/email/")) == 200
    assert _status(principal, house.path(f"people/{other}/field/email/")) == 404
    assert _status(stranger, house.path(f"people/{own}/field/email/")) == 404
    assert _status(signed_in(house.accounts["teacher"]), house.path(f"people/{own}/field/email/")) == 403
    timeline = house.path(f"people/{other}/history/")
    assert principal.get(timeline, headers={"HX-Request": "true"}).status_code == 404
    for nothing in ("password", "source_id", "birth_date"):
        assert _status(principal, house.path(f"people/{own}/field/{nothing}/")) == 404


def test_a_class_names_nobody_in_its_history_whom_a_principal_may_not_see(house: House) -> None:
    own = house.class_of("principal")
    path = house.path(f"classes/{own}/history/")
    with within(house.district):
        place = Enrollment.objects.filter(class_id=own, role="student", removed_at=None).order_by("id").first()
        assert place is not None
        person = User.objects.get(id=place.user_id or 0)
        places = Enrollment.objects.filter(user_id=person.id, removed_at=None)
        roles = Role.objects.filter(user_id=person.id, removed_at=None)
        place_ids, role_ids = (list(rows.values_list("id", flat=True)) for rows in (places, roles))
        places.update(removed_at="2026-11-01T08:00:00Z")
        roles.update(removed_at="2026-11-01T08:00:00Z")
    name = f"{person.given_name} {person.family_name} joined"
    try:
        assert name in html.unescape(signed_in(house.accounts["administrator"]).get(path).content.decode())
        told = html.unescape(signed_in(house.accounts["principal"]).get(path).content.decode())
        assert name not in told
        assert "Somebody who is not at your schools joined as student" in told
    finally:
        with within(house.district):
            Enrollment.objects.filter(id__in=place_ids).update(removed_at=None)
            Role.objects.filter(id__in=role_ids).update(removed_at=None)
    assert name in html.unescape(signed_in(house.accounts["principal"]).get(path).content.decode())


def test_demographics_are_told_in_a_history_by_permission_and_with_values_only_where_asked_for(house: House) -> None:
    student = house.student_of("principal")
    with within(house.district):
        born = str(Demographics.objects.get(id=student).birth_date)
    timeline, reported = (house.path(f"people/{student}/{page}") for page in ("history/", "demographics/history/"))
    administrator, it = signed_in(house.accounts["administrator"]), signed_in(house.accounts["it"])
    assert "What the family reported came" in administrator.get(timeline).content.decode()
    assert "What the family reported came" not in it.get(timeline).content.decode()
    assert born not in administrator.get(timeline).content.decode()
    elsewhere = signed_in(house.accounts["other principal"])
    for part in ({}, {"HX-Request": "true"}):
        assert it.get(reported, headers=part).status_code == 403
        assert elsewhere.get(reported, headers=part).status_code == 404
        assert administrator.get(reported, headers=part).status_code == 200


def test_what_people_did_is_told_to_those_who_see_the_audit(house: House) -> None:
    path = house.path(f"people/{house.person_ids['student']}/history/")
    assert "Got a password" in signed_in(house.accounts["administrator"]).get(path).content.decode()
    assert "Got a password" not in signed_in(house.accounts["principal"]).get(path).content.decode()


def test_why_tells_only_of_rows_that_hang_on_the_person(house: House) -> None:
    client = signed_in(house.accounts["administrator"])
    with within(house.district):
        place = Enrollment.objects.filter(removed_at=None, role="student").first()
        assert place is not None
        other = User.objects.exclude(id=place.user_id or 0).first()
        assert other is not None
    assert _status(client, house.path(f"people/{place.user_id}/why/{place.id}/")) == 200
    assert _status(client, house.path(f"people/{other.id}/why/{place.id}/")) == 404


def test_pages_with_names_are_never_kept_by_browsers_on_the_way(house: House) -> None:
    answer = signed_in(house.accounts["administrator"]).get(house.path("people/"))
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_nothing_is_written_through_pages_that_only_show(house: House) -> None:
    client = signed_in(house.accounts["administrator"])
    for room in ("", "people/", "classes/", "my-classes/", f"people/{house.student_of('principal')}/"):
        assert client.post(house.path(room)).status_code == 405


def test_a_class_that_is_removed_is_gone_for_its_teacher(house: House) -> None:
    client = signed_in(house.accounts["teacher"])
    mine = client.get(house.path("my-classes/")).context["classes"]
    class_id = int(mine[0].url.rstrip("/").rsplit("/", 1)[1])
    with within(house.district):
        Class.objects.filter(id=class_id).update(removed_at="2026-01-01T00:00:00Z")
    try:
        assert _status(client, mine[0].url) == 404
        assert _status(signed_in(house.accounts["administrator"]), mine[0].url) == 200
    finally:
        with within(house.district):
            Class.objects.filter(id=class_id).update(removed_at=None)
