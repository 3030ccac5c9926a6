"""A source lets go of its rows: each becomes the next source's in rank, or nobody's, and stays as it is.

The source's records stay too, as of what it does not have any more: should it ever send a roster again, it finds the
rows under the ids it always called them by (and people under new ids by the declared keys), and makes nobody twice.
"""

import polars as pl
from django.utils import timezone

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import table_name
from firstbell.domain.roster.copying import fetch, raw_cursor
from firstbell.domain.roster.known import SourceView
from firstbell.domain.roster.loading import Work, hand_over
from firstbell.domain.roster.models import Source
from firstbell.engine.tables import TABLES, Table

type LetGo = dict[str, dict[str, int]]


def let_go(district: District, source: Source, *, by: Actor) -> LetGo:
    """Let a source own nothing any more. Returns rows by table: ``inherited`` by another source, and of ``nobody``.

    What else it contributed to rows of others is theirs again. Letting go of nothing is told and written down too.
    """
    with within(district):
        lock(district)
        view = SourceView(district, source)
        gone = {name: _let_table_go(district, source, view, table) for name, table in TABLES.items()}
        with raw_cursor() as cursor:
            cursor.execute(
                "update roster_record set present = false, hash_high = null, hash_low = null"
                " where district_id = %s and source_id = %s and present",
                [district.pk, source.pk],
            )
        take_stamps(district, 1)  # whose a row is belongs to the roster's version
        source.expects = []
        source.save(update_fields=["expects"])
        told = {name: counts for name, counts in gone.items() if any(counts.values())}
        detail = {"name": source.name, "rows": told}
        record(district.pk, "source.let_go", by=by, subject_kind="source", subject_id=source.pk, detail=detail)
    return told


def _let_table_go(district: District, source: Source, view: SourceView, table: Table) -> dict[str, int]:
    heirs = view.holders(table.name, _owned(district, source, table))
    if heirs.height:
        hand_over(Work(district, source, timezone.now()), table, heirs)
    with raw_cursor() as cursor:
        cursor.execute(
            f"update {table_name(table)} set source_id = null where district_id = %s and source_id = %s",
            [district.pk, source.pk],
        )
        return {"inherited": heirs.height, "nobody": cursor.rowcount}


def _owned(district: District, source: Source, table: Table) -> pl.Series:
    query = f"select id from {table_name(table)} where district_id = %s and source_id = %s and removed_at is null"
    return fetch(query, {"row_id": pl.Int64}, [district.pk, source.pk])["row_id"]
