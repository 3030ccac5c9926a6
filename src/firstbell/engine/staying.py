"""How many rows certainly stay in each school, so that an ordinary night need not count a whole district again.

Rows that come unchanged are in the roster where they were. With those that would go they are the least that a school
has; only where that little is not enough to call the loss small are the schools counted in full.
"""

import polars as pl

from firstbell.engine.content import IdMap
from firstbell.engine.plan import STAYING_SCHEMA
from firstbell.engine.tables import Table

_COUNTED = {
    "classes": ("schoolSourcedId", "sourcedId"),
    "enrollments": ("schoolSourcedId", "sourcedId"),
    "roles": ("orgSourcedId", "userSourcedId"),
}
"""By table: where a row is, and what is counted there. People are counted by their roles."""


def staying(table: Table, unchanged: pl.DataFrame, orgs: IdMap) -> pl.DataFrame:
    """``school`` (row id) and ``stay``: how many rows, of roles how many people, come unchanged in each school."""
    if table.name not in _COUNTED:
        return pl.DataFrame(schema=STAYING_SCHEMA)
    school, who = _COUNTED[table.name]
    many = pl.len() if who == "sourcedId" else pl.col(who).n_unique()
    counted = unchanged.group_by(key=school).agg(many.cast(pl.UInt32).alias("stay"))
    return counted.join(orgs, on="key").select(pl.col("row_id").alias("school"), "stay")
