"""A source's corrections are set once, replayed on every later file, and part of what makes a file the same."""

import zipfile

import fastexcel
import polars as pl
import pytest
from tests.domain.imports.rosters import PRINCIPAL, Door, changes, found, published, state
from tests.domain.imports.test_secrets import CANARY, _readable
from tests.engine.corrections.spelling import Contents, renamed, set_cells
from tests.engine.district import lakeside, write_files

from firstbell.domain.audit.models import Event
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import discard_run
from firstbell.domain.imports.folder import INPUT, RunFolder
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.passwords import use_passwords
from firstbell.domain.imports.previewing import preview_kept
from firstbell.domain.imports.queries import Place, find_last_kept, page_findings
from firstbell.domain.imports.queries.workbook import open_workbook
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import BadSettings, add_source, change_settings, policy_of
from firstbell.engine.corrections.kinds import NONE
from firstbell.engine.corrections.parsing import parse

OWN = {"sourcedId": "Student ID", "givenName": "First"}
COLUMNS: list[dict[str, object]] = [
    {"kind": "rename-column", "file": "users.csv", "column": own, "to": name} for name, own in OWN.items()
]
SETTINGS: list[dict[str, object]] = [{"kind": "rename-file", "file": "kids.csv", "to": "users.csv"}, *COLUMNS]


def _spelled(contents: Contents) -> Contents:
    ours = renamed(contents, "users.csv", OWN)
    ours["kids.csv"] = ours.pop("users.csv")
    return ours


def _bring(door: Door, contents: Contents):  # type: ignore[no-untyped-def]  # a run
    folder = door.folder / f"own-{next(door._numbers)}"
    return door.bring(write_files(folder, contents))


def _correct(door: Door, *settings: dict[str, object]) -> None:
    with within(door.district):
        source = Source.objects.get(pk=door.source.pk)
    change_settings(door.district, source, {**source.settings, "corrections": list(settings)}, by=PRINCIPAL)


def test_corrections_are_replayed_on_every_later_file_and_told(sis: Door) -> None:
    _correct(sis, *SETTINGS)
    first = _bring(sis, _spelled(dict(lakeside().contents())))
    assert (first.state, changes(first)["users"]) == (RunState.APPLIED, {"added": 6})
    assert found(sis.district, first) == {"corrected-file", "corrected-column"}
    tomorrow = lakeside()
    tomorrow.row("users", "s1")["givenName"] = "Benjamin"
    second = _bring(sis, _spelled(dict(tomorrow.contents())))
    assert (second.state, changes(second)) == (RunState.APPLIED, {"users": {"updated": 1}})
    assert found(sis.district, second) == {"corrected-file", "corrected-column"}


def test_the_same_night_again_changes_nothing(sis: Door) -> None:
    _correct(sis, *SETTINGS)
    contents = _spelled(dict(lakeside().contents()))
    _bring(sis, contents)
    before = state(sis.district)
    again = _bring(sis, contents)
    assert "same file" in again.message
    assert changes(again) == {}
    assert state(sis.district) == before


def test_a_corrected_export_makes_the_same_roster_as_a_good_one(sis: Door) -> None:
    sis.bring(lakeside())
    good = published(sis.district)
    _correct(sis, *SETTINGS)
    run = _bring(sis, _spelled(dict(lakeside().contents())))
    assert changes(run) == {}, "and no hash differs either"
    assert published(sis.district) == good


def test_changed_corrections_look_at_the_same_bytes_anew(sis: Door) -> None:
    contents = set_cells(dict(lakeside().contents()), "users.csv", "email", lambda _: "")
    _bring(sis, contents)
    assert "same file" in _bring(sis, contents).message
    _correct(
        sis, {"kind": "join-text", "file": "users.csv", "column": "email", "template": "{username}@lakeside.example"}
    )
    run = _bring(sis, contents)
    assert run.message == ""
    assert run.counts["users"]["updated"] == 6
    _correct(sis)
    assert _bring(sis, contents).counts["users"]["updated"] == 6, "and taken away they are undone the same way"


def test_findings_name_the_columns_of_the_districts_own_file(sis: Door) -> None:
    _correct(sis, *SETTINGS)
    faulty = lakeside()
    faulty.row("users", "s0")["givenName"] = ""
    run = _bring(sis, _spelled(dict(faulty.contents())))
    page = page_findings(sis.district, run, wanted=Place("value-missing"))
    assert [(row.file, row.record, row.column) for row in page.rows] == [("users.csv", 1, "First")]
    assert page.rows[0].message.startswith("First is blank")
    with open_workbook(sis.district, run) as book:
        assert fastexcel.read_excel(book.read()).sheet_names == ["Summary", "users.csv"]


