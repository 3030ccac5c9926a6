"""A filter: ``field op 'value'``, once or twice with AND or OR between; a quote in a value is doubled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from firstbell.domain.sharing.oneroster.comparing import BadValue, Bind, Comparable, Text
from firstbell.domain.sharing.oneroster.refused import BadQuestion

_CLAUSE = re.compile(r"([A-Za-z][A-Za-z0-9_.:-]*)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'", re.ASCII)
_JOIN = re.compile(r"\s+(AND|OR)\s+", re.ASCII | re.IGNORECASE)
METADATA = "metadata."


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison, as it was asked."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Filter:
    """At most two clauses."""

    clauses: tuple[Clause, ...]
    either: bool
    """OR, where there are two."""


def read_filter(text: str) -> Filter:
    """The filter of its text. Raises BadQuestion with the place where it stops being one."""
    first = _CLAUSE.match(text)
    if first is None:
        raise _not_a_filter(text, 0)
    if first.end() == len(text):
        return Filter((_clause(first),), either=False)
    join = _JOIN.match(text, first.end())
    if join is None:
        raise _not_a_filter(text, first.end())
    second = _CLAUSE.match(text, join.end())
    if second is None:
        raise _not_a_filter(text, join.end())
    if second.end() != len(text):
        raise BadQuestion("filter", f"character {second.end() + 1}: a filter has at most two clauses")
    return Filter((_clause(first), _clause(second)), either=join[1].upper() == "OR")


def condition_of(asked: Filter, fields: Mapping[str, Comparable], bind: Bind) -> str:
    """SQL, in parentheses: an OR of the client's widens nothing else. Raises BadQuestion with the field named."""
    parts = []
    for clause in asked.clauses:
        comparable = _comparable(clause.field, fields, bind)
        try:
            parts.append(comparable.condition(clause.operator, clause.value, bind))
        except BadValue as problem:
            raise BadQuestion("filter", f"{clause.field} {problem}") from problem
    return "(" + (" or " if asked.either else " and ").join(f"({part})" for part in parts) + ")"


def _comparable(name: str, fields: Mapping[str, Comparable], bind: Bind) -> Comparable:
    if name in fields:
        return fields[name]
    if name.startswith(METADATA) and METADATA[:-1] in fields:
        return Text(f"(r.metadata::jsonb ->> {bind(name.removeprefix(METADATA))}::text)")
    raise BadQuestion("filter", f"there is no field {name[:100]} to filter by: {', '.join(sorted(fields))}")


def _clause(match: re.Match[str]) -> Clause:
    return Clause(match[1], match[2], match[3].replace("''", "'"))


def _not_a_filter(text: str, place: int) -> BadQuestion:
    near = text[place : place + 20].strip() or "the end"
    return BadQuestion(
        "filter",
        f"character {place + 1}, at {near}: a filter is field operator 'value', the value in single quotes, "
        "and at most one AND or OR between two of them",
    )
