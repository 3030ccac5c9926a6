"""What the clock does: reminders, silent cases that close after a warning, runs that are followed, what is erased."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.domain.assisted.conftest import Office
from tests.domain.imports.rosters import published
from tests.working import alone

from firstbell.domain.assisted.actions import import_plan
from firstbell.domain.assisted.answering import Place, confirm_rest, dispute, sign_off
from firstbell.domain.assisted.following import follow
from firstbell.domain.assisted.forgetting import forget_closed
from firstbell.domain.assisted.handing import KEPT, forget_logins
from firstbell.domain.assisted.models import CaseState
from firstbell.domain.assisted.queries import list_answers, list_messages
from firstbell.domain.assisted.reminding import tend
from firstbell.domain.assisted.tasks import tick
from firstbell.domain.assisted.thread import Said, say_at_desk, say_for_district
from firstbell.domain.assisted.verifying import list_accounts
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.imports import ending
from firstbell.domain.imports.erasing import erase_due
from firstbell.domain.imports.folder import ACCOUNTS, LOGINS, RunFolder
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.undoing import undo_run
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE
from firstbell.domain.roster.editing.people import remove_person
from firstbell.domain.roster.erasing import GONE


def test_who_is_late_is_reminded_once_a_week(office: Office) -> None:
    case = office.bring(office.ask())
    later = office.now + timedelta(days=2)
    assert tend(office.district, case, now=office.now) == ""
    assert tend(office.district, case, now=later) == "reminder"
    assert tend(office.district, case, now=later + timedelta(hours=1)) == ""
    assert tend(office.district, case, now=later + timedelta(days=7)) == "reminder"


def test_a_silent_case_is_warned_and_then_closed(office: Office) -> None:
    case = office.ask()
    quiet = office.now + timedelta(days=22)
    assert tend(office.district, case, now=quiet) == "warning"
    assert tend(office.district, case, now=quiet) == ""
    assert tend(office.district, case, now=quiet + timedelta(days=3)) == ""
    assert tend(office.district, case, now=quiet + timedelta(days=7)) == "closed"
    assert office.again(case).state == CaseState.CANCELLED
    assert tend(office.district, office.again(case), now=quiet + timedelta(days=9)) == ""


def test_nobody_is_late_in_a_practice_space(office: Office, other_district: District) -> None:
    case = office.ask()
    office.district.practice_of = other_district
    assert tend(office.district, case, now=office.now + timedelta(days=22)) == ""
    assert tend(office.district, case, now=office.now + timedelta(days=60)) == ""
    assert office.again(case).state == CaseState.TEMPLATES


def test_a_word_keeps_a_silent_case_open(office: Office) -> None:
    case = office.ask()
    case = office.again(case)
    case.since = office.now - timedelta(days=22)
    say_for_district(office.district, case, Said("We are still at it"), by=office.contact)
    say_at_desk(office.district, case, Said("Fine"), by=office.by_sam)
    assert tend(office.district, office.again(case), now=office.now) == ""
    assert office.again(case).state == CaseState.TEMPLATES


@pytest.mark.parametrize("state", ["planned", "imported"])
def test_what_waits_for_others_or_has_accounts_is_never_closed(office: Office, state: str) -> None:
    case = office.bring(office.ask())
    if state == "imported":
        import_plan(office.district, case, office.sam, by=office.by_sam)
        case = office.work(case)
    year = office.now + timedelta(days=365)
    assert {tend(office.district, case, now=year + timedelta(days=day)) for day in (0, 10, 20)} == {"reminder"}
    assert office.again(case).state == state


def test_a_case_catches_up_with_a_run_that_went_on_without_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.bring(office.ask())
    import_plan(office.district, case, office.sam, by=office.by_sam)
    monkeypatch.setattr(ending, "_listeners", [])
    alone(lambda: carry_out(office.district, office.run(case)))  # and whoever did it died before the case moved
    assert office.again(case).state == CaseState.PLANNED
    tick(0)
    assert office.again(case).state == CaseState.IMPORTED
    assert len(list_accounts(office.district, office.again(case))) == 5
    follow(office.district, case, now=office.now)  # safe to repeat
    undo_run(office.district, office.run(case), by=OPERATOR)
    tick(0)
    assert office.again(case).state == CaseState.RETURNED


def test_log_ins_that_nobody_fetches_go_after_a_while(office: Office) -> None:
    case = office.bring(office.ask())
    import_plan(office.district, case, office.sam, by=office.by_sam)
    case = office.work(case)
    confirm_rest(office.district, case, now=office.now, by=office.contact)
    case = office.work(case)
    folder = RunFolder(office.district, case.run_id or 0)
    forget_logins(office.district, case, now=office.now + KEPT)
    assert folder.has(LOGINS)
    forget_logins(office.district, case, now=office.now + KEPT + timedelta(days=1))
    assert not folder.has(LOGINS)


def test_erasing_a_person_reaches_accounts_notes_and_messages(office: Office) -> None:
    case = office.bring(office.ask())
    import_plan(office.district, case, office.sam, by=office.by_sam)
    case = office.work(case)
    ana = next(line for line in list_accounts(office.district, case) if line.name == "Ana Lopez")
    dispute(office.district, case, Place(ana.file, ana.record), "Not ours", by=office.contact)
    say_for_district(office.district, case, Said("ana lopez has moved away"), by=office.contact)
    say_for_district(office.district, case, Said("Bo Lee stays"), by=office.contact)
    remove_person(office.district, ana.person_id or 0, by=AT_THE_COMMAND_LINE)
    assert erase_due(office.district, at=_much_later()).people == 1
    assert [message.text for message in list_messages(office.district, case)] == [GONE, "Bo Lee stays"]
    assert list_answers(office.district, case) == []
    kept = RunFolder(office.district, case.run_id or 0).read_frame(ACCOUNTS)
    assert kept is not None
    assert "Ana Lopez" not in kept["name"].to_list()
    assert len(kept) == 4


def test_what_was_written_on_a_closed_case_goes_with_the_districts_period(office: Office) -> None:
    case = office.bring(office.ask())
    import_plan(office.district, case, office.sam, by=office.by_sam)
    case = office.work(case)
    say_for_district(office.district, case, Said("A word"), by=office.contact)
    case = office.again(case)
    assert forget_closed(office.district, now=_much_later()) == 0
    say_at_desk(office.district, case, Said("Another"), by=office.by_sam)
    confirm_rest(office.district, case, now=office.now, by=office.contact)
    case = office.work(case)
    sign_off(office.district, case, now=office.now, by=office.contact)
    assert forget_closed(office.district, now=office.now + timedelta(days=89)) == 0
    assert forget_closed(office.district, now=office.now + timedelta(days=91)) == 1
    assert list_messages(office.district, case) == []
    assert list_accounts(office.district, case) == []
    assert office.again(case).receipt["accounts"] == 5
    assert len(published(office.district)["users"]) == 5


def _much_later() -> datetime:
    return timezone.now() + timedelta(days=91)
