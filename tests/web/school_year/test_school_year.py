"""A new school year: grades move up, leavers leave, classes are emptied; looked at first, guarded, and undone."""

import re
from typing import NamedTuple

import pytest
from django.test import Client
from tests.web.editing.conftest import empty_district
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.queries import find_credential
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.classes import add_class
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.places import add_members
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.editing.terms import add_term
from firstbell.domain.roster.models import Class, Enrollment, Role, User

pytestmark = pytest.mark.usefixtures("database", "static_files")


class Hill(NamedTuple):
    """An elementary school with three grades of two, and a middle school with one student; row ids by name."""

    district: District
    rows: dict[str, int]
    client: Client

    def path(self, rest: str = "school-year/") -> str:
        return f"/d/{self.district.code}/{rest}"

    def grade(self, name: str) -> list[str] | None:
        with within(self.district):
            return User.objects.get(id=self.rows[name]).grades

    def is_live(self, name: str) -> bool:
        with within(self.district):
            return User.objects.get(id=self.rows[name]).removed_at is None

    def in_class(self) -> int:
        with within(self.district):
            return Enrollment.objects.filter(class_id=self.rows["CLASS"], removed_at=None).count()


def _term(district: District, title: str, first: str, after: str) -> int:
    return add_term(district, {"title": title, "type": "schoolYear", "startDate": first, "endDate": after}, by=BY)


def _person(district: District, name: str, role: str, school: int, grade: str = "") -> int:
    who = {"givenName": name, "familyName": "Hill", "username": name.lower(), "grades": grade}
    return add_person(district, who, [{"role": role, "orgSourcedId": str(school)}], by=BY)


@pytest.fixture
def hill(database: None) -> Hill:
    district = empty_district()
    rows = {name: add_org(district, {"name": name.title(), "type": "school"}, by=BY) for name in ("LOWER", "MIDDLE")}
    rows["OLD"] = _term(district, "2025-26", "2025-08-15", "2026-06-15")
    rows["NEW"] = _term(district, "2034-35", "2034-08-15", "2035-06-15")
    said = {"title": "Homeroom", "schoolSourcedId": str(rows["LOWER"]), "termSourcedIds": str(rows["OLD"])}
    rows["CLASS"] = add_class(district, said, by=BY)
    for name, grade in (("Kim", "KG"), ("Kay", "KG"), ("Ann", "01"), ("Abe", "01"), ("Bea", "02"), ("Ben", "02")):
        rows[name] = _person(district, name, "student", rows["LOWER"], grade)
    rows["Max"] = _person(district, "Max", "student", rows["MIDDLE"], "03")
    rows["Tom"] = _person(district, "Tom", "teacher", rows["LOWER"])
    add_members(district, rows["CLASS"], [rows["Kim"], rows["Bea"]], {"role": "student"}, by=BY)
    add_members(district, rows["CLASS"], [rows["Tom"]], {"role": "teacher"}, by=BY)
    return Hill(district, rows, signed_in(member(district, "dana", "district_administrator")))


