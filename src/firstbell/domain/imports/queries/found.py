"""What a run found: summed up by root cause, and row by row."""

from dataclasses import dataclass

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import FINDINGS, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.engine import findings
from firstbell.engine.catalogue import Severity
from firstbell.engine.report import COLUMNS, Cause, as_csv, by_cause

# What stands first in the roster is the cause of what comes after it.
_CAUSES = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "userProfiles", "enrollments")


WITHHELD = "…"


@dataclass(frozen=True, slots=True)
class Hidden:
    """Whose values a reader may not see: those of some files, or of all."""

    files: frozenset[str] = frozenset()
    everywhere: bool = False


NOTHING_HIDDEN = Hidden()


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


def summarize_findings(district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN) -> list[Cause]:
    """Findings by kind, the gravest first, and among them the causes before what follows from them."""
    found = _found(district, run, hidden)
    return sorted(by_cause(found), key=_rank) if found is not None and found.height else []


def _rank(cause: Cause) -> tuple[int, int, int]:
    stem = (cause.file or "").removesuffix(".csv")
    return list(Severity).index(cause.severity), _CAUSES.index(stem) if stem in _CAUSES else -1, -cause.count


def page_findings(
    district: District,
    run: Run,
    *,
    code: str | None = None,
    file: str | None = None,
    column: str | None = None,
    hidden: Hidden = NOTHING_HIDDEN,
    offset: int = 0,
    limit: int = 50,
) -> FindingPage:
    """Findings in the order they were found: all, or those of one code, file and column."""
    found = _found(district, run, hidden)
    if found is None:
        return FindingPage([], 0)
    wanted = {"code": code, "file": file, "column": column}
    found = found.filter(*(pl.col(name) == value for name, value in wanted.items() if value is not None))
    shown = findings.explain(found.slice(offset, limit))
    names = ("code", "severity", "file", "record", "column", "value", "sourcedId", "message", "remedy")
    columns = [shown[name].to_list() for name in names]
    rows = [
        FindingRow(a, b, c or "", record, d or "", e or "", f or "", message, remedy)
        for a, b, c, record, d, e, f, message, remedy in zip(*columns, strict=True)
    ]
    return FindingPage(rows, found.height)


def findings_as_text(district: District, run: Run, *, ending: str, hidden: Hidden = NOTHING_HIDDEN) -> str:
    """All findings as a report: ``.csv`` or ``.json`` (a list). Raises ValueError for another ending."""
    if ending not in {".csv", ".json"}:
        raise ValueError(ending)
    found = _found(district, run, hidden)
    found = findings.none() if found is None else found
    return as_csv(found) if ending == ".csv" else findings.explain(found).select(COLUMNS).write_json()


def _found(district: District, run: Run, hidden: Hidden) -> pl.DataFrame | None:
    found = RunFolder(district, run.pk).read_frame(FINDINGS)
    if found is None:
        return None
    secret = (
        pl.lit(value=True) if hidden.everywhere else pl.col("file").is_in(list(hidden.files)).fill_null(value=False)
    )
    nothing = pl.lit(None, pl.String)
    told = [pl.when(secret).then(nothing).otherwise(pl.col(name)).alias(name) for name in ("sourcedId", "detail")]
    value = pl.when(secret & pl.col("value").is_not_null()).then(pl.lit(WITHHELD)).otherwise(pl.col("value"))
    return found.with_columns(*told, value.alias("value"))
