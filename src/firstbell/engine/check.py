"""check: the rules over everything that was read. Good records go on; the others are findings and are left out."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.rules import (
    BETWEEN,
    FULL_LISTS,
    RECORD_RULES,
    Check,
    Tables,
    duplicates,
    links,
    sanity,
    side_files,
)
from firstbell.engine.rules.rule import apply_rules
from firstbell.engine.tables import TABLES


@dataclass(frozen=True, slots=True)
class Checked:
    """What may go on: good records by table, the ids that were left out, and how many ids could not be read.

    A record that was left out counts as present (ARCHITECTURE 6): its last good state stays.
    """

    tables: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    left_out: dict[str, pl.Series]
    unreadable: dict[str, int]
    noted: list[pl.DataFrame]
    """What the rules alone found, before severities."""


def check(reading: Reading, known_ids: links.KnownIds, *, strict: bool = False) -> Checked:
    """Check a reading. ``strict`` judges as a certification would; what is left out is the same either way."""
    tables = Tables(dict(reading.tables), shown_as=reading.shown_as, made=reading.made)
    faulty = _faulty_records(reading)
    _check_records(tables, faulty)
    unreadable = _unreadable_ids(reading)
    links.check_links(tables, reading, known_ids, lost=unreadable.keys(), strict=strict)
    links.check_target_types(tables)
    standing = _standing(tables)
    _run(BETWEEN, standing)
    if all(reading.mode(name) is Mode.BULK for name in ("users", "roles")):
        _run(FULL_LISTS, standing)
    sanity.find_oddities(standing, reading, unreadable)
    if strict:
        side_files.check_side_files(tables, reading)
    tables.findings = _in_words_of_the_files(tables.findings, reading)
    left_out = {name: tables.left_out_ids(name) for name in tables.left_out}
    found = reading.in_own_words(findings.gather([*reading.findings, *tables.findings], strict=strict))
    return Checked(tables.rows, found, left_out, unreadable, tables.findings)


def _check_records(tables: Tables, faulty: pl.DataFrame) -> None:
    """The rules that need one table only, all tables side by side."""

    def look_at(alone: Tables) -> None:
        (name,) = alone.rows
        _leave_out_faulty(alone, name, faulty)
        duplicates.find_duplicates(alone, name)
        apply_rules(alone, name, RECORD_RULES.get(name, ()))

    parts = [tables.only(name) for name in TABLES if name in tables]
    with ThreadPoolExecutor() as pool:
        list(pool.map(look_at, parts))
    for part in parts:
        tables.take_back(part)


def _in_words_of_the_files(found: list[pl.DataFrame], reading: Reading) -> list[pl.DataFrame]:
    """What the rules found in the columns of the files, and once where one cell became several rows."""
    if not reading.columns_of or not found:
        return found
    return [reading.in_words_of_the_file(pl.concat(found)).unique(maintain_order=True)]


def _standing(tables: Tables) -> Tables:
    """The rows that are not being removed; findings go to the same list."""
    rows = {name: rows.filter(pl.col("_status") == "active") for name, rows in tables.rows.items()}
    return Tables(rows, tables.left_out, tables.findings, tables.shown_as, tables.made)


def _faulty_records(reading: Reading) -> pl.DataFrame:
    """The records (``_file, _record`` and ``CAUSE``) with an error in their values, whatever the way of judging."""
    errors = [code for code, entry in findings.CATALOGUE.items() if entry.severity is findings.Severity.ERROR]
    parts = [part.filter(pl.col("code").is_in(errors)) for part in reading.findings]
    records = pl.concat([findings.none(), *(part.select(list(findings.SCHEMA)) for part in parts)])
    faults = records.drop_nulls(["file", "record"]).unique(["file", "record"], keep="first", maintain_order=True)
    return faults.select(_file="file", _record="record", causeCode="code", causeFile="file", causeColumn="column")


def _leave_out_faulty(tables: Tables, name: str, faulty: pl.DataFrame) -> None:
    if not faulty.height:
        return
    rows = tables[name].with_row_index("_row")
    hit = rows.join(faulty, on=["_file", "_record"], maintain_order="left")
    tables.lose(name, rows["_row"].is_in(hit["_row"].implode()), hit)


def _unreadable_ids(reading: Reading) -> dict[str, int]:
    codes = [code for code, entry in findings.CATALOGUE.items() if entry.unreadable_id]
    counts = dict(reading.unsaid)
    for part in reading.findings:
        lost = part.filter(pl.col("code").is_in(codes) & pl.col("file").is_not_null())
        for file in lost["file"].to_list():
            for table in reading.tables_of.get(file, ()):
                counts[table] = counts.get(table, 0) + 1
    return counts


def _run(checks: Sequence[tuple[tuple[str, ...], Check]], tables: Tables) -> None:
    """Rules that only note what they find, side by side; what they note stays in their order."""
    wanted = [rule for needed, rule in checks if all(name in tables and tables[name].height for name in needed)]
    parts = [tables.only(*tables.rows) for _ in wanted]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda rule, part: rule(part), wanted, parts))
    for part in parts:
        tables.note(*part.findings)