def _chosen(hill: Hill, **other: object) -> dict[str, object]:
    """What a browser sends of the page as it comes, with only the lower school."""
    return {"school": [hill.rows["LOWER"]], "term": hill.rows["NEW"], **other}


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(seen|looked)" value="([^"]*)"', page))


def _looked(hill: Hill, **other: object) -> dict[str, object]:
    """What is sent to do it, after the preview."""
    sent = _chosen(hill, **other)
    page = hill.client.post(hill.path(), {**sent, "then": "look"}).content.decode()
    assert "What will happen" in page
    return {**sent, **_hidden(page), "then": "do"}


def _done(hill: Hill, **other: object) -> str:
    answer = hill.client.post(hill.path(), _looked(hill, **other))
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def test_looking_tells_what_will_happen_and_changes_nothing(hill: Hill) -> None:
    page = hill.client.post(hill.path(), {**_chosen(hill), "then": "look"})
    assert page.context["says"].startswith(
        "4 students move up, 2 leave the roster, 1 place in a class ends, and 1 class"
    )
    assert hill.grade("Kim") == ["KG"]
    assert hill.is_live("Ben")
    assert hill.in_class() == 3


def test_grades_move_up_leavers_leave_and_classes_are_emptied_into_the_new_term(hill: Hill) -> None:
    _done(hill)
    assert [hill.grade(name) for name in ("Kim", "Kay", "Ann", "Abe")] == [["01"], ["01"], ["02"], ["02"]]
    assert not hill.is_live("Bea")
    assert not hill.is_live("Ben")
    assert hill.in_class() == 1, "the teacher stays"
    with within(hill.district):
        assert Class.objects.get(id=hill.rows["CLASS"]).term_ids == [hill.rows["NEW"]]
    assert hill.grade("Max") == ["03"], "the other school was not chosen"


def test_accounts_are_kept_and_come_back_with_who_is_restored(hill: Hill) -> None:
    for name in ("Kim", "Ben"):
        set_credential(hill.district, hill.rows[name], name.lower(), "a good one", name=name, by=OPERATOR)
    act = _done(hill)
    assert authenticate_student(hill.district, "kim", "a good one", address="10.9.0.1") is not None
    assert find_credential(hill.district, "ben") is not None
    hill.client.post(f"{act}undo/")
    assert authenticate_student(hill.district, "ben", "a good one", address="10.9.0.2") is not None


def test_undo_brings_all_of_it_back(hill: Hill) -> None:
    with within(hill.district):
        before = list(User.objects.order_by("id").values_list("id", "grades", "removed_at", "primary_org_id"))
    act = _done(hill, **{f"move-{hill.rows['LOWER']}-02": f"to-{hill.rows['MIDDLE']}", "teachers": "yes"})
    assert hill.in_class() == 0
    hill.client.post(f"{act}undo/")
    with within(hill.district):
        after = list(User.objects.order_by("id").values_list("id", "grades", "removed_at", "primary_org_id"))
        assert Class.objects.get(id=hill.rows["CLASS"]).term_ids == [hill.rows["OLD"]]
        schools = set(Role.objects.filter(user_id=hill.rows["Bea"], removed_at=None).values_list("org_id", flat=True))
    assert after == before
    assert schools == {hill.rows["LOWER"]}
    assert hill.in_class() == 3


def test_a_grade_can_go_on_at_another_school_and_nobody_moves_twice(hill: Hill) -> None:
    both = {"school": [hill.rows["LOWER"], hill.rows["MIDDLE"]], f"move-{hill.rows['MIDDLE']}-03": "up"}
    _done(hill, **both, **{f"move-{hill.rows['LOWER']}-02": f"to-{hill.rows['MIDDLE']}"})
    assert (hill.grade("Bea"), hill.grade("Max")) == (["03"], ["04"])
    with within(hill.district):
        roles = Role.objects.filter(user_id=hill.rows["Bea"], removed_at=None).values_list("org_id", "role")
        assert list(roles) == [(hill.rows["MIDDLE"], "student")]
        assert User.objects.get(id=hill.rows["Bea"]).primary_org_id == hill.rows["MIDDLE"]


def test_a_grade_may_stay(hill: Hill) -> None:
    _done(hill, **{f"move-{hill.rows['LOWER']}-KG": "stay", f"move-{hill.rows['LOWER']}-02": "stay"})
    assert (hill.grade("Kim"), hill.grade("Ann"), hill.is_live("Ben")) == (["KG"], ["02"], True)


def test_a_second_time_waits_until_somebody_says_that_it_is_meant(hill: Hill) -> None:
    _done(hill)
    answer = hill.client.post(hill.path(), _looked(hill))
    assert answer.status_code == 409
    assert "begun on" in answer.content.decode()
    assert hill.grade("Kim") == ["01"]
    assert hill.client.post(hill.path(), {**_looked(hill), "sure": "yes"}).status_code == 302
    assert hill.grade("Kim") == ["02"]


def test_a_year_that_was_undone_does_not_count_as_begun(hill: Hill) -> None:
    hill.client.post(f"{_done(hill)}undo/")
    page = hill.client.post(hill.path(), {**_chosen(hill), "then": "look"})
    assert page.context["year"].reasons == []


def test_many_leavers_wait(hill: Hill) -> None:
    answer = hill.client.post(hill.path(), _looked(hill, **{f"move-{hill.rows['LOWER']}-KG": "leave"}))
    assert answer.status_code == 409
    assert "4 of 6 students would leave the roster." in answer.content.decode()
    assert hill.is_live("Kim")


def test_a_year_that_still_goes_on_waits(hill: Hill) -> None:
    with within(hill.district):
        running = _term(hill.district, "2026-27", "2026-08-15", "2036-06-15")
        Class.objects.filter(id=hill.rows["CLASS"]).update(term_ids=[running])
    answer = hill.client.post(hill.path(), _looked(hill))
    assert answer.status_code == 409
    assert "The term 2026-27 goes on until June 15, 2036." in answer.content.decode()


def test_who_changed_the_roster_or_the_choices_since_sees_again_what_will_happen(hill: Hill) -> None:
    ready = _looked(hill)
    _person(hill.district, "Nia", "student", hill.rows["LOWER"], "KG")
    answer = hill.client.post(hill.path(), {**ready, "sure": "yes"})
    assert answer.status_code == 409
    assert "changed the roster since" in answer.content.decode()
    again = {**_looked(hill), f"move-{hill.rows['LOWER']}-KG": "leave", "sure": "yes"}
    assert hill.client.post(hill.path(), again).status_code != 302
    assert hill.grade("Kim") == ["KG"]


def test_students_of_a_source_and_of_two_schools_stay_as_they_are(hill: Hill) -> None:
    with within(hill.district):
        User.objects.filter(id=hill.rows["Kim"]).update(source_id=4711)
    from firstbell.domain.roster.editing.roles import add_role

    add_role(hill.district, hill.rows["Ben"], {"role": "student", "orgSourcedId": str(hill.rows["MIDDLE"])}, by=BY)
    page = hill.client.post(hill.path(), {**_chosen(hill), "then": "look"})
    assert sorted(page.context["alone"]) == [
        "1 come from a source, which moves them itself",
        "1 have a role at another school too",
    ]
    _done(hill)
    assert (hill.grade("Kim"), hill.is_live("Ben"), hill.is_live("Bea")) == (["KG"], True, False)


def test_a_registrar_begins_the_year_at_the_own_school_only(hill: Hill) -> None:
    clerk = _person(hill.district, "Cora", "siteAdministrator", hill.rows["MIDDLE"])
    registrar = signed_in(member(hill.district, "cora", "registrar", clerk))
    shown = registrar.get(hill.path()).context["choosing"].schools
    assert [school.name for school in shown] == ["Middle"]
    answer = registrar.post(hill.path(), {**_chosen(hill), "then": "look"})
    assert answer.status_code == 422, "a school of others is as none"
    principal = signed_in(member(hill.district, "pia", "principal", clerk))
    assert principal.get(hill.path()).status_code == 403


def test_nothing_is_asked_where_nobody_is_or_no_term_is_ahead(database: None) -> None:
    district = empty_district()
    client = signed_in(member(district, "dana", "district_administrator"))
    path = f"/d/{district.code}/school-year/"
    assert "No student is on the roster" in client.get(path).content.decode()
    school = add_org(district, {"name": "Hill", "type": "school"}, by=BY)
    _person(district, "Kim", "student", school, "12")
    assert "No term is ahead" in client.get(path).content.decode()
    _term(district, "2034-35", "2034-08-15", "2035-06-15")
    (part,) = client.get(path).context["choosing"].schools
    assert [(value, chosen) for value, _, chosen in part.grades[0].choices] == [("stay", False), ("leave", True)]
