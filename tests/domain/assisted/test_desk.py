"""What Technical Services does with cases, each by name."""

import pytest
from tests.conftest import new_district
from tests.domain.assisted.conftest import Office, actor_of, colleague, office_worker
from tests.domain.imports.rosters import published
from tests.engine.formats.lists import SIMPLE, STUDENTS, sheet

from firstbell.domain.accounts.models import StaffRole
from firstbell.domain.assisted.access import NoSuchCase, NotYours, access_case_at_desk, access_own_case_at_desk
from firstbell.domain.assisted.actions import (
    answer_finding,
    cancel,
    claim,
    correct_value,
    hand_over,
    import_clean_plans,
    import_plan,
    make_templates_ready,
    return_case,
    send_as_it_is,
    set_back,
    take_back_import,
)
from firstbell.domain.assisted.models import CaseState, Form, Line, Side
from firstbell.domain.assisted.opening import BadCase, Wish, find_pattern, open_on_behalf
from firstbell.domain.assisted.queries import Asked, count_queue, list_lines, list_messages, list_uploads
from firstbell.domain.assisted.states import NotNow
from firstbell.domain.assisted.thread import BadText, Said, say_for_district
from firstbell.domain.imports.models import RunState
from firstbell.engine.corrections.kinds import ReplaceValues

TWICE = SIMPLE | {STUDENTS: sheet("First name,Last name,Schools", "Al,Day,Elm", "Al,Day,Elm", "Bo,Lee,Elm")}
ODD_GRADE = SIMPLE | {
    STUDENTS: sheet("First name,Last name,Student number,Grade,Schools", "Al,Day,1,Thrid,Elm", "Bo,Lee,2,Thrid,Elm")
}


def test_a_case_that_somebody_has_is_not_claimed_but_handed_over(office: Office) -> None:
    case = office.ask()
    claim(office.district, case, office.sam, by=office.by_sam)
    with pytest.raises(NotNow, match="Sam Services has this case"):
        claim(office.district, case, office.kim, by=actor_of(office.kim))
    hand_over(office.district, case, office.kim, by=office.by_sam)
    assert case.claimed_by == "Kim Colleague"
    with pytest.raises(NotYours):
        access_own_case_at_desk(office.sam, office.district.code, case.pk)
    assert access_own_case_at_desk(office.kim, office.district.code, case.pk)[1].pk == case.pk
    hand_over(office.district, case, None, by=actor_of(office.kim))
    assert Line.objects.get(case_id=case.pk).claimed is None
    outsider = colleague("Cas Success", StaffRole.CUSTOMER_SUCCESS)
    with pytest.raises(NotNow, match="Only Technical Services"):
        hand_over(office.district, case, outsider, by=office.by_sam)


def test_a_request_that_needs_a_person_waits_for_the_templates(office: Office) -> None:
    case = office.ask(form=Form.UNSURE)
    assert (case.state, Line.objects.get(case_id=case.pk).waits_for) == (CaseState.REQUESTED, Side.SERVICES)
    with pytest.raises(NotNow, match="Simple or Full"):
        make_templates_ready(office.district, case, Form.UNSURE, now=office.now, by=office.by_sam)
    make_templates_ready(office.district, case, Form.FULL, now=office.now, by=office.by_sam, message="Take Full.")
    assert (case.state, case.form) == (CaseState.TEMPLATES, Form.FULL)
    assert office.ask(message="May we call?").state == CaseState.REQUESTED


def test_a_case_is_opened_on_a_districts_behalf_and_is_whose_opened_it(office: Office) -> None:
    wish = Wish(contact_id=office.contact.account_id or 0)
    case = open_on_behalf(office.district, wish, office.sam, now=office.now, by=office.by_sam)
    assert (case.for_district, case.claimed_by, case.state) == (True, "Sam Services", CaseState.TEMPLATES)
    outsider = colleague("Cas Success", StaffRole.CUSTOMER_SUCCESS)
    with pytest.raises(NoSuchCase):
        open_on_behalf(office.district, wish, outsider, now=office.now, by=actor_of(outsider))
    stranger = office_worker(new_district("Hilltop"), "Stranger")
    with pytest.raises(BadCase, match="runs the district"):
        open_on_behalf(
            office.district, Wish(contact_id=stranger.account_id or 0), office.sam, now=office.now, by=office.by_sam
        )


def test_another_case_within_a_year_begins_with_the_last_one(office: Office) -> None:
    first = office.ask(schools=("Elm",), form=Form.FULL)
    before = find_pattern(office.district, now=office.now)
    assert before is not None
    assert (before.schools, before.form) == (["Elm"], Form.FULL)
    second = office.ask(schools=("Elm",))
    assert second.before_id == first.pk
    cancel(office.district, first, now=office.now, by=office.by_sam)
    cancel(office.district, second, now=office.now, by=office.by_sam)
    assert find_pattern(office.district, now=office.now) is None


