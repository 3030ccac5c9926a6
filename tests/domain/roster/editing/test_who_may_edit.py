"""The owner, the colleague in another school, the stranger: who may change what by hand."""

from datetime import date

import pytest
from tests.domain.roster.editing.conftest import BY, Small, person, role

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.accounts.permissions import ROLE_PERMISSIONS
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.classes import add_class, edit_class, remove_class
from firstbell.domain.roster.editing.editor import Editor, access_editor
from firstbell.domain.roster.editing.moving import move_student
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person, restore_person
from firstbell.domain.roster.editing.places import add_members, edit_place, remove_places, restore_place
from firstbell.domain.roster.editing.roles import add_role, edit_role, remove_role
from firstbell.domain.roster.editing.schools import add_org, edit_org
from firstbell.domain.roster.editing.terms import add_term
from firstbell.domain.roster.models import Enrollment, Role


def _registrar(small: Small, school: int) -> Editor:
    """A registrar as she comes to be: an account tied to somebody with a staff role at that school."""
    who = add_person(small.district, person("Rita", "Registrar"), [role("siteAdministrator", school)], by=BY)
    word = MembershipRole.REGISTRAR
    viewer = Viewer(7, "Rita Registrar", small.district.pk, word, ROLE_PERMISSIONS[word], person_id=who)
    with within(small.district):
        return access_editor(small.district, viewer, today=date(2026, 9, 1))


@pytest.mark.parametrize("word", [MembershipRole.PRINCIPAL, MembershipRole.TEACHER, MembershipRole.STUDENT])
def test_who_may_not_edit_is_no_editor(small: Small, word: MembershipRole) -> None:
    viewer = Viewer(8, "Somebody", small.district.pk, word, ROLE_PERMISSIONS[word], person_id=small.teacher)
    with pytest.raises(NotAllowed), within(small.district):
        access_editor(small.district, viewer, today=date(2026, 9, 1))


def test_a_registrar_keeps_the_roster_of_her_school(small: Small) -> None:
    hers = _registrar(small, small.school)
    added = add_person(small.district, person("Carl", "Gauss"), [role("student", small.school)], by=hers)
    edit_person(small.district, added, {"grades": "08"}, seen=small.stamp("users", added), by=hers)
    said = {"title": "Chess", "schoolSourcedId": str(small.school), "termSourcedIds": str(small.term)}
    group = add_class(small.district, said, by=hers)
    add_members(small.district, group, [added], {"role": "student"}, by=hers)
    remove_person(small.district, added, by=hers)
    restore_person(small.district, added, by=hers)
    assert small.live("enrollments", user_id=added) == 1


def test_a_registrar_changes_nobody_of_another_school(small: Small) -> None:
    colleague = _registrar(small, small.other_school)
    seen = small.stamp("users", small.student)
    with pytest.raises(NotThere):
        edit_person(small.district, small.student, {"grades": "08"}, seen=seen, by=colleague)
    with pytest.raises(NotThere):
        remove_person(small.district, small.student, by=colleague)
    with pytest.raises(NotThere):
        add_role(small.district, small.student, role("student", small.other_school), by=colleague)
    remove_person(small.district, small.student, by=BY)
    with pytest.raises(NotThere):
        restore_person(small.district, small.student, by=colleague)


def test_a_registrar_grants_no_role_elsewhere(small: Small) -> None:
    hers = _registrar(small, small.school)
    with pytest.raises(NotThere):
        add_person(small.district, person("Carl", "Gauss"), [role("student", small.other_school)], by=hers)
    with pytest.raises(NotThere):
        add_role(small.district, small.student, role("student", small.other_school), by=hers)
    both = [role("student", small.school), role("teacher", small.other_school)]
    with pytest.raises(NotThere):
        add_person(small.district, person("Carl", "Gauss"), both, by=hers)
    seen = small.stamp("users", small.student)
    elsewhere = {"primaryOrgSourcedId": str(small.other_school)}
    with pytest.raises(NotThere):
        edit_person(small.district, small.student, elsewhere, seen=seen, by=hers)
    assert small.live("roles", org_id=small.other_school) == 0


def test_a_registrar_leaves_the_classes_of_another_school_alone(small: Small) -> None:
    colleague = _registrar(small, small.other_school)
    seen = small.stamp("classes", small.group)
    with within(small.district):
        place = Enrollment.objects.get(user_id=small.student)
    with pytest.raises(NotThere):
        edit_class(small.district, small.group, {"title": "Mine"}, seen=seen, by=colleague)
    with pytest.raises(NotThere):
        remove_class(small.district, small.group, by=colleague)
    with pytest.raises(NotThere):
        add_members(small.district, small.group, [small.student], {"role": "teacher"}, by=colleague)
    with pytest.raises(NotThere):
        remove_places(small.district, small.group, [place.id], by=colleague)
    said = {"title": "Chess", "schoolSourcedId": str(small.school), "termSourcedIds": str(small.term)}
    with pytest.raises(NotThere):
        add_class(small.district, said, by=colleague)


