"""The ids that we publish. A row takes its source's id; where that is taken it gets a suffix. It never changes."""

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import table_name
from firstbell.domain.roster.copying import fetch
from firstbell.engine.tables import Table


def published_ids(district: District, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """New rows (``key``) with ``sourced_id``."""
    rows = rows.with_columns(sourced_id=pl.col("key"))
    if not _has_rows(district, table):
        return rows
    taken = _taken(district, table, rows["key"].to_list())
    if not taken:
        return rows
    given: dict[str, str] = {}
    wanted = set(rows["key"].to_list())
    for key in sorted(taken):
        others = _taken_like(district, table, key) | wanted
        number = 2
        while f"{key}-{number}" in others:
            number += 1
        given[key] = f"{key}-{number}"
        wanted.add(given[key])
    return rows.with_columns(sourced_id=pl.col("key").replace(given))


def _has_rows(district: District, table: Table) -> bool:
    query = f"select 1 from {table_name(table)} where district_id = %s order by district_id, id limit 1"
    return fetch(query, {"one": pl.Int64}, [district.pk]).height > 0


def _taken(district: District, table: Table, keys: list[str]) -> list[str]:
    query = f"select sourced_id from {table_name(table)} where district_id = %s and sourced_id = any(%s)"
    return fetch(query, {"sourced_id": pl.String}, [district.pk, keys])["sourced_id"].to_list()


def _taken_like(district: District, table: Table, key: str) -> set[str]:
    query = f"select sourced_id from {table_name(table)} where district_id = %s and starts_with(sourced_id, %s)"
    return set(fetch(query, {"sourced_id": pl.String}, [district.pk, f"{key}-"])["sourced_id"].to_list())
