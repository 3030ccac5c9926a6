"""References to nothing, with what somebody may have meant; and where an id is written otherwise than all who name it.

A reference may be a slip, or the id is: where nobody names a record by its id as it is written, and others write it
alike, the id is the cause, and the references only follow from it.
"""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.nearest import nearest
from firstbell.engine.rules.rule import Tables
from firstbell.engine.tables import TABLES, Column, Kind

UNLIKE = "id-written-otherwise"


def shown_as(tables: Tables, name: str, column: Column) -> str:
    """A column as people know it."""
    return tables.shown_as.get((name, column.name), column.name)


def note_missing(tables: Tables, name: str, rows: pl.DataFrame, code: str, column: Column) -> pl.DataFrame:
    """Note the rows whose reference leads nowhere; gives them with the ``CAUSE`` of the loss of each."""
    if not rows.height:
        return rows
    shown = shown_as(tables, name, column)
    target = column.target or ""
    meant = nearest(rows[column.name], _ids(tables, target))
    rows = _with_causes(tables, name, rows, column, meant)
    told = rows
    if shown != column.name or name in tables.made:  # the rows were made of other records, whose id people know
        told = rows.with_columns(sourcedId=pl.col("userSourcedId"))
    asked = pl.format("Did you mean {}?", "near")
    elsewhere = pl.format("{} writes it {}: correct that id first.", "causeFile", "near")
    hint = (
        pl.when(pl.col("causeCode").is_not_null())
        .then(elsewhere)
        .otherwise(pl.coalesce(asked, _nameless(tables, target)))
    )
    value = pl.col(column.name)
    tables.note(findings.of(told, code, column=shown, value=value, detail=TABLES[target].nouns, hint=hint))
    own = zip((pl.lit(code), pl.col("_file").cast(pl.String), pl.lit(shown)), findings.CAUSE, strict=True)
    return rows.with_columns(
        pl.when(pl.col("causeCode").is_null()).then(said).otherwise(pl.col(part)).alias(part) for said, part in own
    )


def _nameless(tables: Tables, target: str) -> pl.Expr:
    """Where records have no id of their own, one of them may be meant."""
    doubled = (tables.causes(target)["causeCode"] == "id-twice").any()
    if not doubled and target not in tables.unread:
        return pl.lit(None, pl.String)
    return pl.lit(f"It may be one of the {TABLES[target].nouns} whose id is missing, unreadable or doubled.")


def _ids(tables: Tables, target: str) -> pl.Series:
    there = tables[target]["sourcedId"] if target in tables else pl.Series("sourcedId", [], dtype=pl.String)
    return pl.concat([there, tables.left_out_ids(target)])


def _with_causes(tables: Tables, name: str, rows: pl.DataFrame, column: Column, meant: pl.DataFrame) -> pl.DataFrame:
    """Rows with ``near``, and with the ``CAUSE`` where it is the id that they mean."""
    target = column.target or ""
    asked = rows.join(
        meant.rename({"value": column.name}), on=column.name, how="left", maintain_order="left"
    ).with_columns(pl.lit(None, pl.String).alias(part) for part in findings.CAUSE)
    unlike = meant.filter("alike")
    if not unlike.height or target not in tables or target in tables.made:
        return asked
    odd = _odd_ones(tables[target]["sourcedId"], unlike)
    records = tables[target].filter(pl.col("sourcedId").is_in(odd.implode()))
    unnamed = records.filter(~pl.col("sourcedId").is_in(_named(tables, target, odd).implode()))
    if not unnamed.height:
        return asked
    times = asked.group_by("near", "_file").agg(pl.col(column.name).first().alias("_as"), pl.len().alias("_times"))
    first = times.sort("_times", descending=True).unique("near", keep="first")
    told = unnamed.join(first.rename({"_file": "_by"}), left_on="sourcedId", right_on="near", maintain_order="left")
    fresh = told.filter(~pl.col("sourcedId").is_in(sorted(tables.unlike.get(target, ()))))
    tables.unlike.setdefault(target, set()).update(fresh["sourcedId"].to_list())
    detail = pl.format("{} in {}", "_as", "_by")
    tables.note(findings.of(fresh, UNLIKE, column="sourcedId", value=pl.col("sourcedId"), detail=detail))
    cause = told.select("sourcedId", pl.col("_file").cast(pl.String).alias("_of"))
    found = asked.drop(findings.CAUSE).join(
        cause, left_on="near", right_on="sourcedId", how="left", maintain_order="left"
    )
    because = pl.col("_of").is_not_null()
    return found.with_columns(
        causeCode=pl.when(because).then(pl.lit(UNLIKE)),
        causeFile=pl.col("_of"),
        causeColumn=pl.when(because).then(pl.lit("sourcedId")),
    )


def _odd_ones(ids: pl.Series, unlike: pl.DataFrame) -> pl.Series:
    """Of ids (``near``) that others write otherwise (``value``), those that look less like the rest than that."""
    usual = dict(_shape(ids).value_counts().rows())
    shapes = unlike.select("near", here=_shape(unlike["near"]), there=_shape(unlike["value"]))
    seen = {name: shapes[name].replace_strict(usual, default=0, return_dtype=pl.Int64) for name in ("here", "there")}
    return shapes.filter(seen["here"] - 1 <= seen["there"])["near"]


def _shape(ids: pl.Series) -> pl.Series:
    """What kind of letter stands where: ``stf-00030`` is ``aaa-99999``."""
    plain = ids.str.replace_all(r"\p{N}", "9").str.replace_all(r"\p{Lu}", "A")
    return plain.str.replace_all(r"[\p{L}&&[^A]]", "a").alias("shape")


def _named(tables: Tables, target: str, ids: pl.Series) -> pl.Series:
    """Those of the ids that some record names just so. What was made of the record's own file names it anyhow."""
    own = tables[target]["_file"].unique()
    named = [pl.Series("sourcedId", [], dtype=pl.String)]
    for name, table in TABLES.items():
        for column in table.references:
            if column.target == target and name in tables:
                rows = tables[name]
                others = rows if name == target else rows.filter(~pl.col("_file").is_in(own.implode()))
                values = others[column.name]
                values = values.str.split(",").explode() if column.kind is Kind.REFS else values
                named.append(values.filter(values.is_in(ids.implode())).alias("sourcedId"))
    return pl.concat(named).unique()
