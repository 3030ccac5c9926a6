"""A roster written in another format and read back is the same, but for what the notes name with their counts."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.formats.full_roster import Tables, full_roster, sampled

from firstbell.engine.formats.note import Note
from firstbell.engine.formats.targets import TARGETS, write_as
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.tables import TABLES

MADE = {"clever": {"academicSessions", "courses"}}
"""Tables that have no records in a format; all that refers to them comes back under other ids."""


def _round_trip(tables: Tables, out: Path, target: str) -> tuple[Tables, tuple[Note, ...]]:
    notes = write_as(target, tables, out).notes
    reading, checked = inspect(open_package(out))
    assert reading.usable
    return checked.tables, notes


def _keys(table: str, before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    """By the id, or where a format renumbers by what the rows join."""
    if before.join(after, on="sourcedId", how="semi").height or table not in {"roles", "enrollments"}:
        return ["sourcedId"]
    return list(TABLES[table].identity[0])


def _differences(before: Tables, after: Tables, target: str) -> set[str]:
    """What a reader would find otherwise: records, columns and ids, in the words of the notes."""
    told: set[str] = set()
    for name, rows in before.items():
        table, back = TABLES[name], after.get(name)
        if back is None or name in MADE.get(target, ()):
            told.add(table.nouns)
            continue
        key = _keys(name, rows, back)
        if key != ["sourcedId"] or rows.join(back, on=key, how="anti").height:
            told.add(table.nouns)
        pairs = rows.join(back.unique(key), on=key, suffix=".after")
        for column in table.content:
            if column.name in key or column.target in MADE.get(target, ()):
                continue
            if pairs.filter(pl.col(column.name).ne_missing(pl.col(f"{column.name}.after"))).height:
                told.add(f"{column.name} of {table.nouns}")
    return told


def _named(notes: tuple[Note, ...]) -> set[str]:
    return {note.what for note in notes} | {note.what.split(" of people who")[0] for note in notes}


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_of_a_full_roster_is_lost_in_silence(tmp_path: Path, target: str) -> None:
    before = full_roster()
    after, notes = _round_trip(before, tmp_path / "out", target)
    assert _differences(before, after, target) <= _named(notes)
    assert all(note.count > 0 for note in notes)
    assert all("{" not in note.says for note in notes)


@settings(max_examples=12, deadline=None)
@given(
    students=st.integers(1, 60), seed=st.integers(0, 10_000), day=st.integers(0, 30), target=st.sampled_from([*TARGETS])
)
def test_whatever_the_district_what_is_not_noted_comes_back(
    tmp_path_factory: pytest.TempPathFactory, students: int, seed: int, day: int, target: str
) -> None:
    before = sampled(students, seed, day)
    after, notes = _round_trip(before, tmp_path_factory.mktemp("round") / "trip.zip", target)
    assert _differences(before, after, target) <= _named(notes)


def test_one_roster_1_2_carries_everything(tmp_path: Path) -> None:
    before = full_roster()
    after, notes = _round_trip(before, tmp_path / "out", "oneroster-1.2")
    assert notes == ()
    for name, rows in before.items():
        columns = [column.name for column in TABLES[name].columns if not column.secret]
        assert after[name].select(columns).equals(rows.select(columns)), name


@pytest.mark.parametrize("target", ["sds-2.1", "clever"])
def test_what_came_from_a_format_goes_back_into_it_without_a_loss(tmp_path: Path, target: str) -> None:
    first, _ = _round_trip(sampled(80, 3, 5), tmp_path / "first", target)
    again, notes = _round_trip(first, tmp_path / "again", target)
    assert notes == ()
    columns = {name: [column.name for column in TABLES[name].columns if not column.secret] for name in first}
    for name, rows in first.items():
        assert again[name].select(columns[name]).sort("sourcedId").equals(rows.select(columns[name]).sort("sourcedId"))


@pytest.mark.parametrize("target", ["sds-2.1", "clever"])
def test_everyone_in_a_class_is_carried(tmp_path: Path, target: str) -> None:
    before = sampled(80, 3, 5)
    after, _ = _round_trip(before, tmp_path / "out", target)
    key = ("classSourcedId", "userSourcedId", "role", "schoolSourcedId")
    assert set(after["enrollments"].select(key).rows()) == set(before["enrollments"].select(key).rows())


def _of(notes: tuple[Note, ...], code: str) -> dict[str, int]:
    return {note.what: note.count for note in notes if note.code == code}


def test_a_column_without_a_place_is_told_with_its_count(tmp_path: Path) -> None:
    before = sampled(40, 1, 0)
    _, notes = _round_trip(before, tmp_path / "out", "sds-2.1")
    assert _of(notes, "convert-column")["identifier of people"] == before["users"]["identifier"].count()
    said = {note.what: note.says for note in notes}
    assert said["location of classes"].startswith("The format has no place for location of classes; it was left out")


def test_a_record_without_a_place_is_told_with_its_count(tmp_path: Path) -> None:
    before = sampled(40, 1, 0)
    _, notes = _round_trip(before, tmp_path / "out", "clever")
    assert _of(notes, "convert-records")["organizations"] == 1


def test_a_word_that_changes_is_told_with_both_words(tmp_path: Path) -> None:
    before = sampled(40, 1, 0)
    homerooms = before["classes"].filter(pl.col("classType") == "homeroom").height
    _, notes = _round_trip(before, tmp_path / "out", "clever")
    assert [(note.count, note.detail) for note in notes if note.what == "classType of classes"] == [
        (homerooms, "homeroom as scheduled")
    ]


def test_tables_and_ids_that_a_format_lacks_are_told(tmp_path: Path) -> None:
    before = sampled(40, 1, 0)
    _, notes = _round_trip(before, tmp_path / "out", "clever")
    assert _of(notes, "convert-made-anew") == {
        "academic sessions": before["academicSessions"].height,
        "courses": before["courses"].height,
    }
    assert _of(notes, "convert-renumbered") == {
        "roles": before["roles"].height,
        "enrollments": before["enrollments"].height,
    }


@pytest.mark.parametrize("target", TARGETS)
def test_passwords_are_in_no_package_and_told(tmp_path: Path, target: str) -> None:
    before = sampled(20, 1, 0)
    before["users"] = before["users"].with_columns(password=pl.lit("Sesame-7"))
    notes = write_as(target, before, tmp_path / "out").notes
    assert _of(notes, "convert-password") == {"password of people": before["users"].height}
    assert "Sesame" not in "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())


def test_more_contacts_and_teachers_than_clever_has_room_for_are_told(tmp_path: Path) -> None:
    before = full_roster()
    pupil = before["users"].filter(pl.col("agentSourcedIds").is_not_null())["sourcedId"][0]
    more = before["users"].filter(pl.col("sourcedId") == "par-0")
    before["users"] = pl.concat(
        [before["users"], *(more.with_columns(sourcedId=pl.lit(f"par-{n}")) for n in range(4, 9))]
    )
    family = ",".join(f"par-{n}" for n in (0, *range(4, 9)))
    named = pl.when(pl.col("sourcedId") == pupil).then(pl.lit(family)).otherwise("agentSourcedIds")
    before["users"] = before["users"].with_columns(agentSourcedIds=named)
    after, notes = _round_trip(before, tmp_path / "out", "clever")
    agents = after["users"].filter(pl.col("sourcedId") == pupil)["agentSourcedIds"][0]
    assert len(agents.split(",")) == 5
    assert "agentSourcedIds of people" in _named(notes)
    assert "people" in _named(notes)


def test_the_same_roster_gives_the_same_bytes(tmp_path: Path) -> None:
    for target in TARGETS:
        for name in ("one.zip", "two.zip"):
            write_as(target, sampled(30, 2, 1), tmp_path / name)
        assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes(), target


def test_a_new_package_replaces_the_files_of_the_old_one(tmp_path: Path) -> None:
    write_as("sds-2.1", full_roster(), tmp_path)
    assert (tmp_path / "relationships.csv").exists()
    write_as("sds-2.1", sampled(20, 1, 0), tmp_path)
    assert not (tmp_path / "relationships.csv").exists()
