"""Adding, editing, removing and restoring rows by hand: what is kept, what is refused, and what is written down."""

import pytest
from tests.domain.roster.editing.conftest import BY, Small, person, role

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.editing.classes import add_class, edit_class, remove_class, restore_class
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person, restore_person
from firstbell.domain.roster.editing.places import add_members, edit_place, remove_places
from firstbell.domain.roster.editing.refusals import ChangedMeanwhile, NotGood, Refused
from firstbell.domain.roster.editing.roles import add_role, edit_role, remove_role
from firstbell.domain.roster.editing.schools import edit_org, remove_org, restore_org
from firstbell.domain.roster.editing.terms import add_term, remove_term, restore_term
from firstbell.domain.roster.models import AcademicSession, Class, Course, Edit, Enrollment, Org, Record, Role, User


def _user(small: Small, person_id: int) -> User:
    row = small.row("users", person_id)
    assert isinstance(row, User)
    return row


def _place(small: Small, person_id: int) -> Enrollment:
    with within(small.district):
        return Enrollment.objects.get(user_id=person_id, class_id=small.group)


def test_a_row_made_by_hand_is_nobodys_with_a_published_id_of_its_own_and_a_stamp(small: Small) -> None:
    row = _user(small, small.student)
    assert row.source_id is None
    assert row.sourced_id == f"fb-{row.id}"
    assert 0 < row.created_stamp == row.stamp <= small.district.last_stamp
    with within(small.district):
        assert not Record.objects.filter(district_id=small.district.pk).exists()


def test_every_row_written_has_a_stamp_of_its_own_that_grows(small: Small) -> None:
    with within(small.district):
        stamps = list(Edit.objects.filter(district_id=small.district.pk).order_by("id").values_list("stamp", flat=True))
    assert stamps == sorted(set(stamps))


def test_a_class_makes_its_course_quietly_and_two_sections_share_it(small: Small) -> None:
    said = {"title": "Algebra", "schoolSourcedId": str(small.school), "termSourcedIds": str(small.term)}
    second = add_class(small.district, {**said, "classCode": "B"}, by=BY)
    group, other = small.row("classes", small.group), small.row("classes", second)
    assert isinstance(group, Class)
    assert isinstance(other, Class)
    assert group.course_id == other.course_id
    course = small.row("courses", group.course_id or 0)
    assert isinstance(course, Course)
    assert (course.title, course.org_id) == ("Algebra", small.school)


def test_a_class_that_cannot_be_makes_no_course(small: Small) -> None:
    before = small.live("courses")
    with pytest.raises(NotGood):
        add_class(small.district, {"title": "Chess", "schoolSourcedId": str(small.school)}, by=BY)
    assert small.live("courses") == before


def test_a_terms_school_year_is_the_year_of_its_last_day(small: Small) -> None:
    row = small.row("academicSessions", small.term)
    assert isinstance(row, AcademicSession)
    assert row.school_year == 2027


def test_what_an_import_would_refuse_is_refused_at_the_field(small: Small) -> None:
    term = {"title": "Fall", "type": "semester", "startDate": "2026-12-20", "endDate": "2026-08-17"}
    with pytest.raises(NotGood) as wrong:
        add_term(small.district, term, by=BY)
    assert [problem.column for problem in wrong.value.problems] == ["endDate"]
    for said, column in (
        (person("", "Byron"), "givenName"),
        (person("A", "B", email="nobody"), "email"),
        (person("A", "B", primaryOrgSourcedId="12"), "primaryOrgSourcedId"),
    ):
        with pytest.raises(NotGood) as wrong:
            add_person(small.district, said, [role("student", small.school)], by=BY)
        assert column in {problem.column for problem in wrong.value.problems}


def test_nobody_is_on_the_roster_without_a_role(small: Small) -> None:
    with pytest.raises(NotGood):
        add_person(small.district, person("Carl", "Gauss"), [], by=BY)
    with pytest.raises(NotGood):
        add_person(small.district, person("Carl", "Gauss"), [role("wizard", small.school)], by=BY)
    assert small.live("users") == 2


