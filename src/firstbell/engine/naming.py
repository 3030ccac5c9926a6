"""Whom a hand-made list means: its names, numbers and published ids looked up on the roster before it is checked.

A list that people fill in calls a class by its name and a child by a number, and the roster may know both from
anywhere. What is found here counts as a record of the source from then on, so the rest of the path is the same for
every format. People are found by a published id or by a key of theirs whose name agrees, never by a name alone.
"""

from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings
from firstbell.engine.content import IdMap, resolved
from firstbell.engine.formats.made import WITHOUT_DATES
from firstbell.engine.formats.templates.people import REFERENCE
from firstbell.engine.known import Known
from firstbell.engine.known_by_name import Named, removed_elsewhere
from firstbell.engine.match import other_person, same_text
from firstbell.engine.reading import Names, Reading
from firstbell.engine.tables import TABLES

_PERSON_KEYS = ("identifier", "userMasterIdentifier", "username", "email")
_ID_MAP = {"key": pl.String, "row_id": pl.Int64}
_MEMBERS = {
    "roles": ("userSourcedId", "orgSourcedId", "role"),
    "enrollments": ("userSourcedId", "classSourcedId", "role"),
}


def named(known: Known, reading: Reading) -> Known:
    """The roster as the source of this reading sees it: with records for all that the reading refers to by name."""
    if reading.names is None or not reading.usable:
        return known
    search = _Search(known, reading, reading.names)
    search.published()
    search.orgs()
    search.sessions()
    search.classes()
    search.people()
    search.members()
    _leave_named_alone(reading, search)
    return Named(known, search.ids, {table: search.gone(table) for table in TABLES})


