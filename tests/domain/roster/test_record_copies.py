"""Copies of a source's records: read instead of the records, and gone as soon as they might be wrong."""

from pathlib import Path

import polars as pl
import pytest
from django.db import connection, connections
from tests.domain.imports.rosters import Door, changes, open_door
from tests.engine.district import lakeside

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster import record_copies
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.copying import fetch
from firstbell.domain.roster.known import SourceView

OWN_WRITE = "update roster_record set present = false where source_key = %s"


@pytest.fixture
def sis(district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setattr(record_copies, "COPIED_FROM", 1)
    door = open_door(district, tmp_path / "sis")
    door.bring(lakeside())
    return door


def _copies(door: Door) -> int:
    with within(door.district), connection.cursor() as cursor:
        cursor.execute("select count(*) from roster_recordcopy where source_id = %s", [door.source.pk])
        return int(cursor.fetchone()[0])


def _absent(door: Door) -> list[str]:
    with within(door.district):
        return SourceView(door.district, door.source).records("users").filter(~pl.col("present"))["key"].to_list()


def test_a_night_makes_copies_and_the_next_one_reads_them(sis: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _copies(sis) > 3
    asked: list[object] = []

    def listen(query: str, schema: dict[str, type[pl.DataType]], parameters: list[object]) -> pl.DataFrame:
        asked.append(parameters[-1])
        return fetch(query, schema, parameters)

    monkeypatch.setattr(record_copies, "fetch", listen)
    assert changes(sis.bring(lakeside().without("s2")))["users"] == {"removed": 1}
    assert KINDS["users"] not in asked
    assert KINDS["userProfiles"] in asked


def test_a_write_past_the_importer_takes_the_copies_away(sis: Door) -> None:
    with within(sis.district), connection.cursor() as cursor:
        cursor.execute(OWN_WRITE, ["s1"])
    assert _copies(sis) == 0
    assert _absent(sis) == ["s1"]


def test_a_write_by_the_owner_takes_the_copies_of_everyone_away(sis: Door) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("begin")
        cursor.execute(OWN_WRITE, ["nobody has this id"])
        cursor.execute("select count(*) from roster_recordcopy")
        left = cursor.fetchone()
        cursor.execute("rollback")
    assert left == (0,)


def test_a_write_in_another_district_leaves_them(sis: Door, other_district: District) -> None:
    with within(other_district), connection.cursor() as cursor:
        cursor.execute(OWN_WRITE, ["s1"])
    assert _copies(sis) > 3


def test_copies_come_back_with_the_next_run_although_it_changes_nothing(sis: Door) -> None:
    with within(sis.district), connection.cursor() as cursor:
        cursor.execute(OWN_WRITE, ["nobody has this id"])
    assert _copies(sis) == 0
    roster = lakeside()
    roster.row("users", "s1")["phone"] = "555 0100"
    sis.bring(roster)
    assert _copies(sis) > 3


def test_few_records_are_not_copied(district: District, tmp_path: Path) -> None:
    door = open_door(district, tmp_path / "few")
    door.bring(lakeside())
    assert _copies(door) == 0