@pytest.mark.parametrize("kept", ["applied", "refused"])
def test_a_password_under_its_own_name_is_used_and_not_kept(sis: Door, kept: str) -> None:
    _correct(sis, {"kind": "rename-column", "file": "users.csv", "column": "Kode", "to": "password"})
    roster = lakeside()
    for user in roster["users"]:
        user["password"] = CANARY
    contents = renamed(dict(roster.contents()), "users.csv", {"password": "Kode"})
    if kept == "refused":
        contents = renamed(contents, "users.csv", {"familyName": "Nachname"})
    run = _bring(sis, contents)
    assert run.state == kept
    assert (use_passwords(sis.district, run) > 0) == (kept == "applied")
    text = _readable(sis.district, run)
    assert "s0" in text
    assert CANARY not in text
    with RunFolder(sis.district, run.pk).open(INPUT) as plain, zipfile.ZipFile(plain) as archive:
        users = pl.read_csv(archive.read("users.csv"), infer_schema=False)
    assert users["Kode"].null_count() == users.height == 6


def test_a_password_column_stays_one_for_a_run_that_waits_though_its_correction_goes(sis: Door) -> None:
    kode: dict[str, object] = {"kind": "rename-column", "file": "users.csv", "column": "Kode", "to": "password"}
    _correct(sis, kode)
    sis.bring(lakeside(40))
    roster = lakeside(40).without(*(f"s{number}" for number in range(10)))
    for user in roster["users"]:
        user["password"] = CANARY
    held = _bring(sis, renamed(dict(roster.contents()), "users.csv", {"password": "Kode"}))
    assert held.state == RunState.HELD
    _correct(sis)
    discard_run(sis.district, held, by=PRINCIPAL)
    text = _readable(sis.district, held)
    assert "Kode" in text
    assert CANARY not in text


def test_wrong_corrections_are_no_settings(sis: Door) -> None:
    wrong: list[dict[str, object]] = [{"corrections": {}}, {"corrections": [{"kind": "pad-ids", "table": "users"}]}]
    for settings in wrong:
        with pytest.raises(BadSettings, match="Correction"):
            change_settings(sis.district, sis.source, settings, by=PRINCIPAL)
        with pytest.raises(BadSettings, match="Correction"):
            add_source(sis.district, "another", by=PRINCIPAL, settings=settings)
    assert policy_of(sis.source).corrections == NONE


def test_who_changed_the_corrections_is_written_down(sis: Door) -> None:
    _correct(sis, SETTINGS[0])
    with within(sis.district):
        event = Event.objects.filter(district_id=sis.district.pk, verb="source.changed").get()
    assert event.actor_name == PRINCIPAL.name
    assert event.detail == {"before": {}, "after": {"corrections": [SETTINGS[0]]}}


def test_a_preview_looks_at_the_files_that_are_kept_and_keeps_nothing(sis: Door) -> None:
    assert find_last_kept(sis.district, sis.source) is None
    refused = _bring(sis, renamed(dict(lakeside().contents()), "users.csv", OWN))
    assert refused.state == RunState.REFUSED
    kept = find_last_kept(sis.district, sis.source)
    assert kept is not None
    assert kept.pk == refused.pk
    before = state(sis.district)
    shown = preview_kept(sis.district, kept, parse(SETTINGS[1:]), sees_demographics=True)
    assert shown.before is not None
    assert shown.after is not None
    assert shown.before["fatal"] > shown.after["fatal"] == 0
    assert state(sis.district) == before


def test_who_may_not_see_demographics_sees_none_in_a_preview(sis: Door) -> None:
    contents = renamed(dict(lakeside().contents()), "demographics.csv", {"birthDate": "Born"})
    run = _bring(sis, contents)
    settings: list[dict[str, object]] = [
        {"kind": "rename-column", "file": "demographics.csv", "column": "Born", "to": "birthDate"},
        {"kind": "pad-column", "file": "users.csv", "column": "identifier", "width": 9},
    ]
    everything = repr(preview_kept(sis.district, run, parse(settings), sees_demographics=True))
    assert "2015-01-02" in everything
    some = repr(preview_kept(sis.district, run, parse(settings), sees_demographics=False))
    assert "2015-01-02" not in some
    assert "000900000" in some
