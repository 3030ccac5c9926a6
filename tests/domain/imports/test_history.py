"""Why is it so? Every run that made a row what it is, in pieces, and the last word on a field."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.domain.imports.rosters import PRINCIPAL, Door, row_id
from tests.domain.imports.test_safe_part import _ask, _mixed, _with_recycled
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.folder import RunFolder
from firstbell.domain.imports.queries import Deed, History, HistoryEntry, Subject, find_last_word, list_history
from firstbell.domain.roster.models import Enrollment
from firstbell.domain.roster.models import Role as RosterRole


def _named(number: int) -> Roster:
    roster = lakeside()
    roster.row("users", "s0")["familyName"] = f"Name{number}"
    return roster


def _subject(door: Door, person: int) -> Subject:
    with within(door.district):
        places = list(Enrollment.objects.filter(user_id=person).values_list("id", flat=True))
        roles = list(RosterRole.objects.filter(user_id=person).values_list("id", flat=True))
    return Subject({"users": [person], "enrollments": places, "roles": roles}, ("user", person))


def _said(history: History) -> list[tuple[int, str, str]]:
    runs = [entry for entry in history.entries if isinstance(entry, HistoryEntry)]
    return [(entry.run_id, entry.table, entry.change.action) for entry in runs]


def test_a_person_is_told_with_roles_and_places_the_newest_first(sis: Door) -> None:
    first = sis.bring(lakeside())
    second = sis.bring(_named(1))
    left = lakeside()
    left.files["enrollments"] = [place for place in left["enrollments"] if place["sourcedId"] != "e-s0"]
    third = sis.bring(left)
    history = list_history(sis.district, _subject(sis, row_id(sis, "users", "s0")))
    assert _said(history) == [
        (third.pk, "users", "updated"),
        (third.pk, "enrollments", "removed"),
        (second.pk, "users", "updated"),
        (first.pk, "users", "added"),
        (first.pk, "roles", "added"),
        (first.pk, "enrollments", "added"),
    ]
    joined = history.entries[-1]
    assert isinstance(joined, HistoryEntry)
    assert (joined.source, joined.change.file, joined.change.record) == ("sis", "enrollments.csv", 1)
    assert joined.change.values["userSourcedId"] == "Ada Family0"
    assert history.older == ""


def test_a_class_is_told_with_who_came_and_went(sis: Door) -> None:
    sis.bring(lakeside())
    night = lakeside(6).without("s0")
    night.row("classes", "c-elm")["location"] = "R12"
    run = sis.bring(night)
    group = row_id(sis, "classes", "c-elm")
    with within(sis.district):
        places = list(Enrollment.objects.filter(class_id=group).values_list("id", flat=True))
    newest = [
        (entry.change.action, entry.change.values.get("userSourcedId"))
        for entry in list_history(sis.district, Subject({"classes": [group], "enrollments": places})).entries
        if isinstance(entry, HistoryEntry) and entry.run_id == run.pk
    ]
    assert newest == [("updated", None), ("added", "Eli Family4"), ("removed", "Ada Family0")]


def test_pieces_meet_without_gap_or_repeat_and_open_only_their_own_folders(
    sis: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [sis.bring(_named(number)).pk for number in range(9)]
    opened: list[int] = []
    read_rows = RunFolder.read_rows

    def watched(folder: RunFolder, name: str, row_ids: list[int]) -> object:
        opened.append(int(folder._path.rsplit("/", 1)[1]))
        return read_rows(folder, name, row_ids)

    monkeypatch.setattr(RunFolder, "read_rows", watched)
    subject = Subject({"users": [row_id(sis, "users", "s0")]})
    pieces: list[list[int]] = []
    after = ""
    while after or not pieces:
        opened.clear()
        history = list_history(sis.district, subject, after=after, limit=4)
        pieces.append([run_id for run_id, _, _ in _said(history)])
        assert sorted(opened, reverse=True) == pieces[-1]
        after = history.older
    assert pieces == [runs[:4:-1], runs[4:0:-1], runs[:1]]


def test_a_long_history_asks_the_database_no_more_than_a_short_one(sis: Door) -> None:
    sis.bring(_named(0))
    sis.bring(_named(1))
    subject = _subject(sis, row_id(sis, "users", "s0"))

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            list_history(sis.district, subject)
        return len(asked)

    few = questions()
    for number in range(2, 8):
        sis.bring(_named(number))
    assert questions() == few


def test_what_waits_in_a_held_run_has_not_happened(sis: Door) -> None:
    sis.bring(lakeside(40))
    run = _ask(sis, sis.bring(_mixed()))
    assert run.safe_part_applied
    for person, told in (("s20", 2), ("s0", 1), ("s40", 1)):
        subject = Subject({"users": [row_id(sis, "users", person)]})
        assert len(list_history(sis.district, subject).entries) == told, person
    discard_run(sis.district, run, by=PRINCIPAL)
    assert len(list_history(sis.district, Subject({"users": [row_id(sis, "users", "s0")]})).entries) == 1


def test_of_a_held_run_its_safe_part_is_told_as_it_went_and_not_as_it_was_planned(sis: Door) -> None:
    """Somebody's relative is under an id that carries another person now: he waits, so he is not named yet."""
    sis.bring(lakeside(40))
    night = _with_recycled()
    night.row("users", "s5")["agentSourcedIds"] = "s0,t-elm"
    run = _ask(sis, sis.bring(night))
    assert run.safe_part_applied
    person = row_id(sis, "users", "s5")
    assert _word(sis, person, "agentSourcedIds") == (run.pk, "Tess Teacher elm")
    sis.approve(run)
    assert _word(sis, person, "agentSourcedIds") == (run.pk, "Tess Teacher elm, Zoe Other")


