"""The same roster in another dress changes nothing."""

import csv
import random

import polars as pl
import pytest
from tests.engine.district import District, actions, csv_text, lakeside, plan_files, planned, reasons, roster_of

from firstbell.engine.formats.oneroster.layouts import LAYOUTS
from firstbell.engine.pipeline import Plan
from firstbell.engine.snapshot import Snapshot


@pytest.fixture
def known() -> Snapshot:
    return roster_of(lakeside())


def _of(contents: dict[str, str | bytes], known: Snapshot) -> Plan:
    result = plan_files(contents, known)
    assert isinstance(result, Plan)
    return result


def _texts(district: District, *, quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> dict[str, str | bytes]:
    plain = district.contents()
    files = {
        f"{file}.csv": csv_text([*LAYOUTS["1.2"][file].columns], rows, quoting=quoting, end=end)
        for file, rows in district.files.items()
    }
    return {**plain, **files}


def test_the_same_package_twice_changes_nothing_and_writes_no_record(known: Snapshot) -> None:
    again = planned(lakeside(), known)
    assert actions(again) == {}
    assert not again.verdict.holds
    assert all(of_table.records.height == 0 for of_table in again.comparison.plans.values())
    assert {name: of_table.unchanged for name, of_table in again.comparison.plans.items()} == {
        name: len(rows) for name, rows in lakeside().files.items()
    }


def test_shuffled_rows_change_nothing(known: Snapshot) -> None:
    shuffled = lakeside()
    for rows in shuffled.files.values():
        random.Random(7).shuffle(rows)
    assert actions(planned(shuffled, known)) == {}


def test_another_way_of_quoting_changes_nothing(known: Snapshot) -> None:
    assert actions(_of(_texts(lakeside(), quoting=csv.QUOTE_ALL), known)) == {}


def test_other_line_ends_change_nothing(known: Snapshot) -> None:
    assert actions(_of(_texts(lakeside(), end="\r\n"), known)) == {}
    assert actions(_of(_texts(lakeside(), end="\r"), known)) == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_another_encoding_changes_nothing(encoding: str) -> None:
    district = lakeside()
    district.row("users", "s0")["familyName"] = "Muñoz"
    known = roster_of(district)
    encoded: dict[str, str | bytes] = {name: text.encode(encoding) for name, text in district.contents().items()}
    assert actions(_of(encoded, known)) == {}


def test_blanks_around_values_and_spellings_of_words_change_nothing(known: Snapshot) -> None:
    sloppy = lakeside()
    sloppy.row("users", "s0").update(givenName=" Ada ", enabledUser="TRUE")
    sloppy.row("roles", "r-s0").update(role="Student")
    sloppy.row("classes", "c-elm").update(termSourcedIds="spring , fall")
    changed = planned(sloppy, known)
    assert actions(changed) == {}, "the order of the terms of a class says nothing"


def test_a_file_that_is_absent_says_nothing_about_its_records(known: Snapshot) -> None:
    assert actions(planned(lakeside().only("orgs", "users", "roles"), known)) == {}


def test_records_without_a_manifest_remove_nobody(known: Snapshot) -> None:
    contents: dict[str, str | bytes] = dict(lakeside().without("s0").contents())
    del contents["manifest.csv"]
    assert actions(_of(contents, known)) == {}


def test_files_in_capitals_or_with_a_prefix_are_the_same_full_lists(known: Snapshot) -> None:
    for renamed in (str.upper, "lincoln_{}".format):
        everyone: dict[str, str | bytes] = {renamed(name): text for name, text in lakeside().contents().items()}
        assert actions(_of(everyone, known)) == {}
        fewer: dict[str, str | bytes] = {
            renamed(name): text for name, text in lakeside().without("s0").contents().items()
        }
        assert actions(_of(fewer, known))["users"] == {"removed": 1}, "the manifest is found by its header too"


def test_extension_columns_are_kept_and_their_order_says_nothing() -> None:
    one = lakeside()
    one.row("users", "s0").update({"metadata.lunch": "free", "metadata.bus": "12"})
    other = lakeside()
    other.row("users", "s0").update({"metadata.bus": "12", "metadata.lunch": "free"})
    known = roster_of(one)
    assert known.live("users").filter(key="s0")["metadata"].item() == '{"bus":"12","lunch":"free"}'
    assert known.live("users").filter(pl.col("key") != "s0")["metadata"].null_count() == 5
    assert actions(planned(other, known)) == {}


def test_a_hash_of_an_older_version_of_the_tables_is_made_anew_without_a_change(known: Snapshot) -> None:
    known._records["users"] = known._records["users"].with_columns(version=pl.lit(0, pl.Int16))
    again = planned(lakeside(), known)
    assert actions(again) == {}
    assert again.comparison.plans["users"].records.height == 6
    assert reasons(again) == set()
