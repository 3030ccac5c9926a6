"""The same rows again change nothing and write no change, however they are written down."""

import csv
import datetime as dt
import io
import itertools
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import new_district
from tests.domain.imports.rosters import Door, changes, open_door, published, state, zipped
from tests.engine.district import MOMENT, lakeside
from tests.engine.district import District as Roster

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.imports import repeating
from firstbell.domain.imports.folder import RunFolder, changes_of
from firstbell.domain.imports.models import RunState
from firstbell.domain.roster.sources import change_settings
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample
from firstbell.engine.tables import TABLES

STUDENTS = 120


def test_the_same_file_is_recognised_and_writes_nothing(sis: Door) -> None:
    package = sis.pack(sample(STUDENTS))
    sis.bring(package)
    before = state(sis.district)
    again = sis.bring(package)
    assert again.state == RunState.APPLIED
    assert "same file" in again.message
    assert again.counts["users"]["unchanged"] > STUDENTS
    assert changes(again) == {}
    assert state(sis.district) == before


def test_the_same_file_after_a_change_of_settings_is_read_again(sis: Door) -> None:
    package = sis.pack(lakeside())
    sis.bring(package)
    change_settings(sis.district, sis.source, {"removed_people": 50}, by=OPERATOR)
    again = sis.bring(package)
    assert again.message == ""
    assert changes(again) == {}


def test_another_zip_of_the_same_rows_writes_nothing(sis: Door, tmp_path: Path) -> None:
    package = sis.pack(sample(STUDENTS))
    sis.bring(package)
    before = state(sis.district)
    again = sis.bring(zipped(package, tmp_path / "again.zip", level=9))
    assert again.message == "", "this file is not recognised by its bytes"
    assert changes(again) == {}
    assert again.first_stamp == again.last_stamp == 0
    assert not any(RunFolder(sis.district, again.pk).has(changes_of(table)) for table in TABLES)
    assert state(sis.district) == before


