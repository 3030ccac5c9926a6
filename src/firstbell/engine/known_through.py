"""A roster handed on as it is known: what sees a part of it differently says only that part."""

import polars as pl

from firstbell.engine.known import Contribution, Known


class Through:
    """All of a roster, as another ``Known`` has it."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def records(self, table: str) -> pl.DataFrame:
        return self._known.records(table)

    def rows(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        return self._known.rows(table, row_ids)

    def rows_pointing_to(self, table: str, column: str, row_ids: pl.Series) -> pl.DataFrame:
        return self._known.rows_pointing_to(table, column, row_ids)

    def strangers(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        return self._known.strangers(table, column, values)

    def alike(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        return self._known.alike(table, column, values)

    def published(self, table: str, ids: pl.Series) -> pl.DataFrame:
        return self._known.published(table, ids)

    def merged(self, table: str) -> pl.DataFrame:
        return self._known.merged(table)

    def current_session(self) -> int | None:
        return self._known.current_session()

    def holders(self, table: str, row_ids: pl.Series) -> pl.DataFrame:
        return self._known.holders(table, row_ids)

    def contributions(self, table: str) -> list[Contribution]:
        return self._known.contributions(table)

    def birth_dates(self, row_ids: pl.Series) -> pl.DataFrame:
        return self._known.birth_dates(row_ids)

    def members_by_school(self, table: str) -> pl.DataFrame:
        return self._known.members_by_school(table)

    def new_ids(self, count: int) -> pl.Series:
        return self._known.new_ids(count)
