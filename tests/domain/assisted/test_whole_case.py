"""A case from request to sign-off, through the domain's doors."""

import pytest
from tests.domain.assisted.conftest import Office
from tests.domain.imports.rosters import published
from tests.engine.formats.lists import SIMPLE, STUDENTS, sheet

from firstbell.domain.accounts.models import Credential
from firstbell.domain.assisted.access import NotYours
from firstbell.domain.assisted.actions import import_plan, return_case, send_as_it_is
from firstbell.domain.assisted.answering import Place, answer_dispute, confirm, confirm_rest, dispute, sign_off
from firstbell.domain.assisted.handing import hand_over_logins
from firstbell.domain.assisted.models import Case, CaseState
from firstbell.domain.assisted.queries import list_answers, list_messages
from firstbell.domain.assisted.states import NotNow
from firstbell.domain.assisted.verifying import list_accounts
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run, discard_run
from firstbell.domain.imports.folder import LOGINS, PASSWORDS, RunFolder
from firstbell.domain.imports.passwords import use_passwords
from firstbell.domain.imports.states import NotNow as RunNotNow

FAULTY = SIMPLE | {
    STUDENTS: sheet(
        "First name,Last name,Student number,Grade,Username,Password,Schools,Classes",
        "Ana,Lopez,0012,3,ana.l,blue fox tent,Lincoln Elementary,Homeroom 3A; Art",
        "Al,Day,,3,,,Lincoln Elementary,",
        "Al,Day,,3,,,Lincoln Elementary,",
    )
}


def _logins(office: Office) -> int:
    with within(office.district):
        return Credential.objects.filter(district=office.district).count()


def _imported(office: Office) -> Case:
    case = office.bring(office.ask())
    assert case.state == CaseState.PLANNED, office.run(case).reasons
    import_plan(office.district, case, office.sam, by=office.by_sam)
    return office.work(case)


def test_a_clean_case_goes_from_request_to_sign_off(office: Office) -> None:
    case = office.ask(schools=("Lincoln Elementary",))
    assert case.state == CaseState.TEMPLATES
    case = _imported(office)
    assert case.state == CaseState.IMPORTED
    assert len(published(office.district)["users"]) == 5
    assert {line.outcome for line in list_accounts(office.district, case)} == {"created"}
    confirm_rest(office.district, case, now=office.now, by=office.contact)
    case = office.work(case)
    assert (case.state, case.receipt["logins"]) == (CaseState.VERIFIED, 3)
    logins = hand_over_logins(office.district, case, now=office.now, by=office.contact)
    assert ("Ana Lopez", "ana.l", "blue fox tent") in [(one.name, one.username, one.password) for one in logins]
    assert all(one.password for one in logins)
    sign_off(office.district, case, now=office.now, by=office.contact)
    assert (case.state, case.receipt["accounts"]) == (CaseState.SIGNED_OFF, 5)
    with within(office.district):
        verbs = [event.verb for event in list_events(office.district.pk, subject_kind="case", subject_id=case.pk)]
    assert [verb for verb in reversed(verbs) if verb.split(".")[1] in CaseState.values] == [
        f"case.{state}"
        for state in ("requested", "templates", "received", "checked", "planned", "imported", "verified", "signed_off")
    ]


def test_nobody_has_a_log_in_before_the_district_has_confirmed(office: Office) -> None:
    case = _imported(office)
    run = office.run(case)
    assert use_passwords(office.district, run) == 0
    assert _logins(office) == 0
    assert RunFolder(office.district, run.pk).has(PASSWORDS)
    confirm_rest(office.district, case, now=office.now, by=office.contact)
    office.work(case)
    assert _logins(office) == 3
    assert not RunFolder(office.district, run.pk).has(PASSWORDS)


def test_log_ins_are_handed_over_once_and_to_the_contact_alone(office: Office) -> None:
    case = _imported(office)
    confirm_rest(office.district, case, now=office.now, by=office.contact)
    case = office.work(case)
    with pytest.raises(NotYours):
        hand_over_logins(office.district, case, now=office.now, by=office.it)
    with pytest.raises(NotYours):
        sign_off(office.district, case, now=office.now, by=office.it)
    assert len(hand_over_logins(office.district, case, now=office.now, by=office.contact)) == 3
    assert not RunFolder(office.district, case.run_id or 0).has(LOGINS)
    with pytest.raises(NotNow, match="handed over already"):
        hand_over_logins(office.district, case, now=office.now, by=office.contact)


def test_a_plan_is_let_go_by_technical_services_and_at_no_other_door(office: Office) -> None:
    case = office.bring(office.ask())
    run = office.run(case)
    with pytest.raises(RunNotNow, match="Technical Services"):
        approve_run(office.district, run, by=office.contact.actor)
    with pytest.raises(RunNotNow, match="Technical Services"):
        discard_run(office.district, run, by=office.contact.actor)
    assert published(office.district)["users"] == {}


def test_faulty_files_wait_for_the_district_are_returned_and_brought_again(office: Office) -> None:
    case = office.bring(office.ask(), FAULTY)
    assert case.state == CaseState.CHECKED
    send_as_it_is(office.district, case, now=office.now, by=office.contact)
    return_case(office.district, case, "Two children have one name.", now=office.now, by=office.by_sam)
    assert case.state == CaseState.RETURNED
    assert [message.text for message in list_messages(office.district, case)] == ["Two children have one name."]
    first = case.run_id
    case = office.bring(case)
    assert case.state == CaseState.PLANNED
    assert case.run_id != first


def test_who_is_left_out_is_told_beside_who_is_there(office: Office) -> None:
    case = office.bring(office.ask(), FAULTY)
    send_as_it_is(office.district, case, now=office.now, by=office.contact)
    import_plan(office.district, case, office.sam, by=office.by_sam)
    case = office.work(case)
    lines = {(line.name, line.outcome) for line in list_accounts(office.district, case)}
    assert ("Ana Lopez", "created") in lines
    assert ("Al Day", "left_out") in lines
    assert all(line.why for line in list_accounts(office.district, case) if line.outcome == "left_out")


def test_an_account_marked_as_wrong_stops_the_rest_until_it_is_answered_and_confirmed(office: Office) -> None:
    case = _imported(office)
    line = list_accounts(office.district, case)[0]
    place = Place(line.file, line.record)
    dispute(office.district, case, place, "This is her sister.", by=office.contact)
    assert office.again(case).asks
    with pytest.raises(NotNow, match="marked as wrong"):
        confirm_rest(office.district, case, now=office.now, by=office.contact)
    answer = list_answers(office.district, case)[0]
    answer_dispute(office.district, case, answer.pk, "Put right.", now=office.now, by=office.by_sam)
    assert not office.again(case).asks
    assert list_answers(office.district, case)[0].reply == "Put right."
    assert confirm(office.district, case, [place], by=office.contact) == 1
    confirm_rest(office.district, case, now=office.now, by=office.contact)
    assert case.state == CaseState.VERIFIED
