"""Rules between tables: what is referred to exists, is of the right type, and is nobody's own ancestor.

A record that needs what is missing is an error and left out; one that needs what was itself left out goes with it,
counted in one finding. An optional reference is left blank instead.
"""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from firstbell.engine import findings
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.rules.dangling import note_missing
from firstbell.engine.rules.rule import LOST, Tables
from firstbell.engine.tables import TABLES, Column, Kind

_DEEPEST = 64
"""A circle of parents is at most so long; hierarchies are rarely deeper than five."""

TARGET_TYPES = {
    ("courses", "schoolYearSourcedId"): ("academicSessions", "schoolYear"),
    ("classes", "schoolSourcedId"): ("orgs", "school"),
    ("enrollments", "schoolSourcedId"): ("orgs", "school"),
}
"""References whose target has one type, or a private one (OneRoster CSV 1.2, 4.3, 4.5, 4.8)."""

KnownIds = Callable[[str], pl.Series | None]
"""The sourcedIds that the roster already holds of a table from this source; None where there is no roster to ask."""


def check_links(
    tables: Tables, reading: Reading, known_ids: KnownIds, *, lost: Collection[str] = (), strict: bool
) -> None:
    """Check every reference of every table, targets first. ``lost``: tables of which some ids could not be read."""
    full = {name for name, mode in reading.modes.items() if mode is Mode.BULK and name not in lost}
    closed = [
        (name, column)
        for name, table in TABLES.items()
        for column in table.references
        if name in tables and _is_closed(reading, column, known_ids, strict=strict and reading.mode(name) is Mode.BULK)
    ]
    tables.unread = frozenset(lost)
    for name in TABLES:
        if name in tables:
            find_cycles(tables, name)
    with ThreadPoolExecutor() as pool:  # mostly nothing is wrong, and that is seen side by side
        targets = [_target(tables, column, known_ids, full) for _, column in closed]
        dangles = pool.map(lambda link, target: _dangles(tables, link[0], link[1], target), closed, targets)
        if not any(list(dangles)):
            return
    for name, column in closed:
        _check_reference(tables, name, column, _target(tables, column, known_ids, full))


@dataclass(frozen=True, slots=True)
class _Target:
    """The ids that may be referred to, those that were left out, and those that the roster knows and that stay."""

    good: pl.Series
    out: pl.Series
    known: pl.Series


def _target(tables: Tables, column: Column, known_ids: KnownIds, full: Collection[str]) -> _Target:
    name = column.target or ""
    rows = tables[name] if name in tables else pl.DataFrame(schema={"sourcedId": pl.String, "_status": pl.String})
    active = rows["_status"] == "active"
    stated, gone = rows.filter(active)["sourcedId"], rows.filter(~active)["sourcedId"]
    known = known_ids(name)
    known = stated.clear() if known is None else known
    known = known.filter(~known.is_in(gone.implode())) if gone.len() else known
    return _Target(stated if name in full else pl.concat([stated, known]), tables.left_out_ids(name), known)


def _dangles(tables: Tables, name: str, column: Column, target: _Target) -> bool:
    """Whether any reference of a column leads nowhere."""
    rows = tables[name]
    values = rows.filter(_needing(rows))[column.name]
    if column.kind is Kind.REFS:
        values = values.unique().str.split(",").explode()
    return bool((values.is_not_null() & ~values.is_in(target.good.implode())).any())


def _is_closed(reading: Reading, column: Column, known_ids: KnownIds, *, strict: bool) -> bool:
    """Whether everything that may be referred to is known here: the file is a full list, or the roster can be asked."""
    target = column.target or ""
    return strict or reading.mode(target) in {Mode.BULK, Mode.PARTIAL} or known_ids(target) is not None


def _check_reference(tables: Tables, name: str, column: Column, target: _Target) -> None:
    check = _check_list if column.kind is Kind.REFS else _check_single
    check(tables, name, column, target.good, target.out, target.known)


def _missing(values: pl.Series, good: pl.Series, still_there: pl.Series) -> pl.Series:
    """True for values that refer to nothing."""
    return values.is_not_null() & ~values.is_in(good.implode()) & still_there


def _needing(rows: pl.DataFrame) -> pl.Series:
    return rows["_status"] == "active"


def _check_single(tables: Tables, name: str, column: Column, good: pl.Series, out: pl.Series, known: pl.Series) -> None:
    rows = tables[name]
    missing = _missing(rows[column.name], good, _needing(rows))
    if not missing.any():
        return
    with_target = rows[column.name].is_in(out.implode()) & missing
    if column.required:
        dangling = missing & ~with_target
        lost = note_missing(tables, name, rows.filter(dangling), "reference-missing", column)
        went = _note_left_out_with(tables, name, rows.filter(with_target), column)
        tables.lose(name, dangling, lost)
        tables.lose(name, with_target.filter(~dangling), went)
        return
    stays = with_target & rows[column.name].is_in(known.implode())
    note_missing(tables, name, rows.filter(missing & ~with_target), "reference-dropped", column)
    blank = pl.when(missing & ~stays).then(None).otherwise(pl.col(column.name)).alias(column.name)
    tables.rows[name] = rows.with_columns(blank)