def test_the_last_word_on_a_field_is_the_run_that_set_it(sis: Door) -> None:
    first = sis.bring(lakeside())
    second = sis.bring(_named(1))
    roster = _named(1)
    roster.row("users", "s0")["email"] = "ada@example.org"
    third = sis.bring(roster)
    person = row_id(sis, "users", "s0")
    assert _word(sis, person, "familyName") == (second.pk, "Name1")
    assert _word(sis, person, "email") == (third.pk, "ada@example.org")
    assert _word(sis, person, "givenName") == (first.pk, "Ada")
    undo = sis.undo(third)
    assert _word(sis, person, "email") == (undo.pk, None)
    assert _word(sis, person, "familyName") == (second.pk, "Name1")
    assert find_last_word(sis.district, "users", 7, "email") is None


def _word(door: Door, person: int, column: str) -> tuple[int, str | None]:
    entry = find_last_word(door.district, "users", person, column)
    assert isinstance(entry, HistoryEntry)
    return entry.run_id, next(field.after for field in entry.change.fields if field.name == column)


def test_who_comes_back_keeps_the_word_of_before(sis: Door) -> None:
    first = sis.bring(lakeside())
    sis.bring(lakeside().without("s0"))
    third = sis.bring(_named(5))
    person = row_id(sis, "users", "s0")
    assert _word(sis, person, "givenName")[0] == first.pk
    assert _word(sis, person, "familyName") == (third.pk, "Name5")


def test_what_people_did_in_the_product_stands_between_the_runs(sis: Door) -> None:
    sis.bring(lakeside())
    person = row_id(sis, "users", "s0")
    set_credential(sis.district, person, "ada", "pass1", name="Ada", by=PRINCIPAL)
    sis.bring(_named(1))
    deed = list_history(sis.district, _subject(sis, person)).entries[1]
    assert isinstance(deed, Deed)
    assert (deed.by, deed.verb) == ("Paula Principal", "credential.set")
    without = list_history(sis.district, Subject({"users": [person]})).entries
    assert not [entry for entry in without if isinstance(entry, Deed)]


def test_a_row_among_many_is_found_in_its_group(sis: Door) -> None:
    run = sis.bring(lakeside(5))
    folder = RunFolder(sis.district, run.pk)
    many = folder.read_frame("changes/users.parquet")
    assert many is not None
    for _ in range(13):
        many = many.vstack(many)
    many = many.with_columns(row_id=many["row_id"].cum_count().cast(many["row_id"].dtype))
    folder.write_frame("changes/users.parquet", many)
    found = folder.read_rows("changes/users.parquet", [2, 40_000, many.height])
    assert found is not None
    assert found["row_id"].to_list() == [2, 40_000, many.height]
    assert found.columns == many.columns
