"""Words that Technical Services saves, and what is said to many cases at once."""

import uuid

import pytest
from tests.conftest import new_district
from tests.domain.assisted.conftest import Office, actor_of, colleague, office_worker
from tests.engine.formats.lists import SIMPLE, STUDENTS, sheet

from firstbell.domain.accounts.models import StaffRole
from firstbell.domain.assisted.access import NoSuchCase
from firstbell.domain.assisted.actions import answer_finding, send_as_it_is
from firstbell.domain.assisted.models import Case, Line, SavedReply
from firstbell.domain.assisted.queries import list_messages, list_replies
from firstbell.domain.assisted.thread import BadText, Said, drop_reply, save_reply

TWICE = SIMPLE | {STUDENTS: sheet("First name,Last name,Schools", "Al,Day,Elm", "Al,Day,Elm", "Bo,Lee,Elm")}


def test_words_are_saved_under_a_title_changed_and_forgotten_by_everybody_at_the_desk(office: Office) -> None:
    title = f"Numbers {uuid.uuid4().hex}"
    save_reply(f"  {title}  ", " Please give each student a number. ", office.sam, by=office.by_sam)
    reply = save_reply(title, "Please number them.", office.kim, by=actor_of(office.kim))
    (found,) = (one for one in list_replies() if one.title == title)
    assert (found.pk, found.text, found.by) == (reply.pk, "Please number them.", "Kim Colleague")
    drop_reply(reply.pk, office.sam, by=office.by_sam)
    drop_reply(reply.pk, office.sam, by=office.by_sam)  # somebody else has done so
    assert not SavedReply.objects.filter(title=title).exists()


@pytest.mark.parametrize(
    ("title", "text"), [("", "x"), ("x" * 101, "x"), ("a\x07b", "x"), ("t", " "), ("t", "x" * 5001), ("t", "a\0b")]
)
def test_words_that_cannot_be_saved_are_refused(office: Office, title: str, text: str) -> None:
    with pytest.raises(BadText):
        save_reply(title, text, office.sam, by=office.by_sam)


def test_who_does_not_work_on_cases_saves_and_forgets_nothing(office: Office) -> None:
    outsider = colleague("Cas Success", StaffRole.CUSTOMER_SUCCESS)
    title = f"Kept {uuid.uuid4().hex}"
    kept = save_reply(title, "x", office.sam, by=office.by_sam)
    with pytest.raises(NoSuchCase):
        save_reply(title, "y", outsider, by=actor_of(outsider))
    with pytest.raises(NoSuchCase):
        drop_reply(kept.pk, outsider, by=actor_of(outsider))
    assert SavedReply.objects.get(pk=kept.pk).text == "x"


def test_a_finding_that_many_cases_share_is_answered_once_and_each_district_reads_it(office: Office) -> None:
    districts = [new_district(f"District {number}") for number in range(2)]
    others = [Office(one, office_worker(one, "Con Tact"), office.it, office.sam, office.kim) for one in districts]
    cases = []
    for one in (office, *others):
        case = one.bring(one.ask(), TWICE)
        send_as_it_is(one.district, case, now=one.now, by=one.contact)
        cases.append((one, case))
    said = Said("Give them numbers.", "name-without-number", "Students.csv")
    wanted = [case.pk for _, case in cases]
    assert sorted(answer_finding(wanted, said, office.sam, by=office.by_sam)) == sorted(wanted)
    for one, case in cases:
        assert _read(one, case) == [("Give them numbers.", "name-without-number")]
        assert not Line.objects.get(case_id=case.pk).claimed_by, "saying so is no claim"
    assert answer_finding([*wanted, 2**40], Said("x", "no-such-finding"), office.sam, by=office.by_sam) == []


def _read(office: Office, case: Case) -> list[tuple[str, str]]:
    return [(message.text, message.code) for message in list_messages(office.district, case)]
