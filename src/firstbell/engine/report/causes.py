"""Findings in groups by root cause: what is wrong first, what merely follows from it attached to it.

Causes are ordered by how grave they are, and among equals as a roster hangs together: organizations, terms, people,
classes, enrollments. Whoever repairs from the top never repairs twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import polars as pl

from firstbell.engine.catalogue import CATALOGUE, Severity
from firstbell.engine.findings import CAUSE, explain

IN_WORDS = {
    Severity.FATAL: "Stops the run",
    Severity.ERROR: "Left out",
    Severity.WARNING: "Warning",
}
"""What a severity means for the one who reads of it."""

WENT_ALONG = "left-out-with"
"""The code of what is left out with something else."""
_EXAMPLES = 5
_KEY = ("severity", "code", "file", "column", *CAUSE)


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


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings with one cause: the same fault in the same column of the same file.

    ``message`` and ``remedy`` are those of the first, which where they differ is said to be an example; ``records`` are
    the numbers of the first few. ``follows``: what is only so because of this cause, and goes away with it.
    ``left_out``: how many records are left out by it and by what follows from it.
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
    left_out: int = 0

    @property
    def weight(self) -> Severity:
        """How grave it is with all that follows from it."""
        return min((self.severity, *(found.severity for found in self.follows)), key=list(Severity).index)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many records are left out: for what is wrong with them, and because of what is wrong with others."""

    own: int
    along: int

    @property
    def all(self) -> int:
        """Both."""
        return self.own + self.along


def subject_of(file: str | None) -> Subject:
    """What the records of a file are about."""
    return Subject.PACKAGE if file is None else _table_of(file)[1]


def count_left_out(findings: pl.DataFrame) -> LeftOut:
    """How many records these findings leave out."""
    own = findings.filter(_leaves_out()).select("file", "record").n_unique()
    return LeftOut(own, int(findings["records"].sum()))


def by_cause(findings: pl.DataFrame) -> list[Cause]:
    """The root causes, the gravest first and among them organizations before people, classes and enrollments."""
    groups = findings.group_by(_KEY, maintain_order=True).agg(
        pl.col("value", "detail", "hint").first(),
        pl.col("value", "detail").n_unique().name.suffix("s"),
        pl.len().alias("count"),
        pl.col("record").drop_nulls().head(_EXAMPLES).alias("named"),
        pl.struct("file", "record").filter(_leaves_out()).n_unique().alias("own"),
        pl.col("records").sum().alias("along"),
    )
    told = explain(groups).with_columns(
        message=_as_example(pl.col("message")), left_out=pl.col("own") + pl.col("along")
    )
    columns = ("severity", "code", "file", "column", "message", "remedy", "count", "named", "left_out")
    causes = [
        Cause(Severity(severity), code, file, message, remedy, count, tuple(named), column, subject_of(file), (), lost)
        for severity, code, file, column, message, remedy, count, named, lost in zip(
            *(told[name].to_list() for name in columns), strict=True
        )
    ]
    return sorted(_with_what_follows(causes, told.select(CAUSE).rows()), key=_rank)


def _as_example(message: pl.Expr) -> pl.Expr:
    """A sentence that is about one of many, where the others are about something else."""
    tells = {
        name: [code for code, entry in CATALOGUE.items() if f"{{{name}}}" in entry.sentence]
        for name in ("value", "detail")
    }
    differ = [(pl.col(f"{name}s") > 1) & pl.col("code").is_in(codes) for name, codes in tells.items()]
    return pl.when(pl.any_horizontal(*differ)).then(pl.format("For example: {}", message)).otherwise(message)


def _leaves_out() -> pl.Expr:
    """Whether a finding leaves out its record, whatever the way of judging."""
    errors = [code for code, entry in CATALOGUE.items() if entry.severity is Severity.ERROR]
    return pl.col("code").is_in(errors) & pl.col("record").is_not_null()


def _rank(cause: Cause) -> tuple[int, int, int]:
    return list(Severity).index(cause.weight), list(Subject).index(cause.subject), -cause.count


def _table_of(file: str) -> tuple[str, Subject]:
    name = file.casefold()
    return next(
        ((table, subject) for table, pattern, subject in _TABLES if re.search(pattern, name)), ("", Subject.OTHER)
    )


def _with_what_follows(causes: list[Cause], made_by: Sequence[tuple[str | None, ...]]) -> list[Cause]:
    """Every cause that follows from another moves to it, also where it does so by way of a third.

    ``made_by``: for each of them the code, file and column of what made it.
    """
    there: dict[tuple[str | None, ...], int] = {
        (cause.code, cause.file, cause.column): place for place, cause in reversed(list(enumerate(causes)))
    }
    before = [there.get(made, place) for place, made in enumerate(made_by)]
    for place, cause in enumerate(causes):
        if cause.code == "removals-stopped":
            before[place] = _hides_ids(causes, cause, place)
    roots = [_root(before, place) for place in range(len(causes))]
    return [
        _whole(cause, [causes[other] for other, root in enumerate(roots) if root == place != other])
        for place, cause in enumerate(causes)
        if roots[place] == place
    ]


def _whole(cause: Cause, follows: list[Cause]) -> Cause:
    return replace(cause, follows=tuple(follows), left_out=cause.left_out + sum(found.left_out for found in follows))


def _root(before: list[int], place: int) -> int:
    """The place of what a cause follows from in the end; its own where it follows from nothing that was found."""
    seen: list[int] = []
    while place not in seen:
        seen.append(place)
        place = before[place]
    return place


def _hides_ids(causes: list[Cause], stopped: Cause, place: int) -> int:
    """The one cause for which ids of the table could not be read; its own place where there are several or none."""
    table = _table_of(stopped.file or "")[0]
    unreadable = [
        other
        for other, cause in enumerate(causes)
        if CATALOGUE[cause.code].unreadable_id and _table_of(cause.file or "")[0] == table
    ]
    return unreadable[0] if len(unreadable) == 1 else place
