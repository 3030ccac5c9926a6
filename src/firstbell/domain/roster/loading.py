"""Applies what the engine planned: set-based, within the district's wall and lock, in the caller's transaction.

Each table is staged once by COPY; rows and records are inserted and updated from there, and read back against it.
"""

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from firstbell.domain.districts.application_role import KNOWS_MAINTAIN
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.roster import verifying
from firstbell.domain.roster.columns import KINDS, from_text, has_published_id, sql_name, table_name
from firstbell.domain.roster.copying import raw_cursor, stage
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.publishing import published_ids
from firstbell.domain.roster.record_copies import copies_follow, forget_copies, make_first_copy, renew_copy
from firstbell.domain.roster.record_writing import has_records, insert_records, write_records
from firstbell.engine.plan import TablePlan
from firstbell.engine.tables import TABLES, Kind, Table

ADDED, CHANGED, REMOVED = "staged_added", "staged_changed", "staged_removed"
ANALYZED_FROM = 10_000
"""Rows added at once from which the planner's statistics would be too old for the next questions."""


NOBODYS_ID = "fb-{}"
"""What we publish of a row that no source owns: its number, since the key of a list may be somebody's address."""


@dataclass(frozen=True, slots=True)
class Work:
    """Who applies what, when: the values that every statement shares."""

    district: District
    source: Source
    at: datetime


@dataclass(slots=True)
class Applied:
    """What was written: the first and last stamp (0 where nothing changed), and changes by table and action."""

    first_stamp: int = 0
    last_stamp: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


def apply_plans(district: District, source: Source, plans: dict[str, TablePlan], *, at: datetime) -> Applied:
    """Write all changes and records of the plans, then read them back. Raises ``verifying.Mismatch``."""
    lock(district)
    with copies_follow():
        return _apply(Work(district, source, at), plans)


def _apply(work: Work, plans: dict[str, TablePlan]) -> Applied:
    parts = {name: (plan.changes, plan.records) for name, plan in plans.items()}
    total = sum(changes.filter(pl.col("action") != "filled").height for changes, _ in parts.values())
    if not total and any(_moves_rows(plans[name], records) for name, (_, records) in parts.items()):
        total = 1  # whose a row is, and under which id, is part of the roster's version
    first = take_stamps(work.district, total) if total else 0
    applied = Applied(first, first + total - 1 if total else 0)
    stamp = first
    for name, (changes, records) in parts.items():
        stamped = changes.with_columns(stamp=stamp - 1 + (pl.col("action") != "filled").cum_sum())
        stamp += changes.filter(pl.col("action") != "filled").height
        had_records = has_records(work.district, work.source, name)
        _apply_table(work, TABLES[name], plans[name], stamped, records)
        if had_records:
            renew_copy(work.district, work.source, name, records, known=plans[name].known)
        else:
            make_first_copy(work.district, work.source, name, records)
        applied.counts[name] = {
            action: changes.filter(pl.col("action") == action).height
            for action in ("added", "updated", "removed", "restored")
        }
        applied.counts[name]["unchanged"] = plans[name].unchanged
    _analyze([TABLES[name] for name, counts in applied.counts.items() if counts["added"] >= ANALYZED_FROM])
    return applied


def _moves_rows(plan: TablePlan, records: pl.DataFrame) -> bool:
    """Whether rows come under another id of their source, or under another source."""
    return plan.handed_over.height > 0 or records["old_key"].null_count() < records.height


def _apply_table(work: Work, table: Table, plan: TablePlan, changes: pl.DataFrame, records: pl.DataFrame) -> None:
    added = changes.filter(pl.col("action") == "added")
    changed = changes.filter(pl.col("action").is_in(["updated", "restored", "filled"]))
    removed = changes.filter(pl.col("action") == "removed")
    if removed.height:
        _remove(work, table, removed)
    if added.height:
        _add(work, table, added, records)
    if changed.height:
        _change(work, table, changed)
    if plan.handed_over.height:
        hand_over(work, table, plan.handed_over)
    others = records.join(added.select("row_id", "key"), on=["row_id", "key"], how="anti")
    if others.height:
        write_records(work.district, work.source, table, others)


def _content_types(table: Table) -> dict[str, str]:
    return {sql_name(column): "bigint" if column.kind is Kind.REF else "text" for column in table.content}


def _staged(table: Table, changes: pl.DataFrame) -> pl.DataFrame:
    return changes.rename({column.name: sql_name(column) for column in table.content}).rename({"row_id": "id"})


