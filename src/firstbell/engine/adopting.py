"""What a system that takes over finds here already: schools, terms, courses and classes of nobody, and places in them.

Such rows have no number that the system knows, and without this its classes would stand beside the old ones. They are
the same where all says so that tells one from another (``Table.identity``, and a class's title, school and terms) and
where one alone is meant on both sides. Only in a run that waits for a person, who sees what was matched before anything
becomes the source's: a name proposes, and somebody decides.
"""

from typing import Final

import polars as pl

from firstbell.engine.content import resolved
from firstbell.engine.match import MATCH_SCHEMA, same_rows
from firstbell.engine.plan import Comparison
from firstbell.engine.tables import Table

FOUND_BY: Final[dict[str, tuple[str, ...]]] = {
    "orgs": ("name",),
    "academicSessions": ("title",),
    "courses": ("title", "courseCode"),
    "classes": ("title", "classCode"),
    "roles": ("userSourcedId",),
    "enrollments": ("classSourcedId",),
}
"""Columns by which the rows are looked up that may be the same."""
BESIDES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {"classes": (("title", "schoolSourcedId", "termSourcedIds"),)}
"""What tells one row from another beside ``Table.identity``: a class that was made by hand has a course of its own."""


def adopt(work: Comparison, table: Table, unmatched: pl.DataFrame, taken: pl.Series) -> pl.DataFrame:
    """Which of the new records mean a row of nobody (``sourcedId, row_id``). ``taken``: rows that others mean."""
    nothing = pl.DataFrame(schema=MATCH_SCHEMA)
    policy = work.policy
    if not policy.held or not policy.owns or policy.is_contributor or not unmatched.height:
        return nothing
    columns = FOUND_BY.get(table.name, ())
    if not columns or work.reading.names is not None:
        return nothing
    incoming = resolved(table, unmatched, work.ids)
    found = pl.concat([work.known.alike(table.name, column, incoming[column]) for column in columns])
    mine = pl.concat([work.known.records(table.name).filter("present")["row_id"], taken])
    free = found.filter(pl.col("owner").is_null(), ~pl.col("row_id").is_in(mine.implode())).unique("row_id")
    if not free.height:
        return nothing
    here = free.with_columns(key=pl.col("row_id").cast(pl.String))
    identities = (*table.identity, *BESIDES.get(table.name, ()))
    return same_rows(table, incoming, here, identities).select("sourcedId", "row_id")
