"""What people call a record: its id, and the name of the person, the class or whatever it is about."""

from collections.abc import Callable, Collection

import polars as pl

from firstbell.engine.reading import Reading

type Called = Callable[[str, pl.Series], pl.DataFrame]
"""Of a file and the numbers of some of its records: ``record, id, name``, at most one row a record."""

_SPEAKING = ("users", "classes", "orgs", "courses", "academicSessions", "enrollments", "roles")
"""Tables by what a record is called that makes rows of several: a section of Clever is a class before it is a term."""
_BESIDE = ("userProfiles", "demographics")
_PERSON = pl.concat_str("givenName", "familyName", separator=" ", ignore_nulls=True).replace("", None)
_OWN_NAME = {"users": _PERSON, "orgs": pl.col("name")} | {
    name: pl.col("title") for name in ("academicSessions", "classes", "courses")
}


def nobody(file: str, numbers: pl.Series) -> pl.DataFrame:
    """Where no record may be named."""
    return pl.DataFrame(schema={"record": pl.UInt32, "id": pl.String, "name": pl.String})


def called_in(reading: Reading, *, withheld: Collection[str] = ()) -> Called:
    """By the tables of a reading. What stands in a file that is ``withheld`` names nobody."""

    def called(file: str, numbers: pl.Series) -> pl.DataFrame:
        made = reading.tables_of.get(file, ())
        table = next((name for name in (*_SPEAKING, *_BESIDE) if name in made and name in reading.tables), None)
        if table is None or file in withheld:
            return nobody(file, numbers)
        here = (pl.col("_file") == file) & pl.col("_record").is_in(numbers.implode())
        rows = reading.tables[table].filter(here).unique("_record", keep="first", maintain_order=True)
        names = _names_of(reading, table, rows, withheld)
        shown = "userSourcedId" if table in reading.made and "userSourcedId" in rows.columns else "sourcedId"
        return pl.DataFrame([rows["_record"].alias("record"), rows[shown].alias("id"), names.alias("name")])

    return called


def _names_of(reading: Reading, table: str, rows: pl.DataFrame, withheld: Collection[str]) -> pl.Series:
    if table in _OWN_NAME:
        return rows.select(_OWN_NAME[table]).to_series()
    person = "sourcedId" if table == "demographics" else "userSourcedId"
    people = _looked_up(reading, "users", rows[person], withheld)
    if table == "enrollments":
        classes = _looked_up(reading, "classes", rows["classSourcedId"], withheld)
        return _together(people, classes, " in ")
    return _together(people, rows["role"], ", ") if table == "roles" else people


def _looked_up(reading: Reading, table: str, ids: pl.Series, withheld: Collection[str]) -> pl.Series:
    """The name for each id; null where nobody has it."""
    there = reading.tables.get(table)
    if there is None:
        return pl.Series("name", [None] * ids.len(), dtype=pl.String)
    wanted = pl.col("sourcedId").is_in(ids.unique().implode()) & ~pl.col("_file").is_in(list(withheld))
    names = there.filter(wanted).unique("sourcedId", keep="first").select("sourcedId", name=_OWN_NAME[table])
    return ids.alias("sourcedId").to_frame().join(names, on="sourcedId", how="left", maintain_order="left")["name"]


def _together(first: pl.Series, second: pl.Series, between: str) -> pl.Series:
    both = pl.DataFrame({"first": first, "second": second})
    return both.select(
        pl.concat_str("first", "second", separator=between, ignore_nulls=True).replace("", None)
    ).to_series()
