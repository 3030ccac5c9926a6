"""What a run found: summed up by root cause, and row by row."""

from dataclasses import dataclass

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import FINDINGS, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.engine import findings
from firstbell.engine.report import Cause, as_csv, as_json, by_cause
from firstbell.engine.reported import OpenColumns

WITHHELD = "…"
_OF_THE_FILE = ("encoding", "file-found-by-header", "line-before-header", "separator", "sheet-read")
"""Findings that tell how a file was read and nothing of its cells."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a reader may not see of a run's files: all, or all but what is ``open`` (None: nothing is hidden)."""

    everywhere: bool = False
    open: OpenColumns | None = None

    def has_rows_of(self, file: str) -> bool:
        """Whether the rows of a file are among what is hidden."""
        return self.everywhere or (self.open is not None and self.open.get(file, ()) is not None)

    def in_findings(self) -> pl.Expr:
        """True for findings whose values are hidden. Those of the package as a whole, without a file, hold no cells."""
        if self.everywhere or self.open is None:
            return pl.lit(self.everywhere)
        whole = [file for file, columns in self.open.items() if columns is None]
        # Without a column, but with an id, a finding tells of a record what it is called.
        of_record = pl.col("column").is_null() & pl.col("sourcedId").is_not_null()
        told = [
            pl.col("file").is_null(),
            pl.col("file").is_in(whole),
            pl.col("code").is_in(_OF_THE_FILE),
            *(
                (pl.col("file") == file) & (pl.col("column").is_in(columns) | of_record)
                for file, columns in self.open.items()
                if columns
            ),
        ]
        return ~pl.any_horizontal(*(expression.fill_null(value=False) for expression in told))


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
    """Findings by root cause, the gravest first, each with what follows from it."""
    found = find_findings(district, run, hidden=hidden)
    return [] if found is None else by_cause(found)


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
    found = find_findings(district, run, hidden=hidden)
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
    """All findings as a report: ``.csv`` or ``.json``, as ``firstbell check`` writes them. Raises ValueError."""
    if ending not in {".csv", ".json"}:
        raise ValueError(ending)
    found = find_findings(district, run, hidden=hidden)
    found = findings.none() if found is None else found
    return as_csv(found) if ending == ".csv" else as_json(run.files, found)


def find_findings(district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN) -> pl.DataFrame | None:
    """The findings of a run (``engine.findings.SCHEMA``) without what is hidden; None while there are none yet."""
    found = RunFolder(district, run.pk).read_frame(FINDINGS)
    if found is None:
        return None
    secret = hidden.in_findings()
    nothing = pl.lit(None, pl.String)
    told = [pl.when(secret).then(nothing).otherwise(pl.col(name)).alias(name) for name in ("sourcedId", "detail")]
    value = pl.when(secret & pl.col("value").is_not_null()).then(pl.lit(WITHHELD)).otherwise(pl.col("value"))
    return found.with_columns(*told, value.alias("value"))
