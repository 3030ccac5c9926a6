"""Findings in groups by root cause: what is wrong first, what merely follows from it attached to it.

Causes are ordered by how grave they are, and among equals as a roster hangs together: organizations, terms, people,
classes, enrollments. Whoever repairs from the top never repairs twice.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

import polars as pl

from firstbell.engine.catalogue import CATALOGUE, Severity
from firstbell.engine.findings import explain
from firstbell.engine.tables import TABLES

IN_WORDS = {
    Severity.FATAL: "Stops the run",
    Severity.ERROR: "Record left out",
    Severity.WARNING: "Warning",
}
"""What a severity means for the one who reads of it."""

_EXAMPLES = 5
_KEY = ("severity", "code", "file", "column")


class Subject(StrEnum):
    """What findings are about, in the order in which a roster hangs together."""

    PACKAGE = "The package"
    ORGANIZATIONS = "Organizations"
    TERMS = "Terms"
    PEOPLE = "People"
    CLASSES = "Courses and classes"
    ENROLLMENTS = "Enrollments"
    OTHER = "Other files"


# By the file's name, since findings know files and every format names its own. The first that fits counts.
_TABLES = (
    ("manifest", r"^manifest", Subject.PACKAGE),
    ("enrollments", r"enrol|teacherroster", Subject.ENROLLMENTS),
    ("roles", r"role", Subject.PEOPLE),
    ("userProfiles", r"profile", Subject.PEOPLE),
    ("demographics", r"demographic", Subject.PEOPLE),
    ("classes", r"class|section", Subject.CLASSES),
    ("courses", r"course", Subject.CLASSES),
    ("orgs", r"org|school|district", Subject.ORGANIZATIONS),
    ("academicSessions", r"session|term|calendar", Subject.TERMS),
    ("users", r"user|student|teacher|staff|person|people|admin|contact|guardian", Subject.PEOPLE),
)
_TARGETS = {column.name: column.target for table in TABLES.values() for column in table.references}


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings with one cause: the same fault in the same column of the same file.

    ``message`` and ``remedy`` are those of the first; ``records`` are the numbers of the first few. ``follows``: what
    is only so because of this cause, and goes away with it.
    """

    severity: Severity
    code: str
    file: str | None
    message: str
    remedy: str
    count: int
    records: tuple[int, ...]
    column: str | None = None
    subject: Subject = Subject.OTHER
    follows: tuple["Cause", ...] = ()


def subject_of(file: str | None) -> Subject:
    """What the records of a file are about."""
    return Subject.PACKAGE if file is None else _table_of(file)[1]


def by_cause(findings: pl.DataFrame) -> list[Cause]:
    """The root causes, the gravest first and among them organizations before people, classes and enrollments."""
    groups = findings.group_by(_KEY, maintain_order=True).agg(
        pl.col("value", "detail").first(),
        pl.len().alias("count"),
        pl.col("record").drop_nulls().head(_EXAMPLES).alias("records"),
    )
    told = explain(groups).select(*_KEY, "message", "remedy", "count", "records")
    causes = [
        Cause(Severity(severity), code, file, message, remedy, count, tuple(records), column, subject_of(file))
        for severity, code, file, column, message, remedy, count, records in zip(
            *(column.to_list() for column in told.get_columns()), strict=True
        )
    ]
    return _with_what_follows(sorted(causes, key=_rank))


def _rank(cause: Cause) -> tuple[int, int, int]:
    return list(Severity).index(cause.severity), list(Subject).index(cause.subject), -cause.count


def _table_of(file: str) -> tuple[str, Subject]:
    name = file.casefold()
    return next(
        ((table, subject) for table, pattern, subject in _TABLES if re.search(pattern, name)), ("", Subject.OTHER)
    )


def _with_what_follows(causes: list[Cause]) -> list[Cause]:
    """Every cause that follows from another moves to it, also where it does so by way of a third."""
    roots = {place: _root(causes, place) for place in range(len(causes))}
    return [
        replace(cause, follows=tuple(causes[other] for other, root in roots.items() if root == place != other))
        for place, cause in enumerate(causes)
        if roots[place] == place
    ]


def _root(causes: list[Cause], place: int) -> int:
    """The place of what a cause follows from in the end; its own where it follows from nothing that was found."""
    seen: list[int] = []
    while place not in seen:
        seen.append(place)
        place = _before(causes, place)
    return place


def _before(causes: list[Cause], place: int) -> int:
    """What one cause follows from: what left out the records it points to, or whose ids could not be read."""
    cause = causes[place]
    if cause.code == "left-out-with":
        table = _TARGETS.get(cause.column or "")
        leaves_out = [other for other, found in enumerate(causes) if _leaves_out(found, table)]
        themselves = [other for other in leaves_out if causes[other].code != "left-out-with"]
        return (themselves or leaves_out or [place])[0]
    if cause.code == "removals-stopped":
        table = _table_of(cause.file or "")[0]
        unreadable = [other for other, found in enumerate(causes) if _hides_ids(found, table)]
        return (unreadable or [place])[0]
    return place


def _leaves_out(cause: Cause, table: str | None) -> bool:
    """Whether records of the table, whose ids are known, were left out by it."""
    is_error = cause.severity is Severity.ERROR and not CATALOGUE[cause.code].unreadable_id
    return is_error and bool(cause.file) and _table_of(cause.file or "")[0] == table


def _hides_ids(cause: Cause, table: str) -> bool:
    return CATALOGUE[cause.code].unreadable_id and _table_of(cause.file or "")[0] == table