def test_an_edit_keeps_before_and_after_and_the_event_tells_who(small: Small) -> None:
    seen = small.stamp("users", small.student)
    edit_person(small.district, small.student, {"familyName": "Lovelace", "phone": ""}, seen=seen, by=small.registrar())
    row = _user(small, small.student)
    assert (row.family_name, row.sourced_id) == ("Lovelace", f"fb-{row.id}")
    assert row.stamp > seen
    with within(small.district):
        edit = Edit.objects.filter(kind=KINDS["users"], row_id=small.student).latest("id")
        event = list_events(small.district.pk, subject_kind="user", subject_id=small.student)[0]
    assert (edit.action, edit.before, edit.after) == ("updated", {"familyName": "Byron"}, {"familyName": "Lovelace"})
    assert edit.event_id == event.pk
    assert (event.verb, event.actor_name) == ("user.edited", "Rita Registrar")
    assert "Lovelace" not in str(event.detail), "the audit cannot be erased"


def test_an_edit_that_changes_nothing_writes_nothing(small: Small) -> None:
    seen = small.stamp("users", small.student)
    edit_person(small.district, small.student, {"familyName": " Byron "}, seen=seen, by=BY)
    assert small.stamp("users", small.student) == seen
    assert small.district.last_stamp >= seen


def test_the_second_of_two_people_is_told_what_changed_and_nothing_is_lost(small: Small) -> None:
    seen = small.stamp("users", small.student)
    edit_person(small.district, small.student, {"familyName": "King"}, seen=seen, by=BY)
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        edit_person(small.district, small.student, {"familyName": "Lovelace"}, seen=seen, by=BY)
    assert meanwhile.value.now["familyName"] == "King"
    assert _user(small, small.student).family_name == "King"
    edit_person(small.district, small.student, {"familyName": "Lovelace"}, seen=meanwhile.value.stamp, by=BY)
    assert _user(small, small.student).family_name == "Lovelace"


def test_a_person_leaves_and_comes_back_with_everything(small: Small) -> None:
    gone = remove_person(small.district, small.student, by=BY)
    assert {table: len(rows) for table, rows in gone.items()} == {"roles": 1, "enrollments": 1}
    assert small.live("users", id=small.student) == 0
    assert small.live("enrollments", user_id=small.student) == 0
    assert small.live("classes") == 1
    assert restore_person(small.district, small.student, by=BY) == 0
    assert small.live("roles", user_id=small.student) == 1
    assert small.live("enrollments", user_id=small.student, class_id=small.group) == 1
    assert _user(small, small.student).sourced_id == f"fb-{small.student}"


def test_what_was_removed_before_the_person_stays_removed(small: Small) -> None:
    remove_places(small.district, small.group, [_place(small, small.student).id], by=BY)
    remove_person(small.district, small.student, by=BY)
    restore_person(small.district, small.student, by=BY)
    assert small.live("enrollments", user_id=small.student) == 0


def test_a_place_in_a_class_that_is_gone_does_not_come_back_and_that_is_told(small: Small) -> None:
    remove_person(small.district, small.student, by=BY)
    remove_class(small.district, small.group, by=BY)
    assert restore_person(small.district, small.student, by=BY) == 1
    assert small.live("enrollments", user_id=small.student) == 0


def test_a_removed_persons_username_and_id_stay_theirs(small: Small) -> None:
    remove_person(small.district, small.student, by=BY)
    for taken in ({"username": "ADA"}, {"identifier": "1001"}):
        with pytest.raises(NotGood) as wrong:
            add_person(small.district, person("Ada", "Other", **taken), [role("student", small.school)], by=BY)
        assert {problem.column for problem in wrong.value.problems} == set(taken)


def test_a_class_leaves_with_its_places_and_nobody_else(small: Small) -> None:
    remove_class(small.district, small.group, by=BY)
    assert (small.live("classes"), small.live("enrollments"), small.live("users")) == (0, 0, 2)
    assert restore_class(small.district, small.group, by=BY) == 0
    assert small.live("enrollments") == 2


