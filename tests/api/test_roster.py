"""Districts, sources, people, classes and cases by the API: what the pages show the same person, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.api.test_runs import ensure_problem
from tests.web.rooms.conftest import House, house, signed_in

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Role, User

__all__ = ["house"]
pytestmark = pytest.mark.usefixtures("database")


def ask(client: Client, house: House, path: str) -> Any:
    answer = client.get(f"/api/manage/v1/districts/{house.district.code}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def walk(client: Client, house: House, path: str, key: str) -> Iterator[dict[str, Any]]:
    """All pieces of a list."""
    after, more = "", True
    while more:
        answer = ask(client, house, f"{path}{'&' if '?' in path else '?'}limit=90{after}")
        yield from answer[key]
        after, more = f"&after={answer[key][-1]['id']}", answer["more"]


def test_the_lists_walk_through_everybody_once(house: House) -> None:
    client = signed_in(house.accounts["administrator"])
    with within(house.district):
        people = set(User.objects.filter(district_id=house.district.pk, removed_at=None).values_list("id", flat=True))
        classes = set(Class.objects.filter(district_id=house.district.pk, removed_at=None).values_list("id", flat=True))
    found = [person["id"] for person in walk(client, house, "/people", "people")]
    assert sorted(found) == sorted(people)
    assert sorted(one["id"] for one in walk(client, house, "/classes", "classes")) == sorted(classes)


def test_a_principal_sees_their_school_and_no_other(house: House) -> None:
    client = signed_in(house.accounts["principal"])
    mine, theirs = house.person_ids["student"], house.student_of("other principal")
    found = {person["id"] for person in walk(client, house, "/people", "people")}
    assert mine in found
    assert theirs not in found
    assert ask(client, house, f"/people/{mine}")["sourced_id"]
    ensure_problem(client.get(f"/api/manage/v1/districts/{house.district.code}/people/{theirs}"), 404)


def test_filters_are_those_of_the_page(house: House) -> None:
    client = signed_in(house.accounts["administrator"])
    with within(house.district):
        school = Role.objects.filter(district_id=house.district.pk, role="student", removed_at=None)[0].org_id
    students = list(walk(client, house, f"/people?role=student&school={school}", "people"))
    assert students
    assert all("student" in one["roles"] for one in students)
    one = students[0]
    assert one["id"] in {found["id"] for found in ask(client, house, f"/people?q={one['family_name']}")["people"]}
    assert ask(client, house, "/people?q=%00")["people"]
    for query in ("limit=0", "limit=x", "school=99999999999999999999", "after=-1", f"q={'x' * 300}"):
        answer = client.get(f"/api/manage/v1/districts/{house.district.code}/people?{query}")
        ensure_problem(answer, 422)


def test_a_teacher_gets_their_own_classes_only(house: House) -> None:
    client = signed_in(house.accounts["teacher"])
    assert ask(client, house, f"/classes/{house.own_class}")["members"]
    base = f"/api/manage/v1/districts/{house.district.code}"
    ensure_problem(client.get(f"{base}/classes"), 403)
    ensure_problem(client.get(f"{base}/people"), 403)


def test_sources_tell_how_they_go_and_no_secret(house: House) -> None:
    client = signed_in(house.accounts["administrator"])
    [source, *_] = ask(client, house, "/sources")["sources"]
    assert ask(client, house, f"/sources/{source['id']}") == source
    assert source["connection"] is None
    answer = client.post(f"/api/manage/v1/districts/{house.district.code}/sources/{source['id']}/sync")
    ensure_problem(answer, 409)
