"""What a run changed, or would change: row by row, with names instead of row ids."""

from dataclasses import dataclass, field

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries.places import in_schools
from firstbell.domain.roster.columns import table_name
from firstbell.domain.roster.copying import fetch
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT, Scope
from firstbell.engine.content import content_schema
from firstbell.engine.tables import TABLES, Kind, Table

_NAMES = {
    "orgs": "name",
    "academicSessions": "title",
    "courses": "title",
    "classes": "title",
    "users": "concat_ws(' ', given_name, family_name)",
    "userProfiles": "concat_ws(' ', vendor_id, username)",
}
_TOLD = ("added", "updated", "removed", "restored")


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """One field before and after, in words; None is blank."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RowChanged:
    """One row: what happened to it, what people call it, and its fields."""

    action: str
    row_id: int
    key: str
    title: str
    file: str
    record: int | None
    fields: list[FieldChanged]
    values: dict[str, str | None] = field(default_factory=dict)
    """The whole row in words, as it is afterwards (a removed one as it was)."""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Some changes of a table and how many there are."""

    rows: list[RowChanged]
    total: int


def page_changes(
    district: District,
    run: Run,
    table: str,
    *,
    action: str | None = None,
    scope: Scope = WHOLE_DISTRICT,
    offset: int = 0,
    limit: int = 50,
) -> ChangePage:
    """Changes of a table, of one action or of all, of some schools or of all. Raises KeyError for no table of ours."""
    changes = RunFolder(district, run.pk).read_frame(changes_of(TABLES[table].name))
    if changes is None:
        return ChangePage([], 0)
    changes = changes.filter(pl.col("action").is_in(list(_TOLD)) if action is None else pl.col("action") == action)
    if scope.schools is not None:
        changes = changes.filter(in_schools(district, run, table, changes, scope))
    return ChangePage(describe_changes(district, TABLES[table], changes.slice(offset, limit)), changes.height)


def describe_changes(district: District, table: Table, changes: pl.DataFrame) -> list[RowChanged]:
    """Rows of a ``changes`` frame in words, with one question to the database for each table referred to."""
    named = _with_names(district, table, changes)
    content = list(content_schema(table.name))
    after = {column: named[column].to_list() for column in content}
    before = {column: named[f"was.{column}"].to_list() for column in content}
    about = zip(
        *(named[name].to_list() for name in ("action", "row_id", "key", "changed", "file", "record")), strict=True
    )
    rows = []
    whose = _names_of(district, "users", changes["row_id"].to_list()) if table.name == "demographics" else {}
    for place, (action, row_id, key, changed, file, record) in enumerate(about):
        columns = changed if action == "updated" and changed is not None else content
        fields = [FieldChanged(column, _text(before[column][place]), _text(after[column][place])) for column in columns]
        shown = [told for told in fields if told.before is not None or told.after is not None]
        which = before if action == "removed" else after
        values = {column: _text(which[column][place]) for column in content}
        title = _title(table, values) or whose.get(str(row_id)) or key
        rows.append(RowChanged(action, row_id, key, title, file or "", record, shown, values))
    return rows


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or None
    return None if value is None else str(value)


def _title(table: Table, values: dict[str, str | None]) -> str:
    match table.name:
        case "users":
            parts = (values["givenName"], values["familyName"])
        case "enrollments":
            return f"{values['userSourcedId']} in {values['classSourcedId']}"
        case "roles":
            return f"{values['userSourcedId']}: {values['role']} at {values['orgSourcedId']}"
        case _:
            parts = (values.get("title") or values.get("name"), None)
    return " ".join(part for part in parts if part)


def _with_names(district: District, table: Table, changes: pl.DataFrame) -> pl.DataFrame:
    """References (row ids) replaced by the names of what they point to."""
    for column in table.references:
        if column.name == "sourcedId" or column.target not in _NAMES:
            continue
        for name in (column.name, f"was.{column.name}"):
            split = (
                pl.col(name).cast(pl.String).str.split(",")
                if column.kind is Kind.REFS
                else pl.col(name).cast(pl.String)
            )
            changes = changes.with_columns(split.alias(name))
        ids = _ids(changes, column.name, is_list=column.kind is Kind.REFS)
        names = _names_of(district, column.target, ids)
        for name in (column.name, f"was.{column.name}"):
            changes = changes.with_columns(_replaced(pl.col(name), names, is_list=column.kind is Kind.REFS).alias(name))
    return changes


def _ids(changes: pl.DataFrame, column: str, *, is_list: bool) -> list[int]:
    both = pl.concat([changes[column].alias("ids"), changes[f"was.{column}"].alias("ids")]).drop_nulls()
    flat = both.explode() if is_list and both.len() else both
    return [int(value) for value in flat.drop_nulls().unique().to_list()]


def _replaced(column: pl.Expr, names: dict[str, str], *, is_list: bool) -> pl.Expr:
    if is_list:
        return column.list.eval(pl.element().replace(names)).list.join(", ")
    return column.replace(names)


def _names_of(district: District, table: str, ids: list[int]) -> dict[str, str]:
    if not ids:
        return {}
    query = f"select id, {_NAMES[table]} from {table_name(TABLES[table])} where district_id = %s and id = any(%s)"
    with within(district):
        rows = fetch(query, {"id": pl.Int64, "name": pl.String}, [district.pk, ids])
    return dict(zip(rows["id"].cast(pl.String).to_list(), rows["name"].fill_null("").to_list(), strict=True))
