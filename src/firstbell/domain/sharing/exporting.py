"""What a program sees of a roster, as a package of files: for programs that read files and not by OneRoster's REST."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.access import NoSuchRun
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.columns import KINDS, has_published_id, sql_name, table_name, to_text
from firstbell.domain.roster.copying import fetch
from firstbell.domain.sharing.access import ensure_granted, sight_of
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.member import json_name
from firstbell.domain.sharing.oneroster.moment import DISCLOSE
from firstbell.domain.sharing.oneroster.people import HIDES_PROFILES
from firstbell.domain.sharing.oneroster.shadow import Seen, Sight, shadowed
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS, Scope
from firstbell.domain.sharing.showing import bring_up
from firstbell.engine.content import content_schema
from firstbell.engine.formats.note import Written
from firstbell.engine.formats.oneroster.write import Version
from firstbell.engine.formats.oneroster.write import write as write_oneroster
from firstbell.engine.formats.targets import TARGETS, write_as
from firstbell.engine.tables import TABLES, Kind, Table

FORMATS = tuple(TARGETS)
DELTAS: dict[str, Version] = {"oneroster-1.1": "1.1", "oneroster-1.2": "1.2"}
"""Formats that have a way of saying what has changed."""
ROW_ID = "row_id"
RUNS_SHOWN = 10
_THERE = "r.removed_at is null"
_HAS_A_ROLE = "exists (select 1 from roster_role o where o.district_id = r.district_id and o.user_id = r.id{})"
_CHANGED = "greatest(r.stamp, %(floor)s) > %(since)s"
_PERSON_CHANGED = (
    f"({_CHANGED} or exists (select 1 from roster_role o where o.district_id = r.district_id"
    " and o.user_id = r.id and o.stamp > %(since)s) or exists (select 1 from roster_userprofile f"
    " where f.district_id = r.district_id and f.user_id = r.id and f.stamp > %(since)s))"
)
_PEOPLE_CHANGED = f"select r.id from roster_user r where r.district_id = %(district)s and {_PERSON_CHANGED}"


@dataclass(frozen=True, slots=True)
class Exported:
    """A package that was written: what it holds, and the stamp of the roster that it is of."""

    written: Written
    stamp: int
    people: int
    is_delta: bool


def export_roster(client: ApiClient, target: str, out: Path, *, by: Actor, since: int | None = None) -> Exported:
    """Write what the program sees now as a package in a format (``FORMATS``); it is written down as read by it.

    ``since``: a stamp of the roster. What has changed after it, removed records too; for formats among ``DELTAS``.
    Raises NotGranted outside of the days of its grant, KeyError for another format, and OSError.
    """
    if since is not None and target not in DELTAS:
        raise KeyError(target)
    with within(client.district):
        lock(client.district)  # all tables of one moment, by one grant
        client.refresh_from_db()
        ensure_granted(client)
        sight = sight_of(client)
        bring_up(client.district, client.pk)
        opened = {name: table for name, table in TABLES.items() if _is_open(client, name)}
        tables = {name: _rows(client, table, sight, since) for name, table in opened.items()}
        known = tables if since is None else {name: _ids(client, table, sight) for name, table in opened.items()}
        for name, rows in tables.items():
            if name in {"users", "enrollments", "demographics"} and rows.height:
                _disclose(client, name, target if since is None else f"{target} delta", rows)
        record(
            client.district_id,
            "client.exported",
            by=by,
            subject_kind="client",
            subject_id=client.pk,
            detail={"name": client.name, "format": target, "people": tables["users"].height, "since": since},
        )
        stamp = client.district.last_stamp
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=timezone.now())
    people, published = tables["users"].height, _published(tables, known)
    if since is None:
        return Exported(write_as(target, published, out), stamp, people, is_delta=False)
    if DELTAS[target] == "1.1":
        published["roles"] = _roles_of_1p1(published)
    written = write_oneroster(published, out, version=DELTAS[target], mode="delta", when=timezone.now())
    return Exported(written, stamp, people, is_delta=True)


def list_applied(district: District) -> list[Run]:
    """The last runs that changed the roster, the newest first: what changed since one of them can be asked for."""
    with within(district):
        runs = Run.objects.filter(district_id=district.pk, state=RunState.APPLIED, last_stamp__gt=0)
        return list(runs.order_by("-pk")[:RUNS_SHOWN])


def stamp_of_run(district: District, run_id: int) -> int:
    """The stamp of the roster after a run. Raises NoSuchRun."""
    with within(district):
        run = Run.objects.filter(district_id=district.pk, pk=run_id, last_stamp__gt=0).first()
    if run is None:
        raise NoSuchRun(run_id)
    return run.last_stamp


def _is_open(client: ApiClient, table: str) -> bool:
    if table == "userProfiles":
        return HIDES_PROFILES not in client.hidden
    if table == "demographics":
        scopes = {SCOPE_URIS[scope][1] for scope in client.scopes if scope in SCOPE_URIS}
        return Scope.DEMOGRAPHICS in scopes and table not in client.hidden
    return True


def _rows(client: ApiClient, table: Table, sight: Sight, since: int | None) -> pl.DataFrame:
    """``row_id``, ``sourcedId`` and content as the program sees them, references as row ids; of a delta ``status``."""
    hidden = {column.name for column in table.content if f"{table.name}.{json_name(column)}" in sight.hidden}
    columns = [
        "null" if column.name in hidden else to_text(column, f'r."{sql_name(column)}"') for column in table.content
    ]
    published = "r.sourced_id" if has_published_id(table) else "null"
    query = (
        f"select r.id, {published}, {', '.join(columns)}{'' if since is None else _status(table)}"
        f" from {table_name(table)} r where r.district_id = %(district)s and {_wanted(table, since, sight.seen)}"
    )
    schema: dict[str, type[pl.DataType]] = {ROW_ID: pl.Int64, "sourcedId": pl.String}
    schema |= content_schema(table.name) | ({} if since is None else {"status": pl.String})
    known = {"district": client.district_id, "client": client.pk, "floor": client.floor, "since": since}
    return fetch(shadowed(query, sight.seen), schema, known)


def _wanted(table: Table, since: int | None, seen: Seen) -> str:
    """Which rows: as everywhere, who has no role is not told of. A program with a ledger knew all that is in it."""
    if since is None:
        return f"{_THERE} and {_HAS_A_ROLE.format(' and o.removed_at is null')}" if table.name == "users" else _THERE
    was_there = f"({_THERE} or r.created_stamp <= %(since)s)" if seen is Seen.WHOLE else "true"
    match table.name:
        case "users":
            return f"{_PERSON_CHANGED} and {was_there} and {_HAS_A_ROLE.format('')}"
        case "roles":  # in 1.1 a person's row says all of them
            return f"{was_there} and exists (select 1 from ({_PEOPLE_CHANGED}) c where c.id = r.user_id)"
    return f"{_CHANGED} and {was_there}"


def _status(table: Table) -> str:
    there = f"({_THERE} and {_HAS_A_ROLE.format(' and o.removed_at is null')})" if table.name == "users" else _THERE
    return f", case when {there} then 'active' else 'tobedeleted' end"


def _ids(client: ApiClient, table: Table, sight: Sight) -> pl.DataFrame:
    """Of every record that the program knows or knew the id: a record that is told may refer to one that is not."""
    published = "r.sourced_id" if has_published_id(table) else "null"
    query = f"select r.id, {published} from {table_name(table)} r where r.district_id = %(district)s"
    schema: dict[str, type[pl.DataType]] = {ROW_ID: pl.Int64, "sourcedId": pl.String}
    known = {"district": client.district_id, "client": client.pk}
    return fetch(shadowed(query, sight.seen), schema, known)


def _published(tables: dict[str, pl.DataFrame], all_rows: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The same with the ids that the program knows; what leads to nothing it knows is blank."""
    ids = {name: dict(zip(rows[ROW_ID], rows["sourcedId"], strict=True)) for name, rows in all_rows.items()}
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


def _roles_of_1p1(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """In 1.1 a person's row says their roles: those that hold, and of who goes the last ones."""
    going = tables["users"].filter(pl.col("status") == "tobedeleted").select("sourcedId")
    goes = pl.col("userSourcedId").is_in(going["sourcedId"].implode())
    return tables["roles"].filter(goes | (pl.col("status") == "active")).drop("status")


def _disclose(client: ApiClient, table: str, target: str, rows: pl.DataFrame) -> None:
    kept: dict[str, Any] = {"version": client.grant_version, "kind": KINDS[table], "asked": f"export {target} {table}"}
    whose: dict[str, Any] = {"district": client.district_id, "client": client.pk, "ids": rows[ROW_ID].to_list()}
    with connection.cursor() as cursor:
        cursor.execute(DISCLOSE, whose | kept)
