"""Lists of somebody who has some schools only: what is of another school is told and left out, and stays as it is.

A school is somebody's by its row. A class is of its school, a role of where it is held, a person of the schools where
they have a role; a person who is on the roster is changed only where one of these is among the schools. Terms and the
schools themselves are the whole district's.
"""

from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.made import WITHOUT_DATES
from firstbell.engine.known import Known
from firstbell.engine.known_through import Through
from firstbell.engine.match import same_text
from firstbell.engine.reading import Reading
from firstbell.engine.tables import TABLES

_TOLD = {
    "orgs": "name",
    "academicSessions": "title",
    "classes": "title",
    "users": "familyName",
}
"""By table the column whose value a finding shows; of roles and places it is the row as a whole."""

_MET = {"number-of-another": "somebody else", "firstbell-id-unknown": ""}
"""Findings that name whom the roster has under a key, and what they say instead."""


def keep_within(known: Known, reading: Reading, schools: frozenset[int]) -> pl.Series:
    """Take out of a reading what is not of these schools (row ids). Returns the keys of people who are left out.

    Only lists that people fill in can be brought for some schools: anything else is refused.
    """
    if reading.names is None:
        reading.findings.append(findings.one("not-a-list"))
        reading.tables.clear()
        return pl.Series([], dtype=pl.String)
    bounds = _Bounds(known, reading, pl.Series(sorted(schools), dtype=pl.Int64))
    bounds.orgs()
    bounds.sessions()
    bounds.classes()
    bounds.people()
    bounds.members()
    bounds.tell()
    reading.findings = [_without_names(part) for part in reading.findings]
    return bounds.out["users"]


def _without_names(found: pl.DataFrame) -> pl.DataFrame:
    """Findings that would tell who somebody is whom the list only met: they may be of another school."""
    unnamed = pl.col("code").replace_strict(_MET, default=pl.col("detail"), return_dtype=pl.String)
    return found.with_columns(detail=unnamed)


