"""Usernames, e-mail addresses and first passwords that a source does not send, made by rules of the district.

A rule is a list of patterns, such as ``{given:1}{family}``: the first counts that can be filled and that nobody has,
and where all are taken the first with a number. What somebody has on the roster stays, whatever their name becomes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from firstbell.engine.deriving_rules import COLUMNS, GROUPS, PARTS, parts_of
from firstbell.engine.known import Known
from firstbell.engine.reading import Reading
from firstbell.engine.vocabulary import STAFF_ROLES, STUDENT_ROLES

_ROUNDS = 30
"""So often numbers are looked for that nobody has."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Of one group and column: how many were made, for whom nothing could be, and the first examples."""

    group: str
    column: str
    made: int
    left: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """``passwords`` with those that were made, and what was made."""

    passwords: pl.DataFrame
    derived: tuple[Derived, ...] = ()


def derive(
    reading: Reading,
    passwords: pl.DataFrame,
    known: Known,
    rules: Mapping[str, Sequence[str]],
    match_keys: Sequence[str] = (),
) -> Made:
    """Fill in what is blank. ``passwords`` (``sourcedId, password``) are those that came; newcomers get theirs."""
    users = reading.tables.get("users")
    if users is None or not any(rules.values()):
        return Made(passwords)
    work = _Deriving(reading, known, match_keys)
    told: list[Derived] = []
    for group in GROUPS:
        told += [
            work.fill(group, column, patterns) for column in COLUMNS if (patterns := rules.get(f"{group}.{column}"))
        ]
        if patterns := rules.get(f"{group}.password"):
            made = work.passwords(group, patterns, passwords)
            told.append(Derived(group, "password", made.height, 0))
            passwords = pl.concat([passwords, made])
    return Made(passwords, tuple(told))


