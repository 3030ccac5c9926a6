"""Writes the changes of one table into its plan: rows added, updated or restored, and removed."""

import polars as pl

from firstbell.engine.content import content_schema, resolved
from firstbell.engine.formats.made import WITHOUT_DATES
from firstbell.engine.plan import Comparison, extend
from firstbell.engine.tables import Table


def add(work: Comparison, table: Table, anew: pl.DataFrame, replaced: pl.DataFrame) -> None:
    """New rows. ``replaced``: ``sourcedId`` of those whose id carried another until now."""
    if not anew.height:
        return
    rows = resolved(table, anew, work.ids).join(
        work.ids[table.name], left_on="sourcedId", right_on="key", maintain_order="left"
    )
    again = pl.col("sourcedId").is_in(replaced["sourcedId"].implode()) if replaced.height else pl.lit(value=False)
    content = content_schema(table.name)
    rows = rows.with_columns(pl.col(one.name).fill_null(one.default) for one in table.content if one.default)
    changes = rows.select(
        pl.lit("added").alias("action"),
        pl.col("sourcedId").alias("key"),
        "row_id",
        pl.lit(work.policy.owns).alias("takes"),
        again.alias("replaced"),
        pl.lit(None, pl.List(pl.String)).alias("changed"),
        *content,
        *(pl.lit(None, kind).alias(f"was.{column}") for column, kind in content.items()),
        pl.col("_file").alias("file"),
        pl.col("_record").alias("record"),
    )
    extend(work.plans[table.name], changes, _record_writes(rows))


def update(work: Comparison, table: Table, met: pl.DataFrame, *, silent: pl.Series) -> None:
    """Rows that we know whose content may differ. Only fields that really differ count as a change.

    ``silent``: ids of records that say nothing of their row (``doubles``).
    """
    if not met.height:
        return
    content = content_schema(table.name)
    if work.reading.names is not None and table.name == "classes":  # the current year stands in where no term is named
        met = met.with_columns(pl.col("termSourcedIds").replace(WITHOUT_DATES, None))
    before = work.known.rows(table.name, met["row_id"])
    if work.policy.is_contributor:  # what it gives, it gives to people who are there
        before = before.filter("live")
    was = before.rename({column: f"was.{column}" for column in content})
    now = resolved(table, met, work.ids).join(was, on="row_id", how="inner", maintain_order="left")
    now = _only_what_is_said(work, table, now)
    now = _only_own_fields(work, table, now)
    quiet = _quiet_columns(table)
    differs = {column: pl.col(column).ne_missing(pl.col(f"was.{column}")) for column in content}
    told = pl.concat_list(
        [
            pl.when(expression & ~quiet[column]).then(pl.lit(column)).otherwise(None)
            for column, expression in differs.items()
        ]
    ).list.drop_nulls()
    now = now.with_columns(changed=told, _any=pl.any_horizontal(differs.values()), takes=_takes_over(work))
    quietly = (pl.col("changed").list.len() == 0) & ~pl.col("takes")
    action = (
        pl.when(~pl.col("live"))
        .then(pl.lit("restored"))
        .when(quietly)
        .then(pl.lit("filled"))
        .otherwise(pl.lit("updated"))
    )
    touched = now.filter(pl.col("_any") | ~pl.col("live") | pl.col("takes"))
    touched = touched.filter(~pl.col("sourcedId").is_in(silent.implode())).unique(
        "row_id", keep="first", maintain_order=True
    )
    changes = touched.select(
        action.alias("action"),
        pl.col("sourcedId").alias("key"),
        "row_id",
        "takes",
        pl.lit(value=False).alias("replaced"),
        "changed",
        *content,
        *(f"was.{column}" for column in content),
        pl.col("_file").alias("file"),
        pl.col("_record").alias("record"),
    )
    plan = work.plans[table.name]
    plan.unchanged += now.height - touched.height
    extend(plan, changes, _record_writes(now))


def _takes_over(work: Comparison) -> pl.Expr:
    """A row of nobody becomes this source's, and so does one that everybody let go; a contributor never owns."""
    left_by_another = ~pl.col("live") & (pl.col("owner") == "other")
    may_own = work.policy.owns and not work.policy.is_contributor
    return pl.col("owner").is_null() | left_by_another if may_own else pl.lit(value=False)


