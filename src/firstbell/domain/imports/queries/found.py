"""What a run found: summed up by root cause, and row by row."""

from dataclasses import dataclass

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import FINDINGS, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.engine import findings
from firstbell.engine.catalogue import Severity
from firstbell.engine.report import COLUMNS, ENDINGS, Cause, as_csv, by_cause

# What stands first in the roster is the cause of what comes after it.
_CAUSES = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "userProfiles", "enrollments")


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding: what is wrong, where, and what to do."""

    code: str
    severity: str
    file: str
    record: int | None
    column: str
    value: str
    sourced_id: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Some findings and how many there are."""

    rows: list[FindingRow]
    total: int


def summarize_findings(district: District, run: Run) -> list[Cause]:
    """Findings by kind, the gravest first, and among them the causes before what follows from them."""
    found = _found(district, run)
    return sorted(by_cause(found), key=_rank) if found is not None and found.height else []


def _rank(cause: Cause) -> tuple[int, int, int]:
    stem = (cause.file or "").removesuffix(".csv")
    return list(Severity).index(cause.severity), _CAUSES.index(stem) if stem in _CAUSES else -1, -cause.count


def page_findings(
    district: District, run: Run, *, code: str | None = None, offset: int = 0, limit: int = 50
) -> FindingPage:
    """Findings in the order they were found, of one code or of all."""
    found = _found(district, run)
    if found is None:
        return FindingPage([], 0)
    if code is not None:
        found = found.filter(pl.col("code") == code)
    shown = findings.explain(found.slice(offset, limit))
    names = ("code", "severity", "file", "record", "column", "value", "sourcedId", "message", "remedy")
    columns = [shown[name].to_list() for name in names]
    rows = [
        FindingRow(a, b, c or "", record, d or "", e or "", f or "", message, remedy)
        for a, b, c, record, d, e, f, message, remedy in zip(*columns, strict=True)
    ]
    return FindingPage(rows, found.height)


def findings_as_text(district: District, run: Run, *, ending: str) -> str:
    """All findings as a report: ``.csv`` or ``.json`` (a list). Raises ValueError for another ending."""
    if ending not in ENDINGS:
        raise ValueError(ending)
    found = _found(district, run)
    found = findings.none() if found is None else found
    return as_csv(found) if ending == ".csv" else findings.explain(found).select(COLUMNS).write_json()


def _found(district: District, run: Run) -> pl.DataFrame | None:
    return RunFolder(district, run.pk).read_frame(FINDINGS)
