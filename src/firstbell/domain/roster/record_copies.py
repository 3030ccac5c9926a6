"""A source's records in the shape that the engine reads, beside the table that they are a copy of.

PostgreSQL hands a million records out in a million messages; a copy of them, as Parquet in one cell, takes a twentieth
of the time. Whoever applies a run writes records and their copy in one transaction. A trigger on ``roster_record``
takes the district's copies away when anybody else writes there, so a copy that is there is right (ADR 0009).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.copying import binary_cursor, fetch, raw_cursor
from firstbell.domain.roster.models import Source
from firstbell.engine.known import RECORDS_SCHEMA, with_writes

COPIED_FROM = 5_000
"""Fewer records are read from their table as quickly."""
COPIES_FOLLOW = "firstbell.copies_follow"
RECORDS = (
    "select source_key, row_id, hash_high, hash_low, version, present from roster_record"
    " where district_id = %s and source_id = %s and kind = %s"
)
OF_ONE_KIND = "district_id = %s and source_id = %s and kind = %s"


def read_records(district: District, source: Source, table: str) -> pl.DataFrame:
    """All records of a source for one table (``RECORDS_SCHEMA``), from their copy where there is one."""
    copy = _find_copy(district, source, table)
    if copy is not None:
        return copy
    return fetch(RECORDS, RECORDS_SCHEMA, [district.pk, source.pk, KINDS[table]])


@contextmanager
def copies_follow() -> Iterator[None]:
    """Within it, who writes records promises to ``renew_copy`` of what was written; outside, copies are taken away."""
    with raw_cursor() as cursor:
        cursor.execute("select set_config(%s, 'on', true)", [COPIES_FOLLOW])
        yield
        cursor.execute("select set_config(%s, '', true)", [COPIES_FOLLOW])


def renew_copy(district: District, source: Source, table: str, writes: pl.DataFrame, *, known: int) -> None:
    """Bring a copy up to what was just written (``plan.RECORD_WRITES_SCHEMA``), or make it where there is none.

    ``known``: how many records the source had before.
    """
    copy = _find_copy(district, source, table) if writes.height else None
    if copy is None and known + writes.height >= COPIED_FROM and not _has_copy(district, source, table):
        records = fetch(RECORDS, RECORDS_SCHEMA, [district.pk, source.pk, KINDS[table]])
        if records.height >= COPIED_FROM:
            _keep(district, source, table, records)
    elif copy is not None:
        _keep(district, source, table, with_writes(copy, writes))


def make_first_copy(district: District, source: Source, table: str, writes: pl.DataFrame) -> None:
    """Make the copy of a source's first records: they are what was written, and nothing has to be read back."""
    if writes.height >= COPIED_FROM:
        _keep(district, source, table, with_writes(pl.DataFrame(schema=RECORDS_SCHEMA), writes))


def forget_copies(district: District, sources: list[int]) -> None:
    """Take the copies of sources away whose records were written for them."""
    with raw_cursor() as cursor:
        cursor.execute(
            "delete from roster_recordcopy where district_id = %s and source_id = any(%s)", [district.pk, sources]
        )


def _has_copy(district: District, source: Source, table: str) -> bool:
    with raw_cursor() as cursor:
        named = [district.pk, source.pk, KINDS[table]]
        cursor.execute(f"select 1 from roster_recordcopy where {OF_ONE_KIND}", named)
        return cursor.fetchone() is not None


def _find_copy(district: District, source: Source, table: str) -> pl.DataFrame | None:
    with binary_cursor() as cursor:
        cursor.execute(
            f"select body from roster_recordcopy where {OF_ONE_KIND}",
            [district.pk, source.pk, KINDS[table]],
            binary=True,
        )
        row = cursor.fetchone()
    return pl.read_parquet(io.BytesIO(row[0])) if row else None


def _keep(district: District, source: Source, table: str, records: pl.DataFrame) -> None:
    body = io.BytesIO()
    records.write_parquet(body, compression="zstd", compression_level=1, statistics=False)
    with binary_cursor() as cursor:
        cursor.execute(
            "insert into roster_recordcopy (district_id, source_id, kind, body) values (%s, %s, %s, %b)"
            " on conflict (district_id, source_id, kind) do update set body = excluded.body",
            [district.pk, source.pk, KINDS[table], body.getbuffer()],
        )
