"""A roster by hand, through the pages: from nothing to a class with students, and what may go wrong on the way."""

import re

import pytest
from django.test import Client
from tests.web.editing.conftest import Village, empty_district, sent
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Enrollment, Org, Role, User

pytestmark = pytest.mark.usefixtures("static_files", "database")


def test_from_an_empty_district_to_a_class_with_a_student() -> None:
    district = empty_district()
    client = signed_in(member(district, "ann", "district_administrator"))
    here = f"/d/{district.code}/"
    steps = client.get(here).context["tasks"]
    assert [(step.label, step.state) for step in steps][:2] == [
        ("Say where and when", "next"),
        ("Add the people", "ahead"),
    ]
    for room, words in (("schools/", "Add the first school"), ("terms/", "Add the first term")):
        assert words in client.get(here + room).content.decode()
    assert "There is no school yet" in client.get(here + "people/add/").content.decode()
    assert "There is no school yet" in client.get(here + "classes/add/").content.decode()

    client.post(here + "schools/add/", sent(client, here + "schools/add/", name="Maple Hill"))
    dates = {"startDate": "2026-08-17", "endDate": "2027-06-12"}
    client.post(here + "terms/add/", sent(client, here + "terms/add/", title="2026-27", **dates))
    with within(district):
        school = Org.objects.get()
    made = client.post(
        here + "classes/add/", sent(client, here + "classes/add/", title="Homeroom 1", schoolSourcedId=school.id)
    )
    with within(district):
        group = Class.objects.get()
    assert made["Location"] == f"{here}classes/{group.id}/"

    typed = {"givenName": "Ada", "familyName": "Byron", "orgSourcedId": school.id, "grades": "01", "then": "another"}
    again = client.post(here + "people/add/", sent(client, here + "people/add/", **typed))
    assert again["Location"] == f"{here}people/add/?role=student&orgSourcedId={school.id}&grades=01"
    assert client.get(again["Location"]).context["form"]["grades"].value() == "01"
    with within(district):
        ada = User.objects.get()
    page = client.get(f"{here}classes/{group.id}/members/add/")
    assert [row.name for row, _, _ in page.context["rows"]] == ["Byron, Ada"]
    client.post(f"{here}classes/{group.id}/members/add/", {"person": [ada.id], "role": "student"})
    assert [row.name for row in client.get(f"{here}classes/{group.id}/").context["students"]] == ["Byron, Ada"]


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(village: Village, administrator: Client) -> None:
    path = village.path("people/STUDENT/edit/")
    answer = administrator.post(path, sent(administrator, path, email="ada", familyName="", username="BEN"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form["email"].value() == "ada"
    assert set(form.errors) == {"familyName"}
    answer = administrator.post(path, sent(administrator, path, email="ada"))
    assert "is not an e-mail address" in form_errors(answer, "email")
    answer = administrator.post(path, sent(administrator, path, username="BEN"))
    assert "Somebody else has this username" in form_errors(answer, "username")
    path = village.path("terms/TERM/")
    answer = administrator.post(path, sent(administrator, path, endDate="2026-01-01"))
    assert "before it begins" in form_errors(answer, "endDate")


def form_errors(answer: object, field: str) -> str:
    return " ".join(answer.context["form"].errors[field])  # type: ignore[attr-defined]


def test_the_second_to_save_is_told_what_changed_and_saves_over_it(village: Village, administrator: Client) -> None:
    path = village.path("people/STUDENT/edit/")
    mine = sent(administrator, path, familyName="Lovelace")
    registrar = signed_in(village.accounts["registrar"])
    registrar.post(path, sent(registrar, path, familyName="King", phone="555-0100"))
    answer = administrator.post(path, mine)
    assert answer.status_code == 409
    form = answer.context["form"]
    assert {change.name: (change.before, change.after) for change in form.meanwhile} == {
        "Family name": ("Byron", "King"),
        "Phone": ("", "555-0100"),
    }
    assert (form["familyName"].value(), form["phone"].value()) == ("Lovelace", "555-0100")
    again = {bound.name: bound.value() or "" for bound in form}
    assert administrator.post(path, again).status_code == 302
    row = village.row("users", "STUDENT")
    assert isinstance(row, User)
    assert (row.family_name, row.phone) == ("Lovelace", "555-0100")


def test_a_form_without_its_version_is_told_so_and_changes_nothing(village: Village, administrator: Client) -> None:
    path = village.path("people/STUDENT/edit/")
    answer = administrator.post(path, sent(administrator, path, familyName="Other", seen="", shown="rubbish"))
    assert answer.status_code == 409
    row = village.row("users", "STUDENT")
    assert isinstance(row, User)
    assert row.family_name == "Byron"


def test_a_person_is_removed_after_a_question_and_restored_with_everything(
    village: Village, administrator: Client
) -> None:
    path = village.path("people/STUDENT/remove/")
    asked = administrator.get(path).content.decode()
    assert "1 role, 1 enrollment" in asked
    assert "90 days" in asked
    assert village.live("users") == 5
    administrator.post(path)
    assert village.live("users") == 4
    page = administrator.get(village.path("people/STUDENT/"))
    assert "Until " in page.content.decode()
    waiting = administrator.get(village.path("people/?state=removed"))
    assert [row.name for row in waiting.context["people"]] == ["Byron, Ada"]
    assert f"Kept until {waiting.context['people'][0].kept_until}" in waiting.content.decode()
    administrator.post(village.path("people/STUDENT/restore/"))
    assert village.live("enrollments", user_id=village.rows["STUDENT"]) == 1


def test_a_class_a_school_and_a_term_go_and_come_back(village: Village, administrator: Client) -> None:
    refused = administrator.post(village.path("schools/SCHOOL/remove/"))
    assert refused.status_code == 422
    assert "It still has" in refused.content.decode()
    for room, name, table in (("classes", "CLASS", "classes"), ("terms", "TERM", "academicSessions")):
        before = village.live(table)
        administrator.post(village.path(f"{room}/{name}/remove/"))
        assert village.live(table) == before - 1
    administrator.post(village.path("schools/EMPTY/remove/"))
    assert "Restore" in administrator.get(village.path("schools/?state=removed")).content.decode()
    told = administrator.post(village.path("classes/CLASS/restore/"), follow=True).content.decode()
    assert "not on the roster" in told, "its term is gone"
    for page in ("terms/TERM/restore/", "classes/CLASS/restore/", "schools/EMPTY/restore/"):
        administrator.post(village.path(page))
    assert (village.live("classes"), village.live("academicSessions"), village.live("orgs")) == (1, 1, 3)
    assert village.live("enrollments") == 2


def test_a_student_moves_to_another_school(village: Village, administrator: Client) -> None:
    path = village.path("people/STUDENT/move/")
    page = administrator.get(path)
    assert [value for value, _ in page.context["form"].fields["from"].choices] == [str(village.rows["SCHOOL"])]
    moved = administrator.post(
        path, {"from": village.rows["SCHOOL"], "to": village.rows["OTHER"], "grade": "09"}, follow=True
    )
    assert "has left 1 class" in moved.content.decode()
    assert village.live("roles", user_id=village.rows["STUDENT"], org_id=village.rows["OTHER"]) == 1
    registrar = signed_in(village.accounts["registrar"])
    assert registrar.get(village.path("people/STUDENT/")).status_code == 404


def test_somebody_leaves_a_class_and_stays_on_the_roster(village: Village, administrator: Client) -> None:
    path = village.path("classes/CLASS/members/PLACE/")
    administrator.post(path, sent(administrator, path, endDate="2026-12-01"))
    with within(village.district):
        assert str(Enrollment.objects.get(id=village.rows["PLACE"]).end_date) == "2026-12-01"
    assert "stays on the roster" in administrator.get(path + "remove/").content.decode()
    administrator.post(path + "remove/")
    assert (village.live("enrollments"), village.live("users")) == (1, 5)


def test_a_role_for_a_substitute_is_added_changed_and_removed(village: Village, administrator: Client) -> None:
    path = village.path("people/TEACHER/roles/add/")
    typed = {"role": "aide", "orgSourcedId": village.rows["OTHER"], "endDate": "2026-12-01"}
    administrator.post(path, sent(administrator, path, **typed))
    with within(village.district):
        role = Role.objects.get(user_id=village.rows["TEACHER"], role="aide")
    assert str(role.end_date) == "2026-12-01"
    path = village.path(f"people/TEACHER/roles/{role.id}/")
    administrator.post(path, sent(administrator, path, endDate="2026-11-01"))
    administrator.post(path + "remove/")
    assert village.live("roles", user_id=village.rows["TEACHER"]) == 1
    only = village.path("people/STUDENT/roles/ROLE/remove/")
    assert "only role" in administrator.post(only).content.decode()


def test_every_link_of_the_pages_leads_somewhere(village: Village, administrator: Client) -> None:
    for page in (
        "",
        "schools/",
        "terms/",
        "people/",
        "classes/",
        "people/STUDENT/",
        "classes/CLASS/",
        "schools/SCHOOL/",
    ):
        path = village.path(page)
        text = administrator.get(path).content.decode()
        for link in set(re.findall(r'<a [^>]*href="([^"#]+)"', text)):
            target = link if link.startswith("/") else path.split("?")[0] + link
            answer = administrator.get(target.replace("&amp;", "&"))
            assert answer.status_code in {200, 302}, (page, link)
            answer.close()