def _add(work: Work, table: Table, added: pl.DataFrame, records: pl.DataFrame) -> None:
    hashes = records.select("row_id", "key", "hash_high", "hash_low")
    joined = added.join(hashes, on=["row_id", "key"], how="left").sort("key")  # in the order of the indexes on ids
    rows = _staged(table, joined)
    if has_published_id(table):
        rows = published_ids(work.district, table, rows)
        own = pl.format(NOBODYS_ID, pl.col("id"))
        rows = rows.with_columns(sourced_id=pl.when("takes").then("sourced_id").otherwise(own))
    ids = {"sourced_id": "text"} if has_published_id(table) else {}
    types = {
        "id": "bigint",
        "stamp": "bigint",
        "key": "text",
        "hash_high": "bigint",
        "hash_low": "bigint",
        "takes": "boolean",
        **ids,
        **_content_types(table),
    }
    stage(ADDED, types, rows)
    content = table.content
    names = [*ids, *(sql_name(column) for column in content)]
    values = [*(f"t.{name}" for name in ids), *(from_text(column, f"t.{sql_name(column)}") for column in content)]
    quoted = ", ".join(f'"{name}"' for name in names)
    with raw_cursor() as cursor:
        cursor.execute(
            f"insert into {table_name(table)}"
            f" (district_id, id, source_id, stamp, created_stamp, date_last_modified, {quoted})"
            " select %s, t.id, case when t.takes then %s::bigint end,"
            f" t.stamp, t.stamp, %s, {', '.join(values)} from {ADDED} t",
            [work.district.pk, work.source.pk, work.at],
        )
    insert_records(work.district, work.source, table, ADDED, "id", "true")
    verifying.ensure_stored(work.district, table, ADDED, added.height)
    verifying.ensure_references(work.district, table, ADDED)


def _analyze(tables: list[Table]) -> None:
    """Fresh statistics where our role may take them (PostgreSQL 17 on); else autovacuum follows in a minute."""
    names = [table_name(table) for table in tables]
    with raw_cursor() as cursor:
        cursor.execute("show server_version_num")
        row = cursor.fetchone()
        if names and row and int(row[0]) >= KNOWS_MAINTAIN:
            cursor.execute(f"analyze {', '.join([*names, 'roster_record'])}")


def _change(work: Work, table: Table, changed: pl.DataFrame) -> None:
    rows = _staged(table, changed).with_columns(quiet=pl.col("action") == "filled")
    stage(
        CHANGED,
        {"id": "bigint", "stamp": "bigint", "takes": "boolean", "quiet": "boolean", **_content_types(table)},
        rows,
    )
    content = table.content
    sets = ", ".join(f'"{sql_name(column)}" = {from_text(column, "t." + sql_name(column))}' for column in content)
    with raw_cursor() as cursor:
        cursor.execute(
            f"update {table_name(table)} r set {sets}, removed_at = null,"
            " stamp = case when t.quiet then r.stamp else t.stamp end,"
            " date_last_modified = case when t.quiet then r.date_last_modified else %s end,"
            " source_id = case when t.takes then %s else r.source_id end"
            f" from {CHANGED} t where r.district_id = %s and r.id = t.id",
            [work.at, work.source.pk, work.district.pk],
        )
    verifying.ensure_stored(work.district, table, CHANGED, changed.height)
    verifying.ensure_references(work.district, table, CHANGED)


def _remove(work: Work, table: Table, removed: pl.DataFrame) -> None:
    stage(REMOVED, {"id": "bigint", "stamp": "bigint"}, _staged(table, removed))
    with raw_cursor() as cursor:
        cursor.execute(
            f"update {table_name(table)} r set removed_at = %s, date_last_modified = %s, stamp = t.stamp"
            f" from {REMOVED} t where r.district_id = %s and r.id = t.id and r.removed_at is null",
            [work.at, work.at, work.district.pk],
        )
        verifying.ensure_count(table, "removed", cursor.rowcount, removed.height)


def hand_over(work: Work, table: Table, handed_over: pl.DataFrame) -> None:
    """Give rows (``row_id``) to the ``source`` that inherits them."""
    stage(CHANGED, {"id": "bigint", "source": "bigint"}, handed_over.rename({"row_id": "id"}))
    with raw_cursor() as cursor:
        cursor.execute(
            f"update {table_name(table)} r set source_id = t.source from {CHANGED} t"
            " where r.district_id = %s and r.id = t.id",
            [work.district.pk],
        )
        cursor.execute(  # the heir's next file is compared field by field: what it said all along counts from now on
            f"update roster_record r set hash_high = null, hash_low = null from {CHANGED} t"
            " where r.district_id = %s and r.source_id = t.source and r.kind = %s and r.row_id = t.id",
            [work.district.pk, KINDS[table.name]],
        )
    forget_copies(work.district, handed_over["source"].unique().to_list())