def test_a_school_with_people_and_a_term_with_classes_stay(small: Small) -> None:
    with pytest.raises(Refused, match="2 people and 1 class"):
        remove_org(small.district, small.school, by=BY)
    with pytest.raises(Refused, match="1 class"):
        remove_term(small.district, small.term, by=BY)
    remove_class(small.district, small.group, by=BY)
    remove_term(small.district, small.term, by=BY)
    with pytest.raises(NotGood):
        restore_class(small.district, small.group, by=BY)
    restore_term(small.district, small.term, by=BY)
    remove_org(small.district, small.other_school, by=BY)
    restore_org(small.district, small.other_school, by=BY)
    assert (small.live("academicSessions"), small.live("orgs")) == (1, 2)


def test_removing_from_a_class_is_not_deleting_a_person_and_the_place_is_given_back(small: Small) -> None:
    place = _place(small, small.student)
    remove_places(small.district, small.group, [place.id], by=BY)
    assert small.live("users", id=small.student) == 1
    assert add_members(small.district, small.group, [small.student], {"role": "student"}, by=BY) == (1, 0)
    assert _place(small, small.student).id == place.id
    assert add_members(small.district, small.group, [small.student], {"role": "student"}, by=BY) == (0, 1)


def test_teachers_stand_beside_one_another_and_one_of_them_is_the_main_one(small: Small) -> None:
    second = add_person(small.district, person("Sofia", "Kowalewska"), [role("teacher", small.school)], by=BY)
    with pytest.raises(NotGood, match="main teacher"):
        add_members(small.district, small.group, [second], {"role": "teacher", "primary": "true"}, by=BY)
    until_december = {"role": "teacher", "beginDate": "2026-10-01", "endDate": "2026-12-01"}
    add_members(small.district, small.group, [second], until_december, by=BY)
    place = _place(small, second)
    assert str(place.end_date) == "2026-12-01"
    with pytest.raises(NotGood):
        edit_place(small.district, small.group, place.id, {"primary": "true"}, seen=place.stamp, by=BY)
    with pytest.raises(NotGood):
        edit_place(small.district, small.group, place.id, {"endDate": "2026-09-01"}, seen=place.stamp, by=BY)


def test_a_person_has_roles_in_several_schools_and_never_none(small: Small) -> None:
    second = add_role(small.district, small.teacher, role("counselor", small.other_school), by=BY)
    with pytest.raises(NotGood, match="already"):
        add_role(small.district, small.teacher, role("counselor", small.other_school), by=BY)
    edit_role(
        small.district, small.teacher, second, {"endDate": "2027-01-31"}, seen=small.stamp("roles", second), by=BY
    )
    with within(small.district):
        first = Role.objects.get(user_id=small.teacher, org_id=small.school)
    remove_role(small.district, small.teacher, first.id, by=BY)
    assert _user(small, small.teacher).primary_org_id == small.other_school
    with pytest.raises(Refused, match="only role"):
        remove_role(small.district, small.teacher, second, by=BY)


def test_a_class_that_changes_its_school_takes_its_places_along(small: Small) -> None:
    seen = small.stamp("classes", small.group)
    edit_class(small.district, small.group, {"schoolSourcedId": str(small.other_school)}, seen=seen, by=BY)
    assert small.live("enrollments", school_id=small.other_school) == 2


def test_a_row_of_another_district_is_not_there(small: Small, other_district: District) -> None:
    seen = small.stamp("orgs", small.school)
    with pytest.raises(NotThere), within(other_district):
        remove_person(other_district, small.student, by=BY)
    with pytest.raises(NotThere), within(other_district):
        edit_org(other_district, small.school, {"name": "Mine"}, seen=seen, by=BY)
    row = small.row("orgs", small.school)
    assert isinstance(row, Org)
    assert row.name == "Lincoln Middle"
