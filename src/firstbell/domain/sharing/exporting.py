"""What a program sees of a roster, as a package of files: for programs that read files and not by OneRoster's REST."""

from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS, has_published_id, sql_name, table_name, to_text
from firstbell.domain.roster.copying import fetch
from firstbell.domain.sharing.access import ensure_granted, sight_of
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.member import json_name
from firstbell.domain.sharing.oneroster.moment import DISCLOSE
from firstbell.domain.sharing.oneroster.people import HIDES_PROFILES
from firstbell.domain.sharing.oneroster.shadow import Sight, shadowed
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS, Scope
from firstbell.domain.sharing.showing import bring_up
from firstbell.engine.content import content_schema
from firstbell.engine.formats.note import Written
from firstbell.engine.formats.targets import TARGETS, write_as
from firstbell.engine.tables import TABLES, Kind, Table

FORMATS = tuple(TARGETS)
ROW_ID = "row_id"


def export_roster(client: ApiClient, target: str, out: Path, *, by: Actor) -> Written:
    """Write what the program sees now as a package in a format (``FORMATS``); it is written down as read by it.

    Raises NotGranted outside of the days of its grant, KeyError for another format, and OSError.
    """
    with within(client.district):
        lock(client.district)  # all tables of one moment, by one grant
        client.refresh_from_db()
        ensure_granted(client)
        sight = sight_of(client)
        bring_up(client.district, client.pk)
        tables = {name: _rows(client, table, sight) for name, table in TABLES.items() if _is_open(client, name)}
        for name, rows in tables.items():
            if name in {"users", "enrollments", "demographics"} and rows.height:
                _disclose(client, name, target, rows)
        record(
            client.district_id,
            "client.exported",
            by=by,
            subject_kind="client",
            subject_id=client.pk,
            detail={"name": client.name, "format": target, "people": tables["users"].height},
        )
    return write_as(target, _published(tables), out)


def _is_open(client: ApiClient, table: str) -> bool:
    if table == "userProfiles":
        return HIDES_PROFILES not in client.hidden
    if table == "demographics":
        scopes = {SCOPE_URIS[scope][1] for scope in client.scopes if scope in SCOPE_URIS}
        return Scope.DEMOGRAPHICS in scopes and table not in client.hidden
    return True


def _rows(client: ApiClient, table: Table, sight: Sight) -> pl.DataFrame:
    """``row_id``, ``sourcedId`` and content as the program sees them, references as row ids."""
    hidden = {column.name for column in table.content if f"{table.name}.{json_name(column)}" in sight.hidden}
    columns = [
        "null" if column.name in hidden else to_text(column, f'r."{sql_name(column)}"') for column in table.content
    ]
    published = "r.sourced_id" if has_published_id(table) else "null"
    query = (
        f"select r.id, {published}, {', '.join(columns)} from {table_name(table)} r"
        " where r.district_id = %(district)s and r.removed_at is null"
    )
    if table.name == "users":  # as everywhere: who has no role is not told of
        query += " and exists (select 1 from roster_role o where o.district_id = r.district_id and o.user_id = r.id"
        query += " and o.removed_at is null)"
    schema: dict[str, type[pl.DataType]] = {ROW_ID: pl.Int64, "sourcedId": pl.String}
    query = shadowed(query, sight.seen)
    return fetch(query, schema | content_schema(table.name), {"district": client.district_id, "client": client.pk})


def _published(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The same with the ids that the program knows; what leads to nothing it knows is blank."""
    ids = {name: dict(zip(rows[ROW_ID], rows["sourcedId"], strict=True)) for name, rows in tables.items()}
    ids["demographics"] = ids["users"]
    found = {}
    for name, rows in tables.items():
        known = rows
        for column in TABLES[name].references:
            of = ids.get(column.target or "", {})
            if column.name == "sourcedId":
                person = pl.col(ROW_ID).replace_strict(of, default=None, return_dtype=pl.String)
                known = known.with_columns(sourcedId=person)
            elif column.kind is Kind.REFS:
                by_text = {str(row_id): sourced_id for row_id, sourced_id in of.items()}
                one = pl.element().replace_strict(by_text, default=None, return_dtype=pl.String)
                listed = pl.col(column.name).str.split(",").list.eval(one).list.drop_nulls().list.join(",")
                known = known.with_columns(pl.when(listed != "").then(listed).alias(column.name))
            else:
                single = pl.col(column.name).replace_strict(of, default=None, return_dtype=pl.String)
                known = known.with_columns(single.alias(column.name))
        found[name] = _standing(name, known).drop(ROW_ID)
    return found


def _standing(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Without rows that lead to nobody: roles and demographics of people who are not told of."""
    needed = [column.name for column in TABLES[name].references if column.required and column.kind is Kind.REF]
    needed += ["sourcedId"] if name == "demographics" else []
    return rows.filter(pl.all_horizontal(pl.col(needed).is_not_null())) if needed else rows


def _disclose(client: ApiClient, table: str, target: str, rows: pl.DataFrame) -> None:
    kept: dict[str, Any] = {"version": client.grant_version, "kind": KINDS[table], "asked": f"export {target} {table}"}
    whose: dict[str, Any] = {"district": client.district_id, "client": client.pk, "ids": rows[ROW_ID].to_list()}
    with connection.cursor() as cursor:
        cursor.execute(DISCLOSE, whose | kept)