def _only_what_is_said(work: Comparison, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Put back the known value where a list that people fill in has no word: no column, or a blank cell.

    A blank cell empties the field where the row goes by our own id, as in an export that somebody edited.
    """
    names = work.reading.names
    if names is None:
        return rows
    ids = names.published.get(table.name)
    exact = pl.col("sourcedId").is_in(ids.implode()) if ids is not None else pl.lit(value=False)
    for column in table.content:
        files = names.says.get((table.name, column.name), frozenset())
        said = pl.col("_file").is_in(list(files)) & (
            pl.col(column.name).is_not_null() | (exact & pl.lit(not column.required))
        )
        known = pl.col(f"was.{column.name}")
        rows = rows.with_columns(pl.when(said).then(pl.col(column.name)).otherwise(known).alias(column.name))
    return rows


def _only_own_fields(work: Comparison, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Put back the known value of every field that this source may not write on that row."""
    content = content_schema(table.name)
    given = work.policy.contributes.get(table.name, ())
    for column in content:
        others = (pl.col("owner") == "other").fill_null(value=False)
        if work.policy.owns:
            others &= pl.col("live")
        if work.policy.is_contributor:
            others = pl.lit(column not in given)
        rows = rows.with_columns(pl.when(others).then(pl.col(f"was.{column}")).otherwise(pl.col(column)).alias(column))
    for contribution in work.known.contributions(table.name):
        theirs = pl.col("row_id").is_in(contribution.row_ids.implode())
        rows = rows.with_columns(
            pl.when(theirs).then(pl.col(f"was.{column}")).otherwise(pl.col(column)).alias(column)
            for column in contribution.fields
        )
    return rows


def _quiet_columns(table: Table) -> dict[str, pl.Expr]:
    """By column, true where the record was hashed before the column existed: filled in, not reported."""
    versions = {column.name: column.since for column in table.content}
    return {name: (pl.col("version") < since).fill_null(value=False) for name, since in versions.items()}


def remove(work: Comparison, table: Table, missing: pl.DataFrame) -> None:
    """Rows (``key, row_id, replaced``) that the source let go: removed, unless another source still holds them."""
    if not missing.height:
        return
    content = content_schema(table.name)
    rows = work.known.rows(table.name, missing["row_id"]).join(missing, on="row_id", maintain_order="left")
    own = pl.col("owner") == "this" if work.policy.owns else pl.col("owner").is_null()
    owned = rows.filter(own & pl.col("live")).unique("row_id", keep="first", maintain_order=True)
    owned = owned.join(_also_called(work, table, missing), on="row_id", how="anti", maintain_order="left")
    heirs = work.known.holders(table.name, owned["row_id"])
    inherited = owned.join(heirs, on="row_id")
    removed = owned.join(heirs, on="row_id", how="anti", maintain_order="left")
    work.removed[table.name] = removed["row_id"]
    changes = removed.select(
        pl.lit("removed").alias("action"),
        "key",
        "row_id",
        pl.lit(value=False).alias("takes"),
        "replaced",
        pl.lit(None, pl.List(pl.String)).alias("changed"),
        *(pl.lit(None, kind).alias(column) for column, kind in content.items()),
        *(pl.col(column).alias(f"was.{column}") for column in content),
        pl.lit(None, pl.String).alias("file"),
        pl.lit(None, pl.UInt32).alias("record"),
    )
    blank = pl.lit(None, pl.Int64)
    let_go = rows.filter(~pl.col("replaced")).select(
        "key",
        pl.lit(None, pl.String).alias("old_key"),
        "row_id",
        blank.alias("hash_high"),
        blank.alias("hash_low"),
        pl.lit(value=False).alias("present"),
    )
    plan = work.plans[table.name]
    plan.handed_over = pl.concat([plan.handed_over, inherited.select("row_id", "source")])
    extend(plan, changes, let_go)


def _also_called(work: Comparison, table: Table, missing: pl.DataFrame) -> pl.DataFrame:
    """``row_id`` of rows that the source still holds under another of its ids: people who were merged."""
    records = work.known.records(table.name).filter("present").join(missing, on="row_id", how="semi")
    return records.join(missing, on="key", how="anti").select("row_id")


def _record_writes(rows: pl.DataFrame) -> pl.DataFrame:
    old = pl.col("key") if "key" in rows.columns else pl.lit(None, pl.String)
    return rows.select(
        pl.col("sourcedId").alias("key"),
        old.alias("old_key"),
        "row_id",
        "hash_high",
        "hash_low",
        pl.lit(value=True).alias("present"),
    )
