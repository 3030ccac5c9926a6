"""Which part of what a source sends the district takes: schools, terms, grades, roles, and fields it does not want.

What is outside counts as not sent: so what is on the roster already goes as if the source had let it go, and the guard
looks at it. What cannot be told (a blank school) is inside, so that a fault in a file takes nobody away: the rules
judge it. In a file that says changes only, what the roster has from the source is inside too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings
from firstbell.engine.leaving_out import HANGING, LeftOut, forget_agents, is_called, take_out
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.scope_settings import NO_GRADE, ORG_NAMES, SESSION_NAMES, WHOLE_TABLES
from firstbell.engine.vocabulary import FAMILY_ROLES, STUDENT_ROLES

type Present = Callable[[str], pl.Series]
"""The keys of a table's records that the roster has from this source."""

_DEPTH = 10
"""Organizations and sessions are not nested deeper."""
_STANDS = pl.col("_status") == "active"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What was left out: rows of each table, and the records of each file that nothing is left of."""

    left_out: tuple[LeftOut, ...] = ()
    records: dict[str, pl.Series] = field(default_factory=dict)


def narrow(reading: Reading, scope: Mapping[str, Sequence[str]], present: Present) -> Narrowed:
    """Take what is outside out of a reading, and what was found of it."""
    if not any(scope.values()):
        return Narrowed()
    before = dict(reading.tables)
    _leave_strangers(reading, present)
    work = _Scope(reading, {name: list(lines) for name, lines in scope.items()}, present, before)
    work.places()
    work.people()
    if set(scope) - {"fields"}:
        work.members()
    work.fields()
    lost = {name: rows.height - reading.tables[name].height for name, rows in before.items()}
    left_out = tuple(LeftOut(name, count, before[name].height) for name, count in lost.items() if count)
    records = _records_out(before, reading.tables)
    reading.findings = [_inside(part, records, work.blanked) for part in reading.findings]
    return Narrowed(left_out, records)


@dataclass(slots=True)
class _Scope:
    reading: Reading
    scope: dict[str, list[str]]
    present: Present
    before: dict[str, pl.DataFrame]
    blanked: list[str] = field(default_factory=list)
    """Columns of people that are not wanted."""
    _roles: pl.DataFrame | None = None
    """As they came."""

    def places(self) -> None:
        """Organizations and sessions that are asked for, with all below them and what they are in; then classes."""
        if lines := self.scope.get("schools"):
            self._keep_places("orgs", ORG_NAMES, lines, pl.col("type") == "school")
            for table, column in (("courses", "orgSourcedId"), ("classes", "schoolSourcedId")):
                self._keep(table, self._is_there(table, column, "orgs"))
        if lines := self.scope.get("terms"):
            self._keep_places("academicSessions", SESSION_NAMES, lines, pl.lit(value=True))
            self._keep_terms()
            self._forget("courses", "schoolYearSourcedId", "academicSessions")
        if grades := self.scope.get("grades"):
            self._keep("classes", pl.col("grades").is_null() | _has_one(grades))

    def people(self) -> None:
        """People with a role that is taken, in a school that is; students by grade, and their families with them."""
        users = self.reading.tables.get("users")
        if users is None:
            return
        self._roles = self.reading.tables.get("roles")
        outside = pl.concat([self._without_role(users), self._of_other_grades(users)]).unique()
        outside = pl.concat([outside, self._families_of(users, outside)]).unique()
        self._leave("users", outside)
        if outside.len():
            forget_agents(self.reading, outside)
        if self.scope.get("schools"):
            self._forget("users", "primaryOrgSourcedId", "orgs")

    def members(self) -> None:
        """Enrollments of classes and people who are inside."""
        for column, target in (("classSourcedId", "classes"), ("userSourcedId", "users")):
            if self.reading.mode(target) is Mode.BULK:
                inside = ~pl.col(column).is_in(self.gone(target).implode())
            else:
                inside = pl.col(column).is_in(self._there(target).implode())
            self._keep("enrollments", pl.col(column).is_null() | inside)

    def gone(self, table: str) -> pl.Series:
        """Keys of a table that came and are outside."""
        came, rows = self.before.get(table), self.reading.tables.get(table)
        if came is None or rows is None:
            return pl.Series([], dtype=pl.String)
        return came["sourcedId"].drop_nulls().filter(~came["sourcedId"].drop_nulls().is_in(rows["sourcedId"].implode()))

    def fields(self) -> None:
        """Blank what is not wanted of people."""
        for name in self.scope.get("fields", ()):
            table, _, column = name.partition(".")
            rows = self.reading.tables.get(table)
            if rows is None:
                continue
            if name in WHOLE_TABLES:
                self.reading.tables[table] = rows.clear()
                if table == "userProfiles":
                    self._blank("roles", "userProfileSourcedId")
            elif column in rows.columns:
                self._blank(table, column)
                self.blanked.append(column)

    def _keep_places(self, table: str, names: Sequence[str], lines: list[str], counts: pl.Expr) -> None:
        """Those that are called so with all below them; above them, and beside where ``counts`` is false, all stay."""
        rows = self.reading.tables.get(table)
        if rows is None:
            return
        tree = rows.filter(pl.col("sourcedId").is_not_null()).select("sourcedId", "parentSourcedId")
        asked = rows.filter(is_called(names, lines))["sourcedId"].drop_nulls()
        inside = _grown(asked, tree, of="parentSourcedId", to="sourcedId")
        above = _grown(asked, tree, of="sourcedId", to="parentSourcedId")
        off = rows.filter(counts & ~pl.col("sourcedId").is_in(pl.concat([inside, above]).implode()))["sourcedId"]
        below = _grown(off.drop_nulls(), tree, of="parentSourcedId", to="sourcedId")
        self._leave(table, below.filter(~below.is_in(pl.concat([inside, above]).implode())))

    def _keep_terms(self) -> None:
        """Classes of a term that is inside; the others of their terms are not named any more."""
        rows = self.reading.tables.get("classes")
        if rows is None:
            return
        terms = pl.col("termSourcedIds").str.split(",")
        kept = terms.list.set_intersection(self._there("academicSessions").to_list())
        self._keep("classes", terms.is_null() | (kept.list.len() > 0))
        self.reading.tables["classes"] = self.reading.tables["classes"].with_columns(
            termSourcedIds=pl.when(_STANDS).then(kept.list.join(",")).otherwise("termSourcedIds")
        )

    def _without_role(self, users: pl.DataFrame) -> pl.Series:
        """People with roles of whom none is taken, and newcomers without any. Roles that are not taken go here."""
        schools, words = self.scope.get("schools"), self.scope.get("roles")
        roles = self._roles
        if not (schools or words):
            return users["sourcedId"].clear()
        said = users["sourcedId"].clear() if roles is None else roles.filter(_STANDS)["userSourcedId"].drop_nulls()
        if schools:
            self._keep("roles", self._is_there("roles", "orgSourcedId", "orgs"))
        if words:
            self._keep("roles", pl.col("role").is_null() | pl.col("role").is_in(words))
        kept = said.clear() if roles is None else self.reading.tables["roles"].filter(_STANDS)["userSourcedId"]
        has_none = pl.col("sourcedId").is_in(said.implode()) & ~pl.col("sourcedId").is_in(kept.implode())
        is_new = ~pl.col("sourcedId").is_in(said.implode()) & ~pl.col("sourcedId").is_in(
            self.present("users").implode()
        )
        return users.filter(_STANDS & (has_none | is_new))["sourcedId"].drop_nulls()

    def _of_other_grades(self, users: pl.DataFrame) -> pl.Series:
        grades = self.scope.get("grades")
        if not grades:
            return users["sourcedId"].clear()
        unsaid = pl.col("grades").is_not_null() & ~pl.col("sourcedId").is_in(self._having(frozenset()).implode())
        student = unsaid | pl.col("sourcedId").is_in(self._having(STUDENT_ROLES).implode())
        known = pl.col("sourcedId").is_in(self.present("users").implode())
        fits = pl.when(pl.col("grades").is_null()).then(known | pl.lit(NO_GRADE in grades)).otherwise(_has_one(grades))
        return users.filter(_STANDS & student & ~fits)["sourcedId"].drop_nulls()

    def _families_of(self, users: pl.DataFrame, outside: pl.Series) -> pl.Series:
        """Parents and guardians all of whose children are outside."""
        agents = (
            users.filter(_STANDS).select("sourcedId", agent=pl.col("agentSourcedIds").str.split(",")).explode("agent")
        )
        agents = agents.drop_nulls()
        ties = pl.concat([agents, agents.select(sourcedId="agent", agent="sourcedId")])
        family, others = self._having(FAMILY_ROLES), self._having(frozenset(), but=FAMILY_ROLES)
        ties = ties.filter(
            pl.col("sourcedId").is_in(family.implode())
            & ~pl.col("sourcedId").is_in(others.implode())
            & pl.col("agent").is_in(others.implode())
        )
        stay = ties.filter(~pl.col("agent").is_in(outside.implode()))["sourcedId"]
        return ties.filter(~pl.col("sourcedId").is_in(stay.implode()))["sourcedId"].unique()

    def _having(self, words: frozenset[str], but: frozenset[str] = frozenset()) -> pl.Series:
        """People with one of these roles, or with any other than some."""
        roles = self._roles
        if roles is None:
            return pl.Series([], dtype=pl.String)
        fits = pl.col("role").is_in(list(words)) if words else ~pl.col("role").is_in(list(but))
        return roles.filter(_STANDS & fits)["userSourcedId"].drop_nulls().unique()

    def _there(self, table: str) -> pl.Series:
        """Keys of a table that are inside: of this package, and of the roster where this is no full list."""
        rows = self.reading.tables.get(table)
        here = pl.Series([], dtype=pl.String) if rows is None else rows["sourcedId"].drop_nulls()
        if self.reading.mode(table) is Mode.BULK:
            return here
        known = self.present(table)
        return pl.concat([here, known])

    def _is_there(self, table: str, column: str, target: str) -> pl.Expr:
        """True where a reference leads inside, and where it is blank."""
        return pl.col(column).is_null() | pl.col(column).is_in(self._there(target).implode())

    def _keep(self, table: str, inside: pl.Expr) -> None:
        rows = self.reading.tables.get(table)
        if rows is not None:
            self.reading.tables[table] = rows.filter(~_STANDS | inside)

    def _leave(self, table: str, outside: pl.Series) -> None:
        """Without these rows and those that hang on them."""
        take_out(self.reading, table, "sourcedId", outside)
        for parent, child, column in HANGING:
            if parent == table and child in self.reading.tables:
                take_out(self.reading, child, column, outside)

    def _forget(self, table: str, column: str, target: str) -> None:
        """Blank references that do not lead inside."""
        rows = self.reading.tables.get(table)
        if rows is not None:
            inside = self._is_there(table, column, target)
            self.reading.tables[table] = rows.with_columns(pl.when(inside).then(column).alias(column))

    def _blank(self, table: str, column: str) -> None:
        rows = self.reading.tables.get(table)
        if rows is not None:
            self.reading.tables[table] = rows.with_columns(pl.lit(None, pl.String).alias(column))


def _leave_strangers(reading: Reading, present: Present) -> None:
    """Nobody needs to be told that somebody goes who never came."""
    for table, rows in reading.tables.items():
        if reading.mode(table) is Mode.DELTA and not rows.select(_STANDS.all()).item():
            known = pl.col("sourcedId").is_in(present(table).implode())
            reading.tables[table] = rows.filter(_STANDS | known | pl.col("sourcedId").is_null())


def _has_one(grades: Sequence[str]) -> pl.Expr:
    return pl.col("grades").str.split(",").list.set_intersection(list(grades)).list.len() > 0


def _grown(asked: pl.Series, tree: pl.DataFrame, *, of: str, to: str) -> pl.Series:
    """These with all that a tree leads to from them, step by step."""
    grown = asked.unique()
    for _ in range(_DEPTH):
        more = tree.filter(pl.col(of).is_in(grown.implode()))[to].drop_nulls()
        wider = pl.concat([grown, more]).unique()
        if wider.len() == grown.len():
            break
        grown = wider
    return grown


def _records_out(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> dict[str, pl.Series]:
    """By file the records of which no table has a row any more."""
    places = ["_file", "_record"]
    had = pl.concat([rows.select(pl.col("_file").cast(pl.String), "_record") for rows in before.values()])
    have = pl.concat([rows.select(pl.col("_file").cast(pl.String), "_record") for rows in after.values()])
    gone = had.join(have, on=places, how="anti").drop_nulls().unique()
    return {str(file): rows["_record"] for (file,), rows in gone.group_by("_file")}


def _inside(found: pl.DataFrame, records: Mapping[str, pl.Series], blanked: Sequence[str]) -> pl.DataFrame:
    """Findings without those of records outside and of fields that are not wanted. Of an id that could not be read
    the finding stays, without what it quotes: who that is nobody knows, and it keeps others from being removed."""
    outside = [(pl.col("file") == file) & pl.col("record").is_in(which.implode()) for file, which in records.items()]
    unwanted = pl.any_horizontal(pl.lit(value=False), *outside, pl.col("column").is_in(list(blanked)))
    unwanted = unwanted.fill_null(value=False)
    stays = pl.col("code").is_in([code for code, entry in findings.CATALOGUE.items() if entry.unreadable_id])
    quoted = [pl.when(unwanted).then(None).otherwise(name).alias(name) for name in ("value", "detail", "hint")]
    return found.filter(~unwanted | stays).with_columns(quoted)
