"""The roster changed by the API: what the page lets the same person do, done once, and never over somebody else's."""

import base64
import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.api.test_runs import TOKEN, ensure_problem
from tests.web.rooms.conftest import House, house, signed_in

from firstbell.domain.accounts.models import Membership
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.tokens import make_token
from firstbell.domain.accounts.viewer import view_as
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.editing.terms import add_term
from firstbell.domain.roster.models import User

__all__ = ["house"]
pytestmark = pytest.mark.usefixtures("database")


class Caller:
    """Somebody in a session, or a program, at one district's API."""

    def __init__(self, client: Client, district: District, **headers: str) -> None:
        client.cookies["csrftoken"] = TOKEN
        self.client, self.district = client, district
        self.headers = {"X-CSRFToken": TOKEN, **headers}

    def __call__(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            f"/api/manage/v1/districts/{self.district.code}{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers={**self.headers, **named},
        )

    def done(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
        answer = self(method, path, body, **headers)
        assert answer.status_code in {200, 201}, answer.content
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
def ask(administrator: Client, district: District) -> Caller:
    return Caller(administrator, district)


@pytest.fixture
def school(district: District) -> int:
    return add_org(district, {"name": "Lincoln Middle", "type": "school"}, by=AT_THE_COMMAND_LINE)


@pytest.fixture
def term(district: District) -> int:
    said = {"title": "2026-27", "type": "schoolYear", "startDate": "2026-08-17", "endDate": "2027-06-12"}
    return add_term(district, said, by=AT_THE_COMMAND_LINE)


def ana(school: int, **more: Any) -> dict[str, Any]:
    role = {"role": "student", "org_id": school}
    return {"given_name": "Ana", "family_name": "Gray", "username": "ana", "grades": ["04"], "roles": [role], **more}


def test_a_person_is_added_changed_removed_and_restored(ask: Caller, school: int) -> None:
    answer = ask("POST", "/people", ana(school))
    assert answer.status_code == 201, answer.content
    person = answer.json()
    here = f"/people/{person['id']}"
    assert ask.client.get(answer["Location"]).json() == person
    assert (person["given_name"], person["grades"], person["owner"], person["locked"]) == ("Ana", ["04"], "", {})
    assert [(role["role"], role["org"]) for role in person["held_roles"]] == [("student", "Lincoln Middle")]

    changed = ask.done("PATCH", here, {"preferred_given_name": "Annie", "phone": " 555 0100 "})
    assert (changed["preferred_given_name"], changed["phone"], changed["family_name"]) == ("Annie", "555 0100", "Gray")
    assert changed["version"] > person["version"]
    assert ask.done("PATCH", here, {"phone": None})["phone"] is None

    assert ask.done("DELETE", here)["removed_at"]
    ensure_problem(ask("PATCH", here, {"phone": "1"}), 404)
    back = ask.done("POST", f"{here}/restore")
    assert back["removed_at"] is None
    assert [role["role"] for role in back["held_roles"]] == ["student"]


def test_each_change_is_in_the_log_in_the_name_of_who_made_it(ask: Caller, school: int) -> None:
    person = ask.done("POST", "/people", ana(school))
    ask.done("DELETE", f"/people/{person['id']}")
    with within(ask.district):
        events = Event.objects.filter(district_id=ask.district.pk, subject_kind="user").order_by("id")
        assert list(events.values_list("verb", "actor_name", "subject_id")) == [
            ("user.added", "Ada Owner", str(person["id"])),
            ("user.removed", "Ada Owner", str(person["id"])),
        ]


def test_a_role_comes_ends_goes_and_comes_back(ask: Caller, school: int) -> None:
    person = ask.done("POST", "/people", ana(school))
    roles = f"/people/{person['id']}/roles"
    [only] = person["held_roles"]
    ensure_problem(ask("DELETE", f"{roles}/{only['id']}"), 409)
    more = ask.done("POST", roles, {"role": "aide", "org_id": school})
    aide = next(role for role in more["held_roles"] if role["role"] == "aide")
    ended = ask.done("PATCH", f"{roles}/{aide['id']}", {"end_date": "2027-01-30"})
    assert [role["end_date"] for role in ended["held_roles"] if role["id"] == aide["id"]] == ["2027-01-30"]
    assert len(ask.done("DELETE", f"{roles}/{aide['id']}")["held_roles"]) == 1
    assert len(ask.done("POST", f"{roles}/{aide['id']}/restore")["held_roles"]) == 2


def test_a_class_is_added_filled_changed_removed_and_restored(ask: Caller, school: int, term: int) -> None:
    person = ask.done("POST", "/people", ana(school))
    answer = ask("POST", "/classes", {"title": "Robotics", "school_id": school, "term_ids": [term]})
    assert answer.status_code == 201, answer.content
    club = answer.json()
    here = f"/classes/{club['id']}"
    assert ask.client.get(answer["Location"]).json() == club
    assert (club["school"], club["term_ids"], club["members"]) == ("Lincoln Middle", [term], [])

    said = {"person_ids": [person["id"]], "role": "student"}
    [place] = ask.done("POST", f"{here}/members", said)["members"]
    assert (place["person_id"], place["role"]) == (person["id"], "student")
    assert len(ask.done("POST", f"{here}/members", said)["members"]) == 1
    at = f"{here}/members/{place['place_id']}"
    assert ask.done("PATCH", at, {"end_date": "2027-01-30"})["members"][0]["end_date"] == "2027-01-30"
    assert ask.done("DELETE", at)["members"] == []
    assert len(ask.done("POST", f"{at}/restore")["members"]) == 1

    assert ask.done("PATCH", here, {"location": "B12", "periods": ["1", "3"]})["periods"] == ["1", "3"]
    assert ask.done("DELETE", here)["removed_at"]
    back = ask.done("POST", f"{here}/restore")
    assert (back["removed_at"], back["location"], len(back["members"])) == (None, "B12", 1)


def test_what_is_wrong_is_told_field_by_field_and_nothing_is_made(ask: Caller, school: int) -> None:
    taken = ana(school)
    ask.done("POST", "/people", taken)
    before = people_of(ask.district)
    for body, field in (
        ({}, "body"),
        (ana(school, roles=[]), "body"),
        (ana(school, family_name=None, username="other"), "family_name"),
        (taken, "username"),
        (ana(school, username="b", grades=["04,05"]), "body.grades.0"),
        (ana(school, username="b", email="nobody"), "email"),
        (ana(school, username="b", given_name="A\0"), "body.given_name"),
        (ana(school, username="b", given_name="x" * 300), "body.given_name"),
        (ana(school, username="b", surname="Gray"), "body.surname"),
        (ana(school, username="b", roles=[{"role": "wizard", "org_id": school}]), "role"),
        (ana(school, username="b", roles=[{"role": "student"}]), "org_id"),
        (ana(school, username="b", roles=[{"role": "student", "org_id": 2**61}]), "primary_org_id"),
    ):
        problem = ensure_problem(ask("POST", "/people", body), 422)
        assert any(error.startswith(f"{field}: ") for error in problem["errors"]), (field, problem["errors"])
    ensure_problem(ask("POST", "/people", ana(school, username="b", given_name="\ud800")), 422)
    assert people_of(ask.district) == before


def people_of(district: District) -> int:
    with within(district):
        return User.objects.filter(district_id=district.pk).count()


def test_a_field_that_a_source_keeps_is_refused_with_its_name(house: House) -> None:
    ask = Caller(signed_in(house.accounts["administrator"]), house.district)
    here = f"/people/{house.person_ids['teacher']}"
    before = ask.done("GET", here)
    assert before["locked"]["family_name"] == "PowerSchool nightly"
    assert "preferred_given_name" not in before["locked"]
    locked = ensure_problem(ask("PATCH", here, {"family_name": "Other"}), 409)
    assert locked["type"] == "urn:firstbell:problem:locked"
    assert locked["detail"] == "family_name comes from PowerSchool nightly. Change it there."
    refused = ensure_problem(ask("DELETE", here), 409)
    assert "PowerSchool nightly" in refused["detail"]
    own = f"/classes/{house.own_class}"
    assert "title" in ask.done("GET", own)["locked"]
    assert "PowerSchool nightly" in ensure_problem(ask("PATCH", own, {"title": "Other"}), 409)["detail"]
    [place, *_] = ask.done("GET", own)["members"]
    ensure_problem(ask("DELETE", f"{own}/members/{place['place_id']}"), 409)
    assert ask.done("GET", here) == before


def test_of_two_who_saw_the_same_the_second_is_told_to_look_again(ask: Caller, school: int) -> None:
    person = ask.done("POST", "/people", ana(school))
    here = f"/people/{person['id']}"
    seen = ask("GET", here)["ETag"]
    first = ask("PATCH", here, {"phone": "1"}, If_Match=seen)
    assert first.status_code == 200
    for method, path, body in (
        ("PATCH", here, {"phone": "2"}),
        ("DELETE", here, None),
        ("POST", f"{here}/roles", {"role": "aide", "org_id": school}),
    ):
        ensure_problem(ask(method, path, body, If_Match=seen), 412)
    assert ask("GET", here)["ETag"] == first["ETag"]
    assert ask("PATCH", here, {"phone": "2"}, If_Match=first["ETag"]).status_code == 200
    assert ask.done("DELETE", here, If_Match="*")["removed_at"]


def test_of_a_class_too(ask: Caller, school: int, term: int) -> None:
    club = ask.done("POST", "/classes", {"title": "Robotics", "school_id": school, "term_ids": [term]})
    here = f"/classes/{club['id']}"
    seen = ask("GET", here)["ETag"]
    assert ask("PATCH", here, {"subjects": ["Art"]}, If_Match=seen).status_code == 200
    ensure_problem(ask("PATCH", here, {"subjects": ["Music"]}, If_Match=seen), 412)
    ensure_problem(ask("DELETE", here, If_Match=seen), 412)
    assert ask.done("GET", here)["subjects"] == ["Art"]


def test_what_is_sent_twice_is_done_once(ask: Caller, school: int) -> None:
    key = uuid.uuid4().hex
    first = ask("POST", "/people", ana(school), Idempotency_Key=key)
    second = ask("POST", "/people", ana(school), Idempotency_Key=key)
    assert (second.status_code, second.json()) == (201, first.json())
    assert second["Idempotent-Replayed"] == "true"
    assert second["Location"] == first["Location"]
    assert people_of(ask.district) == 1
    ensure_problem(ask("POST", "/people", ana(school, username="b"), Idempotency_Key=key), 422)
    with connection.cursor() as cursor:  # the cache is behind no wall, and nobody's name stands in it
        cursor.execute("select value from firstbell_cache where cache_key like '%once:%'")
        answers = [base64.b64decode(value) for (value,) in cursor.fetchall()]
    assert answers
    assert not any(b"Gray" in answer for answer in answers)


def test_a_program_changes_what_its_token_was_given(house: House) -> None:
    membership = Membership.objects.get(account=house.accounts["administrator"], district=house.district)
    may_look = make_token(house.district, view_as(membership), "Looks", [Permission.VIEW_ROSTER], days=1).secret
    person = f"/people/{house.person_ids['student']}"
    looks = Caller(Client(), house.district, Authorization=f"Bearer {may_look}")
    looks.done("GET", person)
    ensure_problem(looks("PATCH", person, {"preferred_given_name": "Annie"}), 403)
    ensure_problem(looks("POST", "/people", ana(house.schools["principal"])), 403)


def test_a_program_with_the_permission_adds_somebody(ask: Caller, school: int) -> None:
    membership = Membership.objects.get(account__name="Ada Owner", district=ask.district)
    may = [Permission.VIEW_ROSTER, Permission.EDIT_ROSTER]
    secret = make_token(ask.district, view_as(membership), "Registrar's script", may, days=1).secret
    program = Caller(Client(), ask.district, Authorization=f"Bearer {secret}")
    assert program.done("POST", "/people", ana(school))["id"]


def test_strangers_find_nobody(ask: Caller, school: int, stranger: Client) -> None:
    person = ask.done("POST", "/people", ana(school))
    outside = Caller(stranger, ask.district)
    for method, path, body in (
        ("PATCH", f"/people/{person['id']}", {"phone": "1"}),
        ("DELETE", f"/people/{person['id']}", None),
        ("POST", "/people", ana(school, username="b")),
    ):
        ensure_problem(outside(method, path, body), 404)
    assert ask.done("GET", f"/people/{person['id']}") == person
