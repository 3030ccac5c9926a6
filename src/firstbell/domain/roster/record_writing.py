"""Writes a source's records: what it calls its rows, and the hash of what it said of each last."""

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.copying import raw_cursor, stage
from firstbell.domain.roster.models import Source
from firstbell.engine.content import TABLES_VERSION
from firstbell.engine.tables import Table

STAGED = "staged_records"
TYPES = {
    "row_id": "bigint",
    "key": "text",
    "old_key": "text",
    "hash_high": "bigint",
    "hash_low": "bigint",
    "present": "boolean",
}
REPLACING = (
    " on conflict (district_id, source_id, kind, source_key) do update set row_id = excluded.row_id,"
    " hash_high = excluded.hash_high, hash_low = excluded.hash_low,"
    " version = excluded.version, present = excluded.present"
)


def has_records(district: District, source: Source, table: str) -> bool:
    """Whether the source has any record of this kind."""
    with raw_cursor() as cursor:
        cursor.execute(
            "select 1 from roster_record where district_id = %s and source_id = %s and kind = %s"
            " order by source_key limit 1",
            [district.pk, source.pk, KINDS[table]],
        )
        return cursor.fetchone() is not None


def write_records(district: District, source: Source, table: Table, records: pl.DataFrame) -> None:
    """Write records (``plan.RECORD_WRITES_SCHEMA``); one that was renumbered leaves its old id."""
    stage(STAGED, TYPES, records.unique("key", keep="first", maintain_order=True))
    with raw_cursor() as cursor:
        cursor.execute(
            f"delete from roster_record r using {STAGED} t"
            " where r.district_id = %s and r.source_id = %s and r.kind = %s and r.source_key = t.old_key",
            [district.pk, source.pk, KINDS[table.name]],
        )
    insert_records(district, source, table, STAGED, "row_id", "t.present")


def insert_records(district: District, source: Source, table: Table, staged: str, row_id: str, present: str) -> None:
    """Records take the place of those under the same id. A first import has none, and need not look for each."""
    in_place = REPLACING if has_records(district, source, table.name) else ""
    with raw_cursor() as cursor:
        cursor.execute(
            "insert into roster_record"
            " (district_id, source_id, kind, source_key, row_id, hash_high, hash_low, version, present)"
            f" select %s, %s, %s, t.key, t.{row_id}, t.hash_high, t.hash_low, %s, {present} from {staged} t{in_place}",
            [district.pk, source.pk, KINDS[table.name], TABLES_VERSION],
        )
