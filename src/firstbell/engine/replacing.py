"""What a list that people fill in takes away: memberships that it restates, and in *Replace* those whom it leaves out.

Only rows that the source may write on are meant here; whether so many may go is for the guard to say.
"""

import polars as pl

from firstbell.engine.formats.templates.layouts import CLASSES, STAFF, STUDENTS
from firstbell.engine.plan import Comparison
from firstbell.engine.tables import Table

_NOBODY = {"key": pl.String, "row_id": pl.Int64}
_WHERE = {"roles": "orgSourcedId", "enrollments": "schoolSourcedId", "classes": "schoolSourcedId"}
_STUDENT = "student"


def unnamed_rows(work: Comparison, table: Table, live: pl.DataFrame) -> pl.DataFrame:
    """``key, row_id`` of the rows of a table that the list takes away. ``live``: its own rows."""
    named = live.join(work.ids[table.name], left_on="sourcedId", right_on="key")["row_id"]
    parts = [_restated(work, table.name)]
    if work.policy.replaces:
        parts.append(_left_out(work, table.name))
    gone = pl.concat(parts).unique("row_id", maintain_order=True)
    return gone.filter(~pl.col("row_id").is_in(named.implode()))


def _restated(work: Comparison, table: str) -> pl.DataFrame:
    """The memberships of people whose row in an export names all that they have."""
    names = work.reading.names
    people = names.restated.get(table) if names is not None else None
    if people is None or not people.height:
        return pl.DataFrame(schema=_NOBODY)
    for out in (work.checked.left_out.get("users"), _unclear(work, table)):
        if out is not None:
            people = people.filter(~pl.col("key").is_in(out.implode()))
    stated = people.join(work.ids["users"], on="key").select("role", userSourcedId="row_id")
    held = work.known.alike(table, "userSourcedId", stated["userSourcedId"])
    return _called(work, table, held.join(stated, on=["userSourcedId", "role"], how="semi"))


def _unclear(work: Comparison, table: str) -> pl.Series | None:
    """People one of whose rows was left out: what it would have said is not known."""
    out, rows = work.checked.left_out.get(table), work.reading.tables.get(table)
    if out is None or rows is None:
        return None
    return rows.filter(pl.col("sourcedId").is_in(out.implode()))["userSourcedId"]


def _left_out(work: Comparison, table: str) -> pl.DataFrame:
    """Rows in the schools of the list that the source brought once and does not name any more."""
    records = work.known.records(table).filter("present").select("key", "row_id")
    if not records.height or not _is_about(work, table):
        return pl.DataFrame(schema=_NOBODY)
    if table == "users":
        return _people_left(work, records)
    if table not in _WHERE:
        return pl.DataFrame(schema=_NOBODY)
    held = work.known.rows(table, records["row_id"]).filter(pl.col(_WHERE[table]).is_in(_schools(work).implode()))
    if table != "classes":
        held = held.filter(_of_the_lists(work))
    return records.join(held, on="row_id", how="semi")


def _is_about(work: Comparison, table: str) -> bool:
    files = work.reading.names.files if work.reading.names is not None else frozenset()
    wanted = {CLASSES.file} if table == "classes" else {STUDENTS.file, STAFF.file}
    return bool(wanted & files)


def _of_the_lists(work: Comparison) -> pl.Expr:
    """True for what students have where a list of students came, and for what others have where one of staff came."""
    files = work.reading.names.files if work.reading.names is not None else frozenset()
    student = pl.col("role") == _STUDENT
    return (student & pl.lit(STUDENTS.file in files)) | (~student & pl.lit(STAFF.file in files))


def _people_left(work: Comparison, records: pl.DataFrame) -> pl.DataFrame:
    """People all of whose roles are in the schools of the list, and of the kinds that it lists."""
    roles = work.known.alike("roles", "userSourcedId", records["row_id"])
    meant = roles.filter(pl.col("orgSourcedId").is_in(_schools(work).implode()) & _of_the_lists(work))
    stay = roles.join(meant, on="row_id", how="anti")["userSourcedId"]
    return records.filter(
        pl.col("row_id").is_in(meant["userSourcedId"].implode()) & ~pl.col("row_id").is_in(stay.implode())
    )


def _schools(work: Comparison) -> pl.Series:
    """Rows of the schools in which the list has classes or people."""
    keys = [
        rows[column]
        for table, column in (("roles", "orgSourcedId"), ("classes", "schoolSourcedId"))
        if (rows := work.checked.tables.get(table)) is not None
    ]
    named = pl.concat(keys).unique() if keys else pl.Series([], dtype=pl.String)
    return work.ids["orgs"].filter(pl.col("key").is_in(named.implode()))["row_id"]


def _called(work: Comparison, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with what the source calls them, or with a key by their number where it never did."""
    records = work.known.records(table).filter("present").unique("row_id").select("row_id", "key")
    called = rows.select("row_id").join(records, on="row_id", how="left", maintain_order="left")
    number = pl.concat_str(pl.lit("row/"), pl.col("row_id").cast(pl.String))
    return called.select(pl.coalesce("key", number).alias("key"), "row_id")
