"""What somebody acknowledged is told below the rest till its day is over, and changes nothing else."""

import csv
import io
import json
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connections
from tests.conftest import new_district
from tests.domain.imports.rosters import Door, open_door, state
from tests.engine.corrections.spelling import renamed
from tests.engine.district import District as Roster
from tests.engine.district import lakeside, write_files

from firstbell.domain.audit.actor import Actor
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.acknowledging import (
    AcknowledgedAlready,
    BadAcknowledgement,
    NothingToAcknowledge,
    Words,
    acknowledge,
    take_back,
)
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.imports.queries import (
    Place,
    Summary,
    count_known,
    findings_as_text,
    list_acknowledgements,
    list_known,
    list_standing,
    page_findings,
    summarize_findings,
)

TODAY = date(2026, 9, 1)
ADA, BEN = (Actor("account", name, f"{name.title()} Whitfield") for name in ("ada", "ben"))
MAIL = Place("email-malformed", "users.csv", "email")
NAME = Place("value-missing", "users.csv", "givenName")
WORDS = Words("The front desk has one for all", TODAY + timedelta(days=90))


def _faulty() -> Roster:
    """Two bad addresses, and a student without a first name, who is left out."""
    roster = lakeside(8)
    for student in ("s1", "s2"):
        roster.row("users", student)["email"] = "front desk"
    roster.row("users", "s3")["givenName"] = ""
    return roster


@pytest.fixture
def run(sis: Door) -> Run:
    return sis.bring(_faulty())


def _summary(door: Door, run: Run, today: date = TODAY) -> Summary:
    return summarize_findings(door.district, run, known=list_known(door.district, run, today=today))


def _codes(summary: Summary) -> set[str]:
    return {cause.code for cause in summary.causes}


def _events(door: Door, verb: str) -> list[Event]:
    with within(door.district):
        return list(Event.objects.filter(district_id=door.district.pk, verb=verb))