def _check_list(tables: Tables, name: str, column: Column, good: pl.Series, out: pl.Series, known: pl.Series) -> None:
    rows = tables[name].with_row_index("_row")
    items = (
        rows.filter(_needing(rows))
        .select("_row", "_file", "_record", "sourcedId", pl.col(column.name).str.split(","))
        .explode(column.name)
    )
    missing = items.filter(_missing(items[column.name], good, pl.repeat(value=True, n=items.height, eager=True)))
    if not missing.height:
        return
    with_target = missing.filter(pl.col(column.name).is_in(out.implode()))
    dangling = missing.filter(~pl.col(column.name).is_in(out.implode()))
    if column.required:
        lost = note_missing(tables, name, dangling, "reference-missing", column)
        went = _note_left_out_with(tables, name, with_target.unique("_row", keep="first", maintain_order=True), column)
        lost = pl.concat([part.select("_row", *LOST) for part in (lost, went) if part.height])
        lost = lost.unique("_row", keep="first", maintain_order=True)
        tables.lose(name, rows["_row"].is_in(lost["_row"].implode()), lost)
        return
    note_missing(tables, name, dangling, "reference-dropped", column)
    gone = missing.filter(~(pl.col(column.name).is_in(out.implode()) & pl.col(column.name).is_in(known.implode())))
    kept = (
        items.join(gone, on=["_row", column.name], how="anti")
        .group_by("_row")
        .agg(pl.col(column.name).drop_nulls().str.join(","))
    )
    touched = rows["_row"].is_in(gone["_row"].implode())
    joined = rows.join(kept.rename({column.name: "_kept"}), on="_row", how="left", maintain_order="left")
    value = pl.when(touched).then(pl.col("_kept").replace("", None)).otherwise(pl.col(column.name)).alias(column.name)
    tables.rows[name] = joined.with_columns(value).drop("_row", "_kept")


def _note_left_out_with(tables: Tables, name: str, rows: pl.DataFrame, column: Column) -> pl.DataFrame:
    """One finding for all that went with what has one cause; gives the rows with the cause of each."""
    causes = tables.causes(column.target or "").rename({"sourcedId": "_target"})
    lost = rows.join(causes, left_on=column.name, right_on="_target", how="left", maintain_order="left")
    for _, went in lost.group_by("_file", *findings.CAUSE, maintain_order=True):
        said = _how_many(name, went.height)
        found = findings.one("left-out-with", file=went["_file"][0], column=column.name, detail=said)
        cause, records = went.select(findings.CAUSE).row(0), tables.still_standing(went).height
        tables.note(findings.caused(found, cause, records=records))
    return lost


def _how_many(name: str, count: int) -> str:
    table = TABLES[name]
    return f"1 {table.noun} was" if count == 1 else f"{count:,} {table.nouns} were"


def check_target_types(tables: Tables) -> None:
    """References that need a target of one type (or a private ``ext:`` type)."""
    for (name, column), (target, wanted) in TARGET_TYPES.items():
        if name not in tables or target not in tables:
            continue
        types = tables[target].select(pl.col("sourcedId").alias(column), pl.col("type").alias("_type"))
        others = types.filter((pl.col("_type") != wanted) & ~pl.col("_type").str.starts_with("ext:"))
        if others.height:
            rows = tables[name].join(others, on=column)
            tables.note(
                findings.of(
                    rows,
                    "reference-type",
                    column=column,
                    value=pl.col(column),
                    detail=pl.col("_type"),
                    hint=f"It has to be of type {wanted}.",
                )
            )


def find_cycles(tables: Tables, name: str) -> None:
    """Leave out records that are their own ancestor."""
    table = TABLES[name]
    own = next((column.name for column in table.references if column.target == name and column.kind is Kind.REF), None)
    if own is None:
        return
    rows = tables[name]
    parents_of_standing = pl.when(pl.col("_status") == "active").then(own)
    ancestor = rows.select(parents_of_standing).to_series()
    has_parent = rows.filter(ancestor.is_not_null())
    parents = dict(zip(has_parent["sourcedId"].to_list(), has_parent[own].to_list(), strict=True))
    in_circle = (ancestor == rows["sourcedId"]).fill_null(value=False)
    for _ in range(_DEEPEST):
        if not ancestor.drop_nulls().len():
            break
        ancestor = ancestor.replace_strict(parents, default=None, return_dtype=pl.String)
        in_circle = in_circle | (ancestor == rows["sourcedId"]).fill_null(value=False)
    if in_circle.any():
        tables.note(findings.of(rows.filter(in_circle), "cycle", column=own, value=pl.col(own)))
        tables.leave_out(name, in_circle, "cycle", own)