class _Deriving:
    def __init__(self, reading: Reading, known: Known, match_keys: Sequence[str]) -> None:
        self._reading = reading
        self._known = known
        self._match_keys = match_keys
        records = known.records("users").select(sourcedId="key", row_id="row_id")
        self._met = self._users.select("sourcedId").drop_nulls().unique().join(records, on="sourcedId")

    @property
    def _users(self) -> pl.DataFrame:
        return self._reading.tables["users"]

    def fill(self, group: str, column: str, patterns: Sequence[str]) -> Derived:
        """Give everybody of a group who has none a value of a column."""
        of_group = pl.col("sourcedId").is_in(self._group(group).implode())
        blank = self._users.filter(of_group & pl.col(column).is_null() & (pl.col("_status") == "active"))
        blank = blank.unique("sourcedId", keep="first", maintain_order=True)
        kept = self._on_roster(blank, column)
        new = blank.join(kept, on="sourcedId", how="anti", maintain_order="left")
        taken = pl.concat([self._users[column].drop_nulls(), kept["value"]]).str.to_lowercase().unique()
        given = self._given(new.sort("sourcedId"), patterns, taken, column)
        self._write(column, pl.concat([kept, given]))
        return Derived(group, column, given.height, new.height - given.height, tuple(given["value"].head(5).to_list()))

    def passwords(self, group: str, patterns: Sequence[str], have: pl.DataFrame) -> pl.DataFrame:
        """First passwords of newcomers of a group who come without one."""
        known = pl.concat([have["sourcedId"], self._met["sourcedId"]])
        of_group = pl.col("sourcedId").is_in(self._group(group).implode()) & (pl.col("_status") == "active")
        new = self._users.filter(of_group & ~pl.col("sourcedId").is_in(known.implode()))
        new = self._with_birth(new.unique("sourcedId", keep="first", maintain_order=True))
        made = new.select("sourcedId", password=pl.coalesce(_filled(new, pattern) for pattern in patterns))
        return made.drop_nulls()

    def _group(self, group: str) -> pl.Series:
        roles = self._reading.tables.get("roles")
        if roles is None:
            return pl.Series([], dtype=pl.String)
        held = roles.drop_nulls(["userSourcedId", "role"])
        staff = held.filter(pl.col("role").is_in(list(STAFF_ROLES)))["userSourcedId"].unique()
        if group == "staff":
            return staff
        students = held.filter(pl.col("role").is_in(list(STUDENT_ROLES)))["userSourcedId"].unique()
        return students.filter(~students.is_in(staff.implode()))

    def _on_roster(self, blank: pl.DataFrame, column: str) -> pl.DataFrame:
        """``sourcedId, value`` of who has one on the roster: as the source's own, or as who it will meet."""
        met = blank.select("sourcedId").join(self._met, on="sourcedId")
        rows = self._known.rows("users", met["row_id"]).select("row_id", value=column)
        found = [met.join(rows, on="row_id").select("sourcedId", "value")]
        for key in self._match_keys:
            theirs = blank.filter(~pl.col("sourcedId").is_in(met["sourcedId"].implode())).select("sourcedId", key)
            theirs = theirs.drop_nulls().with_columns(_key=pl.col(key).str.to_lowercase())
            if theirs.height:
                strangers = self._known.strangers("users", key, theirs[key])
                rows = strangers.select(value=column, _key=pl.col(key).str.to_lowercase())
                found.append(theirs.join(rows, on="_key").select("sourcedId", "value"))
        return pl.concat(found).drop_nulls().unique("sourcedId", keep="first", maintain_order=True)

    def _given(self, new: pl.DataFrame, patterns: Sequence[str], taken: pl.Series, column: str) -> pl.DataFrame:
        """``sourcedId, value``, no two alike and none that is taken here or on the roster."""
        given = [pl.DataFrame(schema={"sourcedId": pl.String, "value": pl.String})]
        for pattern in patterns:
            asks = new.select("sourcedId", value=_filled(new, pattern)).drop_nulls()
            given.append(self._free(asks, taken, column))
            taken = pl.concat([taken, given[-1]["value"]])
            new = new.join(given[-1], on="sourcedId", how="anti", maintain_order="left")
        left = new.select("sourcedId", base=pl.coalesce(_filled(new, pattern) for pattern in patterns)).drop_nulls()
        left = left.with_columns(tried=pl.lit(2, pl.Int64))
        for _ in range(_ROUNDS):
            if not left.height:
                break
            left = left.with_columns(number=pl.col("tried") + pl.int_range(pl.len()).over("base"))
            given.append(self._free(left.select("sourcedId", value=_numbered()), taken, column))
            taken = pl.concat([taken, given[-1]["value"]])
            left = left.with_columns(tried=pl.col("tried") + pl.len().over("base"))
            left = left.join(given[-1], on="sourcedId", how="anti", maintain_order="left")
        return pl.concat(given)

    def _free(self, asks: pl.DataFrame, taken: pl.Series, column: str) -> pl.DataFrame:
        on_roster = self._known.alike("users", column, asks["value"].unique())[column].drop_nulls().str.to_lowercase()
        lost = pl.concat([taken, on_roster])
        free = asks.filter(~pl.col("value").is_in(lost.implode()))
        return free.unique("value", keep="first", maintain_order=True)

    def _write(self, column: str, values: pl.DataFrame) -> None:
        """Into the table; that the cell was blank is not worth telling any more."""
        rows = self._users.join(values, on="sourcedId", how="left", maintain_order="left")
        filled = rows.filter(pl.col(column).is_null() & pl.col("value").is_not_null()).select(
            file=pl.col("_file").cast(pl.String), record=pl.col("_record").cast(pl.UInt32), column=pl.lit(column)
        )
        self._reading.tables["users"] = rows.with_columns(pl.coalesce(column, "value").alias(column)).drop("value")
        told = pl.col("code") == "value-missing-tolerated"
        self._reading.findings = [
            pl.concat([part.filter(~told), part.filter(told).join(filled, on=["file", "record", "column"], how="anti")])
            if part.filter(told).height
            else part
            for part in self._reading.findings
        ]

    def _with_birth(self, people: pl.DataFrame) -> pl.DataFrame:
        born = self._reading.tables.get("demographics")
        if born is None:
            return people.with_columns(birthDate=pl.lit(None, pl.String))
        dates = born.select("sourcedId", "birthDate").drop_nulls().unique("sourcedId", keep="first")
        return people.join(dates, on="sourcedId", how="left", maintain_order="left")


def _filled(rows: pl.DataFrame, pattern: str) -> pl.Series:
    """The pattern for each row; null where a part of it is blank."""
    cells: list[pl.Expr] = []
    for plain, name, cut in parts_of(pattern):
        if plain:
            cells.append(pl.lit(plain))
        if name:
            text = _plain(pl.col(PARTS[name])) if name != "birth" else pl.col("birthDate").str.replace_all("-", "")
            text = text.str.slice(0, cut) if cut > 0 else text.str.slice(cut) if cut else text
            cells.append(pl.when(text != "").then(text))
    return rows.select(text=pl.concat_str(cells)).to_series()


def _plain(text: pl.Expr) -> pl.Expr:
    """Plain small letters and digits: ``zoe`` of ``Zoë``."""
    return text.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")


def _numbered() -> pl.Expr:
    """The number before the @, or at the end."""
    before = pl.col("base").str.extract(r"^([^@]*)", 1)
    return pl.concat_str(before, pl.col("number").cast(pl.String), pl.col("base").str.replace(r"^[^@]*", ""))
