"""Who left the roster is out at once, whatever they sign in with, and in again when they are restored."""

import pytest
from tests.matrix.by_hand import new_student
from tests.web.rooms.conftest import House, member, signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import remove_person, restore_person

pytestmark = pytest.mark.usefixtures("database")


def test_a_student_who_was_removed_is_out_and_comes_back_when_restored(house: House) -> None:
    person_id = new_student(house)["person_id"]
    credential = set_credential(house.district, person_id, f"leaver{person_id}", "river-otter-42", by=OPERATOR)
    student = signed_in(credential.account)
    assert student.get(house.path("my-classes/")).status_code == 200
    remove_person(house.district, person_id, by=BY)
    assert student.get(house.path("my-classes/")).status_code == 403
    assert student.get(house.path()).status_code == 403
    restore_person(house.district, person_id, by=BY)
    assert student.get(house.path("my-classes/")).status_code == 200
    remove_person(house.district, person_id, by=BY)  # others count who is on the roster


def test_a_teacher_who_was_removed_is_out(house: House) -> None:
    person_id = new_student(house)["person_id"]
    teacher = signed_in(member(house.district, "leaver", "teacher", person_id))
    assert teacher.get(house.path("my-classes/")).status_code == 200
    remove_person(house.district, person_id, by=BY)
    assert teacher.get(house.path("my-classes/")).status_code == 403


def test_an_administrator_is_not_put_out_by_a_broken_export(house: House) -> None:
    """Somebody has to be there to undo it."""
    person_id = new_student(house)["person_id"]
    administrator = signed_in(member(house.district, "stays", "district_administrator", person_id))
    remove_person(house.district, person_id, by=BY)
    assert administrator.get(house.path()).status_code == 200