class Within(Through):
    """A roster in which only rows of these schools can be matched, and taken away."""

    def __init__(self, known: Known, schools: frozenset[int]) -> None:
        super().__init__(known)
        self._schools = pl.Series(sorted(schools), dtype=pl.Int64)

    def rows_pointing_to(self, table: str, column: str, row_ids: pl.Series) -> pl.DataFrame:
        return self._ours(table, super().rows_pointing_to(table, column, row_ids))

    def strangers(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        return self._ours(table, super().strangers(table, column, values))

    def missing(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Of rows that a list takes away (``key, row_id``) those that are of the schools."""
        return self._ours(table, rows)

    def _ours(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.filter(
            pl.col("row_id").is_in(of_schools(self._known, table, rows["row_id"], self._schools).implode())
        )


def of_schools(known: Known, table: str, row_ids: pl.Series, schools: pl.Series) -> pl.Series:
    """Those of the rows that are of the schools."""
    wanted = row_ids.drop_nulls().unique()
    if table == "orgs":
        return wanted.filter(wanted.is_in(schools.implode()))
    if table in {"users", "demographics"}:
        held = known.alike("roles", "userSourcedId", wanted)
        return held.filter(pl.col("orgSourcedId").is_in(schools.implode()))["userSourcedId"].unique()
    rows = known.rows(table, wanted)
    if table == "enrollments":
        classes = of_schools(known, "classes", rows["classSourcedId"], schools)
        return rows.filter(pl.col("classSourcedId").is_in(classes.implode()))["row_id"]
    column = {"classes": "schoolSourcedId", "roles": "orgSourcedId"}.get(table)
    return wanted.clear() if column is None else rows.filter(pl.col(column).is_in(schools.implode()))["row_id"]


@dataclass(slots=True)
class _Bounds:
    known: Known
    reading: Reading
    schools: pl.Series
    out: dict[str, pl.Series] = field(default_factory=dict)
    """By table the keys that are not ours."""
    _found: list[pl.DataFrame] = field(default_factory=list)

    def orgs(self) -> None:
        """Schools come by their names; nothing of them is changed by a list like this, and none is added."""
        asked = self._asked("orgs", "sourcedId", "roles", "orgSourcedId", "classes", "schoolSourcedId")
        self.out["orgs"] = self._not_ours("orgs", asked)
        rows = self._rows("orgs")
        theirs = self._known_rows("orgs", rows)
        new = rows.join(theirs.select("sourcedId"), on="sourcedId", how="anti")
        ours = theirs.filter(~pl.col("sourcedId").is_in(self.out["orgs"].implode()))
        says = [
            (pl.col(name).is_not_null() & ~same_text(name)).fill_null(value=True) & pl.col(name).is_not_null()
            for name in ("name", "identifier", "type")
        ]
        self._tell("kept-by-district", "orgs", ours.filter(pl.any_horizontal(says)))
        self._tell("not-your-school", "orgs", theirs.filter(pl.col("sourcedId").is_in(self.out["orgs"].implode())))
        stated = new.filter(pl.col("_record").is_not_null())
        self._tell("not-your-school", "orgs", stated)
        self._keep("orgs", pl.lit(value=False))

    def sessions(self) -> None:
        """Terms are everyone's: those that are on the roster stay as they are, and none is added."""
        new = self._rows("academicSessions").filter(pl.col("sourcedId") != WITHOUT_DATES)
        self.out["academicSessions"] = new["sourcedId"]
        self._keep("academicSessions", pl.col("sourcedId") == WITHOUT_DATES)

    def classes(self) -> None:
        """A class and its school are ours; a term that the roster does not know keeps a class out."""
        rows = self._rows("classes")
        terms = pl.col("termSourcedIds").fill_null("").str.split(",")
        unknown_term = terms.list.set_intersection(self.out["academicSessions"].implode()).list.len() > 0
        termless = rows.filter(unknown_term) if self.out["academicSessions"].len() else rows.clear()
        elsewhere = rows.filter(pl.col("schoolSourcedId").is_in(self.out["orgs"].implode()))
        another = rows.filter(pl.col("sourcedId").is_in(self._not_known_ours("classes", rows["sourcedId"]).implode()))
        self._tell("kept-by-district", "classes", termless, "termSourcedIds")
        self._tell("not-your-school", "classes", pl.concat([elsewhere, another]))
        named = self._not_known_ours("classes", self._asked("enrollments", "classSourcedId"))
        self.out["classes"] = pl.concat(
            [named, *(part["sourcedId"] for part in (termless, elsewhere, another))]
        ).unique()
        self._keep("classes", ~pl.col("sourcedId").is_in(self.out["classes"].implode()))
        self._keep("courses", ~pl.col("orgSourcedId").is_in(self.out["orgs"].implode()))

    def people(self) -> None:
        """Who is on the roster has a role in one of the schools; who is new gets one there."""
        asked = self._asked("users", "sourcedId", "roles", "userSourcedId", "enrollments", "userSourcedId")
        another = self._not_known_ours("users", asked)
        roles = self._rows("roles")
        placed = roles.filter(~pl.col("orgSourcedId").is_in(self.out["orgs"].implode()))["userSourcedId"]
        rows = self._rows("users")
        new = rows.filter(~pl.col("sourcedId").is_in(self._ids("users")["key"].implode()))
        homeless = new.filter(~pl.col("sourcedId").is_in(placed.implode()))
        self.out["users"] = pl.concat([another, homeless["sourcedId"]]).unique()
        self._tell("not-your-school", "users", rows.filter(pl.col("sourcedId").is_in(self.out["users"].implode())))
        for table in ("users", "demographics"):
            self._keep(table, ~pl.col("sourcedId").is_in(self.out["users"].implode()))

    def members(self) -> None:
        """Roles are held, and places given, in the schools to their people."""
        for table, column in (("roles", "orgSourcedId"), ("enrollments", "classSourcedId")):
            out = self.out[TABLES[table][column].target or ""]
            not_ours = pl.col(column).is_in(out.implode()) | pl.col("userSourcedId").is_in(self.out["users"].implode())
            self._tell("not-your-school", table, self._rows(table).filter(not_ours))
            self._keep(table, ~not_ours)

    def tell(self) -> None:
        """Once for each record, whatever of it is not ours."""
        if self._found:
            found = pl.concat(self._found).unique(["file", "record"], keep="first", maintain_order=True)
            self.reading.findings.append(self.reading.in_words_of_the_file(found))

    def _rows(self, table: str) -> pl.DataFrame:
        rows = self.reading.tables.get(table)
        if rows is not None:
            return rows
        columns = {one.name: pl.String for one in TABLES[table].columns}
        return pl.DataFrame(schema={**columns, "_status": pl.String, "_file": pl.String, "_record": pl.UInt32})

    def _keep(self, table: str, ours: pl.Expr) -> None:
        if table in self.reading.tables:
            self.reading.tables[table] = self.reading.tables[table].filter(ours.fill_null(value=True))

    def _ids(self, table: str) -> pl.DataFrame:
        return self.known.records(table).select("key", "row_id")

    def _asked(self, *places: str) -> pl.Series:
        """All keys in these columns (table, column, table, column ...)."""
        pairs = zip(places[::2], places[1::2], strict=True)
        return pl.concat([self._rows(table)[column].cast(pl.String) for table, column in pairs]).drop_nulls().unique()

    def _known_rows(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of the reading beside what the roster has of them (``_known``)."""
        met = rows.join(self._ids(table), left_on="sourcedId", right_on="key")
        return met.join(self.known.rows(table, met["row_id"]), on="row_id", suffix="_known", maintain_order="left")

    def _not_known_ours(self, table: str, keys: pl.Series) -> pl.Series:
        """Keys that mean a row which is not ours."""
        met = self._ids(table).filter(pl.col("key").is_in(keys.implode()))
        ours = of_schools(self.known, table, met["row_id"], self.schools)
        return met.filter(~pl.col("row_id").is_in(ours.implode()))["key"]

    def _not_ours(self, table: str, keys: pl.Series) -> pl.Series:
        """Keys that mean a row which is not ours, or none at all."""
        known = self._ids(table)["key"]
        return pl.concat([self._not_known_ours(table, keys), keys.filter(~keys.is_in(known.implode()))]).unique()

    def _tell(self, code: str, table: str, rows: pl.DataFrame, column: str = "") -> None:
        shown = column or _TOLD.get(table)
        if rows.height:
            self._found.append(findings.of(rows, code, column=shown, value=pl.col(shown) if shown else None))