@dataclass(slots=True)
class _Search:
    """What was found so far: by table, keys of the reading and the rows that they mean."""

    known: Known
    reading: Reading
    names: Names
    ids: dict[str, IdMap] = field(default_factory=dict)

    def rows(self, table: str) -> pl.DataFrame:
        """Rows of the reading whose key means nothing yet."""
        rows = self.reading.tables.get(table)
        if rows is None:
            columns = {one.name: pl.String for one in TABLES[table].columns}
            return pl.DataFrame(schema={**columns, "_status": pl.String, "_file": pl.String, "_record": pl.UInt32})
        return rows.join(self.found(table), left_on="sourcedId", right_on="key", how="anti", maintain_order="left")

    def found(self, table: str) -> IdMap:
        return self.ids.get(table, pl.DataFrame(schema=_ID_MAP))

    def take(self, table: str, pairs: pl.DataFrame) -> None:
        """Keep ``key, row_id``; the first word on a key stands."""
        fresh = pairs.select("key", "row_id").drop_nulls().join(self.found(table), on="key", how="anti")
        self.ids[table] = pl.concat([self.found(table), fresh.unique("key", keep="first", maintain_order=True)])

    def all_ids(self) -> dict[str, IdMap]:
        """Every key that means a row: what was found, and else the records of the source."""
        return {
            table: pl.concat(
                [
                    self.found(table),
                    self.known.records(table).select("key", "row_id").join(self.found(table), on="key", how="anti"),
                ]
            )
            for table in ("orgs", "academicSessions", "courses", "classes", "users", "userProfiles")
        }

    def gone(self, table: str) -> pl.Series:
        """Rows that another source had and removed. They are not ours to bring back, nor to put anybody into."""
        stated = self.reading.tables.get(table)
        records = self.known.records(table)
        keys = records["key"].clear() if stated is None else stated["sourcedId"]
        asked = pl.concat([records.filter(pl.col("key").is_in(keys.implode()))["row_id"], self.found(table)["row_id"]])
        return removed_elsewhere(self.known.rows(table, asked))["row_id"]

    def tell(self, found: pl.DataFrame) -> None:
        if found.height:
            self.reading.findings.append(self.reading.in_words_of_the_file(found))

    def published(self) -> None:
        """Rows by the id that we published for them. One that is not there would be somebody new under an old id."""
        for table, keys in self.names.published.items():
            if table == "demographics" or not keys.len():
                continue
            met = self.known.published(table, keys)
            removed = removed_elsewhere(self.known.rows(table, met["row_id"]))
            self.take(table, met.join(removed, on="row_id", how="anti"))
            rows = self.rows(table).filter(pl.col("sourcedId").is_in(keys.implode()))
            self.tell(findings.of(rows, "firstbell-id-unknown", column="Firstbell ID", value=pl.col("sourcedId")))
        self._ensure_same_people()

    def _ensure_same_people(self) -> None:
        """A sheet that was sorted by one column alone has everyone's id beside another's name."""
        stated = self.reading.tables.get("users")
        if stated is None or not self.found("users").height:
            return
        rows = stated.join(self.found("users"), left_on="sourcedId", right_on="key")
        before = self.known.rows("users", rows["row_id"])
        was = before.rename({column: f"was.{column}" for column in before.columns if column != "row_id"})
        others = rows.join(was, on="row_id", maintain_order="left").filter(other_person())
        name = pl.concat_str("was.givenName", "was.familyName", separator=" ")
        whose = pl.concat_str(pl.lit(" under this name; it is that of "), name)
        self.tell(
            findings.of(others, "firstbell-id-unknown", column="Firstbell ID", value=pl.col("sourcedId"), detail=whose)
        )

    def orgs(self) -> None:
        """By number, else by name."""
        rows = self.rows("orgs")
        if not rows.height:
            return
        by_number = self.known.alike("orgs", "identifier", rows["identifier"])
        by_name = self.known.alike("orgs", "name", rows["name"])
        unnumbered = rows.filter(pl.col("identifier").is_null())
        self._take_single("orgs", rows, by_number, ["identifier"], [])
        rest = self.rows("orgs").join(unnumbered.select("sourcedId"), on="sourcedId", how="semi")
        self._take_single("orgs", rest, by_name, ["name"], ["type"])
        numbered = self.rows("orgs").filter(pl.col("identifier").is_not_null())
        without = by_name.filter(pl.col("identifier").is_null())
        self._take_single("orgs", numbered, without, ["name"], ["type"])

    def sessions(self) -> None:
        """By title; what names no term is in the current school year, where the roster has one."""
        rows = self.rows("academicSessions")
        titled = rows.filter(pl.col("sourcedId") != WITHOUT_DATES)
        if titled.height:
            met = self.known.alike("academicSessions", "title", titled["title"])
            self._take_single("academicSessions", titled, met, ["title"], [])
        current = self.known.current_session() if titled.height < rows.height else None
        if current is not None:
            self.take("academicSessions", pl.DataFrame({"key": [WITHOUT_DATES], "row_id": [current]}, schema=_ID_MAP))

    def classes(self) -> None:
        """By number in their school, else by name there; their courses are those that they have."""
        rows = self.rows("classes")
        if rows.height:
            asked = resolved(TABLES["classes"], rows, self.all_ids())
            numbered = asked.filter(pl.col("classCode").is_not_null())
            by_code = self.known.alike("classes", "classCode", numbered["classCode"])
            by_title = self.known.alike("classes", "title", rows["title"])
            self._take_single("classes", numbered, by_code, ["classCode"], ["schoolSourcedId"])
            plain = asked.filter(pl.col("classCode").is_null())
            self._take_single("classes", plain, by_title, ["title"], ["schoolSourcedId"])
            rest = self.rows("classes").select("sourcedId")
            open_numbers = numbered.join(rest, on="sourcedId", how="semi")
            uncoded = by_title.filter(pl.col("classCode").is_null())
            self._take_single("classes", open_numbers, uncoded, ["title"], ["schoolSourcedId"])
        stated = self.reading.tables.get("classes")
        if stated is None:
            return
        met = stated.join(self.all_ids()["classes"], left_on="sourcedId", right_on="key")
        held = self.known.rows("classes", met["row_id"]).select("row_id", course="courseSourcedId")
        taught = met.join(held, on="row_id")
        self.take("courses", taught.select(key="courseSourcedId", row_id="course"))

    def people(self) -> None:
        """By number, username and address, where a name agrees. A key of somebody else is an error, not a guess."""
        records = self.known.records("users").select(key="key")
        rows = self.rows("users").join(records, left_on="sourcedId", right_on="key", how="anti", maintain_order="left")
        for key in _PERSON_KEYS:
            asked = rows.filter(pl.col(key).is_not_null()).join(
                self.found("users"), left_on="sourcedId", right_on="key", how="anti"
            )
            if not asked.height:
                continue
            met = asked.with_columns(_key=pl.col(key).str.to_lowercase()).join(
                self.known.alike("users", key, asked[key]).with_columns(_key=pl.col(key).str.to_lowercase()),
                on="_key",
                suffix="_known",
            )
            one_name = (same_text("familyName") | same_text("givenName")).fill_null(value=False)
            alone = ~pl.col("sourcedId").is_duplicated()
            self.take("users", met.filter(one_name & alone).select(key="sourcedId", row_id="row_id"))
            who = pl.concat_str("givenName_known", pl.lit(" "), "familyName_known")
            others = met.filter(~(one_name & alone)).unique("sourcedId", keep="first", maintain_order=True)
            self.tell(findings.of(others, "number-of-another", column=key, value=pl.col(key), detail=who))
            rows = rows.join(others.select("sourcedId"), on="sourcedId", how="anti", maintain_order="left")
        self._tell_new_without_school()
        self._referred_people()
        users = self.found("users")
        described = self.known.rows("demographics", users["row_id"])["row_id"]
        self.take("demographics", users.filter(pl.col("row_id").is_in(described.implode())))

    def _tell_new_without_school(self) -> None:
        """Who is on the roster may come without a school; somebody new has to be placed."""
        new = self.rows("users").join(
            self.known.records("users"), left_on="sourcedId", right_on="key", how="anti", maintain_order="left"
        )
        roles = self.reading.tables.get("roles")
        placed = roles["userSourcedId"] if roles is not None else pl.Series([], dtype=pl.String)
        unknown = self.names.published.get("users")
        homeless = new.filter(~pl.col("sourcedId").is_in(placed.implode()))
        if unknown is not None:
            homeless = homeless.filter(~pl.col("sourcedId").is_in(unknown.implode()))
        self.tell(findings.of(homeless, "value-missing", column="orgSourcedId"))

    def _referred_people(self) -> None:
        """Teachers whom a class names and the list does not hold."""
        members = self.reading.tables.get("enrollments")
        if members is None:
            return
        keys = members.filter(pl.col("userSourcedId").str.starts_with(REFERENCE))["userSourcedId"].unique()
        words = keys.to_frame("key").with_columns(word=pl.col("key").str.strip_prefix(REFERENCE))
        if not words.height:
            return
        lower = words.with_columns(word=pl.col("word").str.to_lowercase())
        self.take(
            "users",
            self.known.published("users", words["word"])
            .join(words, left_on="key", right_on="word", suffix="_asked")
            .select(key="key_asked", row_id="row_id"),
        )
        for column in ("email", "username", "identifier"):
            met = self.known.alike("users", column, lower["word"])
            met = met.select("row_id", word=pl.col(column).str.to_lowercase())
            single = met.filter(~pl.col("word").is_duplicated())
            self.take("users", lower.join(single, on="word").select("key", "row_id"))

    def members(self) -> None:
        """Roles and enrollments by who, where and as what: they are certain."""
        self._place_in_their_classes()
        ids = self.all_ids()
        for table, identity in _MEMBERS.items():
            rows = self.rows(table)
            if not rows.height:
                continue
            asked = resolved(TABLES[table], rows, ids).drop_nulls(identity[:2])
            held = self.known.alike(table, "userSourcedId", asked["userSourcedId"])
            held = held.sort("row_id").unique(identity, keep="first", maintain_order=True)
            self.take(table, asked.join(held, on=identity).select(key="sourcedId", row_id="row_id"))

    def _place_in_their_classes(self) -> None:
        """Who is put into a class of the roster is put into the school where that class is."""
        members = self.reading.tables.get("enrollments")
        if members is None:
            return
        classes = self.found("classes")
        homes = self.known.rows("classes", classes["row_id"]).select("row_id", home="schoolSourcedId").drop_nulls()
        key = pl.concat_str(pl.lit("row/"), pl.col("home").cast(pl.String))
        homes = classes.join(homes, on="row_id").with_columns(_home=key)
        self.take("orgs", homes.select(key="_home", row_id="home"))
        homed = members.join(
            homes.select("_home", classSourcedId="key"), on="classSourcedId", how="left", maintain_order="left"
        )
        stated = self.reading.tables.get("classes")
        inside = pl.lit(value=False)
        if stated is not None:
            inside = pl.col("classSourcedId").is_in(stated["sourcedId"].implode())
        school = pl.when(~inside).then(pl.coalesce("_home", "schoolSourcedId")).otherwise("schoolSourcedId")
        self.reading.tables["enrollments"] = homed.with_columns(schoolSourcedId=school).drop("_home")

    def _take_single(self, table: str, rows: pl.DataFrame, known: pl.DataFrame, by: list[str], also: list[str]) -> None:
        """Rows that one live row alone can mean; of several nothing is guessed."""
        folded = [pl.col(name).str.to_lowercase().alias(f"_{name}") for name in by]
        on = [*(f"_{name}" for name in by), *also]
        met = rows.with_columns(folded).join(known.with_columns(folded), on=on, suffix="_known")
        several = met.filter(pl.col("sourcedId").is_duplicated())
        self.take(table, met.join(several, on="sourcedId", how="anti").select(key="sourcedId", row_id="row_id"))
        once = several.unique("sourcedId", keep="first", maintain_order=True)
        detail = pl.lit(f": the roster has several {TABLES[table].nouns} of this name")
        self.tell(findings.of(once, "name-ambiguous", column=by[0], value=pl.col(by[0]), detail=detail))
        self.ids[table] = self.found(table)
        self._forget(table, once["sourcedId"])

    def _forget(self, table: str, keys: pl.Series) -> None:
        """Leave out rows that could mean several: what refers to them is left out as well, and told."""
        if keys.len() and table in self.reading.tables:
            rows = self.reading.tables[table]
            self.reading.tables[table] = rows.filter(~pl.col("sourcedId").is_in(keys.implode()))


def _leave_named_alone(reading: Reading, search: _Search) -> None:
    """What is on the roster and was only referred to is not written; nor is a course or term of a class that is."""
    ids = search.all_ids()
    only_named = dict(search.names.named)
    for table in ("academicSessions", "courses"):
        if table in reading.tables:
            only_named[table] = reading.tables[table]["sourcedId"]
    for table, keys in only_named.items():
        known = keys.filter(keys.is_in(ids[table]["key"].implode()))
        if known.len():
            rows = reading.tables[table]
            reading.tables[table] = rows.filter(~pl.col("sourcedId").is_in(known.implode()))
