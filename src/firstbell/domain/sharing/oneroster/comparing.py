"""How fields are compared and sorted: for each kind of value the SQL of a clause, and the text that it is sorted by.

Sorting and paging go by text in the order of its bytes, which the standard calls Unicode order; what is blank comes
first. `r` is the row of the resource.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

SAME = ("=", "!=")
OPERATORS = ("!=", ">=", "<=", "=", ">", "<", "~")
TRUTH = frozenset({"true", "false"})
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII)

type Bind = Callable[[object], str]
"""Takes a value into the query's parameters, gives its placeholder."""


class BadValue(Exception):
    """The value, or the operator, says nothing about this field; the text says what would."""


class Comparable(Protocol):
    """A field in a filter."""

    @property
    def order(self) -> str | None:
        """SQL text to sort by, never null; None where there is no order."""

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """SQL that is true where the clause holds. Raises BadValue."""


@dataclass(frozen=True, slots=True)
class Words:
    """Ids and words of a vocabulary: compared letter by letter."""

    sql: str

    @property
    def order(self) -> str | None:
        """By its bytes."""
        return f"""coalesce({self.sql}, '') collate "C" """

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """Null is no word: it is unlike all."""
        return _compare(self.sql, operator, bind(value))


@dataclass(frozen=True, slots=True)
class Text:
    """What people wrote: upper and lower case are the same. `key` is its search key's column, which has an index."""

    sql: str
    key: str | None = None

    @property
    def order(self) -> str | None:
        """By its bytes, as it was written."""
        return f"""coalesce({self.sql}, '') collate "C" """

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """The search key finds the rows, the text decides."""
        placed = bind(value)
        clause = _compare(f"lower({self.sql})", operator, f"lower({placed}::text)")
        if self.key and operator == "=":
            return f"({self.key} = roster_search_key({placed}::text) and {clause})"
        return clause


@dataclass(frozen=True, slots=True)
class Days:
    """Dates."""

    sql: str

    @property
    def order(self) -> str | None:
        """ISO dates sort as text."""
        return f"""coalesce({self.sql}::text, '') collate "C" """

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """A day, or a part of one's text."""
        if operator == "~":
            return _compare(f"{self.sql}::text", operator, bind(value))
        return _compare(self.sql, operator, f"{bind(_day(value))}::date")


@dataclass(frozen=True, slots=True)
class Truth:
    """true or false."""

    sql: str

    @property
    def order(self) -> str | None:
        """false before true."""
        return f"""coalesce({self.sql}::text, '') collate "C" """

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """Only same or not."""
        if operator not in SAME or value not in TRUTH:
            raise BadValue("is 'true' or 'false': use = or != with one of them")
        return _compare(self.sql, operator, f"{bind(value)}::boolean")


@dataclass(frozen=True, slots=True)
class Items:
    """A list of texts: `=` means the whole list with commas between, `~` a part of any item."""

    sql: str

    @property
    def order(self) -> str | None:
        """As the list with commas."""
        return f"""coalesce(array_to_string({self.sql}, ','), '') collate "C" """

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """Null is the empty list."""
        placed = f"lower({bind(value)}::text)"
        if operator == "~":
            return f"exists (select 1 from unnest({self.sql}) as item where strpos(lower(item), {placed}) > 0)"
        return _compare(f"lower(array_to_string({self.sql}, ','))", operator, placed)


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference, by the sourcedId that it shows."""

    sql: str
    table: str

    @property
    def order(self) -> str | None:
        """By the sourcedId."""
        return f"""coalesce({self._shown}, '') collate "C" """

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """The row is looked up once."""
        if operator not in SAME:
            return _compare(self._shown, operator, bind(value))
        found = f"(select t.id from {self.table} t where t.district_id = %(district)s and t.sourced_id = {bind(value)})"
        if operator == "=":
            return f"{self.sql} = {found}"
        return f"{self.sql} is distinct from {found}"

    @property
    def _shown(self) -> str:
        return f"(select t.sourced_id from {self.table} t where t.district_id = r.district_id and t.id = {self.sql})"


@dataclass(frozen=True, slots=True)
class Related:
    """A field of several things that hang on the row: true where one of them fits, != where none is it.

    `among` is what comes after `exists (select 1`; `item` the value's SQL in it.
    """

    among: str
    item: Words | Text | Days

    @property
    def order(self) -> str | None:
        """Several things have no order."""
        return None

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """One that fits, or none that is the same."""
        no = "not " if operator == "!=" else ""
        fits = self.item.condition("=" if no else operator, value, bind)
        return f"{no}exists (select 1 {self.among} and {fits})"


@dataclass(frozen=True, slots=True)
class Changed:
    """dateLastModified: when a row's stamp could first be seen (``districts.StampTime``).

    `since` gives the SQL of the rows that changed after a stamp; `stamp` is the row's own, to sort by.
    """

    since: Callable[[str], str]
    stamp: str

    @property
    def order(self) -> str | None:
        """By the stamp: times are told in the same order, and rows of one time keep theirs."""
        return f"""lpad(greatest({self.stamp}, %(floor)s)::text, 19, '0') collate "C" """

    def condition(self, operator: str, value: str, bind: Bind) -> str:
        """Times become stamps; a product that has seen a time has seen all stamps that were told till then."""
        if operator == "~":
            raise BadValue("is an instant: use =, !=, >, >=, < or <=")
        at = f"{bind(read_instant(value))}::timestamptz"
        till, before = self.since(_last_stamp(f"<= {at}")), self.since(_last_stamp(f"< {at}"))
        return {
            ">": till,
            ">=": before,
            "<=": f"not {till}",
            "<": f"not {before}",
            "=": f"({before} and not {till})",
            "!=": f"not ({before} and not {till})",
        }[operator]


def read_instant(value: str) -> dt.datetime:
    """A date, or an instant; without a zone it is UTC. Raises BadValue."""
    if not _INSTANT.fullmatch(value):
        raise BadValue("is an instant such as 2026-08-01T00:00:00.000Z")
    try:
        instant = dt.datetime.fromisoformat(value)
        return instant.astimezone(dt.UTC) if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError) as problem:
        raise BadValue("is no instant of the calendar") from problem


def _last_stamp(told: str) -> str:
    """The last stamp of a time, or -1 where every record has changed since then to this program."""
    return (
        "(select case when last.stamp < %(floor)s then -1 else last.stamp end from (select coalesce(max(s.stamp), 0)"
        f" as stamp from districts_stamptime s where s.district_id = %(district)s and s.told_at {told}) last)"
    )


def _day(value: str) -> dt.date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise BadValue("is a date such as 2026-08-31")
    try:
        return dt.date.fromisoformat(value)
    except ValueError as problem:
        raise BadValue("is no day of the calendar") from problem


def _compare(sql: str, operator: str, placed: str) -> str:
    if operator == "~":
        return f"strpos(lower({sql}), lower({placed}::text)) > 0"
    if operator == "!=":
        return f"{sql} is distinct from {placed}"
    if operator == "=":
        return f"{sql} = {placed}"
    collate = "" if "::date" in placed else ' collate "C"'
    return f"{sql}{collate} {operator} {placed}"