def test_a_registrar_puts_nobody_of_another_school_into_her_class(small: Small) -> None:
    hers = _registrar(small, small.school)
    other = add_person(small.district, person("Carl", "Gauss"), [role("student", small.other_school)], by=BY)
    with pytest.raises(NotThere):
        add_members(small.district, small.group, [other], {"role": "student"}, by=hers)


def test_a_guest_in_a_class_is_seen_and_not_changed(small: Small) -> None:
    hers = _registrar(small, small.school)
    guest = add_person(small.district, person("Carl", "Gauss"), [role("student", small.other_school)], by=BY)
    add_members(small.district, small.group, [guest], {"role": "student"}, by=BY)
    with pytest.raises(NotAllowed):
        edit_person(small.district, guest, {"grades": "08"}, seen=small.stamp("users", guest), by=hers)
    with pytest.raises(NotAllowed):
        remove_person(small.district, guest, by=hers)


def test_who_is_at_two_schools_is_not_removed_by_one(small: Small) -> None:
    hers = _registrar(small, small.school)
    add_role(small.district, small.teacher, role("teacher", small.other_school), by=BY)
    with pytest.raises(NotAllowed):
        remove_person(small.district, small.teacher, by=hers)
    with within(small.district):
        here, there = (
            Role.objects.get(user_id=small.teacher, org_id=org) for org in (small.school, small.other_school)
        )
    with pytest.raises(NotThere):
        remove_role(small.district, small.teacher, there.id, by=hers)
    with pytest.raises(NotThere):
        edit_role(small.district, small.teacher, there.id, {"endDate": "2027-01-01"}, seen=there.stamp, by=hers)
    remove_role(small.district, small.teacher, here.id, by=hers)
    assert small.live("users", id=small.teacher) == 1


def test_only_someone_who_has_both_schools_moves_a_student(small: Small) -> None:
    for schools in ((small.school,), (small.other_school,)):
        with pytest.raises(NotThere):
            move_student(small.district, small.student, small.school, small.other_school, by=small.registrar(*schools))
    both = small.registrar(small.school, small.other_school)
    assert move_student(small.district, small.student, small.school, small.other_school, grade="09", by=both) == 1
    assert small.live("roles", user_id=small.student, org_id=small.other_school, role="student") == 1
    assert small.live("roles", user_id=small.student) == 1
    assert small.live("enrollments", user_id=small.student) == 0
    assert small.live("users", id=small.student, grades=["09"], primary_org_id=small.other_school) == 1


def test_schools_and_terms_are_for_who_has_the_whole_district(small: Small) -> None:
    hers = _registrar(small, small.school)
    with pytest.raises(NotAllowed):
        add_org(small.district, {"name": "Mine", "type": "school"}, by=hers)
    with pytest.raises(NotAllowed):
        edit_org(small.district, small.school, {"name": "Mine"}, seen=small.stamp("orgs", small.school), by=hers)
    with pytest.raises(NotAllowed):
        add_term(small.district, {"title": "T"}, by=hers)


def test_a_stranger_finds_nothing_of_it(small: Small, other_district: District) -> None:
    with pytest.raises(NotThere):
        edit_person(other_district, small.student, {"grades": "08"}, seen=1, by=BY)
    with pytest.raises(NotThere):
        add_members(other_district, small.group, [small.student], {"role": "student"}, by=BY)
    with pytest.raises(NotThere):
        move_student(other_district, small.student, small.school, small.other_school, by=BY)


def test_a_place_and_a_role_are_found_only_where_they_are(small: Small) -> None:
    """Who may change one class or person reaches no row of another by its id."""
    hers = _registrar(small, small.other_school)
    said = {"title": "Chess", "schoolSourcedId": str(small.other_school), "termSourcedIds": str(small.term)}
    own_class = add_class(small.district, said, by=hers)
    own_person = add_person(small.district, person("Carl", "Gauss"), [role("student", small.other_school)], by=hers)
    add_role(small.district, small.teacher, role("teacher", small.other_school), by=BY)
    with within(small.district):
        place = Enrollment.objects.get(user_id=small.student)
        other = Role.objects.get(user_id=small.teacher, org_id=small.other_school)
    with pytest.raises(NotThere):
        remove_places(small.district, own_class, [place.id], by=hers)
    with pytest.raises(NotThere):
        edit_place(small.district, own_class, place.id, {"role": "teacher"}, seen=place.stamp, by=hers)
    with pytest.raises(NotThere):
        restore_place(small.district, own_class, place.id, by=hers)
    with pytest.raises(NotThere):
        remove_role(small.district, own_person, other.id, by=hers)
    with pytest.raises(NotThere):
        edit_role(small.district, own_person, other.id, {"endDate": "2027-01-01"}, seen=other.stamp, by=hers)
    assert small.live("enrollments") == 2
