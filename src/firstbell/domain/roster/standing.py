"""What stands on what: live rows of a district that need others, whichever source they are of."""

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import has_published_id, sql_name, table_name, to_text
from firstbell.domain.roster.copying import fetch
from firstbell.engine.content import content_schema
from firstbell.engine.tables import TABLES, Column, Kind, Table


def needs(table: Table) -> list[Column]:
    """The single references without which a row of the table cannot stand."""
    return [column for column in table.references if column.required and column.kind is not Kind.REFS]


def rows_needing(district: District, table: Table, column: Column, row_ids: pl.Series) -> pl.DataFrame:
    """``row_id, target`` of the live rows of a table that need one of these rows."""
    schema: dict[str, type[pl.DataType]] = {"row_id": pl.Int64, "target": pl.Int64}
    query = (
        f"select id, {sql_name(column)} from {table_name(table)}"
        f" where district_id = %s and {sql_name(column)} = any(%s) and removed_at is null"
    )
    return fetch(query, schema, [district.pk, row_ids.drop_nulls().to_list()])


def live_rows(district: District, table: str, row_ids: pl.Series) -> pl.Series:
    """Those of the rows that are live."""
    query = f"select id from {table_name(TABLES[table])} where district_id = %s and id = any(%s) and removed_at is null"
    wanted = row_ids.drop_nulls().unique().to_list()
    return fetch(query, {"row_id": pl.Int64}, [district.pk, wanted])["row_id"]


def read_live(district: District, table: Table) -> pl.DataFrame:
    """All live rows of a table: ``row_id``, ``sourcedId`` (as published), and content with references as row ids."""
    published = "sourced_id" if has_published_id(table) else "null"
    columns = [to_text(column, f'"{sql_name(column)}"') for column in table.content]
    query = (
        f"select id, {published}, {', '.join(columns)} from {table_name(table)}"
        " where district_id = %s and removed_at is null"
    )
    ids: dict[str, type[pl.DataType]] = {"row_id": pl.Int64, "sourcedId": pl.String}
    return fetch(query, ids | content_schema(table.name), [district.pk])