def test_a_case_is_set_back_one_step_where_nothing_has_to_be_undone(office: Office) -> None:
    case = office.ask()
    set_back(office.district, case, now=office.now, by=office.by_sam)
    assert case.state == CaseState.REQUESTED
    with pytest.raises(NotNow, match="cannot be set back"):
        set_back(office.district, case, now=office.now, by=office.by_sam)
    make_templates_ready(office.district, case, Form.SIMPLE, now=office.now, by=office.by_sam)
    case = office.bring(case)
    return_case(office.district, case, "No.", now=office.now, by=office.by_sam)
    set_back(office.district, case, now=office.now, by=office.by_sam)
    assert (case.state, Line.objects.get(case_id=case.pk).is_clean) == (CaseState.PLANNED, True)


def test_many_clean_plans_go_at_once_and_others_are_named(office: Office) -> None:
    other_district = new_district("Hilltop Charter School")
    other = Office(other_district, office_worker(other_district, "Oda"), office.it, office.sam, office.kim)
    mine, theirs, waits = office.bring(office.ask()), other.bring(other.ask()), office.ask()
    claim(other.district, theirs, office.kim, by=actor_of(office.kim))
    lines = {line.case_id for line in list_lines(Asked(clean=True), limit=1000)}
    assert {mine.pk, theirs.pk} <= lines
    went, not_now = import_clean_plans([mine.pk, theirs.pk, waits.pk, 2**40], office.sam, by=office.by_sam)
    assert went == [mine.pk]
    assert any("Kim Colleague has this case" in why for why in not_now)
    assert sum("no clean plan" in why for why in not_now) == 2
    assert office.work(mine).state == CaseState.IMPORTED
    again, why = import_clean_plans([mine.pk], office.sam, by=office.by_sam)
    assert (again, len(why)) == ([], 1)


def test_a_plan_with_errors_is_not_clean_and_its_findings_are_answered_for_many_at_once(office: Office) -> None:
    case, clean = office.bring(office.ask(), TWICE), office.bring(office.ask())
    with pytest.raises(BadText):
        answer_finding([case.pk], Said("", "name-without-number"), office.sam, by=office.by_sam)
    send_as_it_is(office.district, case, now=office.now, by=office.contact)
    line = Line.objects.get(case_id=case.pk)
    assert not line.is_clean
    assert {cause["code"] for cause in line.causes} >= {"name-without-number"}
    said = Said("Give them numbers.", "name-without-number", "Students.csv")
    assert answer_finding([case.pk, clean.pk], said, office.sam, by=office.by_sam) == [case.pk]
    assert [one.text for one in list_messages(office.district, case)] == ["Give them numbers."]
    assert list_messages(office.district, clean) == []


def test_a_value_is_put_right_for_these_files_and_the_next_and_the_district_is_told(office: Office) -> None:
    case = office.bring(office.ask(), ODD_GRADE)
    if case.state == CaseState.CHECKED:
        send_as_it_is(office.district, case, now=office.now, by=office.contact)
    right = ReplaceValues("Students.csv", "Grade", (("Thrid", "3"),))
    with pytest.raises(BadText):
        correct_value(office.district, case, right, " ", now=office.now, by=office.by_sam)
    correct_value(office.district, case, right, "It is a typing mistake.", now=office.now, by=office.by_sam)
    case = office.work(case)
    assert case.state == CaseState.PLANNED
    assert "typing mistake" in list_messages(office.district, case)[0].text
    assert "Thrid" in list_uploads(office.district, case)[0].note
    import_plan(office.district, case, office.sam, by=office.by_sam)
    office.work(case)
    grades = [one["grades"] for one in published(office.district)["users"].values() if one["grades"]]
    assert grades == [["03"], ["03"]]
    again = office.bring(office.ask(), ODD_GRADE)
    assert office.run(again).found["error"] == 0


def test_an_import_is_taken_back_and_its_case_returned(office: Office) -> None:
    case = office.bring(office.ask())
    import_plan(office.district, case, office.sam, by=office.by_sam)
    case = office.work(case)
    take_back_import(office.district, case, "The wrong school.", now=office.now, by=office.by_sam)
    assert (case.state, office.run(case).state) == (CaseState.RETURNED, RunState.UNDONE)
    assert published(office.district)["users"] == {}


def test_a_cancelled_case_changes_nothing_and_does_nothing_more(office: Office) -> None:
    case = office.bring(office.ask())
    cancel(office.district, case, now=office.now, by=office.by_sam)
    assert office.run(case).state == RunState.DISCARDED
    with pytest.raises(NotNow):
        import_plan(office.district, case, office.sam, by=office.by_sam)
    with pytest.raises(NotNow):
        cancel(office.district, case, now=office.now, by=office.by_sam)
    assert published(office.district)["users"] == {}


def test_what_the_district_asks_is_in_the_queue_until_it_is_answered(office: Office) -> None:
    before = count_queue(office.sam.account_id, now=office.now).waiting
    case = office.ask()
    say_for_district(office.district, case, Said("Which columns?"), by=office.contact)
    assert Line.objects.get(case_id=case.pk).waits_for == Side.SERVICES
    assert count_queue(office.sam.account_id, now=office.now).waiting == before + 1


def test_a_case_of_another_district_is_not_there(office: Office) -> None:
    case = office.ask()
    elsewhere = new_district("Hilltop")
    with pytest.raises(NoSuchCase):
        access_case_at_desk(office.sam, elsewhere.code, case.pk)
