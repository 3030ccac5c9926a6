"""What the roster already holds, as the engine asks for it. The database answers in the product, frames in ``diff``."""

from dataclasses import dataclass
from typing import Protocol

import polars as pl

from firstbell.engine.tables import TABLES_VERSION

RECORDS_SCHEMA: dict[str, type[pl.DataType]] = {
    "key": pl.String,
    "row_id": pl.Int64,
    "hash_high": pl.Int64,
    "hash_low": pl.Int64,
    "version": pl.Int16,
    "present": pl.Boolean,
}
"""One record: what the source calls a row, the row, and the hash of what the source said of it (see ``content``)."""


def with_writes(records: pl.DataFrame, writes: pl.DataFrame) -> pl.DataFrame:
    """Records after what a plan writes to them (``plan.RECORD_WRITES_SCHEMA``): an id that was renumbered is gone."""
    written = writes.unique("key", keep="first", maintain_order=True)
    gone = pl.concat([written["key"], written["old_key"].drop_nulls()])
    kept = records.filter(~pl.col("key").is_in(gone.implode())) if records.height else records
    fresh = written.with_columns(version=pl.lit(TABLES_VERSION, pl.Int16)).select(list(RECORDS_SCHEMA))
    return pl.concat([kept, fresh])


@dataclass(frozen=True, slots=True)
class Contribution:
    """Fields of a table that another source gives to these rows; this source leaves them alone."""

    table: str
    fields: tuple[str, ...]
    row_ids: pl.Series


class Known(Protocol):
    """The roster of a district as one source sees it.

    A *row* frame has ``row_id`` (Int64), ``live`` (Boolean), ``owner`` (String: ``this``, ``other`` or null for
    nobody), and the content columns of the table as canonical text, references as row ids (Int64; lists: text of row
    ids joined by a comma).
    """

    def records(self, table: str) -> pl.DataFrame:
        """All records of this source, present or not (``RECORDS_SCHEMA``)."""
        ...

    def rows(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        """These rows, as a row frame."""
        ...

    def rows_pointing_to(self, table: str, column: str, row_ids: pl.Series) -> pl.DataFrame:
        """``key, row_id`` and ``target`` of this source's present records whose row points to one of these rows."""
        ...

    def strangers(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        """Rows with one of these values (case ignored) in a column that this source does not hold.

        Those without a record of it, and live ones that it has let go.
        """
        ...

    def alike(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        """Live rows, whoever's, with one of these values (case ignored; row ids of a reference) in a column."""
        ...

    def published(self, table: str, ids: pl.Series) -> pl.DataFrame:
        """``key, row_id`` of the rows, live or not, that go by these published ids."""
        ...

    def merged(self, table: str) -> pl.DataFrame:
        """``key, row_id`` of this source's records that lead to a row since people merged another into it."""
        ...

    def current_session(self) -> int | None:
        """The row of the school year that is on, or comes next; None where the roster has none."""
        ...

    def holders(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        """``row_id, source`` of the next source in rank, where another source has a present record of these rows."""
        ...

    def contributions(self, table: str) -> list[Contribution]:
        """What other sources contribute to rows of this table."""
        ...

    def birth_dates(self, row_ids: pl.Series) -> pl.DataFrame:
        """``row_id, birthDate`` of people, to corroborate a match."""
        ...

    def members_by_school(self, table: str) -> pl.DataFrame:
        """``school`` (row id), ``known``: live rows of this source in each school; of people by their roles."""
        ...

    def new_ids(self, count: int) -> pl.Series:
        """Row ids (Int64) that nobody has."""
        ...