def test_a_cause_that_is_acknowledged_is_told_apart_with_who_why_and_until_when(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    summary = _summary(sis, run)
    assert "email-malformed" not in _codes(summary)
    (known,) = summary.known
    assert (known.cause.code, known.cause.count, summary.known_count) == ("email-malformed", 2, 2)
    assert (known.acknowledgement.given_by, known.acknowledgement.reason) == (ADA.name, WORDS.reason)
    (event,) = _events(sis, "finding.acknowledged")
    assert event.actor_name == ADA.name
    assert event.detail["until"] == WORDS.until.isoformat()


def test_one_record_can_be_acknowledged_and_the_others_are_told(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, Place("email-malformed", "users.csv", "email", "s1"), WORDS, today=TODAY, by=ADA)
    summary = _summary(sis, run)
    assert next(cause.count for cause in summary.causes if cause.code == "email-malformed") == 1
    assert summary.known_count == 1
    page = page_findings(sis.district, run, wanted=MAIL, known=list_known(sis.district, run, today=TODAY))
    assert [(row.sourced_id, row.known is not None) for row in page.rows] == [("s2", False), ("s1", True)]


def test_it_holds_for_later_runs_of_the_source_and_for_no_other_source(sis: Door, run: Run, tmp_path: Path) -> None:
    acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    assert "email-malformed" not in _codes(_summary(sis, sis.bring(_faulty().without("s7"))))
    other = open_door(sis.district, tmp_path / "directory", "directory")
    assert "email-malformed" in _codes(_summary(sis, other.bring(_faulty())))


def test_an_error_still_leaves_its_record_out_and_the_roster_is_the_same(sis: Door, run: Run) -> None:
    before = state(sis.district)
    acknowledge(sis.district, run, NAME, WORDS, today=TODAY, by=ADA)
    assert state(sis.district) == before
    again = sis.bring(_faulty().without("s7"))
    assert again.found["error"] == run.found["error"], "the run itself counts as before"
    assert "s3" not in str(state(sis.district))
    assert count_known(sis.district, again, known=list_known(sis.district, again, today=TODAY))["error"] == 1


def test_on_the_day_after_its_last_one_it_is_told_again(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    assert "email-malformed" not in _codes(_summary(sis, run, WORDS.until))
    assert "email-malformed" in _codes(_summary(sis, run, WORDS.until + timedelta(days=1)))
    (standing,) = list_standing(sis.district, sis.source, today=WORDS.until + timedelta(days=1))
    assert standing.is_over


def test_what_is_over_can_be_acknowledged_anew_by_anybody(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    later = WORDS.until + timedelta(days=1)
    acknowledge(sis.district, run, MAIL, Words("Still so", later), today=later, by=BEN)
    (given,) = list_acknowledgements(sis.district, sis.source)
    assert (given.given_by, given.until) == (BEN.name, later)


def test_twice_the_same_is_once(sis: Door, run: Run) -> None:
    first, second = (acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA) for _ in range(2))
    assert first.pk == second.pk
    assert len(_events(sis, "finding.acknowledged")) == 1


def test_who_comes_second_is_told_who_was_first_and_changes_nothing(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    with pytest.raises(AcknowledgedAlready, match="Ada Whitfield"):
        acknowledge(sis.district, run, MAIL, Words("Other", WORDS.until), today=TODAY, by=BEN)
    (given,) = list_acknowledgements(sis.district, sis.source)
    assert given.given_by == ADA.name


def test_of_two_at_the_same_moment_one_is_first(sis: Door, run: Run) -> None:
    told: list[str] = []
    together = threading.Barrier(2)

    def do(actor: Actor) -> None:
        together.wait()
        try:
            acknowledge(sis.district, run, MAIL, Words(actor.name, WORDS.until), today=TODAY, by=actor)
            told.append("first")
        except AcknowledgedAlready:
            told.append("second")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[actor]) for actor in (ADA, BEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["first", "second"]
    assert len(list_acknowledgements(sis.district, sis.source)) == len(_events(sis, "finding.acknowledged")) == 1


def test_who_saw_it_may_change_it_and_who_saw_an_older_one_may_not(sis: Door, run: Run) -> None:
    first = acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    longer = Words("Till spring", TODAY + timedelta(days=200), instead_of=first.pk)
    changed = acknowledge(sis.district, run, MAIL, longer, today=TODAY, by=BEN)
    assert changed.reason == "Till spring"
    with pytest.raises(AcknowledgedAlready):
        acknowledge(sis.district, run, MAIL, Words("Mine", WORDS.until, first.pk), today=TODAY, by=ADA)
    assert len(list_acknowledgements(sis.district, sis.source)) == 1


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (Words("  ", TODAY), "reason"),
        (Words("x" * 501, TODAY), "reason"),
        (Words("Known", TODAY - timedelta(days=1)), "until"),
        (Words("Known", TODAY + timedelta(days=366)), "until"),
    ],
)
def test_a_reason_and_a_day_within_a_year_are_needed(sis: Door, run: Run, words: Words, field: str) -> None:
    with pytest.raises(BadAcknowledgement) as wrong:
        acknowledge(sis.district, run, MAIL, words, today=TODAY, by=ADA)
    assert wrong.value.field == field
    assert list_acknowledgements(sis.district, sis.source) == []


@pytest.mark.parametrize(
    "place",
    [Place("no-such-code"), Place("email-malformed", "orgs.csv"), Place("email-malformed", "users.csv", "email", "s7")],
)
def test_only_what_the_run_found_can_be_acknowledged(sis: Door, run: Run, place: Place) -> None:
    with pytest.raises(NothingToAcknowledge):
        acknowledge(sis.district, run, place, WORDS, today=TODAY, by=ADA)


def test_what_stops_a_run_cannot_be_acknowledged(sis: Door, run: Run, tmp_path: Path) -> None:
    contents = renamed(dict(lakeside().contents()), "users.csv", {"sourcedId": "Number"})
    refused = sis.bring(write_files(tmp_path / "refused", contents))
    assert refused.state == "refused"
    fatal = next(row for row in page_findings(sis.district, refused).rows if row.severity == "fatal")
    place = Place(fatal.code, fatal.file, fatal.column)
    with pytest.raises(NothingToAcknowledge):
        acknowledge(sis.district, refused, place, WORDS, today=TODAY, by=ADA)
    given = acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    with within(sis.district):  # as if the code had been a warning when somebody acknowledged it
        Acknowledgement.objects.filter(pk=given.pk).update(code=fatal.code, file=fatal.file, column=fatal.column)
    assert fatal.code in _codes(_summary(sis, refused))


def test_what_is_taken_back_is_told_again_and_taking_back_twice_is_once(sis: Door, run: Run) -> None:
    given = acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    assert take_back(sis.district, given, by=BEN)
    assert not take_back(sis.district, given, by=BEN)
    assert "email-malformed" in _codes(_summary(sis, run))
    (event,) = _events(sis, "finding.acknowledgement_taken_back")
    assert event.actor_name == BEN.name


def test_what_is_gone_stays_until_its_day_and_says_so(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    (standing,) = list_standing(sis.district, sis.source, today=TODAY)
    assert (standing.last_run, standing.ends_soon) == (run.pk, False)
    sis.bring(lakeside(8))
    (standing,) = list_standing(sis.district, sis.source, today=WORDS.until)
    assert (standing.last_run, standing.is_over, standing.ends_soon) == (None, False, True)


def test_the_same_file_again_is_as_quiet_as_before(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, NAME, WORDS, today=TODAY, by=ADA)
    again = sis.bring(_faulty())
    assert "nothing to do" in again.message
    assert count_known(sis.district, again, known=list_known(sis.district, again, today=TODAY))["error"] == 1
    (standing,) = list_standing(sis.district, sis.source, today=TODAY)
    assert standing.last_run == again.pk


def test_reports_tell_what_is_known_with_who_why_and_until_when(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    known = list_known(sis.district, run, today=TODAY)
    note = f"Acknowledged by Ada Whitfield until {WORDS.until}: {WORDS.reason}"
    rows = list(csv.DictReader(io.StringIO(findings_as_text(sis.district, run, ending=".csv", known=known))))
    assert {row["acknowledged"] for row in rows if row["code"] == "email-malformed"} == {note}
    assert {row["acknowledged"] for row in rows if row["code"] == "value-missing"} == {""}
    told = json.loads(findings_as_text(sis.district, run, ending=".json", known=known))
    assert told["acknowledged"] == {"fatal": 0, "error": 0, "warning": 2}
    assert "email-malformed" not in {cause["code"] for cause in told["causes"]}
    assert note in {finding["acknowledged"] for finding in told["findings"]}


def test_another_district_neither_sees_nor_meets_it(sis: Door, run: Run) -> None:
    acknowledge(sis.district, run, MAIL, WORDS, today=TODAY, by=ADA)
    other = new_district("Hilltop Charter School")
    with within(other):
        assert not Acknowledgement.objects.exists()