def _rewritten(text: str, *, seed: int, quoting: int, end: str) -> str:
    header, *rows = list(csv.reader(io.StringIO(text)))
    shuffled = pl.Series(range(len(rows))).shuffle(seed=seed).to_list()
    out = io.StringIO()
    writer = csv.writer(out, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([header, *(rows[place] for place in shuffled)])
    return out.getvalue()


def test_rows_shuffled_and_quoted_and_with_other_line_ends_write_nothing(sis: Door, tmp_path: Path) -> None:
    package = sis.pack(sample(STUDENTS))
    sis.bring(package)
    before = state(sis.district)
    other = tmp_path / "rewritten"
    other.mkdir()
    for path in package.iterdir():
        text = _rewritten(path.read_text(), seed=len(path.name), quoting=csv.QUOTE_ALL, end="\r\n")
        (other / path.name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    again = sis.bring(other)
    assert again.files == sis.bring(package).files
    assert changes(again) == {}
    assert state(sis.district) == before


def test_records_hashed_by_an_older_version_are_computed_anew_and_nothing_is_told(
    sis: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = sis.pack(lakeside())
    sis.bring(package)
    before = state(sis.district)
    for module in ("engine.compare", "engine.known", "domain.roster.record_writing", "domain.imports.repeating"):
        monkeypatch.setattr(f"firstbell.{module}.TABLES_VERSION", 2)
    again = sis.bring(package)
    assert again.message == "", "another version of the tables is read anew"
    assert changes(again) == {}
    assert again.first_stamp == 0
    after = state(sis.district)
    assert after.pop("roster_record") != before.pop("roster_record")
    assert after == before
    third = sis.bring(zipped(package, tmp_path / "third.zip", level=9))
    assert changes(third) == {}


def test_another_version_of_the_engine_reads_the_same_bytes_anew(sis: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    package = sis.pack(lakeside())
    sis.bring(package)
    monkeypatch.setattr(repeating, "ENGINE_VERSION", repeating.ENGINE_VERSION + 1)
    assert sis.bring(package).message == ""


EDITS = st.fixed_dictionaries(
    {
        "leave": st.sets(st.integers(0, 7), max_size=2),
        "rename": st.sets(st.integers(0, 7), max_size=3),
        "join": st.integers(0, 2),
        "drop": st.sets(st.integers(0, 7), max_size=2),
        "room": st.booleans(),
    }
)


def _edited(edits: dict[str, object]) -> Roster:
    roster = lakeside(8)
    for number in edits["rename"]:  # type: ignore[attr-defined]
        roster.row("users", f"s{number}")["familyName"] = f"Renamed{number}"
    if edits["room"]:
        roster.row("classes", "c-elm")["location"] = "R12"
    for number in edits["drop"]:  # type: ignore[attr-defined]
        roster = roster.without(f"e-s{number}")
    for number in edits["leave"]:  # type: ignore[attr-defined]
        roster = roster.without(f"s{number}")
    joined = lakeside(8 + edits["join"])  # type: ignore[operator]
    for number in range(8, 8 + edits["join"]):  # type: ignore[operator]
        pupil = f"s{number}"
        for file, of in (("users", pupil), ("roles", f"r-{pupil}"), ("enrollments", f"e-{pupil}")):
            roster[file].append(joined.row(file, of))
        roster["demographics"].append(joined.row("demographics", pupil))
    return roster


def _delta(before: Roster, after: Roster) -> Roster:
    """Only what differs, with what went marked as such."""
    files: dict[str, list[dict[str, str]]] = {}
    for file, rows in after.files.items():
        old = {row["sourcedId"]: row for row in before[file]}
        new = {row["sourcedId"]: row for row in rows}
        stated = {"status": "active", "dateLastModified": MOMENT}
        files[file] = [row | stated for key, row in new.items() if old.get(key) != row]
        files[file] += [
            {"sourcedId": key, "status": "tobedeleted", "dateLastModified": MOMENT} for key in old.keys() - new.keys()
        ]
    return Roster({file: rows for file, rows in files.items() if rows}, modes=dict.fromkeys(files, "delta"))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=EDITS, second=EDITS)
def test_delta_and_bulk_lead_to_the_same_roster(
    database: None, tmp_path_factory: pytest.TempPathFactory, first: dict[str, object], second: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("delta")
    districts: dict[str, District] = {how: new_district(how) for how in ("bulk", "delta")}
    doors = {how: open_door(district, folder / how) for how, district in districts.items()}
    nights = [lakeside(8), _edited(first), _edited(second)]
    for door in doors.values():
        assert door.bring(nights[0]).state == RunState.APPLIED
    for before, after in itertools.pairwise(nights):
        assert doors["bulk"].bring(after).state == RunState.APPLIED
        changed = _delta(before, after)
        if changed.files:
            assert doors["delta"].bring(changed).state == RunState.APPLIED
        assert published(districts["delta"]) == published(districts["bulk"])


def test_a_night_of_changes_as_delta_and_as_bulk_of_a_whole_district(
    district: District, other_district: District, tmp_path: Path
) -> None:
    first, second = sample(STUDENTS, churn=0.1), sample(STUDENTS, day=1, churn=0.1)
    bulk, delta = open_door(district, tmp_path / "bulk"), open_door(other_district, tmp_path / "delta")
    bulk.bring(first)
    delta.bring(first)
    assert bulk.bring(second).state == RunState.APPLIED
    changed = {name: _changed(first[name], second[name]) for name in TABLES}
    write(changed, tmp_path / "changed", version="1.2", mode="delta", when=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    assert delta.bring(tmp_path / "changed").state == RunState.APPLIED
    assert published(other_district) == published(district)


def _changed(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    columns = [name for name in after.columns if not name.startswith("_")]
    new = after.select(columns).join(before.select(columns), on=columns, how="anti", nulls_equal=True)
    gone = before.select("sourcedId").join(after, on="sourcedId", how="anti")
    return pl.concat(
        [new.with_columns(status=pl.lit("active")), gone.with_columns(status=pl.lit("tobedeleted"))], how="diagonal"
    )
