"""Which schools the records with findings are about, so that each school can be told of its own."""

from collections.abc import Mapping

import polars as pl

from firstbell.engine.content import IdMap

SCHOOL_COLUMNS = {
    "courses": "orgSourcedId",
    "classes": "schoolSourcedId",
    "users": "primaryOrgSourcedId",
    "roles": "orgSourcedId",
    "enrollments": "schoolSourcedId",
}
"""Where a table says which school a row belongs to; an org is its own. Rows of other tables belong to none."""
SCHEMA: dict[str, type[pl.DataType]] = {"file": pl.String, "record": pl.UInt32, "school": pl.Int64}


def schools_of_records(found: pl.DataFrame, tables: Mapping[str, pl.DataFrame], orgs: IdMap) -> pl.DataFrame:
    """``file, record, school`` (row id of the org): each record with findings at each school that it speaks of.

    ``tables``: the rows as they were read, those that were left out too. Records of no known school have no row.
    """
    places = found.select(_file="file", _record="record").drop_nulls().unique()
    parts = [part for name, rows in tables.items() for part in _named(name, _at(rows, places), tables)]
    if not places.height or not parts:
        return pl.DataFrame(schema=SCHEMA)
    named = pl.concat(parts)
    at = named.drop_nulls().unique().join(orgs, left_on="school", right_on="key")
    return at.select("file", pl.col("record").cast(pl.UInt32), school="row_id").unique().sort("file", "record")


def _at(rows: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    told = rows.with_columns(pl.col("_file").cast(pl.String), pl.col("_record").cast(pl.UInt32))
    return told.join(places, on=["_file", "_record"], how="semi")


def _named(name: str, hit: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """``file, record, school`` (what the source calls it) of a table's records with findings."""
    place = {"file": pl.col("_file"), "record": pl.col("_record")}
    own = "sourcedId" if name == "orgs" else SCHOOL_COLUMNS.get(name, "")
    parts = [hit.select(**place, school=pl.col(own))] if own in hit.columns else []
    if name in {"users", "demographics"} and "roles" in tables:
        roles = tables["roles"].select("userSourcedId", school=pl.col("orgSourcedId"))
        held = hit.select(**place, userSourcedId=pl.col("sourcedId")).join(roles, on="userSourcedId")
        parts.append(held.select("file", "record", "school"))
    if name == "enrollments" and "classes" in tables:
        classes = tables["classes"].select(classSourcedId="sourcedId", school=pl.col("schoolSourcedId"))
        seated = hit.select(**place, classSourcedId=pl.col("classSourcedId")).join(classes, on="classSourcedId")
        parts.append(seated.select("file", "record", "school"))
    return parts
