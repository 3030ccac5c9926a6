"""Which changes of a run are about some schools."""

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.queries.scope import Scope, people_in
from firstbell.engine import at_schools

SCHOOL_COLUMNS = {"orgs": "row_id", **at_schools.SCHOOL_COLUMNS}
"""Where the changes of a table say which school a row belongs to. Changes of other tables belong to none."""


def in_schools(district: District, run: Run, table: str, changes: pl.DataFrame, scope: Scope) -> pl.Series:
    """Whether each change is about one of the scope's schools, before or after."""
    column = SCHOOL_COLUMNS.get(table)
    if column is None or scope.schools is None:
        return pl.repeat(scope.schools is None, changes.height, eager=True)
    here = _names(column, scope.schools)
    if table == "users":
        here = here | pl.col("row_id").is_in(_people(district, run, scope))
    return changes.select(here.fill_null(value=False).alias("here"))["here"]


def _names(column: str, schools: frozenset[int]) -> pl.Expr:
    wanted = sorted(schools)
    if column == "row_id":
        return pl.col(column).is_in(wanted)
    return pl.col(column).is_in(wanted).fill_null(value=False) | pl.col(f"was.{column}").is_in(wanted)


def _people(district: District, run: Run, scope: Scope) -> list[int]:
    """People of the schools: as the roster has them, and as the run's own roles tell it."""
    with within(district):
        known = [*people_in(district, scope).values_list("id", flat=True)]
        known += people_in(district, scope, removed=True).values_list("id", flat=True)
    roles = RunFolder(district, run.pk).read_frame(changes_of("roles"))
    if roles is None or scope.schools is None:
        return known
    here = roles.filter(_names("orgSourcedId", scope.schools).fill_null(value=False))
    told = pl.concat([here["userSourcedId"], here["was.userSourcedId"].alias("userSourcedId")])
    return [*known, *told.drop_nulls().unique().to_list()]
