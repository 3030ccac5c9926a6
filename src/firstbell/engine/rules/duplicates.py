"""Two records with one sourcedId: alike they are read once, different none of them can be trusted."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.rules.others import differing, others_in
from firstbell.engine.rules.rule import Tables


def find_duplicates(tables: Tables, table: str) -> None:
    """Leave out every record of an id that carries different contents; keep the first of those that are alike."""
    rows = tables[table]
    ids = rows["sourcedId"]
    if ids.n_unique() == rows.height:
        return
    content = [name for name in rows.columns if name not in {"_file", "_record"}]
    doubled = rows.filter(ids.is_duplicated()).with_columns(
        _alike=pl.struct(content).n_unique().over("sourcedId") == 1, _times=pl.len().over("sourcedId")
    )
    alike = doubled.filter(pl.col("_alike"))
    different = doubled.filter(~pl.col("_alike"))
    here = others_in(["sourcedId"])
    differ = pl.format("{} differ in {}.", here, differing(content, ["sourcedId"]))
    alike = alike.with_columns(_places=pl.format("{} are alike.", here))
    first_alike = alike.unique("sourcedId", keep="first", maintain_order=True)
    tables.note(
        findings.of(different, "id-twice", column="sourcedId", detail=pl.col("_times"), hint=differ),
        findings.of(first_alike, "id-twice-same", column="sourcedId", detail=pl.col("_times"), hint=pl.col("_places")),
    )
    tables.leave_out(table, rows["sourcedId"].is_in(different["sourcedId"].implode()), "id-twice", "sourcedId")
    if alike.height:
        tables.rows[table] = tables[table].unique("sourcedId", keep="first", maintain_order=True)
